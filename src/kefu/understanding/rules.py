"""The rules tier: short messages whose meaning the pack fixes, depending on what the bot has just asked.

A rule matches a whole message and nothing less, so that it can never take a message away from a better
reading. The file is the pack's `rules.yaml`:

    rules:
      - name: yes
        question: [confirm, offer_human]     # kinds of the open question, `none` among them; absent: any
        flow: [cancel_order]                 # `any`, `none`, or flows one of which must be open; absent: any
        says: "{polite}* {affirm} {affirm|polite|帮我}*"
        then: affirm

`says` is a regular expression over the message in its matching form, without white space and punctuation
except question marks; white space in the expression counts for nothing. An order number, tracking number,
article number or product of the message reads `<order_id>`, `<tracking_no>`, `<sku>` or `<product>`.
`{name}` stands for a word of that list in the pack's `answers` lexicon, `{name|other|词}` for one of several
lists and of words that are no Latin ones. The longest word that fits is taken and never reconsidered: the
repeated words of 嗯嗯嗯嗯嗯 could otherwise be divided in more ways than there is time to try.

`then` is one of affirm, deny, cancel_flow, repeat, hand_off, unsure, or `{intent: name}` for what that intent
asks for. `{intent: name, flow: other}` starts a flow that serves this wording of the intent best, although
the intent in general is another matter.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import yaml

from kefu.conversation.commands import (
    Affirm,
    CancelFlow,
    Command,
    Deny,
    HandOff,
    Repeat,
    SetSlot,
    SmallTalk,
    StartFlow,
    Unsure,
)
from kefu.errors import PackInvalid, Problem
from kefu.understanding.choices import chosen
from kefu.understanding.documents import compose, items, line_of, mapping, scalar, scalars
from kefu.understanding.lexicon import Lexicon
from kefu.understanding.menu import Menu
from kefu.understanding.message import Message, Proposal
from kefu.understanding.reading import IntentGuess
from kefu.understanding.text import squeezed

LONGEST_ANSWER = 40
"""Characters that a rule looks at: longer messages say more than one thing."""

_KEYS = frozenset({"name", "question", "flow", "says", "then"})
_QUESTIONS = frozenset({"confirm", "slot", "clarify", "offer_human", "none"})
_THEN_KEYS = frozenset({"intent", "flow"})
_REFERENCE = re.compile(r"\{([^{}0-9,][^{}]*)\}")
_NAME = re.compile(r"[a-z_]+")
_NAMED = frozenset({"order_id", "tracking_no", "sku", "product"})
"""Entities that rules see as such. Their types are the placeholders that `says` may hold."""

_COMMANDS: Mapping[str, tuple[Command, str]] = {
    "affirm": (Affirm(), "affirm"),
    "deny": (Deny(), "deny"),
    "cancel_flow": (CancelFlow(), "deny"),
    "repeat": (Repeat(), ""),
    "hand_off": (HandOff("customer_asked"), "human_agent"),
    "unsure": (Unsure(), ""),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """`then` is a key of the closed command list or the name of an intent; `starts` is the flow that an
    intent's rule names, empty for the one that the menu has."""

    name: str
    pattern: re.Pattern[str]
    then: str
    is_intent: bool
    starts: str = ""
    questions: frozenset[str] = frozenset()
    flows: frozenset[str] = frozenset()

    def applies(self, question: str | None, flow: str | None) -> bool:
        """Whether the rule is for this place in a conversation."""
        if self.questions and (question or "none") not in self.questions:
            return False
        if not self.flows:
            return True
        return "none" in self.flows if flow is None else bool({"any", flow} & self.flows)


def parse_rules(text: str, answers: Lexicon, file: str = "rules.yaml") -> tuple[Rule, ...]:
    """The rules in their order: the first that matches counts.

    Raises:
        PackInvalid: with every rule that cannot be used.
    """
    root = compose(text, file)
    nodes = items(mapping(root).get("rules"))
    if nodes is None:
        raise PackInvalid([Problem(file, line_of(root), "`rules` must be a list of rules")])
    problems: list[Problem] = []
    rules = [rule for node in nodes if (rule := _rule(node, answers, file, problems)) is not None]
    if problems:
        raise PackInvalid(problems)
    return tuple(rules)


class RulesTier:
    """Proposes what the first matching rule says. Always sure, or silent."""

    def __init__(self, rules: Sequence[Rule], menu: Menu) -> None:
        self._rules = tuple(rules)
        self._menu = menu

    def propose(self, message: Message) -> Proposal | None:
        """A choice that was offered comes first, then the rules in their order."""
        said = _said(message)
        if not said:
            return None
        picked = self._picked(message)
        if picked is not None or len(said) > LONGEST_ANSWER:
            return picked
        for rule in self._rules:
            if rule.applies(message.question, message.context.flow) and rule.pattern.fullmatch(said):
                return self._follow(rule, message)
        return None

    def _follow(self, rule: Rule, message: Message) -> Proposal:
        if rule.starts:
            slots = self._menu.slots_for(rule.starts, message.entities)
            return Proposal((StartFlow(rule.starts), *slots), _requested(rule.then), "rules")
        if rule.is_intent:
            return self._requested(rule.then, message.typed, message)
        command, intent = _COMMANDS[rule.then]
        if message.question is None and intent in ("affirm", "deny") and not isinstance(command, CancelFlow):
            command = SmallTalk(intent)
        return _proposal(intent, command)

    def _picked(self, message: Message) -> Proposal | None:
        question = message.context.question
        if question is None:
            return None
        index = chosen(question.choices, message.cleaned.text)
        if index is None:
            return None
        match question.kind:
            case "confirm":
                return _proposal("affirm", Affirm()) if index == 0 else _proposal("deny", Deny())
            case "offer_human":
                return _proposal("affirm", Affirm()) if index == 0 else _proposal("deny", Deny())
            case "clarify":
                return self._clarified(question.choices[index].message, message)
            case "slot":
                slot = question.slot or message.context.expects or ""
                return _proposal("", SetSlot(slot, question.choices[index].message))

    def _clarified(self, title: str, message: Message) -> Proposal | None:
        intent = next((name for name, known in self._menu.titles.items() if known == title), None)
        if intent is None:
            return None
        return self._requested(intent, _said_before(message) or title, message)

    def _requested(self, intent: str, query: str, message: Message) -> Proposal:
        asked = message.question is not None
        commands = self._menu.commands_for(intent, query, message.entities, asked=asked)
        return Proposal(commands, _requested(intent), "rules")


def _proposal(intent: str, command: Command) -> Proposal:
    return Proposal((command,), _requested(intent) if intent else (), "rules")


def _requested(intent: str) -> tuple[IntentGuess, ...]:
    return (IntentGuess(intent, 1.0, requested=True),)


def _said(message: Message) -> str:
    """The message as `says` describes it."""
    text = message.cleaned.text
    pieces: list[str] = []
    end = 0
    for entity in message.entities:
        start, stop = message.cleaned.cleaned_span(entity.start, entity.end)
        if entity.type in _NAMED and end <= start < stop:
            pieces += (_bare(text[end:start]), f"<{entity.type}>")
            end = stop
    return "".join((*pieces, _bare(text[end:])))


def _bare(text: str) -> str:
    """The text without what carries no meaning. A question mark does: 可以? is no yes."""
    return "?".join(squeezed(part) for part in text.split("?"))


def _said_before(message: Message) -> str | None:
    """The customer's words that the bot asked back about."""
    lines = [line.text for line in message.context.recent if line.role == "customer"]
    earlier = [text for text in lines if text != message.typed]
    return earlier[-1] if earlier else None


def _rule(node: yaml.Node, answers: Lexicon, file: str, problems: list[Problem]) -> Rule | None:
    report = partial(_report, problems, file, node)
    known = len(problems)
    fields = mapping(node)
    for key in fields.keys() - _KEYS:
        report(f"unknown key `{key}`")
    questions = _names(fields.get("question"))
    for unknown in sorted(questions - _QUESTIONS):
        report(f"`question: {unknown}` is not one of {', '.join(sorted(_QUESTIONS))}")
    result = mapping(fields.get("then"))
    for key in result.keys() - _THEN_KEYS:
        report(f"unknown key `then.{key}`")
    intent = scalar(result.get("intent"))
    then = intent or scalar(fields.get("then"))
    if not intent and then not in _COMMANDS:
        report(f"`then` must be one of {', '.join(_COMMANDS)}, or an intent")
    pattern = _pattern(scalar(fields.get("says")), answers, report)
    if pattern is None or len(problems) > known:
        return None
    return Rule(
        scalar(fields.get("name")),
        pattern,
        then,
        bool(intent),
        scalar(result.get("flow")),
        questions,
        _names(fields.get("flow")),
    )


def _report(problems: list[Problem], file: str, node: yaml.Node, message: str) -> None:
    problems.append(Problem(file, line_of(node), message))


def _names(node: yaml.Node | None) -> frozenset[str]:
    return frozenset(scalars(node) or ((scalar(node),) if scalar(node) else ()))


def _pattern(says: str, answers: Lexicon, report: Callable[[str], None]) -> re.Pattern[str] | None:
    if not says:
        report("`says` is missing")
        return None
    parts = [part for listed in _REFERENCE.findall(says) for part in listed.split("|")]
    for name in parts:
        if _NAME.fullmatch(name) and name not in answers.entries:
            report(f"`{{{name}}}` is no list of the answers lexicon")
            return None
    expression = _REFERENCE.sub(lambda match: _one_of(match[1].split("|"), answers), says)
    try:
        return re.compile(expression, re.VERBOSE)
    except re.error as error:
        report(f"`says` is no regular expression: {error}")
        return None


def _one_of(parts: Sequence[str], answers: Lexicon) -> str:
    """An atomic group: the longest of the words, and no second try with a shorter one."""
    words = {_bare(word) for part in parts for word in answers.entries.get(part, (part,))} - {""}
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return f"(?>{'|'.join(map(re.escape, ordered))})"
