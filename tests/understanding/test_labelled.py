"""Messages with labels beside their intent, read from their files; what is wrong is said with its line."""

import pytest

from kefu.errors import PackInvalid, Problem
from kefu.understanding.catalogue import Mark
from kefu.understanding.labelled import SET_NAMES, LabelledMessage, LabelledSets, parse_labelled


def wrong(text: str, name: str) -> list[tuple[int, str]]:
    """The problems of a file, each with its line."""
    with pytest.raises(PackInvalid) as caught:
        parse_labelled(text, name, f"{name}.txt")
    assert {problem.file for problem in caught.value.problems} == {f"{name}.txt"}
    return [(problem.line, problem.message) for problem in caught.value.problems]


def test_several_requests_keep_their_intents_in_order_their_style_and_their_line() -> None:
    text = "# plain\n\nreturn_apply + invoice_request | 退货,顺便开票\n"

    assert parse_labelled(text, "multi_intent", "multi_intent.txt") == (
        LabelledMessage("退货,顺便开票", "plain", ("return_apply", "invoice_request"), (), 3),
    )


def test_the_spaces_around_the_separators_are_free() -> None:
    tight, wide = (
        parse_labelled(line, "multi_intent", "multi_intent.txt")[0] for line in ("a+b|退", "a  +  b  |  退")
    )

    assert (tight.intents, tight.text) == (wide.intents, wide.text) == (("a", "b"), "退")


def test_marks_are_counted_from_the_beginning_of_the_message() -> None:
    text = "# 四川话\nreturn_apply | 我要退[裙子](product),[尺码不对](reason:size_mismatch)\n"

    (message,) = parse_labelled(text, "dialects", "dialects.txt")

    assert message.text == "我要退裙子,尺码不对"
    assert message.marks == (Mark("product", 3, 5), Mark("reason", 6, 10, "size_mismatch"))


def test_a_message_of_a_language_may_leave_its_intent_open() -> None:
    text = "# yue\n幾時到貨呀\nlogistics_track | 個件去咗邊\n# en\nhello\n"

    messages = parse_labelled(text, "languages", "languages.txt")

    assert [(m.heading, m.intents, m.text) for m in messages] == [
        ("yue", (), "幾時到貨呀"),
        ("yue", ("logistics_track",), "個件去咗邊"),
        ("en", (), "hello"),
    ]


def test_a_mood_is_all_that_is_said_of_a_message() -> None:
    messages = parse_labelled("# angry\n什么破店 | 气死\n# happy\n谢谢\n", "sentiment", "sentiment.txt")

    assert [(m.heading, m.intents, m.text) for m in messages] == [
        ("angry", (), "什么破店 | 气死"),
        ("happy", (), "谢谢"),
    ]


def test_a_mood_that_does_not_exist_is_reported_where_its_heading_stands() -> None:
    assert wrong("# angry\n滚\n# furious\n滚开\n", "sentiment") == [
        (3, "`furious` is none of angry, upset, neutral, happy")
    ]


def test_a_heading_that_is_no_language_tag_is_reported() -> None:
    assert wrong("# 粤语\n幾時到\n", "languages") == [
        (1, "`粤语` is no BCP 47 tag such as zh-Hans, yue or en")
    ]


@pytest.mark.parametrize("tag", ["zh-Hans", "yue", "pt-BR", "zh-Hant-TW", "es-419"])
def test_tags_have_language_script_and_region(tag: str) -> None:
    assert parse_labelled(f"# {tag}\n你好\n", "languages", "languages.txt")[0].heading == tag


@pytest.mark.parametrize("name", ["sentiment", "languages", "dialects"])
def test_a_message_under_no_heading_is_reported(name: str) -> None:
    assert wrong("greeting | 你好\n", name) == [(1, "stands under no heading: write a line `# …` above it")]


@pytest.mark.parametrize("name", ["multi_intent", "dialects"])
def test_a_line_without_a_separator_is_reported(name: str) -> None:
    ((line, message),) = wrong("# 四川话\n啥子时候到嘛\n", name)

    assert line == 2
    assert message.startswith("the separator ` | ` is missing")


@pytest.mark.parametrize("name", ["multi_intent", "languages", "dialects"])
def test_an_empty_message_is_reported(name: str) -> None:
    label = "a + b" if name == "multi_intent" else "a"

    assert wrong(f"# yue\n{label} |  \n", name) == [(2, "the message is empty")]


@pytest.mark.parametrize(("label", "count"), [("a", 1), ("a + b + c + d", 4)])
def test_a_message_of_several_requests_has_two_or_three(label: str, count: int) -> None:
    ((line, message),) = wrong(f"{label} | 退货开票\n", "multi_intent")

    assert line == 1
    assert message.startswith(f"{count} intents")


def test_an_intent_that_is_named_twice_is_reported() -> None:
    assert wrong("a + a | 退货再退货\n", "multi_intent") == [(1, "names an intent twice")]


@pytest.mark.parametrize(("name", "label"), [("multi_intent", "a + "), ("languages", ""), ("dialects", "")])
def test_an_intent_without_a_name_is_reported(name: str, label: str) -> None:
    ((line, message),) = wrong(f"# en\n{label} | hello\n", name)

    assert line == 2
    assert message.startswith("an intent's name is missing")


def test_every_line_that_cannot_be_read_is_reported_at_once() -> None:
    assert [line for line, _ in wrong("# 四川话\n啥子\na |\na | 好久到\n要得\n", "dialects")] == [2, 3, 5]


def test_half_a_mark_is_reported_as_in_utterances() -> None:
    with pytest.raises(PackInvalid) as caught:
        parse_labelled("# angry\n[裙子(product)](x\n", "sentiment", "sentiment.txt")

    assert caught.value.problems == (
        Problem("sentiment.txt", 2, "an entity is marked as [words](type) or [words](type:value)"),
    )


def test_a_pack_may_lack_every_set() -> None:
    assert LabelledSets().by_name() == dict.fromkeys(SET_NAMES, ())
