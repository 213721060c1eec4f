"""Judges what happened in a conversation against what its test expects. Pure: the driver brings the facts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from kefu.conversation.events import EffectExecuted, EffectProposed, Question, Recorded
from kefu.conversation.values import Record, Value
from kefu.release.conversation_tests import (
    Asks,
    Check,
    Cites,
    Finally,
    FlowIs,
    HandsOff,
    IntentIs,
    IsBlocked,
    LanguageIs,
    NotRan,
    Ran,
    RecordExpected,
    ReplyHas,
    SlotIs,
)

_FOR_PROGRAMS = frozenset({"type", "kind", "level", "message", "name"})
"""Members of parts that nobody reads; what a button sends is one of them."""


@dataclass(frozen=True, slots=True)
class Observed:
    """One turn: its response in the shape of design section 4.2, and the question that it left open."""

    response: Record
    question: Question | None


@dataclass(frozen=True, slots=True)
class Failure:
    """One expectation that was not met; `line` is where the test's file says it."""

    line: int
    expected: str
    actual: str


def judge_turn(checks: Sequence[Check], observed: Observed) -> tuple[Failure, ...]:
    """Every check that the turn fails, in the order of the file."""
    return tuple(failure for check in checks if (failure := _failure(check, observed)) is not None)


def judge_effects(expected: Finally, carried_out: Mapping[str, int]) -> Iterator[Failure]:
    """A write that no test asked for is a failure as much as a missing one."""
    if expected.effects is None:
        return
    wanted = {name: count for name, count in expected.effects.items() if count}
    if wanted != carried_out:
        yield Failure(expected.line, f"effects {_counts(wanted)}", _counts(carried_out))


def judge_record(expected: RecordExpected, found: Sequence[Record]) -> Failure | None:
    """None when one of the records that the back office has about the order fits."""
    if any(_fits(expected.fields, record) for record in found):
        return None
    shown = [{name: record.get(name) for name in expected.fields} for record in found]
    wanted = f"{expected.kind} of {expected.order_id} with {_shown(expected.fields)}"
    return Failure(expected.line, wanted, " | ".join(map(_shown, shown)) or "nothing")


def effects_carried_out(log: Sequence[Recorded]) -> Mapping[str, int]:
    """How often each write was carried out in a conversation."""
    proposed = {r.event.effect_id: r.event.operation for r in log if isinstance(r.event, EffectProposed)}
    counts: dict[str, int] = {}
    for recorded in log:
        if isinstance(recorded.event, EffectExecuted):
            operation = proposed[recorded.event.effect_id]
            counts[operation] = counts.get(operation, 0) + 1
    return counts


def _failure(check: Check, observed: Observed) -> Failure | None:
    response = observed.response
    match check:
        case IntentIs():
            actual = _member(response["intent"], "name")
            return _unless(actual == check.name, check, f"intent {_shown(check.name)}", _shown(actual))
        case FlowIs():
            return _flow_failure(check, response)
        case SlotIs():
            slots = response["slots"]
            actual = slots.get(check.slot) if isinstance(slots, Mapping) else None
            fits = actual == check.value
            return _unless(fits, check, f"slot {check.slot} = {_shown(check.value)}", _shown(actual))
        case Asks():
            question = observed.question
            actual = None if question is None else question.slot or question.kind
            return _unless(actual == check.what, check, f"asks {_shown(check.what)}", _shown(actual))
        case Ran() | NotRan():
            return _operation_failure(check, response)
        case ReplyHas():
            return _reply_failure(check, response)
        case Cites():
            return _citation_failure(check, response)
        case HandsOff():
            return _handoff_failure(check, response)
        case LanguageIs():
            actual = response["language"]
            return _unless(actual == check.tag, check, f"language {check.tag}", _shown(actual))
        case IsBlocked():
            actual = response["blocked"]
            fits = (actual is not None) == check.blocked
            return _unless(fits, check, "blocked" if check.blocked else "not blocked", _shown(actual))
        case _:
            assert_never(check)


def _flow_failure(check: FlowIs, response: Record) -> Failure | None:
    flow = response["flow"]
    wanted = {"name": check.name, "status": check.status, "step": check.step}
    wanted = {key: value for key, value in wanted.items() if value is not None}
    if check.name is None:
        return _unless(flow is None, check, "no flow", _shown(flow))
    fits = isinstance(flow, Mapping) and all(flow.get(key) == value for key, value in wanted.items())
    return _unless(fits, check, "flow " + " ".join(wanted.values()), _shown(flow))


def _operation_failure(check: Ran | NotRan, response: Record) -> Failure | None:
    notes = _records(response["operations"])
    called = [f"{note['name']}: {note['status']}" for note in notes]
    match check:
        case Ran():
            fits = any(note["name"] == check.operation and note["status"] == check.status for note in notes)
            expected = f"{check.operation}: {check.status}"
        case NotRan():
            fits = all(note["name"] != check.operation or note["status"] == "proposed" for note in notes)
            expected = f"{check.operation} not called"
        case _:
            assert_never(check)
    return _unless(fits, check, expected, ", ".join(called) or "no operation")


def _reply_failure(check: ReplyHas, response: Record) -> Failure | None:
    reply = said(response)
    present = [text for text in check.texts if text in reply]
    shown = " | ".join(check.texts)
    match check.quantity:
        case "any":
            return _unless(bool(present), check, f"a reply with one of: {shown}", reply)
        case "all":
            missing = " | ".join(text for text in check.texts if text not in present)
            return _unless(not missing, check, f"a reply with: {missing}", reply)
        case "none":
            return _unless(not present, check, f"a reply without: {' | '.join(present)}", reply)
        case _:
            assert_never(check.quantity)


def _citation_failure(check: Cites, response: Record) -> Failure | None:
    cited = [str(citation["source"]) for citation in _records(response["citations"])]
    shown = ", ".join(cited) or "no citation"
    if not check.sources:
        expected = "a citation" if check.some else "no citation"
        return _unless(bool(cited) == check.some, check, expected, shown)
    missing = [source for source in check.sources if source not in cited]
    return _unless(not missing, check, f"citations {', '.join(missing)}", shown)


def _handoff_failure(check: HandsOff, response: Record) -> Failure | None:
    handoff = response["handoff"]
    wanted = {"reason": check.reason, "queue": check.queue}
    wanted = {key: value for key, value in wanted.items() if value is not None}
    if not check.handed_off:
        return _unless(handoff is None, check, "no handoff", _shown(handoff))
    fits = isinstance(handoff, Mapping) and all(handoff.get(key) == value for key, value in wanted.items())
    return _unless(fits, check, f"a handoff {_shown(wanted) if wanted else ''}".rstrip(), _shown(handoff))


def said(response: Record) -> str:
    """Everything in the reply that the customer reads, cards and buttons included."""
    return "\n".join(_texts(response["parts"]))


def _texts(value: Value) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for key, member in value.items():
                if key not in _FOR_PROGRAMS:
                    yield from _texts(member)
        case Sequence():
            for element in value:
                yield from _texts(element)
        case _:
            return


def _unless(fits: bool, check: Check, expected: str, actual: str) -> Failure | None:
    return None if fits else Failure(check.line, expected, actual)


def _fits(fields: Record, record: Record) -> bool:
    return all(record.get(name) == value for name, value in fields.items())


def _member(value: Value, name: str) -> Value:
    return value.get(name) if isinstance(value, Mapping) else None


def _records(value: Value) -> list[Record]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        return []
    return [element for element in value if isinstance(element, Mapping)]


def _shown(value: Value) -> str:
    match value:
        case None:
            return "nothing"
        case Mapping():
            return ", ".join(f"{key}={_shown(member)}" for key, member in value.items() if member is not None)
        case _:
            return str(value)


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name}: {count}" for name, count in counts.items()) or "none"
