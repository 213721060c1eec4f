"""Reads a pack's `tests/*.yaml`, every fault with its line."""

import re
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, get_args

import yaml

from kefu.conversation.commands import HandoffReason
from kefu.errors import Problem
from kefu.flows.document import Document, Node, line_of, plain
from kefu.release.conversation_tests import (
    Asks,
    Check,
    Cites,
    ConversationTest,
    Finally,
    FlowIs,
    HandsOff,
    IntentIs,
    IsBlocked,
    LanguageIs,
    NotRan,
    OperationStatus,
    Ran,
    RecordExpected,
    ReplyHas,
    ScriptedTurn,
    SlotIs,
)
from kefu.release.files import did_you_mean
from kefu.release.manifest import CONVERSATION_LANGUAGES


@dataclass(frozen=True, slots=True)
class Names:
    """What tests may refer to; None where that is not known, because its own files are broken."""

    intents: AbstractSet[str] | None
    flows: Mapping[str, AbstractSet[str]] | None
    operations: AbstractSet[str] | None

    @property
    def slots(self) -> AbstractSet[str] | None:
        return None if self.flows is None else frozenset[str]().union(*self.flows.values())


_QUESTIONS = frozenset({"confirm", "clarify", "offer_human"})
_REASONS: tuple[str, ...] = get_args(HandoffReason)
_STATUSES: Mapping[str, OperationStatus] = {status: status for status in get_args(OperationStatus)}
_FLOW_STATUSES = ("active", "waiting", "completed", "cancelled")
_DURATION = re.compile(r"(\d{1,4})([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_MOST_EFFECTS = 1000


def read_tests(text: str, file: str, names: Names) -> tuple[tuple[ConversationTest, ...], Sequence[Problem]]:
    """The tests of one file, in its order, and what is wrong with it. Names that nothing has are problems."""
    document = Document(file)
    root = document.root(text)
    if root is None:
        return (), document.problems
    reader = _TestReader(document, names)
    tests = tuple(test for node in document.elements(root, "tests") if (test := reader.test(node)))
    seen: dict[str, int] = {}
    for test in tests:
        if seen.setdefault(test.name, test.line) != test.line:
            problem = Problem(file, test.line, f"test `{test.name}` stands in line {seen[test.name]} too")
            document.problems.append(problem)
    return tests, document.problems


class _TestReader:
    def __init__(self, document: Document, names: Names) -> None:
        self._document = document
        self._checks = _CheckReader(document, names)
        self._names = names

    def test(self, node: Node) -> ConversationTest | None:
        keys = self._document.record(
            node, "a test", required=frozenset({"name", "turns"}), optional=frozenset({"customer", "finally"})
        )
        name = self._document.text(keys["name"], "name") if "name" in keys else None
        customer = self._document.text(keys["customer"], "customer") if "customer" in keys else None
        turns = self._document.elements(keys["turns"], "turns") if "turns" in keys else []
        read = tuple(turn for element in turns if (turn := self._turn(element)))
        lasting = self._finally(keys["finally"]) if "finally" in keys else Finally()
        if "turns" in keys and not turns:
            self._document.fault(keys["turns"], "turns: a test has at least one turn")
        if name is None or not read:
            return None
        return ConversationTest(name, self._document.file, line_of(node), customer, read, lasting)

    def _turn(self, node: Node) -> ScriptedTurn | None:
        keys = self._document.record(
            node, "a turn", required=frozenset({"user"}), optional=frozenset({"expect", "after"})
        )
        user = self._document.text(keys["user"], "user") if "user" in keys else None
        after = self._after(keys["after"]) if "after" in keys else timedelta()
        checks = self._checks.checks(keys["expect"]) if "expect" in keys else ()
        return None if user is None else ScriptedTurn(user, after, checks, line_of(node))

    def _after(self, node: Node) -> timedelta:
        text = self._document.text(node, "after")
        found = _DURATION.fullmatch(text or "")
        if text is not None and found is None:
            self._document.fault(node, f"after: `{text}` must be a duration such as 30s, 11m, 2h or 1d")
        return timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else timedelta()

    def _finally(self, node: Node) -> Finally:
        keys = self._document.record(
            node, "finally", required=frozenset(), optional=frozenset({"effects", "orders", "returns"})
        )
        effects = self._effects(keys["effects"]) if "effects" in keys else None
        records = (
            *self._records(keys.get("orders"), "orders"),
            *self._records(keys.get("returns"), "returns"),
        )
        return Finally(effects, records, line_of(node))

    def _effects(self, node: Node) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for name, key, value in self._document.entries(node, "finally.effects"):
            known(self._document, key, "operation", name, self._names.operations)
            count = self._document.integer(value, f"finally.effects.{name}", least=0, most=_MOST_EFFECTS)
            found[name] = count or 0
        return found

    def _records(self, node: Node | None, kind: Literal["orders", "returns"]) -> tuple[RecordExpected, ...]:
        if node is None:
            return ()
        listed = isinstance(node, yaml.SequenceNode)
        elements = self._document.elements(node, f"finally.{kind}") if listed else [node]
        return tuple(found for element in elements if (found := self._record(element, kind)))

    def _record(self, node: Node, kind: Literal["orders", "returns"]) -> RecordExpected | None:
        what = f"finally.{kind}"
        entries = {name: value for name, _, value in self._document.entries(node, what)}
        if "order_id" not in entries:
            self._document.fault(node, f"{what}: `order_id` is missing")
            return None
        order_id = self._document.text(entries.pop("order_id"), f"{what}.order_id")
        customer = entries.pop("customer", None)
        reader = None if customer is None else self._document.text(customer, f"{what}.customer")
        fields = {name: plain(value) for name, value in entries.items()}
        return None if order_id is None else RecordExpected(kind, order_id, reader, fields, line_of(node))


class _CheckReader:
    """Reads `expect`: one method for each of its keys."""

    def __init__(self, document: Document, names: Names) -> None:
        self._document = document
        self._names = names
        self._readers: Mapping[str, Callable[[Node], Sequence[Check]]] = {
            "intent": self._intent,
            "flow": self._flow,
            "slots": self._slots,
            "asks": self._asks,
            "operations": self._operations,
            "not_operations": self._not_operations,
            "reply_any": lambda node: self._reply(node, "any"),
            "reply_all": lambda node: self._reply(node, "all"),
            "not_reply": lambda node: self._reply(node, "none"),
            "citations": self._citations,
            "handoff": self._handoff,
            "language": self._language,
            "blocked": self._blocked,
        }

    def checks(self, node: Node) -> tuple[Check, ...]:
        keys = self._document.record(node, "expect", required=frozenset(), optional=frozenset(self._readers))
        return tuple(check for name, value in keys.items() for check in self._readers[name](value))

    def _intent(self, node: Node) -> Sequence[Check]:
        name = self._name(node, "intent", self._names.intents)
        return [IntentIs(name, line_of(node))]

    def _flow(self, node: Node) -> Sequence[Check]:
        flows = None if self._names.flows is None else self._names.flows.keys()
        if not isinstance(node, yaml.MappingNode):
            return [FlowIs(self._name(node, "flow", flows), None, None, line_of(node))]
        keys = self._document.record(
            node, "flow", required=frozenset({"name"}), optional=frozenset({"status", "step"})
        )
        name = self._name(keys["name"], "flow", flows) if "name" in keys else None
        status = self._document.text(keys["status"], "flow.status") if "status" in keys else None
        if status is not None:
            known(self._document, keys["status"], "flow status", status, frozenset(_FLOW_STATUSES))
        step = self._document.text(keys["step"], "flow.step") if "step" in keys else None
        return [FlowIs(name, status, step, line_of(node))]

    def _slots(self, node: Node) -> Sequence[Check]:
        found: list[Check] = []
        for name, key, value in self._document.entries(node, "slots"):
            known(self._document, key, "slot", name, self._names.slots)
            found.append(SlotIs(name, plain(value), line_of(key)))
        return found

    def _asks(self, node: Node) -> Sequence[Check]:
        slots = self._names.slots
        questions = None if slots is None else slots | _QUESTIONS
        return [Asks(self._name(node, "question", questions), line_of(node))]

    def _operations(self, node: Node) -> Sequence[Check]:
        found: list[Check] = []
        for element in self._document.elements(node, "operations"):
            if not isinstance(element, yaml.MappingNode):
                name = self._name(element, "operation", self._names.operations)
                found += [] if name is None else [Ran(name, "executed", line_of(element))]
                continue
            for name, key, value in self._document.entries(element, "operations"):
                known(self._document, key, "operation", name, self._names.operations)
                text = self._document.text(value, f"operations.{name}")
                status = _STATUSES.get(text or "")
                if status is None:
                    self._document.fault(value, f"operations.{name} must be one of {', '.join(_STATUSES)}")
                else:
                    found.append(Ran(name, status, line_of(key)))
        return found

    def _not_operations(self, node: Node) -> Sequence[Check]:
        named = [
            (self._name(element, "operation", self._names.operations), line_of(element))
            for element in self._document.elements(node, "not_operations")
        ]
        return [NotRan(name, line) for name, line in named if name is not None]

    def _reply(self, node: Node, quantity: Literal["any", "all", "none"]) -> Sequence[Check]:
        return [ReplyHas(quantity, self._texts(node, "the reply's texts"), line_of(node))]

    def _citations(self, node: Node) -> Sequence[Check]:
        if isinstance(node, yaml.SequenceNode):
            return [Cites(True, self._texts(node, "citations"), line_of(node))]
        return [Cites(self._boolean(node, "citations"), (), line_of(node))]

    def _handoff(self, node: Node) -> Sequence[Check]:
        if isinstance(node, yaml.MappingNode):
            keys = self._document.record(
                node, "handoff", required=frozenset(), optional=frozenset({"reason", "queue"})
            )
            reason = self._name(keys["reason"], "reason", frozenset(_REASONS)) if "reason" in keys else None
            queue = self._document.text(keys["queue"], "handoff.queue") if "queue" in keys else None
            return [HandsOff(True, reason, queue, line_of(node))]
        value = plain(node)
        if isinstance(value, str):
            return [HandsOff(True, self._name(node, "reason", frozenset(_REASONS)), None, line_of(node))]
        return [HandsOff(self._boolean(node, "handoff"), None, None, line_of(node))]

    def _language(self, node: Node) -> Sequence[Check]:
        tag = self._name(node, "language", frozenset(CONVERSATION_LANGUAGES))
        return [] if tag is None else [LanguageIs(tag, line_of(node))]

    def _blocked(self, node: Node) -> Sequence[Check]:
        return [IsBlocked(self._boolean(node, "blocked"), line_of(node))]

    def _boolean(self, node: Node, what: str) -> bool:
        value = plain(node)
        if not isinstance(value, bool):
            self._document.fault(node, f"{what} must be true or false")
        return value is True

    def _texts(self, node: Node, what: str) -> tuple[str, ...]:
        texts = (self._document.text(element, what) for element in self._document.elements(node, what))
        return tuple(text for text in texts if text is not None)

    def _name(self, node: Node, what: str, names: AbstractSet[str] | None) -> str | None:
        """The name that stands there; None for a literal null, and for what is no name at all."""
        if isinstance(node, yaml.ScalarNode) and plain(node) is None:
            return None
        name = self._document.text(node, what)
        if name is not None:
            known(self._document, node, what, name, names)
        return name


def known(document: Document, node: Node, what: str, name: str, names: AbstractSet[str] | None) -> None:
    """A fault unless `names` has the name, or is not known itself."""
    if names is not None and name not in names:
        document.fault(node, f"unknown {what} `{name}`{did_you_mean(name, names)}")
