"""What must not be in training data, with the lines of both sides."""

from kefu.learning.refusals import Found, TrainingData, examine
from kefu.understanding.catalogue import Utterance, parse_utterances
from kefu.understanding.labelled import LabelledSets, parse_labelled


def examined(
    utterances: dict[str, str] | None = None,
    validation: dict[str, str] | None = None,
    sets: LabelledSets | None = None,
    validation_sets: LabelledSets | None = None,
    examples: tuple[Utterance, ...] = (),
) -> Found:
    """What is found in files, each given as the text of its lines."""
    return examine(
        TrainingData(
            parsed(utterances or {}),
            examples,
            sets or LabelledSets(),
            parsed(validation or {}),
            validation_sets or LabelledSets(),
        )
    )


def parsed(files: dict[str, str]) -> tuple[Utterance, ...]:
    return tuple(
        utterance
        for intent, text in files.items()
        for utterance in parse_utterances(text, intent, f"{intent}.txt")
    )


def moods(text: str) -> LabelledSets:
    return LabelledSets(sentiment=parse_labelled(text, "sentiment", "sentiment.txt"))


def refused(found: Found) -> list[str]:
    return [str(problem) for problem in found.refused]


def test_different_utterances_are_accepted() -> None:
    files = {"return_apply": "我要退货\n这个不想要了帮我退", "invoice_request": "开票\n抬头写公司"}

    assert examined(files) == Found((), ())


def test_a_near_duplicate_is_refused_with_both_lines() -> None:
    files = {"return_apply": "麻烦帮我把这件裙子退掉谢谢\n\n# short\n麻烦帮我把这件裙子退掉谢了"}

    (problem,) = refused(examined(files))

    assert problem == (
        "utterances/return_apply.txt:4: «麻烦帮我把这件裙子退掉谢了» is a near-duplicate (0.85) "
        "of utterances/return_apply.txt:1 «麻烦帮我把这件裙子退掉谢谢»"
    )


def test_near_duplicates_of_another_intent_are_accepted() -> None:
    files = {"return_apply": "麻烦帮我把这件裙子退掉谢谢", "thanks": "麻烦帮我把这件裙子退掉谢了"}

    assert refused(examined(files)) == []


def test_the_same_text_under_two_intents_is_refused() -> None:
    files = {"return_apply": "不要了", "order_cancel": "退吧\n不要了。"}

    (problem,) = refused(examined(files))

    assert problem == (
        "utterances/order_cancel.txt:2: «不要了。» stands under `return_apply` too, "
        "in utterances/return_apply.txt:1: keep one of them"
    )


def test_an_example_of_another_intent_is_refused_too() -> None:
    example = Utterance("不要了", "return_apply", "example")

    (problem,) = refused(examined({"order_cancel": "不要了"}, examples=(example,)))

    assert problem.startswith("intents.yaml: «不要了» stands under `order_cancel` too")


def test_the_same_text_under_two_moods_is_refused() -> None:
    (problem,) = refused(examined(sets=moods("# upset\n怎么还没到\n# angry\n怎么还没到\n")))

    assert problem.startswith("utterances/sentiment.txt:4: «怎么还没到» stands under `upset` too")


def test_near_duplicates_within_a_set_are_refused() -> None:
    (problem,) = refused(examined(sets=moods("# upset\n等了三天了怎么还没有到啊\n等了三天了怎么还没有到\n")))

    assert problem.startswith("utterances/sentiment.txt:3: ")


def test_a_leak_is_refused_without_quoting_validation() -> None:
    taught = {"return_apply": "麻烦帮我把这件裙子退掉谢谢"}
    judged = {"return_apply": "# plain\n麻烦帮我把这件裙子退掉谢了"}

    (problem,) = refused(examined(taught, judged))

    assert problem == (
        "utterances/return_apply.txt:1: «麻烦帮我把这件裙子退掉谢谢» is a near-duplicate (0.85) "
        "of validation/return_apply.txt:2: nothing there may be taught"
    )


def test_leaks_are_found_whatever_the_label_and_the_file() -> None:
    judged = moods("# upset\n等了三天了怎么还没有到啊\n")

    (problem,) = refused(examined({"logistics_stuck": "等了三天了怎么还没有到啊"}, validation_sets=judged))

    assert "validation/sentiment.txt:2" in problem


def test_examples_must_not_leak_either() -> None:
    example = Utterance("等了三天了怎么还没有到啊", "logistics_stuck", "example")

    (problem,) = refused(
        examined(validation={"logistics_stuck": "等了三天了怎么还没有到啊"}, examples=(example,))
    )

    assert problem.startswith("intents.yaml: ")


def test_short_messages_that_validation_has_too_are_coincidences() -> None:
    found = examined({"invoice_request": "开票"}, {"invoice_request": "开票!"})

    assert found.refused == ()
    assert [(each.file, each.line) for each in found.coincidences] == [("utterances/invoice_request.txt", 1)]


def test_a_template_family_is_refused_with_its_lines() -> None:
    lines = "\n".join(f"[{name}](product)多少钱" for name in ("裙子", "裤子", "鞋", "毛衣"))

    (problem,) = refused(examined({"price_query": f"# plain\n{lines}"}))

    assert problem == (
        "utterances/price_query.txt:2: 4 utterances are the same but for entities and numbers, "
        "«<product>多少钱»: lines 2, 3, 4, 5"
    )


def test_a_shared_piece_is_refused_with_how_many_share_it() -> None:
    lines = "\n".join(f"{start * 9}想问一下这个东西怎么样" for start in "你请我他她它咱")

    (problem,) = refused(examined({"product_detail": lines}))

    assert problem.startswith("utterances/product_detail.txt:1: 7 utterances of 7 share one piece, «")
