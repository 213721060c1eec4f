"""Intents and utterances from their files; what is wrong with a file is said with its line."""

import pytest

from kefu.errors import PackInvalid, Problem
from kefu.understanding.catalogue import IntentDefinition, Mark, Utterance, parse_intents, parse_utterances

INTENTS = """\
intents:
  - name: order_cancel
    title: 取消订单
    group: order
    definition: 想取消订单。
    boundary: 已签收的归退货。
    entities: [order_id]
    examples: [取消订单]
  - name: Order Cancel
    title: 又一个
    group: order
    definition: 名字不对。
    boundary: 无。
    entities: order_id
    examples: []
    colour: red
"""


def test_an_utterance_keeps_its_style_its_line_and_its_entities() -> None:
    text = "# plain\n\n[裙子](product)[尺码不对](reason:size_mismatch)，[盒子丢了](has_package:false)\n"

    assert parse_utterances(text, "return_apply", "return_apply.txt") == (
        Utterance(
            "裙子尺码不对，盒子丢了",
            "return_apply",
            "plain",
            (
                Mark("product", 0, 2),
                Mark("reason", 2, 6, "size_mismatch"),
                Mark("has_package", 7, 11, False),
            ),
            3,
        ),
    )


def test_a_mark_that_is_half_written_is_reported_where_it_stands() -> None:
    with pytest.raises(PackInvalid) as caught:
        parse_utterances("# plain\n退掉\n[裙子(product)](x\n", "return_apply", "return_apply.txt")

    assert [(problem.file, problem.line) for problem in caught.value.problems] == [("return_apply.txt", 3)]


def test_all_problems_of_the_intents_are_reported_at_once() -> None:
    with pytest.raises(PackInvalid) as caught:
        parse_intents(INTENTS)

    assert caught.value.problems == (
        Problem("intents.yaml", 9, "`Order Cancel` is no name: use a-z, 0-9 and _"),
        Problem("intents.yaml", 9, "`entities` must be a list"),
        Problem("intents.yaml", 16, "unknown key `colour`"),
    )


def test_an_intent_that_is_defined_twice_is_reported() -> None:
    once = INTENTS.split("  - name: Order Cancel")[0]
    again = once + "\n".join(once.splitlines()[1:]) + "\n"

    with pytest.raises(PackInvalid, match="already defined in line 2"):
        parse_intents(again)


@pytest.mark.parametrize("text", ["", "intents: 3", "- a"])
def test_a_file_without_a_list_of_intents_is_refused(text: str) -> None:
    with pytest.raises(PackInvalid, match="must be a list"):
        parse_intents(text)


def test_what_is_no_yaml_is_refused_with_its_line() -> None:
    with pytest.raises(PackInvalid) as caught:
        parse_intents("intents:\n  - [")

    assert caught.value.problems[0].line > 0


def test_the_shipped_pack_teaches_every_intent_in_twelve_styles_at_least(
    intents: tuple[IntentDefinition, ...], utterances: tuple[Utterance, ...]
) -> None:
    styles = {intent.name: set[str]() for intent in intents}
    for utterance in utterances:
        styles.get(utterance.intent, set()).add(utterance.style)

    assert [name for name, found in styles.items() if len(found) < 12] == []
