"""The drawings: each a picture of its own, the same for the same figures."""

import sys
from xml.etree import ElementTree

import pytest
from tests.learning.validations import evaluated, every_set

from kefu.errors import SettingsInvalid
from kefu.learning.plots import draw, require_plots


def test_each_drawing_is_an_svg_with_a_caption() -> None:
    pytest.importorskip("matplotlib", reason="the extra `eval` is not installed")

    drawings = draw(every_set())

    assert {plot.file for plot, _ in drawings} == {
        "groups.svg",
        "reliability.svg",
        "risk-coverage.svg",
        "styles.svg",
        "confidence.svg",
    }
    for plot, contents in drawings:
        assert ElementTree.fromstring(contents).tag.endswith("svg")  # noqa: S314 -- our own file
        assert plot.caption


def test_the_same_figures_make_the_same_files() -> None:
    pytest.importorskip("matplotlib", reason="the extra `eval` is not installed")

    assert draw(evaluated()) == draw(evaluated())


def test_without_matplotlib_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(SettingsInvalid, match=r"uv sync --extra eval"):
        require_plots()
