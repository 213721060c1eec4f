"""Question–answer pairs become passages, and faults are named with their line."""

import pytest

from kefu.knowledge.faq import read_faq
from kefu.knowledge.material import Material

HEADER = "id,category,question,answer,similar_questions\n"
PAIR = "F1,退换货,能退吗？,能。,可以退吗|退得了吗\n"


def faults(text: str) -> list[str]:
    return [str(problem) for problem in read_faq(text, "faq.csv").problems]


def test_a_pair_is_one_passage_with_all_its_phrasings() -> None:
    (passage,) = read_faq(HEADER + PAIR, "faq.csv").passages
    assert (passage.source, passage.kind, passage.title, passage.text) == (
        "faq:F1",
        "faq",
        "能退吗？",
        "能。",
    )
    assert passage.questions == ("能退吗？", "可以退吗", "退得了吗")
    assert passage.category == "退换货"


def test_columns_may_stand_in_any_order_and_a_byte_order_mark_is_no_part_of_the_first() -> None:
    (passage,) = read_faq("\ufeffanswer,question,id\n能。,能退吗？,F1\n", "faq.csv").passages
    assert (passage.source, passage.text, passage.questions) == ("faq:F1", "能。", ("能退吗？",))


def test_an_id_stays_while_phrasings_are_added_and_changes_with_the_answer() -> None:
    first, more, other = (
        read_faq(HEADER + row, "faq.csv").passages[0].passage_id
        for row in (PAIR, PAIR.replace("退得了吗", "退得了吗|还能退不"), PAIR.replace("能。", "不能。"))
    )
    assert first == more != other


def test_an_id_needs_no_escaping_in_a_url(faq: Material) -> None:
    assert all(passage.passage_id.replace("-", "").isalnum() for passage in faq.passages)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "faq.csv: the file is empty"),
        ("id,question\n", "faq.csv:1: the header lacks answer"),
        (HEADER + "F1,,能退吗？,,\n", "faq.csv:2: answer is empty"),
        (HEADER + PAIR + "F2,,a,b\n", "faq.csv:3: 4 cells where the header names 5"),
        (HEADER + PAIR + PAIR, "faq.csv:3: the id `F1` stands in line 2 too"),
        (HEADER + PAIR + "F2,,可以退吗,能,\n", "faq.csv:3: the question `可以退吗` stands in line 2 too"),
        (HEADER + "F 1,,能退吗？,能。,\n", "faq.csv:2: the id `F 1`"),
        (HEADER + 'F1,,"能退\n吗？",能。,\nF2,,,能。,\n', "faq.csv:4: question is empty"),
        (HEADER + 'F1,,能退吗？,"能。,\n', "faq.csv:2: not CSV"),
    ],
)
def test_a_fault_is_named_with_its_line(text: str, fault: str) -> None:
    assert faults(text)[0].startswith(fault)


def test_a_faulty_pair_leaves_the_others_usable() -> None:
    material = read_faq(HEADER + ",,,,\n" + PAIR, "faq.csv")
    assert [passage.source for passage in material.passages] == ["faq:F1"]


def test_the_built_in_merchants_table_is_sound(faq: Material) -> None:
    assert (len(faq.passages), faq.problems) == (260, ())
