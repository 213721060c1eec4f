"""`policy.yaml` and `guard.yaml`: what operators decide about turns, and what is refused on the way in."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kefu.conversation.commands import HandoffReason, Priority
from kefu.desk.care import GRAVEST_FIRST, Care
from kefu.desk.handoff import Queues
from kefu.errors import Problem
from kefu.flows.document import Document, Node, line_of
from kefu.flows.vocabulary import ResponseSignature
from kefu.release.files import did_you_mean
from kefu.release.manifest import CONVERSATION_LANGUAGES
from kefu.safety.input_guard import InputGuard

T = TypeVar("T", bound=str)

_KEYS = frozenset({"offer_human_after", "languages", "timezone", "queues", "care"})
_REASONS: tuple[HandoffReason, ...] = get_args(HandoffReason)
_PRIORITIES: tuple[Priority, ...] = get_args(Priority)
_HUMANS: tuple[Literal["offer", "at_once"], ...] = ("offer", "at_once")
_MOST_MISSES = 20


def _no_care() -> Mapping[str, Care]:
    return {}


def _no_lines() -> Mapping[str, int]:
    return {}


@dataclass(frozen=True, slots=True)
class TurnPolicy:
    """`offer_human_after` counts messages in a row that led nowhere; `timezone` is an IANA name. `openings`
    are the responses that `care` names, with their lines."""

    offer_human_after: int = 2
    languages: tuple[str, ...] = CONVERSATION_LANGUAGES
    timezone: str = "Asia/Shanghai"
    queues: Queues = field(default_factory=Queues)
    care: Mapping[str, Care] = field(default_factory=_no_care)
    openings: Mapping[str, int] = field(default_factory=_no_lines)


def read_policy(text: str, file: str, intents: Iterable[str] | None) -> tuple[TurnPolicy, Sequence[Problem]]:
    """The policy with defaults where the file says nothing. `intents` is None when they are not known."""
    document = Document(file)
    root = _root(document, text)
    if root is None:
        return TurnPolicy(), document.problems
    keys = document.record(root, "the policy", required=frozenset(), optional=_KEYS)
    default = TurnPolicy()
    after = default.offer_human_after
    if "offer_human_after" in keys:
        given = document.integer(keys["offer_human_after"], "offer_human_after", least=1, most=_MOST_MISSES)
        after = after if given is None else given
    languages = _languages(document, keys["languages"]) if "languages" in keys else default.languages
    timezone = _timezone(document, keys["timezone"]) if "timezone" in keys else None
    queues = _queues(document, keys["queues"], intents) if "queues" in keys else default.queues
    care, openings = _care(document, keys["care"]) if "care" in keys else (default.care, default.openings)
    policy = TurnPolicy(after, languages, timezone or default.timezone, queues, care, openings)
    return policy, document.problems


def opening_problems(
    policy: TurnPolicy, file: str, responses: Mapping[str, ResponseSignature]
) -> Iterator[Problem]:
    """Openings that the pack does not word, or words with fields: nothing is known that could fill them."""
    for key, line in policy.openings.items():
        response = responses.get(key)
        if response is None:
            yield Problem(file, line, f"care: unknown response `{key}`{did_you_mean(key, responses)}")
            continue
        for name in sorted(response.needs):
            yield Problem(file, line, f"care: `{key}` needs the field `{name}`, but openings have none")


def read_guard(text: str, file: str) -> tuple[InputGuard, Sequence[Problem]]:
    """The guard of a file that maps each kind to its rules, and each rule to regular expressions."""
    document = Document(file)
    root = _root(document, text)
    patterns: dict[str, dict[str, list[str]]] = {}
    for kind, _, rules in document.entries(root, "the guard") if root is not None else ():
        named = patterns.setdefault(kind, {})
        for rule, _, expressions in document.entries(rules, f"`{kind}`"):
            what = f"`{kind}.{rule}`"
            usable = (_expression(document, node, what) for node in document.elements(expressions, what))
            kept = [expression for expression in usable if expression is not None]
            if kept:
                named[rule] = kept
    return InputGuard(patterns), document.problems


def _root(document: Document, text: str) -> Node | None:
    """The file's mapping; a file with nothing but comments is one without entries."""
    if all(not line.strip() or line.lstrip().startswith("#") for line in text.splitlines()):
        return None
    return document.root(text)


def _expression(document: Document, node: Node, what: str) -> str | None:
    expression = document.text(node, what)
    if expression is None:
        return None
    try:
        compiled = re.compile(expression)
    except re.error as error:
        document.fault(node, f"{what}: not a regular expression: {error}")
        return None
    if compiled.search("") is not None:
        document.fault(node, f"{what}: matches the empty text, so it would refuse every message")
        return None
    return expression


def _languages(document: Document, node: Node) -> tuple[str, ...]:
    found: list[str] = []
    for element in document.elements(node, "languages"):
        language = document.text(element, "a language")
        if language is None:
            continue
        if language not in CONVERSATION_LANGUAGES:
            known = ", ".join(CONVERSATION_LANGUAGES)
            document.fault(element, f"languages: `{language}` is none of {known}")
        else:
            found.append(language)
    return tuple(found)


def _timezone(document: Document, node: Node) -> str | None:
    name = document.text(node, "timezone")
    if name is None:
        return None
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        document.fault(node, f"timezone: `{name}` is no IANA time zone, such as Asia/Shanghai")
        return None
    return name


def _care(document: Document, node: Node) -> tuple[Mapping[str, Care], Mapping[str, int]]:
    found: dict[str, Care] = {}
    openings: dict[str, int] = {}
    for name, key, value in document.entries(node, "care"):
        if name not in GRAVEST_FIRST:
            known = ", ".join(GRAVEST_FIRST)
            document.fault(key, f"care: `{name}` is none of {known}{did_you_mean(name, GRAVEST_FIRST)}")
            continue
        what = f"care.{name}"
        optional = frozenset({"opening", "priority", "human", "reason"})
        keys = document.record(value, what, required=frozenset(), optional=optional)
        opening = document.text(keys["opening"], f"{what}.opening") if "opening" in keys else None
        if opening is not None:
            openings.setdefault(opening, line_of(keys["opening"]))
        default = Care()
        found[name] = Care(
            opening,
            _one_of(document, keys.get("priority"), f"{what}.priority", _PRIORITIES) or default.priority,
            _one_of(document, keys.get("human"), f"{what}.human", _HUMANS),
            _one_of(document, keys.get("reason"), f"{what}.reason", _REASONS) or default.reason,
        )
        if "reason" in keys and found[name].human != "at_once":
            document.fault(keys["reason"], f"{what}: a reason needs `human: at_once`")
    return found, openings


def _one_of(document: Document, node: Node | None, what: str, known: Sequence[T]) -> T | None:
    text = document.text(node, what) if node is not None else None
    if node is None or text is None:
        return None
    found = {str(name): name for name in known}.get(text)
    if found is None:
        document.fault(node, f"{what}: `{text}` is none of {', '.join(known)}{did_you_mean(text, known)}")
    return found


def _queues(document: Document, node: Node, intents: Iterable[str] | None) -> Queues:
    keys = document.record(
        node, "queues", required=frozenset({"default"}), optional=frozenset({"by_reason", "by_intent"})
    )
    default = document.text(keys["default"], "queues.default") if "default" in keys else None
    by_reason = _by(document, keys.get("by_reason"), "queues.by_reason", _REASONS)
    by_intent = _by(document, keys.get("by_intent"), "queues.by_intent", intents)
    return Queues(default or Queues().default, by_intent, by_reason)


def _by(document: Document, node: Node | None, what: str, known: Iterable[str] | None) -> Mapping[str, str]:
    found: dict[str, str] = {}
    names = None if known is None else frozenset(known)
    for name, key, value in document.entries(node, what) if node is not None else ():
        if names is not None and name not in names:
            document.fault(key, f"{what}: unknown `{name}`{did_you_mean(name, names)}")
        queue = document.text(value, f"{what}.{name}")
        if queue is not None:
            found[name] = queue
    return found
