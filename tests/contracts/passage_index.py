"""What every passage index promises. A test class inherits it all and provides the fixture `build`."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime

import pytest

from kefu.conversation.ids import PassageId
from kefu.knowledge.passages import Audience, Hit, Passage, PassageIndex, Query

Build = Callable[[Sequence[Passage]], PassageIndex]

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def a_pair(name: str, answer: str, *questions: str) -> Passage:
    return Passage(PassageId(name), f"faq:{name}", "faq", questions[0], (), answer, questions)


def a_section(
    name: str,
    text: str,
    *heading: str,
    audience: frozenset[Audience] = frozenset({"customer", "agent"}),
    since: date | None = None,
    until: date | None = None,
) -> Passage:
    return Passage(
        PassageId(name),
        f"handbook:{name}",
        "section",
        "云岚手册",
        heading,
        text,
        audience=audience,
        effective_from=since,
        effective_to=until,
    )


LIPSTICK = a_pair("F1", "美妆个护拆封后不支持无理由退货。", "口红拆开了能退吗？", "化妆品拆封能退吗")
INVOICE = a_pair("F2", "在订单详情申请开票。", "怎么开发票？", "发票在哪里申请")
SHOE_BOX = a_pair("F3", "鞋盒缺失扣10元折损费。", "鞋盒丢了退鞋要扣钱吗？")
FREEZER = a_section("H1", "冷藏短保食品收到后立即冷藏，开封后24小时内吃完。", "保存")
MATERIAL = (LIPSTICK, INVOICE, SHOE_BOX, FREEZER)


def names(hits: Sequence[Hit]) -> list[str]:
    return [hit.passage.passage_id for hit in hits]


class PassageIndexContract:
    @pytest.fixture
    def build(self) -> Build:
        raise NotImplementedError

    def test_the_passage_that_answers_comes_first(self, build: Build) -> None:
        hits = build(MATERIAL).search(Query("买鞋的盒子丢了，退鞋扣钱吗", NOON))
        assert hits[0].passage == SHOE_BOX

    def test_a_similar_question_finds_its_pair(self, build: Build) -> None:
        assert build(MATERIAL).search(Query("化妆品拆封还能退吗", NOON))[0].passage == LIPSTICK

    def test_a_document_is_found_by_the_words_of_its_text(self, build: Build) -> None:
        assert build(MATERIAL).search(Query("冷藏食品开封后多久吃完", NOON))[0].passage == FREEZER

    def test_a_document_is_found_by_its_heading(self, build: Build) -> None:
        storing = a_section("H2", "阴凉干燥处即可。", "蜂蜜怎么保存")
        assert build((*MATERIAL, storing)).search(Query("蜂蜜保存", NOON))[0].passage == storing

    def test_traditional_characters_and_full_width_letters_find_the_same(self, build: Build) -> None:
        index = build(MATERIAL)
        plain, other = (
            index.search(Query("发票在哪里申请", NOON)),
            index.search(Query("發票在哪裡申請", NOON)),
        )
        assert names(plain)[0] == names(other)[0] == "F2"

    def test_hits_come_best_first_with_scores_between_0_and_1(self, build: Build) -> None:
        scores = [hit.score for hit in build(MATERIAL).search(Query("口红拆开了能退吗", NOON))]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 for score in scores)

    def test_what_fits_scores_higher_than_what_does_not_across_questions(self, build: Build) -> None:
        index = build(MATERIAL)
        fits, strange = index.search(Query("怎么开发票", NOON)), index.search(Query("高铁票多少钱", NOON))
        assert fits[0].score > max((hit.score for hit in strange), default=0.0) + 0.3

    def test_no_more_than_the_limit_is_found(self, build: Build) -> None:
        assert len(build(MATERIAL).search(Query("退货 开发票 鞋盒 冷藏", NOON, limit=2))) == 2

    def test_what_is_written_for_agents_is_hidden_from_customers(self, build: Build) -> None:
        secret = a_section("H3", "赔付权限五百元以内。", "内部口径", audience=frozenset({"agent"}))
        index = build((*MATERIAL, secret))
        assert "H3" not in names(index.search(Query("赔付权限是多少", NOON)))
        assert names(index.search(Query("赔付权限是多少", NOON, audience="agent")))[0] == "H3"

    @pytest.mark.parametrize(
        ("day", "found"),
        [(9, False), (10, True), (20, True), (21, False)],
        ids=["the day before", "the first day", "the last day", "the day after"],
    )
    def test_a_rule_is_found_only_while_it_is_in_force(self, build: Build, day: int, found: bool) -> None:
        rule = a_section(
            "H4", "每满三百减四十。", "双十一满减", since=date(2026, 11, 10), until=date(2026, 11, 20)
        )
        hits = build((*MATERIAL, rule)).search(Query("双十一满减多少", datetime(2026, 11, day, tzinfo=UTC)))
        assert ("H4" in names(hits)) is found

    @pytest.mark.parametrize("text", ["", "   ", "?!。", "🙂", "AND (", '"', "\x00\ud800", "长" * 4000])
    def test_odd_questions_find_nothing_or_little_but_never_fail(self, build: Build, text: str) -> None:
        assert all(hit.score < 0.5 for hit in build(MATERIAL).search(Query(text, NOON)))

    def test_an_empty_index_finds_nothing(self, build: Build) -> None:
        assert build(()).search(Query("怎么开发票", NOON)) == ()

    def test_a_passage_can_be_fetched_by_its_id(self, build: Build) -> None:
        assert build(MATERIAL).get(INVOICE.passage_id) == INVOICE

    def test_an_unknown_id_has_no_passage(self, build: Build) -> None:
        assert build(MATERIAL).get(PassageId("F999")) is None

    def test_the_same_question_always_finds_the_same(self, build: Build) -> None:
        first, second = (build(MATERIAL).search(Query("拆封能退吗", NOON)) for _ in range(2))
        assert first == second
