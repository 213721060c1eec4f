"""`kefu eval understanding`: the validation part, judged through the whole of understanding."""

import json
import sys
from pathlib import Path

import pytest
from tests.cli.support import Kefu


@pytest.fixture
def judged(tea: Path) -> Path:
    """The new pack with a validation part that it reads without a mistake, and one set of moods."""
    folder = tea / "validation"
    folder.mkdir()
    (folder / "greeting.txt").write_text("# plain\n你好\n您好\n", encoding="utf-8")
    (folder / "human_agent.txt").write_text("# plain\n转人工\n", encoding="utf-8")
    (folder / "sentiment.txt").write_text("# neutral\n请问几点上班\n转人工\n", encoding="utf-8")
    return tea


def test_figures_are_printed_and_absent_sets_named(kefu: Kefu, judged: Path) -> None:
    ran = kefu("eval", "understanding", str(judged))

    assert ran.code == 0
    (accuracy,) = [line for line in ran.out.splitlines() if " accuracy " in line and "意图准确率" in line]
    assert accuracy.split()[2] == "100.0%"
    (several,) = [line for line in ran.out.splitlines() if "multi_intent_exact" in line]
    assert several.rstrip().endswith("无 none")


def test_json_has_every_figure(kefu: Kefu, judged: Path) -> None:
    assert kefu("eval", "understanding", str(judged), "--json", "figures/all.json").code == 0

    written = json.loads(Path("figures/all.json").read_text(encoding="utf-8"))

    assert written["headline"]["accuracy"] == 1
    assert written["headline"]["multi_intent_exact"] is None
    assert written["figures"]["intents"]["by_intent"]["greeting"]["truth"] == 2
    assert written["figures"]["sentiment"]["accuracy"]["count"] == 2
    # 转人工 stands in two files and is read once.
    assert written["figures"]["cost"]["messages"] == 4
    assert written["release"].startswith("tea@")


def test_nothing_is_left_in_the_data_folder_but_the_classifier(kefu: Kefu, judged: Path) -> None:
    kefu("eval", "understanding", str(judged))

    assert not Path(".data").exists()


def test_a_figure_under_its_threshold_ends_with_one_and_is_named(kefu: Kefu, judged: Path) -> None:
    ran = kefu("eval", "understanding", str(judged), "--fail-under", "accuracy=0.8,dialect_accuracy=0.5")

    assert ran.code == 1
    assert "accuracy: 100.0%" not in ran.err
    assert "failed dialect_accuracy: the pack has nothing to measure it by" in ran.err


def test_thresholds_that_are_reached_end_with_nothing(kefu: Kefu, judged: Path) -> None:
    limits = ("--fail-under", "accuracy=0.8", "--fail-over", "false_alarms=0.1")

    assert kefu("eval", "understanding", str(judged), *limits).code == 0


def test_a_threshold_on_no_figure_is_refused_before_anything_is_read(kefu: Kefu) -> None:
    ran = kefu("eval", "understanding", "no-such-pack", "--fail-under", "acuracy=0.8")

    assert ran.code == 2
    assert "did you mean `accuracy`" in ran.err


def test_a_pack_without_a_validation_part_is_refused(kefu: Kefu, tea: Path) -> None:
    ran = kefu("eval", "understanding", str(tea))

    assert ran.code == 2
    assert "the pack has no validation part" in ran.err


def test_the_report_has_a_page_and_its_drawings(kefu: Kefu, judged: Path) -> None:
    pytest.importorskip("matplotlib", reason="the extra `eval` is not installed")

    assert kefu("eval", "understanding", str(judged), "--report", "out/report").code == 0

    page = Path("out/report/report.md").read_text(encoding="utf-8")
    drawings = {path.name for path in Path("out/report").glob("*.svg")}
    assert drawings
    assert all(f"]({name})" in page for name in drawings)


def test_a_report_without_matplotlib_is_refused_with_what_to_install(
    kefu: Kefu, judged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)

    ran = kefu("eval", "understanding", str(judged), "--report", "out")

    assert ran.code == 2
    assert "uv sync --extra eval" in ran.err


def test_a_file_that_cannot_be_written_is_named(kefu: Kefu, judged: Path) -> None:
    ran = kefu("eval", "understanding", str(judged), "--json", str(judged))

    assert ran.code == 2
    assert "tea cannot be written: Is a directory" in ran.err
