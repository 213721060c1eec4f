"""From readings to figures: what counts as right, as acted on, as known to be out of scope."""

import pytest
from tests.learning.readings import reading
from tests.learning.validations import CASES, RETURN, evaluated, every_set

from kefu.conversation.commands import AskKnowledge, Clarify, Command, SetSlot, StartFlow, Unsure
from kefu.learning.evaluation import Cost
from kefu.learning.figures import Confusion
from kefu.understanding.catalogue import Mark, Utterance
from kefu.understanding.labelled import LabelledMessage, LabelledSets
from kefu.understanding.reading import Entity


def test_accuracy_is_that_of_the_first_reading_of_what_is_in_scope() -> None:
    accuracy = evaluated().intents.overall.accuracy

    assert (accuracy.right, accuracy.count) == (2, 4)


def test_the_right_intent_may_be_the_second_or_third_guess() -> None:
    assert evaluated().intents.overall.top3.right == 3


def test_figures_are_told_apart_by_style_and_by_group() -> None:
    intents = evaluated().intents

    assert {style: each.accuracy.right for style, each in intents.by_style.items()} == {
        "indirect": 0,
        "plain": 2,
    }
    assert {group: each.accuracy.share for group, each in intents.by_group.items()} == {
        "aftersales": 0.5,
        "service": 0.5,
    }


def test_what_is_out_of_scope_and_read_as_an_intent_costs_its_precision() -> None:
    by_intent = evaluated().intents.by_intent

    assert list(by_intent) == ["human_agent", "return_apply"]
    assert (by_intent["return_apply"].found, by_intent["return_apply"].right) == (2, 1)
    assert evaluated().intents.macro_f1 == pytest.approx((by_intent["return_apply"].f1 + 0.5) / 2)


def test_confusions_are_counted_out_of_scope_included() -> None:
    assert set(evaluated().intents.confused) == {
        Confusion("return_apply", "human_agent", 1),
        Confusion("human_agent", "out_of_scope", 1),
        Confusion("out_of_scope", "return_apply", 1),
    }


def test_groups_that_never_occur_are_left_out_of_the_matrix() -> None:
    groups = evaluated().intents.groups

    assert groups.labels == ("aftersales", "service", "out_of_scope")
    assert groups.counts == ((1, 1, 0), (0, 1, 1), (1, 0, 1))


def test_an_intent_that_only_the_rules_know_is_none_of_the_groups() -> None:
    answer = (Utterance("对", "human_agent", "short"), reading(("affirm", 1.0)))

    assert evaluated([*CASES, answer]).intents.groups.labels[-1] == "none"


def test_asking_back_and_being_unsure_are_no_action() -> None:
    actions = evaluated().actions

    assert (actions.acted.right, actions.acted.count) == (2, 4)
    assert (actions.right.right, actions.right.count) == (2, 2)


def test_the_right_intent_must_be_among_the_two_that_are_offered() -> None:
    third = (
        Utterance("嗯那个", "return_apply", "short"),
        reading(RETURN, commands=(Clarify(("human_agent", "thanks", "return_apply")),)),
    )

    actions = evaluated([*CASES, third]).actions

    assert (actions.asked.right, actions.offered.count, actions.offered.right) == (2, 2, 1)


@pytest.mark.parametrize(
    ("commands", "outcome"),
    [
        ((AskKnowledge("q"), StartFlow("f")), "flow"),
        ((AskKnowledge("q"),), "search"),
        ((SetSlot("s", "v"),), "other"),
        ((Unsure(),), "unsure"),
        ((), "unsure"),
    ],
)
def test_the_weightiest_command_says_what_happens(commands: tuple[Command, ...], outcome: str) -> None:
    case = (Utterance("退", "return_apply", "short"), reading(RETURN, commands=commands))

    outcomes = evaluated([case]).actions.outcomes

    assert [name for name, each in outcomes.items() if each.share.right] == [outcome]


def test_what_is_out_of_scope_is_known_missed_or_seen_where_it_is_not() -> None:
    found = evaluated().out_of_scope

    assert (found.recall.right, found.recall.count) == (1, 2)
    assert (found.acted.right, found.false_alarms.right, found.false_alarms.count) == (1, 1, 4)


def test_confidence_is_judged_wherever_an_intent_was_read() -> None:
    confidence = evaluated().confidence

    assert sum(one.count for one in confidence.bins) == 4
    assert sum(confidence.in_scope) == 4
    assert sum(confidence.out_of_scope) == 2


def test_the_curve_covers_messages_without_an_intent_last() -> None:
    last = evaluated().confidence.curve[-1]

    assert (last.threshold, last.coverage, last.precision) == (0, 1, 0.5)


def test_the_widest_coverage_keeps_the_promised_precision() -> None:
    widest = evaluated().confidence.widest

    assert widest is not None
    assert (widest.coverage, widest.precision, widest.threshold) == (0.5, 1.0, 0.9)


def test_entities_are_those_of_all_messages() -> None:
    entities = evaluated().entities

    assert (entities.messages, entities.overall.exact.right, entities.overall.exact.truth) == (6, 1, 1)


def test_a_set_whose_author_marked_nothing_is_not_judged_by_its_entities() -> None:
    bare = LabelledSets(sentiment=(LabelledMessage("裙子真好", "happy"),))
    marked = LabelledSets(sentiment=(LabelledMessage("裙子真好", "happy", (), (Mark("product", 0, 2),)),))
    found = reading(entities=(Entity("product", "裙子", None, 0, 2),))

    assert evaluated(sets=bare, 裙子真好=found).entities.messages == 6
    assert evaluated(sets=marked, 裙子真好=found).entities.overall.exact.right == 2


def test_a_pack_without_sets_has_no_figures_of_them() -> None:
    found = evaluated()

    assert (found.multi_intent, found.sentiment, found.languages, found.dialects) == (None,) * 4


def test_each_set_is_judged_by_its_own_label() -> None:
    found = every_set()

    assert found.multi_intent is not None
    assert found.multi_intent.exact.share == 1
    assert found.sentiment is not None
    assert found.sentiment.accuracy.share == 1
    assert found.languages is not None
    assert (found.languages.accuracy.share, found.languages.intents.share) == (0, 1)
    assert found.dialects is not None
    assert found.dialects.accuracy.share == 1


def test_cost_is_processor_time_by_message() -> None:
    cost = Cost(messages=1000, cpu_seconds=0.5)

    assert (cost.microseconds, cost.per_second) == (500, 2000)
