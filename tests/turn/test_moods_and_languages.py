"""Turns with customers who are angry or in need, and with those whose language the shop does not speak."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import pytest

from kefu.adapters.fakes import ScriptedUnderstanding, reading_of
from kefu.conversation.commands import Affirm, AskKnowledge, SetSlot, SmallTalk, StartFlow, Unsure
from kefu.conversation.events import Event, HandedOff, MessageUnderstood
from kefu.understanding.reading import Reading

from .support import ORDER, SCRIPT, House, conversation_of

POSTAGE = reading_of(AskKnowledge("运费"), intent="shipping_fee", tier="classifier")
ANGRY_SCRIPT: Mapping[str, Reading] = {
    **SCRIPT,
    "破店,运费怎么算": replace(POSTAGE, sentiment="angry"),
    f"气死了,取消 {ORDER}": replace(SCRIPT[f"取消 {ORDER}"], sentiment="angry"),
    "好的转吧": reading_of(Affirm(), intent="affirm"),
    "我不想活了": replace(reading_of(Unsure()), signals=("self_harm",)),
    "Hoeveel kost verzending?": replace(POSTAGE, language="nl"),
    "Annuleer mijn bestelling": replace(
        reading_of(StartFlow("cancel_order"), tier="classifier"), language="nl"
    ),
    f"Annuleer {ORDER}": replace(
        reading_of(StartFlow("cancel_order"), SetSlot("order_id", ORDER), tier="classifier"), language="nl"
    ),
    "Hallo daar": replace(reading_of(SmallTalk("greeting")), language="nl"),
}


@pytest.fixture
def house() -> House:
    return House(ScriptedUnderstanding(ANGRY_SCRIPT))


def texts(response: Mapping[str, Any]) -> list[str]:
    parts = cast("Sequence[Mapping[str, Any]]", response["parts"])
    return [str(part["text"]) for part in parts if part["type"] == "text"]


async def asked(house: House, response: Mapping[str, Any]) -> str | None:
    question = (await house.state(conversation_of(response))).question
    return None if question is None else question.kind


def the(kind: type, events: Sequence[Event]) -> Any:
    [found] = [event for event in events if isinstance(event, kind)]
    return found


async def test_an_angry_customer_hears_an_apology_the_answer_and_the_offer_of_a_human(house: House) -> None:
    response = await house.say("破店,运费怎么算")
    assert texts(response) == ["非常抱歉", "满 99 元包邮[1]", "要请同事跟进吗?"]


async def test_the_same_anger_is_not_soothed_twice(house: House) -> None:
    first = await house.say("破店,运费怎么算")
    second = await house.say("破店,运费怎么算", conversation_of(first))
    assert texts(second) == ["满 99 元包邮[1]"]


async def test_a_question_that_the_answer_left_open_is_not_covered_by_the_offer(house: House) -> None:
    response = await house.say(f"气死了,取消 {ORDER}")
    assert texts(response)[0] == "非常抱歉"
    assert "要请同事跟进吗?" not in texts(response)
    assert await asked(house, response) == "confirm"


async def test_the_handoff_of_an_angry_customer_is_a_complaint_of_high_priority(house: House) -> None:
    conversation = await house.talk("破店,运费怎么算", "好的转吧")
    handed = the(HandedOff, await house.events(conversation))
    assert (handed.reason, handed.priority) == ("complaint", "high")
    assert handed.summary.startswith("优先级:高\n")


async def test_whoever_is_in_danger_hears_the_caring_words_and_gets_a_human_at_once(house: House) -> None:
    response = await house.say("我不想活了")
    handed = the(HandedOff, await house.events(conversation_of(response)))
    assert texts(response) == ["我很担心您", "已转人工,第 1 位"]
    assert (handed.reason, handed.priority) == ("policy", "urgent")


async def test_the_signals_are_in_the_log(house: House) -> None:
    response = await house.say("我不想活了")
    understood = the(MessageUnderstood, await house.events(conversation_of(response)))
    assert understood.signals == ("self_harm",)


@pytest.mark.parametrize("message", ["Hoeveel kost verzending?", "Annuleer mijn bestelling"])
async def test_a_language_that_is_not_served_is_told_so_in_chinese_and_english(
    house: House, message: str
) -> None:
    response = await house.say(message)
    assert texts(response) == ["这种语言我不会", "这种语言我不会"]
    assert await asked(house, response) == "offer_human"


async def test_the_human_that_was_offered_comes(house: House) -> None:
    conversation = await house.talk("Hoeveel kost verzending?", "好的转吧")
    assert the(HandedOff, await house.events(conversation)).reason == "not_in_material"


async def test_an_order_number_is_acted_on_in_any_language(house: House) -> None:
    response = await house.say(f"Annuleer {ORDER}")
    assert await asked(house, response) == "confirm"


async def test_fixed_phrases_are_understood_in_any_language(house: House) -> None:
    assert texts(await house.say("Hallo daar")) == ["您好"]
