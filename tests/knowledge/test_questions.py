"""The development questions: how well the built-in merchant's material is found and told."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from kefu.adapters.search.embedded import EmbeddedIndex
from kefu.conversation.ids import PassageId
from kefu.knowledge.answers import Answer, NotInMaterial
from kefu.knowledge.extract import ExtractiveAnswerer
from kefu.knowledge.material import Material
from kefu.knowledge.passages import Hit, Passage, Query
from kefu.knowledge.questions import Question, Report, measure, read_questions
from kefu.knowledge.segment import Segmenter

from .conftest import PACK

AT = datetime(2026, 11, 20, 9, tzinfo=timezone(timedelta(hours=8)))


@pytest.fixture(scope="session")
def index(faq: Material, handbook: Material, segmenter: Segmenter) -> EmbeddedIndex:
    return EmbeddedIndex(faq.passages + handbook.passages, segmenter)


@pytest.fixture(scope="session")
def answerer(index: EmbeddedIndex, segmenter: Segmenter) -> ExtractiveAnswerer:
    return ExtractiveAnswerer(index, segmenter)


def asked_all(file: str, index: EmbeddedIndex, answerer: ExtractiveAnswerer) -> Report:
    questions, problems = read_questions((PACK / "questions" / file).read_text("utf-8"), file)
    assert not problems
    return measure(questions, index, answerer, AT)


@pytest.fixture(scope="session")
def report(index: EmbeddedIndex, answerer: ExtractiveAnswerer) -> Report:
    return asked_all("dev.yaml", index, answerer)


# The floors lie three to five points under what was measured when they were set.
def test_paraphrases_of_a_faq_find_its_pair(report: Report) -> None:
    assert report.hit_at(1, "faq") >= 0.78
    assert report.hit_at(3, "faq") >= 0.89


def test_questions_on_documents_find_the_document(report: Report) -> None:
    assert report.hit_at(5, "document") >= 0.92


def test_questions_on_dates_find_the_rule_in_force(report: Report) -> None:
    assert report.hit_at(5, "date") >= 0.9


def test_answers_hold_the_facts_asked_for(report: Report) -> None:
    assert report.factual("faq") >= 0.77
    assert report.factual("document") >= 0.65
    assert report.factual("date") >= 0.72


def test_few_answerable_questions_are_refused(report: Report) -> None:
    assert report.refused <= 0.14


def test_few_unanswerable_questions_are_answered(report: Report) -> None:
    assert report.invented <= 0.25


def test_questions_that_nothing_was_tuned_on_find_their_source(
    index: EmbeddedIndex, answerer: ExtractiveAnswerer
) -> None:
    held_out = asked_all("held_out.yaml", index, answerer)
    assert held_out.hit_at(3, "faq") >= 0.75, held_out.summary()
    assert held_out.hit_at(5, "document") >= 0.9, held_out.summary()


@pytest.mark.parametrize(
    "ask",
    [
        "口红拆开了不喜欢颜色能退吗",
        "口紅已經拆了，顏色不喜歡可以退嗎",
        "唇膏开封之后发现色号不适合我，退得了吗",
        "刚买的唇釉已经打开用了一次，颜色不好看想退",
        "Can I return an opened lipstick?",
    ],
)
def test_an_opened_lipstick_is_answered_from_its_rule(answerer: ExtractiveAnswerer, ask: str) -> None:
    answer = answerer.answer(Query(ask, AT))
    assert isinstance(answer, Answer)
    assert [citation.source for citation in answer.citations] == ["faq:F007"]
    assert answer.text.endswith("[1]")
    assert "拆封或试用后不支持无理由退货" in answer.text


def test_a_rule_that_has_ended_is_no_longer_told(index: EmbeddedIndex) -> None:
    december = datetime(2026, 12, 5, tzinfo=UTC)
    sources = {hit.passage.source for hit in index.search(Query("双十一返场满减怎么算", december, limit=20))}
    assert "handbook:HB-15" not in sources


def test_a_question_in_the_wrong_place_is_named_with_its_line() -> None:
    text = (
        "faq:\n  - {ask: 能退吗, sources: [faq:F1]}\n  - {ask: 能换吗}\nunanswerable:\n  - {sources: [a]}\n"
    )
    questions, problems = read_questions(text, "dev.yaml")
    assert questions == (Question("faq", "能退吗", frozenset({"faq:F1"})),)
    assert [problem.line for problem in problems] == [3, 5]


@pytest.mark.parametrize("at", ["昨天", "2026-12-05T10:00:00"], ids=["no moment", "no offset"])
def test_a_moment_must_name_its_offset(at: str) -> None:
    _, problems = read_questions(f"unanswerable:\n  - {{ask: 在吗, at: '{at}'}}\n", "dev.yaml")
    assert "`at` must" in problems[0].message


class Told:
    """Finds and answers the same, whatever is asked."""

    def __init__(self, told: str | None) -> None:
        self._passage = Passage(PassageId("F1"), "faq:F1", "faq", "能退吗？", (), told or "")
        self._told = told

    def search(self, query: Query) -> tuple[Hit, ...]:
        return (Hit(self._passage, 0.9),)

    def get(self, passage_id: PassageId) -> Passage | None:
        return self._passage

    def answer(self, query: Query) -> Answer | NotInMaterial:
        return NotInMaterial(()) if self._told is None else Answer(self._told, (), 0.9)


def test_a_fact_counts_however_it_is_spaced() -> None:
    told = Told("保修 24 个月。")
    question = Question("faq", "保多久", frozenset({"faq:F1"}), ("24个月",))
    assert measure([question], told, told, AT).factual("faq") == 1.0


def test_an_answer_where_there_is_none_counts_as_invented() -> None:
    told = Told("能。")
    assert measure([Question("unanswerable", "天气")], told, told, AT).invented == 1.0


def test_a_report_sums_up_what_was_measured() -> None:
    told = Told("能。")
    summary = measure([Question("faq", "能退吗", frozenset({"faq:F1"}), ("能",))], told, told, AT).summary()
    assert summary.splitlines()[0] == "faq: hit@1 1.000, hit@3 1.000, hit@5 1.000, facts 1.000"
    assert summary.splitlines()[-1] == "refused 0.000, invented 0.000"


def test_a_refusal_where_there_is_an_answer_counts_as_refused() -> None:
    told = Told(None)
    report = measure([Question("faq", "能退吗", frozenset({"faq:F1"}))], told, told, AT)
    assert (report.refused, report.hit_at(1, "faq")) == (1.0, 1.0)
