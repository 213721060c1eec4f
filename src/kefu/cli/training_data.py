"""`kefu eval data`: what must not be in the training data, and how widely it is spread."""

from collections.abc import Mapping
from pathlib import Path

import typer
from rich.table import Table

from kefu.adapters.packs import built_in_packs, load_pack
from kefu.cli.environment import pack_location
from kefu.cli.files import write_json
from kefu.cli.printing import err, out, print_problems, show, table
from kefu.learning.refusals import COMMON, Found, TrainingData, examine
from kefu.learning.spread import Spread, spreads
from kefu.understanding.catalogue import examples_of


def data(*, pack: str | None, fewest: int, json_file: Path | None) -> None:
    """Exit code 1 when something is refused; too few utterances are only warned of."""
    location = pack_location(pack)
    loaded = load_pack(location).pack
    spread = spreads(loaded.utterances)
    found = examine(
        TrainingData(
            loaded.utterances,
            tuple(examples_of(loaded.intents)),
            loaded.training_sets,
            loaded.validation,
            loaded.validation_sets,
        )
    )
    few = {name: own.count for name, own in spread.items() if own.count < fewest}
    show(_table(spread))
    if json_file is not None:
        about = {"release": loaded.release, "fewest": fewest, "few": few, "spread": spread}
        write_json(json_file, {**about, "refused": found.refused, "coincidences": found.coincidences})
    _warn(found, few, f"{len(few)} of {len(spread)} intents have fewer than {fewest} utterances")
    if found.refused:
        # Paths from here, so that an editor can open them.
        folder = "" if location in built_in_packs() else f"{location.rstrip('/')}/"
        print_problems(f"{folder}{problem}" for problem in found.refused)
        raise typer.Exit(1)
    out().print(f"[bold green]没有问题 no problems[/] {loaded.release}")


def _warn(found: Found, few: Mapping[str, int], how_few: str) -> None:
    if few:
        listed = ", ".join(f"{name} {count}" for name, count in few.items())
        err().print(f"[yellow]语料偏少 warning:[/] {how_few}: {listed}")
    if found.coincidences:
        count = f"{len(found.coincidences)} messages of fewer than {COMMON} characters"
        err().print(f"[yellow]与验证集相同 warning:[/] {count} are the same as validation messages")


def _table(spread: Mapping[str, Spread]) -> Table:
    rows = table(
        "意图 intent",
        "条数 count",
        "文体 styles",
        "长度 length",
        "中位 median",
        "distinct-2",
        "最近邻 nearest",
        "带实体 entities",
        "实体值 values",
    )
    for name, own in spread.items():
        rows.add_row(
            name,
            str(own.count),
            str(own.styles),
            f"{own.shortest} – {own.longest}",
            f"{own.median:g}",
            f"{own.distinct:.2f}",
            f"{own.nearest:.2f}",
            f"{own.with_entities:.0%}",
            str(own.entity_values),
        )
    return rows
