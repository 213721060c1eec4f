"""Intent classification: methods compared, public sets, how much data is enough, and what a message costs.

    uv run python benchmarks/intents.py methods              linear models, neighbours, embeddings, a network
    uv run python benchmarks/intents.py public               the product's training on public sets
    uv run python benchmarks/intents.py curve                accuracy by the number of utterances
    uv run python benchmarks/intents.py speed                processor time a message, stage by stage

Each prints a Markdown table and writes its figures as JSON under `--out`. The public sets are not part of the
repository: they are looked for in `shared/data` beside it, or in the folder that `--data` names. All runs use
one thread, but for the product's training, which uses two; seconds are processor time of all threads, and
other work on the machine makes them longer.
"""

import argparse
import sys
from pathlib import Path

from threadpoolctl import threadpool_limits  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

from intent_study.comparison import compare
from intent_study.curve import draw_curve
from intent_study.public import judge_public
from intent_study.sets import PACK, PUBLIC, DataMissing
from intent_study.speed import measure_speed

ROOT = Path(__file__).parents[1]
COMPARED = (PACK, "banking77", "smp2017")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=ROOT / "reports/intents", help="folder of the figures")
    parser.add_argument("--data", type=Path, help="folder of the public sets")
    commands = parser.add_subparsers(dest="command", required=True)
    methods = commands.add_parser("methods", help="compare methods")
    methods.add_argument("--sets", nargs="+", choices=(PACK, *PUBLIC), default=COMPARED)
    methods.add_argument("--per-intent", type=int, help="teach with at most so many of each intent")
    methods.add_argument("--judged", type=int, default=3000, help="judge at most so many of each part")
    public = commands.add_parser("public", help="judge the product on public sets")
    public.add_argument("--sets", nargs="+", choices=PUBLIC, default=PUBLIC)
    commands.add_parser("curve", help="accuracy by the number of utterances")
    speed = commands.add_parser("speed", help="processor time a message")
    speed.add_argument("--models", type=Path, help="folder of trained classifiers")
    options = parser.parse_args()
    with threadpool_limits(limits=1):
        try:
            match options.command:
                case "methods":
                    compare(options.sets, options.data, options.per_intent, options.judged, options.out)
                case "public":
                    judge_public(options.sets, options.data, options.out)
                case "curve":
                    draw_curve(options.out)
                case _:
                    measure_speed(options.models or options.out / "models", options.out)
        except DataMissing as missing:
            sys.exit(f"intents.py: {missing}")


if __name__ == "__main__":
    main()
