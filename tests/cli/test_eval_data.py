"""`kefu eval data`: what must not be in the training data, and how widely it is spread."""

import json
from pathlib import Path

from tests.cli.support import Kefu


def add(file: Path, *lines: str) -> None:
    with file.open("a", encoding="utf-8") as opened:
        opened.writelines(f"{line}\n" for line in lines)


def test_the_data_of_a_new_pack_is_accepted(kefu: Kefu, tea: Path) -> None:
    ran = kefu("eval", "data", str(tea))

    assert ran.code == 0
    assert "没有问题 no problems tea@" in ran.out
    assert "return_policy" in ran.out


def test_what_is_refused_is_printed_as_editors_read_it(kefu: Kefu, tea: Path) -> None:
    add(tea / "utterances/thanks.txt", "麻烦你帮了我这么大一个忙谢谢", "麻烦你帮了我这么大一个忙谢了")

    ran = kefu("eval", "data", str(tea))

    assert ran.code == 1
    assert "1 problem" in ran.err
    last = len((tea / "utterances/thanks.txt").read_text(encoding="utf-8").splitlines())
    assert f"tea/utterances/thanks.txt:{last}: " in ran.err
    assert f"utterances/thanks.txt:{last - 1}" in ran.err
    assert "no problems" not in ran.out


def test_intents_with_few_utterances_are_only_warned_of(kefu: Kefu, tea: Path) -> None:
    plenty, few = kefu("eval", "data", str(tea), "--fewest", "5"), kefu("eval", "data", str(tea))

    assert (plenty.code, few.code) == (0, 0)
    assert "warning" not in plenty.err
    assert "9 of 9 intents have fewer than 250 utterances" in few.err


def test_json_has_the_spread_and_the_problems(kefu: Kefu, tea: Path) -> None:
    add(tea / "utterances/thanks.txt", "再见")
    add(tea / "utterances/goodbye.txt", "再见")

    ran = kefu("eval", "data", str(tea), "--json", "data.json")

    written = json.loads(Path("data.json").read_text(encoding="utf-8"))
    assert ran.code == 1
    assert written["spread"]["thanks"]["count"] == written["few"]["thanks"]
    assert {problem["file"] for problem in written["refused"]} >= {"utterances/thanks.txt"}


def test_a_leak_is_refused(kefu: Kefu, tea: Path) -> None:
    (tea / "validation").mkdir()
    add(tea / "validation/thanks.txt", "真是太感谢你了帮了大忙")
    add(tea / "utterances/thanks.txt", "真是太感谢你了,帮了大忙!")

    ran = kefu("eval", "data", str(tea))

    assert ran.code == 1
    assert "is the same as that of validation/thanks.txt:1" in ran.err


def test_a_faulty_pack_is_refused_with_its_problems(kefu: Kefu, tea: Path) -> None:
    add(tea / "utterances/multi_intent.txt", "thanks + no_such_intent | 谢谢")

    ran = kefu("eval", "data", str(tea))

    assert ran.code == 1
    assert "utterances/multi_intent.txt:1: `no_such_intent` is no intent" in ran.err
