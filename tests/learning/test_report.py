"""The headline, the tables and the page that an evaluation becomes."""

import pytest
from markdown_it import MarkdownIt
from tests.learning.validations import TITLES, evaluated, every_set

from kefu.learning.evaluation import Evaluation
from kefu.learning.headline import LOWER_IS_BETTER, headline
from kefu.learning.report import Plot, Subject, markdown
from kefu.learning.tables import Section, sections, shown

SUBJECT = Subject("shop@0123456789ab", "Kefu 1.2.3", TITLES)


def figure(evaluation: Evaluation, name: str) -> str:
    """A headline figure as it is printed."""
    return next(shown(each) for each in headline(evaluation) if each.name == name)


def section(evaluation: Evaluation, title: str) -> Section:
    return next(each for each in sections(evaluation, TITLES) if title in each.title)


def test_every_headline_figure_has_a_name_that_a_threshold_can_use() -> None:
    names = [each.name for each in headline(evaluated())]

    assert names == list(LOWER_IS_BETTER)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("accuracy", "50.0%"),
        ("out_of_scope_recall", "50.0%"),
        ("entity_f1", "100.0%"),
        ("cpu", "500 µs"),
        ("messages_per_cpu_second", "2,000"),
    ],
)
def test_figures_are_printed_in_their_unit(name: str, text: str) -> None:
    assert figure(evaluated(), name) == text


@pytest.mark.parametrize("name", ["multi_intent_exact", "sentiment_accuracy", "language_intents"])
def test_what_the_pack_cannot_measure_says_so(name: str) -> None:
    assert figure(evaluated(), name) == "无 none"
    assert figure(every_set(), name).endswith("%")


def test_no_row_of_any_table_is_longer_or_shorter_than_its_header() -> None:
    for evaluation in (evaluated(), every_set()):
        for table in sections(evaluation, TITLES):
            assert {len(row) for row in table.rows} <= {len(table.header)}, table.title


def test_intents_are_shown_with_their_titles() -> None:
    rows = section(evaluated(), "Every intent").rows

    assert [row[0] for row in rows] == ["human_agent 转人工", "return_apply 申请退货"]


def test_the_weakest_intent_comes_first() -> None:
    assert section(evaluated(), "Weakest").rows[0][0] == "human_agent 转人工"


def test_the_page_has_every_table_and_every_drawing() -> None:
    evaluation = every_set()

    page = markdown(evaluation, SUBJECT, [Plot("groups.svg", "Groups")])

    tokens = MarkdownIt("commonmark").enable("table").parse(page)
    tables = [table for table in sections(evaluation, TITLES) if table.header]
    assert sum(token.type == "table_open" for token in tokens) == len(tables)
    assert "![Groups](groups.svg)" in page
    assert SUBJECT.release in page


def test_the_page_says_which_sets_were_not_measured() -> None:
    lacking = "multi_intent, sentiment, languages, dialects"

    assert lacking in markdown(evaluated(), SUBJECT, [])
    assert lacking + "." in markdown(every_set(), SUBJECT, [])  # too few to be more than a hint
    assert "没有评测集" not in markdown(every_set(), SUBJECT, [])


def test_the_page_says_how_much_one_message_of_an_intent_weighs() -> None:
    assert "The smallest intent has 2 messages: one of them is 50 points." in markdown(
        evaluated(), SUBJECT, []
    )
