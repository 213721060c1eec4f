"""Markdown as blocks under their headings."""

from kefu.knowledge.markdown import Block, Bullets, Line, Paragraph, Steps, Table, blocks


def test_a_block_knows_the_headings_above_it_without_the_title() -> None:
    found = blocks("# 手册\n\n## 取消\n\n### 已打包\n\n申请截单。\n\n## 改地址\n\n可以。\n")
    assert [block.heading for block in found] == [("取消", "已打包"), ("改地址",)]


def test_a_block_knows_its_line() -> None:
    assert blocks("# 手册\n\n第一段\n\n- 一\n")[1] == Block(Bullets((Line("一"),)), (), 5)


def test_a_table_has_its_header_and_rows() -> None:
    (block,) = blocks("| 状态 | 取消 |\n|---|---|\n| 已打包 | **不保证** |\n")
    assert block.content == Table(("状态", "取消"), (("已打包", "不保证"),))


def test_a_row_that_is_too_short_is_filled_with_empty_cells() -> None:
    (block,) = blocks("| 状态 | 取消 |\n|---|---|\n| 已打包 |\n")
    assert block.content == Table(("状态", "取消"), (("已打包", ""),))


def test_a_numbered_list_is_steps() -> None:
    (block,) = blocks("1. 申请\n2. 寄回\n")
    assert block.content == Steps((Line("申请"), Line("寄回")))


def test_bold_words_at_the_beginning_label_a_line() -> None:
    (block,) = blocks("**掉色**：头两次正常。\n")
    assert block.content == Paragraph(Line("掉色：头两次正常。", "掉色"))


def test_bold_words_inside_label_nothing() -> None:
    (block,) = blocks("期限为 **15 天**。\n")
    assert block.content == Paragraph(Line("期限为 15 天。"))


def test_a_nested_list_belongs_to_its_item() -> None:
    (block,) = blocks("- 退货\n  - 七天内\n")
    assert block.content == Bullets((Line("退货；七天内"),))


def test_a_line_end_is_a_space_between_latin_words_only() -> None:
    (block,) = blocks("第一行\n第二行 free\nshipping\n")
    assert block.content == Paragraph(Line("第一行第二行 free shipping"))
