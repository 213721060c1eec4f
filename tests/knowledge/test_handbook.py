"""Documents become passages along their structure, and faults are named with their line."""

from datetime import date

import pytest

from kefu.knowledge.handbook import read_document, read_handbook
from kefu.knowledge.material import Material
from kefu.knowledge.passages import Passage

FRONT = "---\ntitle: 取消规则\nid: HB-31\ncategory: 订单\naudience: 顾客,客服\n---\n\n# 取消规则\n\n"


def passages(body: str) -> tuple[Passage, ...]:
    return read_document(FRONT + body, "a.md").passages


def texts(body: str) -> list[str]:
    return [passage.text for passage in passages(body)]


def test_a_passage_carries_what_its_document_says_about_itself() -> None:
    text = FRONT.replace("category", "effective_from: 2026-11-01\neffective_to: 2027-03-15\ncategory")
    (passage,) = read_document(f"{text}## 一、期限\n\n七天。\n", "a.md").passages
    assert (passage.source, passage.title, passage.category) == ("handbook:HB-31", "取消规则", "订单")
    assert passage.heading == ("期限",)
    assert (passage.effective_from, passage.effective_to) == (date(2026, 11, 1), date(2027, 3, 15))


def test_what_is_written_for_agents_alone_is_not_for_customers() -> None:
    (passage,) = read_document(FRONT.replace("顾客,客服", "客服") + "内部。", "a.md").passages
    assert passage.audience == {"agent"}


def test_what_is_written_for_companies_may_be_shown_to_customers() -> None:
    (passage,) = read_document(FRONT.replace("顾客,客服", "企业客户") + "九折。", "a.md").passages
    assert passage.audience == {"customer"}


def test_a_table_gives_a_passage_a_row_worded_with_its_columns() -> None:
    table = "| 状态 | 取消 | 改快递 |\n|---|---|---|\n| 已打包 | 不保证 | — |\n| 待付款 | 可以 | 可以 |\n"
    assert texts(table) == ["状态：已打包；取消：不保证", "状态：待付款；取消：可以；改快递：可以"]


def test_what_introduces_a_table_stands_alone_as_a_sentence() -> None:
    table = "加价按下表：\n\n| 分区 | 加价 |\n|---|---|\n| 一区 | 10 元 |\n"
    assert texts(table) == ["加价按下表。", "分区：一区；加价：10 元"]


def test_numbered_steps_stay_whole() -> None:
    (passage,) = passages("1. 申请\n2. 寄回\n3. 退款\n")
    assert (passage.kind, passage.text) == ("steps", "1. 申请\n2. 寄回\n3. 退款")


def test_a_list_stays_with_the_paragraph_that_introduces_it() -> None:
    assert texts("提供下面材料：\n\n- 照片，\n- 诊断记录。\n") == ["提供下面材料：\n- 照片，\n- 诊断记录。"]


def test_a_long_list_without_an_introduction_is_cut_into_its_items() -> None:
    items = [f"第{number}条：{'很长的规则' * 15}。" for number in range(3)]
    assert texts("".join(f"- {item}\n" for item in items)) == items


def test_a_bold_label_is_a_phrasing_that_the_passage_answers() -> None:
    (passage,) = passages("**换货后还能退吗？** 可以，重新计算七天。\n")
    assert passage.questions == ("换货后还能退吗？",)


def test_an_id_depends_on_the_content_and_not_on_the_place() -> None:
    alone, moved = passages("七天。\n")[0], passages("前面的话。\n\n七天。\n")[1]
    assert alone.passage_id == moved.passage_id
    assert alone.passage_id.startswith("HB-31-")


def test_the_same_words_under_other_headings_are_another_passage() -> None:
    first, second = passages("## 退货\n\n七天。\n\n## 换货\n\n七天。\n")
    assert first.passage_id != second.passage_id


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("# 没有说明\n", "a.md:1: the document must begin with front matter"),
        (FRONT.replace("id: HB-31\n", "") + "七天。", "a.md:1: the front matter lacks `id`"),
        (FRONT.replace("HB-31", "HB 31") + "七天。", "a.md:3: the id may hold"),
        (
            FRONT.replace("订单", "订单\neffective_to: 2026-13-01") + "七天。",
            "a.md:5: effective_to must be a day",
        ),
        (FRONT.replace("顾客", "路人") + "七天。", "a.md:5: unknown audience `路人`"),
        (FRONT.replace("category", "categroy") + "七天。", "a.md:4: unknown key `categroy`"),
        (FRONT.replace("title: 取消", "title: [取消") + "七天。", "a.md:3: the front matter is not YAML"),
        (FRONT, "a.md:7: the document has no text"),
    ],
)
def test_a_fault_is_named_with_its_line(text: str, fault: str) -> None:
    (problem,) = read_document(text, "a.md").problems
    assert str(problem).startswith(fault)


def test_a_rule_cannot_end_before_it_begins() -> None:
    text = FRONT.replace("category", "effective_from: 2026-11-02\neffective_to: 2026-11-01\ncategory")
    assert [problem.line for problem in read_document(text + "七天。", "a.md").problems] == [5]


def test_two_files_cannot_have_one_id() -> None:
    material = read_handbook({"a.md": f"{FRONT}七天。", "b.md": f"{FRONT}八天。"})
    assert [str(problem) for problem in material.problems] == [
        "b.md:1: the id of `handbook:HB-31` stands in a.md too"
    ]
    assert [passage.text for passage in material.passages] == ["七天。"]


def test_the_built_in_merchants_handbook_is_sound(handbook: Material) -> None:
    assert handbook.problems == ()
    assert len({passage.source for passage in handbook.passages}) == 36


def test_every_passage_of_the_handbook_has_its_own_id(handbook: Material) -> None:
    assert len({passage.passage_id for passage in handbook.passages}) == len(handbook.passages)


def test_the_handbooks_cancellation_table_reads_row_by_row(handbook: Material) -> None:
    rows = [p.text for p in handbook.passages if p.source == "handbook:HB-31" and p.kind == "row"]
    assert rows[2] == (
        "状态：已打包；取消：申请截单，不保证；改地址、电话：申请截单，不保证；改尺码颜色：不可以；改快递：不可以"
    )
