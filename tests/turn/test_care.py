"""How moods and signals are met, as the pack's policy says: pure, from a state and a reading."""

from dataclasses import replace

import pytest

from kefu.adapters.fakes import reading_of
from kefu.conversation.commands import Affirm, AskKnowledge, HandOff, Priority, SmallTalk, StartFlow
from kefu.conversation.events import (
    Event,
    MessageUnderstood,
    Question,
    QuestionAsked,
    Resolved,
    Signal,
)
from kefu.conversation.ids import TurnId
from kefu.conversation.state import ConversationState, replay
from kefu.desk.care import Care
from kefu.turn.care import Caring, caring, priority_of
from kefu.turn.decide import Answer, OfferHuman, PassToHuman, SayStock, decide
from kefu.turn.policy import Policy
from kefu.understanding.reading import Reading, Sentiment

from ..conversation.strategies import recorded

POLICY = Policy(
    care={
        "self_harm": Care("care.self_harm", "urgent", "at_once", "policy"),
        "threat": Care("care.threat", "high", "offer"),
        "repeated": Care("care.repeated", "high", "offer"),
        "angry": Care("care.angry", "high"),
        "upset": Care("care.upset"),
        "happy": Care(priority="low"),
    }
)


def reading(sentiment: Sentiment = "neutral", *signals: Signal) -> Reading:
    return replace(reading_of(AskKnowledge("运费")), sentiment=sentiment, signals=signals)


def after(*said: Reading) -> ConversationState:
    return replay(recorded([understood(each) for each in said]))


def understood(each: Reading) -> Event:
    return MessageUnderstood(
        TurnId("turn_1"), None, 0.9, "rules", each.language, each.sentiment, each.signals
    )


def test_a_calm_customer_is_simply_answered() -> None:
    assert caring(after(), reading(), POLICY) == Caring()


def test_a_mood_that_the_policy_says_nothing_about_changes_nothing() -> None:
    assert caring(after(), reading("angry"), Policy()) == Caring()


def test_the_gravest_of_several_moods_is_met() -> None:
    assert caring(after(), reading("angry", "threat"), POLICY) == Caring("care.threat", offers_human=True)


def test_a_mood_is_met_once_in_an_episode() -> None:
    state = after(reading("upset", "threat"))
    assert caring(state, reading("neutral", "threat"), POLICY) == Caring()


def test_it_is_met_again_when_it_gets_worse() -> None:
    assert caring(after(reading("upset")), reading("angry", "threat"), POLICY).opening == "care.threat"


def test_it_is_not_met_again_when_it_gets_better() -> None:
    assert caring(after(reading("neutral", "threat")), reading("upset"), POLICY) == Caring()


def test_discontent_after_discontent_is_a_repeated_complaint() -> None:
    state = after(reading("upset"), reading())
    assert caring(state, reading("angry"), POLICY) == Caring("care.repeated", offers_human=True)


def test_the_next_episode_begins_without_moods() -> None:
    state = replay(recorded([understood(reading("angry")), Resolved("bot")]))
    assert caring(state, reading("angry"), POLICY) == Caring("care.angry")


def test_words_of_self_harm_bring_a_human_each_time() -> None:
    in_need = reading("upset", "self_harm")
    wanted = Caring("care.self_harm", hands_off="policy")
    assert [caring(state, in_need, POLICY) for state in (after(), after(in_need))] == [wanted, wanted]


@pytest.mark.parametrize(
    ("moods", "priority"),
    [
        ((), "normal"),
        (("upset",), "normal"),
        (("happy",), "low"),
        (("happy", "angry"), "high"),
        (("angry", "self_harm", "upset"), "urgent"),
        (("deadline",), "normal"),
    ],
)
def test_the_priority_is_the_highest_that_a_shown_mood_has(
    moods: tuple[str, ...], priority: Priority
) -> None:
    assert priority_of(moods, POLICY) == priority


# --- what is decided


def test_the_opening_comes_first_and_the_offer_last() -> None:
    decisions = decide(after(), reading("neutral", "threat"), "原话", POLICY)
    assert decisions == (SayStock("care.threat"), Answer("运费"), OfferHuman())


def test_words_of_self_harm_are_answered_before_anything_else_is_done() -> None:
    in_need = replace(reading_of(StartFlow("cancel_order")), signals=("self_harm",))
    assert decide(after(), in_need, "原话", POLICY) == (SayStock("care.self_harm"), PassToHuman("policy"))


def test_whoever_asks_for_a_human_gets_one_after_the_opening() -> None:
    asking = replace(reading_of(HandOff("customer_asked")), sentiment="angry")
    decisions = decide(after(), asking, "转人工", POLICY)
    assert decisions == (SayStock("care.angry"), PassToHuman("customer_asked"))


def test_a_reply_that_answers_the_mood_itself_has_no_opening() -> None:
    swearing = replace(reading_of(SmallTalk("abuse")), sentiment="angry")
    assert decide(after(), swearing, "滚", POLICY) == (SayStock("smalltalk.abuse"),)


def test_nobody_is_thanked_for_praise_in_anger() -> None:
    sarcastic = replace(reading_of(SmallTalk("praise")), sentiment="angry")
    assert decide(after(), sarcastic, "可真行", POLICY) == (SayStock("care.angry"), OfferHuman())
    assert decide(after(sarcastic, sarcastic), sarcastic, "可真行", POLICY) == (OfferHuman(),)


def test_a_threat_in_small_talk_is_met_and_a_human_offered() -> None:
    threatening = replace(reading_of(SmallTalk("abuse")), sentiment="angry", signals=("threat",))
    assert decide(after(), threatening, "骗子,曝光你们", POLICY) == (SayStock("care.threat"), OfferHuman())


@pytest.mark.parametrize("answer", [Affirm(), HandOff("customer_asked")])
def test_a_yes_to_the_offer_after_a_threat_is_a_complaint(answer: Affirm | HandOff) -> None:
    asked = QuestionAsked(Question("offer_human"))
    state = replay(recorded([understood(reading("angry", "threat")), asked]))
    assert decide(state, reading_of(answer), "好", POLICY) == (PassToHuman("complaint"),)
