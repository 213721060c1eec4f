"""The built-in pack's rules against everything that people wrote for it: a rule never steals a message."""

from datetime import UTC, datetime

import pytest

from kefu.understanding.catalogue import Utterance
from kefu.understanding.entities import EntityExtractor
from kefu.understanding.menu import Menu
from kefu.understanding.message import Message
from kefu.understanding.reading import Context
from kefu.understanding.rules import Rule, RulesTier
from kefu.understanding.text import clean

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
LONGEST_RULE = 25
"""Characters; rules are for short messages, and reading the long ones would only take time."""


def test_a_rule_reads_a_message_as_its_author_meant_it(
    utterances: tuple[Utterance, ...], rules: tuple[Rule, ...], menu: Menu, extractor: EntityExtractor
) -> None:
    tier = RulesTier(rules, menu)
    stolen: list[tuple[str, str, str | None]] = []
    fired = 0
    for utterance in utterances:
        if len(utterance.text) > LONGEST_RULE:
            continue
        cleaned = clean(utterance.text)
        proposal = tier.propose(Message(cleaned, extractor.extract(cleaned, NOW), Context(NOW)))
        if proposal is None:
            continue
        fired += 1
        intent = next((guess.name for guess in proposal.intents if guess.requested), None)
        if intent != utterance.intent:
            stolen.append((utterance.text, utterance.intent, intent))

    assert fired > 100
    assert stolen == []


@pytest.mark.parametrize(
    "text", ["人工客服几点下班", "你好我要退货", "谢谢但是还没收到退款", "转人工之前先帮我查下物流"]
)
def test_a_rule_leaves_alone_what_says_more(
    text: str, rules: tuple[Rule, ...], menu: Menu, extractor: EntityExtractor
) -> None:
    cleaned = clean(text)

    proposal = RulesTier(rules, menu).propose(Message(cleaned, extractor.extract(cleaned, NOW), Context(NOW)))

    assert proposal is None
