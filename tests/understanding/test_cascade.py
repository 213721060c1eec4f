"""The cascade: from a message and its context to commands."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kefu.conversation.commands import (
    Affirm,
    AskKnowledge,
    Clarify,
    CorrectSlot,
    HandOff,
    SetSlot,
    SmallTalk,
    StartFlow,
    Unsure,
)
from kefu.conversation.events import Question
from kefu.conversation.ids import MessageId
from kefu.conversation.messages import Choice
from kefu.conversation.state import Line
from kefu.understanding.cascade import Cascade
from kefu.understanding.catalogue import IntentDefinition
from kefu.understanding.classifier import SCRIPTS, Bands, Calibration, Classifier, Head, Model, View
from kefu.understanding.entities import EntityExtractor
from kefu.understanding.features import LanguageKnowledge
from kefu.understanding.lexicon import Lexicon
from kefu.understanding.menu import Menu
from kefu.understanding.reading import Context, IntentGuess, Reading, Understanding
from kefu.understanding.rules import Rule

Lexicons = Mapping[str, Lexicon]
Parts = tuple[tuple[Rule, ...], EntityExtractor, Menu, Lexicons]


@pytest.fixture(name="context")
def no_question(now: datetime) -> Context:
    return Context(now)


def asking(context: Context, slot: str, expects: str, flow: str = "exchange") -> Context:
    return replace(context, question=Question("slot", slot), expects=expects, flow=flow)


class ModelDouble:
    """A third tier that always says the same, and counts how often it was asked."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.asked = 0

    async def read(self, text: str, context: Context) -> Reading:
        self.asked += 1
        return self.reading


async def test_a_request_starts_its_flow_with_what_the_message_gives(
    cascade: Cascade, context: Context
) -> None:
    reading = await cascade.read("取消订单YL20261108000123，不想要了", context)

    assert reading.intent is not None
    assert (reading.intent.name, reading.tier) == ("order_cancel", "classifier")
    assert reading.commands == (
        StartFlow("cancel_order"),
        SetSlot("order_id", "YL20261108000123"),
        SetSlot("reason", "no_longer_wanted"),
    )


async def test_a_question_without_a_flow_goes_to_knowledge(cascade: Cascade, context: Context) -> None:
    reading = await cascade.read("支持花呗分期吗", context)

    assert reading.commands == (AskKnowledge("支持花呗分期吗"),)


async def test_the_wish_for_a_human_in_many_words_hands_off(cascade: Cascade, context: Context) -> None:
    reading = await cascade.read("说了八百遍转人工你听不懂吗！", context)

    assert reading.commands == (HandOff("customer_asked"),)
    assert reading.sentiment == "angry"


async def test_a_yes_without_a_question_is_small_talk(cascade: Cascade, context: Context) -> None:
    assert (await cascade.read("好的", context)).commands == (SmallTalk("affirm"),)


async def test_a_message_of_another_world_is_out_of_scope(cascade: Cascade, context: Context) -> None:
    reading = await cascade.read("明天北京天气怎么样", context)

    assert reading.out_of_scope
    assert reading.intent is None
    assert reading.commands == (Unsure(),)


async def test_two_joined_requests_are_both_requested(cascade: Cascade, context: Context) -> None:
    reading = await cascade.read("帮我取消订单，顺便问下你们支持花呗分期吗", context)

    assert {guess.name for guess in reading.intents if guess.requested} == {"order_cancel", "payment_method"}
    assert reading.commands == (StartFlow("cancel_order"), AskKnowledge("你们支持花呗分期吗"))


async def test_a_joining_word_alone_makes_no_second_request(cascade: Cascade, context: Context) -> None:
    reading = await cascade.read("我要取消订单，还有谢谢你", context)

    assert [guess.name for guess in reading.intents if guess.requested] == ["order_cancel"]


@pytest.mark.parametrize(
    "answer", ["YL20261108000123", "就是 yl20261108000123 这个", "单号是YL 20261108 000123"]
)
async def test_an_order_number_answers_the_question_for_it(
    cascade: Cascade, context: Context, answer: str
) -> None:
    asked = asking(context, "order_id", "order_id", "track_parcel")

    assert (await cascade.read(answer, asked)).commands == (SetSlot("order_id", "YL20261108000123"),)


async def test_a_product_answers_which_order_is_meant_where_the_flow_can_find_it(
    parts: Parts, intents: tuple[IntentDefinition, ...], context: Context
) -> None:
    rules, extractor, _, lexicons = parts
    slots = {"track_parcel": {"order_id": "order_id", "product": "product"}}
    menu = Menu.of(intents, {"logistics_track": "track_parcel"}, slots)
    cascade = Cascade(rules, torn(accept=0.9, suggest=0.4), extractor, menu, lexicons)

    reading = await cascade.read("羊绒衫那个", asking(context, "order_id", "order_id", "track_parcel"))

    assert reading.commands == (SetSlot("product", "圆领纯羊绒衫"),)


async def test_an_answer_may_bring_more_than_was_asked_for(cascade: Cascade, context: Context) -> None:
    reading = await cascade.read("好的，就换M码，盒子丢了", asking(context, "size", "size"))

    assert reading.commands == (SetSlot("size", "M"), SetSlot("has_package", False))


async def test_a_description_answers_a_yes_or_no_question(cascade: Cascade, context: Context) -> None:
    reading = await cascade.read("包装早就扔了", asking(context, "has_package", "boolean"))

    assert reading.commands == (SetSlot("has_package", False),)


async def test_free_text_is_taken_as_it_was_typed(cascade: Cascade, context: Context) -> None:
    reading = await cascade.read("左边鞋跟掉了", asking(context, "note", "text"))

    assert reading.commands == (SetSlot("note", "左边鞋跟掉了"),)


async def test_another_request_is_heard_while_a_question_is_open(cascade: Cascade, context: Context) -> None:
    reading = await cascade.read("帮我取消订单", asking(context, "size", "size"))

    assert reading.commands == (StartFlow("cancel_order"),)


async def test_a_question_is_answered_while_another_is_open(cascade: Cascade, context: Context) -> None:
    reading = await cascade.read("支持花呗分期吗", asking(context, "order_id", "order_id", "track_parcel"))

    assert reading.commands == (AskKnowledge("支持花呗分期吗"),)


async def test_a_correction_replaces_what_was_said(cascade: Cascade, context: Context) -> None:
    asked = replace(context, question=Question("confirm"), flow="cancel_order")

    reading = await cascade.read("不对，是YL20261108000124", asked)

    assert reading.commands == (CorrectSlot("order_id", "YL20261108000124"),)


async def test_a_yes_with_conditions_is_not_the_rules_yes(cascade: Cascade, context: Context) -> None:
    asked = replace(context, question=Question("confirm"), flow="cancel_order")

    reading = await cascade.read("可以是可以，不过钱什么时候退给我", asked)

    assert reading.tier != "rules" or Affirm() not in reading.commands


async def test_a_picked_reading_is_about_the_words_that_were_not_understood(
    cascade: Cascade, context: Context
) -> None:
    lines = tuple(
        Line("customer", MessageId(str(number)), text, context.now)
        for number, text in enumerate(["那件事怎么说", "开发票"])
    )
    asked = replace(
        context, question=Question("clarify", choices=(Choice("开发票", "开发票"),)), recent=lines
    )

    assert (await cascade.read("开发票", asked)).commands == (AskKnowledge("那件事怎么说"),)


def torn(accept: float, suggest: float) -> Classifier:
    """Knows only the word 取消, and is torn between two flows about everything else."""
    nothing = View((), np.zeros(0, dtype=np.float32))
    return Classifier(
        Model(
            (View(("w:取消",), np.array([1], dtype=np.float32)), nothing, nothing),
            Head(
                ("order_cancel", "order_status"),
                np.array([[9, -9]], dtype=np.float16),
                np.array([0.1, 0], dtype=np.float32),
            ),
            {script: Calibration(1.0, Bands(accept, suggest), 1.0) for script in SCRIPTS},
            LanguageKnowledge(),
        )
    )


@pytest.fixture(name="parts")
def everything_but_the_classifier(
    rules: tuple[Rule, ...], extractor: EntityExtractor, menu: Menu, lexicons: Lexicons
) -> Parts:
    return rules, extractor, menu, lexicons


def built(parts: Parts, classifier: Classifier, model: Understanding | None = None) -> Cascade:
    rules, extractor, menu, lexicons = parts
    return Cascade(rules, classifier, extractor, menu, lexicons, model)


async def test_between_the_bands_the_bot_asks_which_flow_is_meant(parts: Parts, context: Context) -> None:
    reading = await built(parts, torn(accept=0.9, suggest=0.4)).read("那件事怎么说", context)

    assert reading.commands == (Clarify(("order_cancel", "order_status")),)


async def test_in_a_flow_its_own_question_comes_first(parts: Parts, context: Context) -> None:
    cascade = built(parts, torn(accept=0.9, suggest=0.4))

    reading = await cascade.read("那件事怎么说", asking(context, "size", "size"))

    assert reading.commands == (Unsure(),)


async def test_below_the_bands_the_message_counts_as_not_understood(parts: Parts, context: Context) -> None:
    reading = await built(parts, torn(accept=0.9, suggest=0.8)).read("那件事怎么说", context)

    assert reading.commands == (Unsure(),)
    assert not reading.out_of_scope


async def test_the_model_is_asked_only_about_what_the_classifier_is_unsure_of(
    parts: Parts, context: Context
) -> None:
    guess = IntentGuess("size_advice", 0.9, requested=True)
    said = Reading((AskKnowledge("?"),), guess, (guess,), "model", (), "zh-Hans", "neutral")
    model = ModelDouble(said)
    cascade = built(parts, torn(accept=0.9, suggest=0.4), model)

    await cascade.read("取消那一单", context)
    assert model.asked == 0

    assert await cascade.read("那件事怎么说", context) == said
    assert model.asked == 1


async def test_a_model_that_knows_nothing_either_changes_nothing(parts: Parts, context: Context) -> None:
    nothing = Reading((Unsure(),), None, (), "model", (), "zh-Hans", "neutral")
    cascade = built(parts, torn(accept=0.9, suggest=0.4), ModelDouble(nothing))

    assert (await cascade.read("那件事怎么说", context)).tier == "classifier"


@settings(max_examples=60)
@given(
    st.text(max_size=60),
    st.sampled_from([None, "confirm", "slot", "clarify", "offer_human"]),
    st.sampled_from([None, "order_id", "boolean", "text", "choice"]),
)
async def test_any_text_is_read(
    cascade: Cascade, now: datetime, text: str, kind: str | None, expects: str | None
) -> None:
    choices = (Choice("是", "是"), Choice("否", "否"))
    match kind:
        case "confirm" | "slot" | "clarify" | "offer_human":
            question = Question(kind, "slot", choices)
        case _:
            question = None
    flow = "exchange" if question else None

    reading = await cascade.read(text, Context(now, question, expects, flow))

    assert reading.commands
    assert [text[entity.start : entity.end] for entity in reading.entities] == [
        entity.text for entity in reading.entities
    ]
