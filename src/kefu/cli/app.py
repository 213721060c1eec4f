"""Every command with its options. What it does stands in a module of its own, imported when it runs."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from kefu.errors import KefuError, PackInvalid

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # drawing the help with rich takes longer than everything else together
    help="Kefu: self-hosted customer service for online merchants.",
)
flows_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Look at the pack's flows.")
key_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Make, list and revoke API keys.")
eval_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Measure how good the parts are.")
app.add_typer(flows_app, name="flows")
app.add_typer(key_app, name="key")
app.add_typer(eval_app, name="eval")

DataDir = Annotated[
    Path | None, typer.Option("--data-dir", envvar="KEFU_DATA_DIR", help="Where everything is kept. [.data]")
]
PackOption = Annotated[
    str | None,
    typer.Option("--pack", envvar="KEFU_PACK", help="A folder, or the name of a built-in pack. [yunlan]"),
]
PackArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="[PACK]", envvar="KEFU_PACK", help="A folder, or the name of a built-in pack. [yunlan]"
    ),
]
Host = Annotated[str | None, typer.Option(envvar="KEFU_HOST", help="The address to listen on. [127.0.0.1]")]
Port = Annotated[int | None, typer.Option(envvar="KEFU_PORT", help="The port to listen on. [8000]")]
JsonFile = Annotated[
    Path | None, typer.Option("--json", metavar="FILE", help="Write every figure to this file as JSON.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of tables.")]


@app.command()
def serve(
    host: Host = None,
    port: Port = None,
    data_dir: DataDir = None,
    pack: PackOption = None,
) -> None:
    """Serve everything in one process, embedded."""
    from kefu.cli import serving

    serving.serve(host=host, port=port, data_dir=data_dir, pack=pack)


@app.command()
def shop(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8001,
    data_dir: DataDir = None,
    pack: PackOption = None,
    token: Annotated[
        str | None, typer.Option(help="The bearer token that callers must show; one is made up otherwise.")
    ] = None,
) -> None:
    """Serve the pack's stand-in order system by itself."""
    from kefu.cli import serving

    serving.shop(host=host, port=port, data_dir=data_dir, pack=pack, token=token)


@app.command()
def chat(
    data_dir: DataDir = None,
    pack: PackOption = None,
    customer: Annotated[
        str | None,
        typer.Option(help="Who speaks, verified; otherwise the demo customer."),
    ] = None,
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="Speak as a visitor whom nobody knows.")
    ] = False,
    url: Annotated[
        str | None, typer.Option(help="Talk to a running server instead, such as http://host:8000.")
    ] = None,
    key: Annotated[str | None, typer.Option(help="The API key for --url, with the scope chat.")] = None,
) -> None:
    """Talk to the bot in the terminal."""
    from kefu.cli import chat as terminal

    terminal.chat(data_dir=data_dir, pack=pack, customer=customer, anonymous=anonymous, url=url, key=key)


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="The new pack's folder; its last part names the pack.")],
) -> None:
    """Make a new pack that runs, with every file explained."""
    from kefu.cli import packs

    packs.init(folder)


@app.command()
def check(pack: PackArgument = None) -> None:
    """Check a pack: every problem with its file and line."""
    from kefu.cli import packs

    packs.check(pack)


@app.command()
def release(pack: PackArgument = None) -> None:
    """Print the release that the pack's files make."""
    from kefu.cli import packs

    packs.release(pack)


@app.command(name="test")
def run_tests(
    pack: PackArgument = None,
    only: Annotated[str | None, typer.Option("-k", help="Only tests whose name or file has this.")] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="How many run at a time.")] = 4,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Run the pack's conversation tests."""
    from kefu.cli import testing

    testing.test(pack=pack, only=only, jobs=jobs, as_json=as_json, data_dir=data_dir)


@app.command()
def train(pack: PackArgument = None, data_dir: DataDir = None) -> None:
    """Train the classifier and report how good it is."""
    from kefu.cli import training

    training.training(pack=pack, data_dir=data_dir)


@app.command()
def ingest(pack: PackArgument = None) -> None:
    """Report the passages of each document of the pack."""
    from kefu.cli import knowledge

    knowledge.ingest(pack)


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="What a customer would ask.")],
    pack: PackOption = None,
    limit: Annotated[int, typer.Option(min=1, max=50, help="How many passages.")] = 5,
) -> None:
    """Show the passages that a question finds."""
    from kefu.cli import knowledge

    knowledge.search(query, pack=pack, limit=limit)


@app.command()
def doctor(data_dir: DataDir = None, pack: PackOption = None, as_json: AsJson = False) -> None:
    """Check the installation: what is configured, reachable, degraded."""
    from kefu.cli import doctor as checks

    checks.doctor(data_dir=data_dir, pack=pack, as_json=as_json)


@eval_app.command()
def understanding(
    pack: PackArgument = None,
    data_dir: DataDir = None,
    json_file: JsonFile = None,
    report: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write report.md and its plots to this folder (extra `eval`)."),
    ] = None,
    fail_under: Annotated[
        str | None,
        typer.Option(metavar="NAME=VALUE,…", help="Exit 1 when one of these figures is lower."),
    ] = None,
    fail_over: Annotated[
        str | None,
        typer.Option(metavar="NAME=VALUE,…", help="Exit 1 when one of these figures is higher."),
    ] = None,
) -> None:
    """Measure understanding on the pack's validation part."""
    from kefu.cli import evaluation

    evaluation.understanding(
        pack=pack,
        data_dir=data_dir,
        json_file=json_file,
        report=report,
        fail_under=fail_under,
        fail_over=fail_over,
    )


@eval_app.command()
def data(
    pack: PackArgument = None,
    fewest: Annotated[
        int, typer.Option(min=0, help="Warn of intents with fewer utterances than this.")
    ] = 250,
    json_file: JsonFile = None,
) -> None:
    """Check the training data: duplicates, template families, leaks, spread."""
    from kefu.cli import training_data

    training_data.data(pack=pack, fewest=fewest, json_file=json_file)


@flows_app.command()
def graph(
    flow: Annotated[str, typer.Argument(help="The flow's name.")],
    pack: PackOption = None,
) -> None:
    """Print a flow as a Mermaid flowchart."""
    from kefu.cli import packs

    packs.graph(flow, pack=pack)


@flows_app.command(name="list")
def list_flows(pack: PackOption = None) -> None:
    """List the flows and what starts them."""
    from kefu.cli import packs

    packs.list_flows(pack)


@key_app.command()
def create(
    label: Annotated[str, typer.Argument(help="What the key is for.")],
    scope: Annotated[
        list[str] | None,
        typer.Option("--scope", "-s", help="chat, widget, read, desk, admin or pii. [chat]"),
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Create a key and print its secret: it cannot be read again."""
    from kefu.cli import keys

    keys.create(label, scope or ["chat"], data_dir=data_dir)


@key_app.command(name="list")
def list_keys(data_dir: DataDir = None) -> None:
    """List the keys."""
    from kefu.cli import keys

    keys.listing(data_dir=data_dir)


@key_app.command()
def revoke(
    key_id: Annotated[str, typer.Argument(help="The key's id, as `kefu key list` shows it.")],
    data_dir: DataDir = None,
) -> None:
    """Revoke a key."""
    from kefu.cli import keys

    keys.revoke(key_id, data_dir=data_dir)


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command, by default that of the process; always ends in `SystemExit`.

    An error that Kefu raises on purpose becomes one readable message: exit code 1 for a faulty pack, else 2.
    """
    try:
        app(args=arguments)
    except KefuError as error:
        from kefu.cli.printing import complain

        complain(error)
        raise SystemExit(1 if isinstance(error, PackInvalid) else 2) from error
