"""Answers are passages' own words, cut to what was asked, each use numbered."""

from datetime import UTC, datetime

from kefu.conversation.ids import PassageId
from kefu.knowledge.answers import Answer, NotInMaterial
from kefu.knowledge.extract import ExtractiveAnswerer
from kefu.knowledge.passages import Hit, Passage, Query
from kefu.knowledge.segment import Segmenter

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Found:
    """An index that always finds the same."""

    def __init__(self, *hits: Hit) -> None:
        self._hits = hits

    def search(self, query: Query) -> tuple[Hit, ...]:
        return self._hits[: query.limit]

    def get(self, passage_id: PassageId) -> Passage | None:
        return next((hit.passage for hit in self._hits if hit.passage.passage_id == passage_id), None)


PAIR = Passage(PassageId("F1-a"), "faq:F1", "faq", "能退吗？", (), "美妆拆封后不能退。", ("能退吗？",))


def a_row(name: str, text: str, heading: str = "保修期一览") -> Passage:
    return Passage(PassageId(name), "handbook:HB-27", "row", "数码配件保修", (heading,), text)


def a_section(text: str, *, steps: bool = False) -> Passage:
    kind = "steps" if steps else "section"
    return Passage(PassageId("S1"), "handbook:HB-26", kind, "小家电保修", ("寄修步骤",), text)


def answer(plain: Segmenter, question: str, *hits: Hit) -> Answer:
    found = ExtractiveAnswerer(Found(*hits), plain, threshold=0.5).answer(Query(question, NOON))
    assert isinstance(found, Answer)
    return found


def test_a_pairs_answer_is_given_whole_and_cited(plain: Segmenter) -> None:
    given = answer(plain, "能退吗", Hit(PAIR, 0.9))
    assert given.text == "美妆拆封后不能退。[1]"
    (citation,) = given.citations
    assert (citation.index, citation.passage_id, citation.source) == (1, "F1-a", "faq:F1")
    assert (citation.title, citation.score, given.confidence) == ("能退吗？", 0.9, 0.9)


def test_a_row_is_given_under_its_heading(plain: Segmenter) -> None:
    given = answer(plain, "键盘保多久", Hit(a_row("R1", "商品：键盘；保修期：24 个月"), 0.9))
    assert given.text == "保修期一览：商品：键盘；保修期：24 个月。[1]"
    assert given.citations[0].title == "数码配件保修 › 保修期一览"


def test_rows_that_fit_as_well_are_given_and_cited_too(plain: Segmenter) -> None:
    rows = (a_row("R1", "商品：键盘；保修期：24 个月"), a_row("R2", "商品：鼠标；保修期：24 个月"))
    given = answer(plain, "键盘鼠标保多久", Hit(rows[0], 0.9), Hit(rows[1], 0.88))
    assert given.text == "保修期一览：\n商品：键盘；保修期：24 个月。[1]\n商品：鼠标；保修期：24 个月。[2]"
    assert [citation.index for citation in given.citations] == [1, 2]


def test_a_row_that_fits_less_is_left_out(plain: Segmenter) -> None:
    rows = (a_row("R1", "商品：键盘；保修期：24 个月"), a_row("R2", "商品：手机壳；保修期：不保修"))
    assert len(answer(plain, "键盘保多久", Hit(rows[0], 0.9), Hit(rows[1], 0.7)).citations) == 1


def test_a_row_of_another_table_is_left_out(plain: Segmenter) -> None:
    rows = (a_row("R1", "商品：键盘；保修期：24 个月"), a_row("R2", "商品：键盘；价保：30 天", "价保天数"))
    assert len(answer(plain, "键盘保多久", Hit(rows[0], 0.9), Hit(rows[1], 0.9)).citations) == 1


def test_a_long_section_is_cut_to_the_sentences_that_say_what_is_asked(plain: Segmenter) -> None:
    filler = "这里说的是别的规则与本题没有关系。" * 20
    given = answer(plain, "鉴定费谁出", Hit(a_section(f"{filler}鉴定费由我们承担。{filler}"), 0.9))
    assert "鉴定费由我们承担。" in given.text
    assert len(given.text) < 340


def test_a_cut_keeps_whole_sentences(plain: Segmenter) -> None:
    filler = "这里说的是别的规则与本题没有关系。" * 20
    given = answer(plain, "鉴定费谁出", Hit(a_section(f"{filler}鉴定费由我们承担。{filler}"), 0.9))
    assert given.text.startswith("寄修步骤：这里说的")
    assert given.text.endswith("。[1]")


def test_steps_are_given_whole_to_those_who_ask_how(plain: Segmenter) -> None:
    steps = "\n".join(f"{number}. {'第几步要做的事情' * 8}。" for number in range(1, 8))
    assert steps in answer(plain, "怎么寄修", Hit(a_section(steps, steps=True), 0.9)).text


def test_long_steps_are_cut_for_those_who_ask_for_one_fact(plain: Segmenter) -> None:
    steps = (
        "\n".join(f"{number}. {'第几步要做的事情' * 8}。" for number in range(1, 8)) + "\n8. 检测费 30 元。"
    )
    given = answer(plain, "检测费多少", Hit(a_section(steps, steps=True), 0.9))
    assert "检测费 30 元。" in given.text
    assert len(given.text) < 340


def test_a_weak_hit_is_not_in_the_material(plain: Segmenter) -> None:
    found = ExtractiveAnswerer(Found(Hit(PAIR, 0.4)), plain, threshold=0.5).answer(Query("天气", NOON))
    assert found == NotInMaterial((Hit(PAIR, 0.4),))


def test_nothing_found_is_not_in_the_material(plain: Segmenter) -> None:
    assert ExtractiveAnswerer(Found(), plain).answer(Query("天气", NOON)) == NotInMaterial(())
