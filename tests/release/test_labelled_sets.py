"""Labelled sets stand beside the intents' utterances under names of their own."""

from collections.abc import Mapping

import pytest
from tests.release.support import changed, problems_of, whole

from kefu.understanding.labelled import SET_NAMES, LabelledSets

Files = Mapping[str, bytes]

SEVERAL = "# plain\nreturn_policy + shipping_fee | 怎么退,运费谁出\n".encode()


def test_a_pack_without_them_is_whole(files: Files) -> None:
    pack = whole(files).pack

    assert pack.training_sets == pack.validation_sets == LabelledSets()


def test_each_folder_has_its_own(files: Files) -> None:
    sets = {"utterances/multi_intent.txt": SEVERAL, "validation/sentiment.txt": "# angry\n气死了\n".encode()}

    pack = whole({**files, **sets}).pack

    assert [message.intents for message in pack.training_sets.multi_intent] == [
        ("return_policy", "shipping_fee")
    ]
    assert [message.text for message in pack.validation_sets.sentiment] == ["气死了"]
    assert pack.training_sets.sentiment == pack.validation_sets.multi_intent == ()


@pytest.mark.parametrize("name", SET_NAMES)
def test_their_messages_are_no_intents_utterances(files: Files, name: str) -> None:
    before = whole(files).pack

    after = whole({**files, f"utterances/{name}.txt": b"", f"validation/{name}.txt": b""}).pack

    assert (after.utterances, after.validation) == (before.utterances, before.validation)


def test_an_intent_that_does_not_exist_is_reported_with_its_line_and_a_hint(files: Files) -> None:
    broken = {**files, "validation/multi_intent.txt": SEVERAL.replace(b"shipping_fee", b"shiping_fee")}

    (problem,) = problems_of(broken)
    where, what = problem.split(": ", 1)
    assert where == "validation/multi_intent.txt:2"
    assert what == "`shiping_fee` is no intent of intents.yaml; did you mean `shipping_fee`?"


def test_a_message_may_be_out_of_scope_in_its_dialect(files: Files) -> None:
    said = {"validation/dialects.txt": "# 四川话\nout_of_scope | 今天天气啷个样嘛\n".encode()}

    assert problems_of({**files, **said}) == []


def test_nobody_asks_for_something_and_for_what_is_out_of_scope_at_once(files: Files) -> None:
    broken = {**files, "validation/multi_intent.txt": SEVERAL.replace(b"shipping_fee", b"out_of_scope")}

    assert [problem.split(": ")[0] for problem in problems_of(broken)] == ["validation/multi_intent.txt:2"]


def test_a_file_that_cannot_be_read_is_reported_once(files: Files) -> None:
    broken = {**files, "validation/sentiment.txt": "# furious\n滚\n".encode()}

    assert problems_of(broken) == [
        "validation/sentiment.txt:1: `furious` is none of angry, upset, neutral, happy"
    ]


def test_broken_intents_are_not_blamed_on_the_sets(files: Files) -> None:
    broken = changed({**files, "utterances/multi_intent.txt": SEVERAL}, "intents.yaml", "intents:", "intent:")

    assert [problem.split(":")[0] for problem in problems_of(broken)] == ["intents.yaml"]


def test_no_intent_may_bear_the_name_of_a_set(files: Files) -> None:
    broken = changed(files, "intents.yaml", "name: thanks", "name: sentiment")

    assert "intents.yaml: `sentiment` cannot be an intent's name: sentiment.txt has another meaning" in (
        problems_of(broken)
    )
