"""Rules: short messages in the light of the open question, and nothing but those."""

from datetime import datetime

import pytest

from kefu.conversation.commands import (
    Affirm,
    AskKnowledge,
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
from kefu.conversation.events import Question
from kefu.conversation.messages import Choice
from kefu.errors import PackInvalid, Problem
from kefu.understanding.catalogue import OUT_OF_SCOPE, Utterance
from kefu.understanding.entities import EntityExtractor
from kefu.understanding.lexicon import Lexicon
from kefu.understanding.menu import Menu
from kefu.understanding.message import Message
from kefu.understanding.reading import Context
from kefu.understanding.rules import Rule, RulesTier, parse_rules
from kefu.understanding.text import clean

CONFIRM_CANCEL = Question("confirm", choices=(Choice("确认取消", "确认取消"), Choice("先不取消", "先不取消")))
OFFER = Question("offer_human", choices=(Choice("转人工", "转人工"), Choice("不用了", "不用了")))
WHICH_ORDER = Question(
    "slot",
    "order_id",
    (Choice("呢子大衣", "YL20261108000123"), Choice("百褶裙", "YL20261101000042")),
)
CLARIFY = Question("clarify", choices=(Choice("物流查询", "物流查询"), Choice("开发票", "开发票")))


class Rules:
    """The rules tier, asked in one line."""

    def __init__(self, tier: RulesTier, extractor: EntityExtractor, now: datetime) -> None:
        self._tier = tier
        self._extractor = extractor
        self._now = now

    def say(
        self, text: str, question: Question | None = None, flow: str | None = None
    ) -> tuple[Command, ...] | None:
        cleaned = clean(text)
        context = Context(self._now, question, flow=flow)
        message = Message(cleaned, self._extractor.extract(cleaned, self._now), context)
        proposal = self._tier.propose(message)
        return None if proposal is None else proposal.commands


@pytest.fixture(scope="module", name="ask")
def rules_in_one_line(
    rules: tuple[Rule, ...], menu: Menu, extractor: EntityExtractor, now: datetime
) -> Rules:
    return Rules(RulesTier(rules, menu), extractor, now)


@pytest.mark.parametrize(
    "yes",
    ["好的", "是的", "对对对", "嗯", "OK", "可以，麻烦您了", "確認", "👌", "没问题", "1",
     "yes please", "要得", "确认取消", "取消吧", "第一个", "the first one", "对，确认取消", "对，取消吧",
     "对，就取消这个", "嗯取消", "是的帮我取消掉", "那就取消吧", "yes, cancel it", "係，取消啦"],
)  # fmt: skip
def test_a_plain_yes_confirms(ask: Rules, yes: str) -> None:
    assert ask.say(yes, CONFIRM_CANCEL, "cancel_order") == (Affirm(),)


@pytest.mark.parametrize(
    "no",
    ["不用了", "不", "先不要了", "no thanks", "不是不是", "唔使", "2", "先不取消", "不要取消了", "我再想想",
     "第二个", "算了不取消了", "对，不取消", "我不想取消了", "dont cancel it"],
)  # fmt: skip
def test_a_plain_no_declines(ask: Rules, no: str) -> None:
    assert ask.say(no, CONFIRM_CANCEL, "cancel_order") == (Deny(),)


@pytest.mark.parametrize(
    "unclear",
    ["可以?", "可以吗", "好不好", "你好", "您好", "好的吧应该可以但是我想问下多久退款", "是吗", "对不对",
     "行不行", "好像不对", "可以不办吗", "好了吗", "可以取消吗", "是取消订单吗", "取消不了吗",
     "不是，取消第二单", "算了取消吧", "确认取消的话券退吗"],
)  # fmt: skip
def test_what_is_no_plain_yes_never_confirms(ask: Rules, unclear: str) -> None:
    assert Affirm() not in (ask.say(unclear, CONFIRM_CANCEL, "cancel_order") or ())


@pytest.mark.parametrize("unclear", ["取消", "那取消", "先取消吧", "不是不可以"])
def test_what_may_mean_either_is_asked_again(ask: Rules, unclear: str) -> None:
    assert ask.say(unclear, CONFIRM_CANCEL, "cancel_order") == (Unsure(),)


def test_no_utterance_of_a_request_confirms_a_write(ask: Rules, utterances: tuple[Utterance, ...]) -> None:
    stolen = [
        utterance.text
        for utterance in utterances
        # "嗯谢谢" thanks and agrees.
        if utterance.intent not in ("affirm", "thanks", OUT_OF_SCOPE)
        and Affirm() in (ask.say(utterance.text, CONFIRM_CANCEL, "exchange") or ())
    ]

    assert stolen == []


def test_no_rule_takes_a_request_away_from_its_intent(
    rules: tuple[Rule, ...],
    menu: Menu,
    extractor: EntityExtractor,
    now: datetime,
    utterances: tuple[Utterance, ...],
) -> None:
    tier = RulesTier(rules, menu)
    stolen: list[tuple[str, str]] = []
    for utterance in utterances:
        cleaned = clean(utterance.text)
        proposal = tier.propose(Message(cleaned, extractor.extract(cleaned, now), Context(now)))
        if proposal is not None and proposal.intents and proposal.intents[0].name != utterance.intent:
            stolen.append((utterance.text, proposal.intents[0].name))

    assert stolen == []


@pytest.mark.parametrize(
    "asked",
    ["转人工", "人工", "我要人工客服", "找个真人", "转接客服", "客服？", "麻烦转人工，谢谢", "轉真人客服",
     "talk to a human", "唔該幫我搵個真人"],
)  # fmt: skip
@pytest.mark.parametrize("question", [None, CONFIRM_CANCEL, WHICH_ORDER])
def test_a_human_can_be_asked_for_at_any_time(ask: Rules, asked: str, question: Question | None) -> None:
    assert ask.say(asked, question, "cancel_order" if question else None) == (HandOff("customer_asked"),)


@pytest.mark.parametrize("stop", ["算了", "不办了", "退出", "算了，不弄了", "never mind", "取消"])
def test_giving_up_cancels_the_flow(ask: Rules, stop: str) -> None:
    assert ask.say(stop, WHICH_ORDER, "track_parcel") == (CancelFlow(),)


def test_outside_a_flow_there_is_nothing_to_give_up(ask: Rules) -> None:
    assert ask.say("算了") is None


@pytest.mark.parametrize("again", ["再说一遍", "重复一下", "没看清", "say that again?"])
def test_the_last_answer_can_be_asked_for_again(ask: Rules, again: str) -> None:
    assert ask.say(again, CONFIRM_CANCEL, "cancel_order") == (Repeat(),)


@pytest.mark.parametrize(
    ("pick", "number"), [("1", 0), ("第二个", 1), ("选2", 1), ("最后一个", 1), ("百褶裙", 1)]
)
def test_an_offered_answer_is_picked_by_its_number_or_its_words(ask: Rules, pick: str, number: int) -> None:
    assert ask.say(pick, WHICH_ORDER, "track_parcel") == (
        SetSlot("order_id", WHICH_ORDER.choices[number].message),
    )


@pytest.mark.parametrize("other", ["3", "第三个", "两", "十个"])
def test_what_was_not_offered_is_not_picked(ask: Rules, other: str) -> None:
    assert ask.say(other, WHICH_ORDER, "track_parcel") is None


def test_the_offer_of_a_human_is_taken_or_declined_by_its_buttons(ask: Rules) -> None:
    assert ask.say("转人工", OFFER) == (Affirm(),)
    assert ask.say("不用了", OFFER) == (Deny(),)


def test_a_reading_that_was_asked_back_about_is_picked(ask: Rules) -> None:
    assert ask.say("物流查询", CLARIFY) == (StartFlow("track_parcel"),)
    assert ask.say("2", CLARIFY) == (AskKnowledge("开发票"),)


@pytest.mark.parametrize(
    ("message", "commands"),
    [
        ("YL20261108000123", (StartFlow("order_status"), SetSlot("order_id", "YL20261108000123"))),
        ("SF1358820046712", (StartFlow("track_parcel"), SetSlot("parcel", "SF1358820046712"))),
        (
            "我的订单YL20261108000123到哪了",
            (StartFlow("track_parcel"), SetSlot("order_id", "YL20261108000123")),
        ),
        ("訂單到邊度喇", (StartFlow("track_parcel"),)),
        ("我的快递呢，帮我查一下", (StartFlow("track_parcel"),)),
        ("物流信息", (StartFlow("track_parcel"),)),
        ("帮我看看物流", (StartFlow("track_parcel"),)),
        ("我的包裹呢", (StartFlow("track_parcel"),)),
        ("track my order please", (StartFlow("track_parcel"),)),
        (
            "帮我查下 yl 20261108 000123 的快递",
            (StartFlow("track_parcel"), SetSlot("order_id", "YL20261108000123")),
        ),
        (
            "YL20261108000123的快递怎么还没到，帮我查下物流",
            (StartFlow("track_parcel"), SetSlot("order_id", "YL20261108000123")),
        ),
        ("查一下我的订单", (StartFlow("order_status"),)),
        ("我的订单", (StartFlow("order_status"),)),
        ("check my order", (StartFlow("order_status"),)),
        (
            "把YL20261108000123取消了",
            (StartFlow("cancel_order"), SetSlot("order_id", "YL20261108000123")),
        ),
        (
            "取消尾号000123的订单",
            (StartFlow("cancel_order"), SetSlot("order_id", "000123")),
        ),
        ("I'd like to cancel my order", (StartFlow("cancel_order"),)),
        ("Where is my order?", (StartFlow("track_parcel"),)),
        ("你好", (SmallTalk("greeting"),)),
        ("谢谢啦", (SmallTalk("thanks"),)),
        ("拜拜", (SmallTalk("goodbye"),)),
    ],
)
def test_some_messages_need_no_question(ask: Rules, message: str, commands: tuple[Command, ...]) -> None:
    assert ask.say(message) == commands


@pytest.mark.parametrize("told", ["我的订单取消了", "YL20261108000123取消了", "我取消了订单", "取消发票"])
def test_what_only_speaks_of_cancelling_cancels_nothing(ask: Rules, told: str) -> None:
    assert ask.say(told) is None


@pytest.mark.parametrize(
    "wait", ["订单什么时候能到", "什么时候能收到", "还要几天到", "when will my order arrive"]
)
def test_when_ones_own_parcel_comes_is_answered_by_tracking_it(ask: Rules, wait: str) -> None:
    assert ask.say(wait) == (StartFlow("track_parcel"),)


@pytest.mark.parametrize("general", ["几天能到", "寄到北京要几天", "一般多久送到广州"])
def test_how_long_delivery_takes_in_general_is_no_matter_of_a_parcel(ask: Rules, general: str) -> None:
    assert ask.say(general) is None


def test_a_request_is_heard_although_another_flow_asks_something(ask: Rules) -> None:
    assert ask.say("cancel my order", WHICH_ORDER, "track_parcel") == (StartFlow("cancel_order"),)


@pytest.mark.parametrize("word", ["嗯", "哈", "对", "好的", "谢谢", "麻烦你", "不用", "我要", "嗯对", "no"])
def test_repeated_words_end_in_no_endless_search(ask: Rules, word: str) -> None:
    """Divided in every possible way, forty of these characters would keep a server busy for hours."""
    repeated = (word * 40)[:39] + "x"

    assert ask.say(repeated, CONFIRM_CANCEL, "cancel_order") is None


def test_a_long_message_is_left_to_the_other_tiers(ask: Rules) -> None:
    assert ask.say("好的" * 30, CONFIRM_CANCEL, "cancel_order") is None


def test_every_rule_that_cannot_be_used_is_reported_with_its_line() -> None:
    text = """\
rules:
  - name: a
    says: "{nothing}"
    then: affirm
  - name: b
    says: "("
    then: affirm
  - name: c
    then: dance
    when: now
  - name: d
    says: x
    then: {intent: greeting}
    question: often
"""
    with pytest.raises(PackInvalid) as caught:
        parse_rules(text, Lexicon("answers", {}))

    lines = [(problem.line, problem.message.split(":")[0]) for problem in caught.value.problems]
    assert [line for line, _ in lines] == [2, 5, 8, 8, 8, 11]
    assert Problem("rules.yaml", 2, "`{nothing}` is no list of the answers lexicon") in caught.value.problems


def test_a_file_without_rules_is_refused() -> None:
    with pytest.raises(PackInvalid, match="must be a list"):
        parse_rules("", Lexicon("answers", {}))
