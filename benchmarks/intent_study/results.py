"""How results are written: JSON for whoever compares, a Markdown table for whoever reads."""

import json
import platform
import time
from collections.abc import Sequence
from dataclasses import asdict, is_dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from kefu.learning.figures import Rate


def show(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Prints a Markdown table."""
    print(f"\n### {title}\n")
    for cells in (header, ["---"] * len(header), *rows):
        print(f"| {' | '.join(cells)} |")
    print(flush=True)


def percent(rate: Rate) -> str:
    """A share with half of its 95 % interval, in per cent."""
    return f"{rate.share:.1%} ± {(rate.high - rate.low) / 2 * 100:.1f}" if rate.count else "–"


def write(folder: Path, name: str, results: object) -> None:
    """Writes `results`, dataclasses and all, with the conditions of the run."""
    folder.mkdir(parents=True, exist_ok=True)
    record = {"conditions": conditions(), "results": results}
    path = folder / f"{name}.json"
    path.write_text(json.dumps(record, ensure_ascii=False, indent=1, default=_plain) + "\n", encoding="utf-8")
    print(f"written: {path}", flush=True)


def conditions() -> dict[str, str]:
    return {
        "date": time.strftime("%Y-%m-%d"),
        "python": platform.python_version(),
        "machine": platform.machine(),
        **{package: version(package) for package in ("kefu", "numpy", "scipy", "scikit-learn")},
    }


def _plain(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} has no place in a report")
