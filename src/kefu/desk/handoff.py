"""Passing a conversation to a human: which queue it waits in, and a summary that saves asking again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kefu.conversation.commands import HandoffReason
from kefu.conversation.state import ConversationState
from kefu.conversation.values import Value

_SUMMARY_LINES = 6

_REASONS: Mapping[HandoffReason, str] = {
    "customer_asked": "客户要求人工",
    "not_understood": "机器人未能理解",
    "not_in_material": "资料中没有答案",
    "too_many_failures": "多次未能完成",
    "complaint": "投诉",
    "policy": "按规则需人工处理",
    "outage": "系统故障",
}


@dataclass(frozen=True, slots=True)
class Queues:
    """Where handoffs wait: by reason, else by the last intent, else the default (pack, `policy.yaml`)."""

    default: str = "general"
    by_intent: Mapping[str, str] | None = None
    by_reason: Mapping[str, str] | None = None

    def choose(self, intent: str | None, reason: HandoffReason) -> str:
        by_intent, by_reason = self.by_intent or {}, self.by_reason or {}
        return by_reason.get(reason) or by_intent.get(intent or "") or self.default


def summarise(state: ConversationState, reason: HandoffReason, mask: Callable[[str], str]) -> str:
    """What an agent should know before the first word, in Chinese, with personal data masked.

    Only facts of the log: who, why, what was being done with which values, and the last lines.
    """
    lines = [f"原因:{_REASONS[reason]}"]
    if state.customer is not None:
        verified = "已核实" if state.customer.verified else "未核实"
        lines.append(f"客户:{state.customer.name or state.customer.id}({verified})")
    if state.intent:
        lines.append(f"诉求:{state.intent}  情绪:{state.sentiment}")
    if state.flow is not None:
        lines.append(f"进行中:{state.flow.flow}(步骤 {state.flow.step})")
    known = {**state.slots, **(state.flow.slots if state.flow else {})}
    if known:
        lines.append("已知:" + ";".join(f"{name}={_shown(value)}" for name, value in known.items()))
    lines += [f"{line.role}:{line.text}" for line in state.recent[-_SUMMARY_LINES:]]
    return mask("\n".join(lines))


def _shown(value: Value) -> str:
    return value if isinstance(value, str) else repr(value)
