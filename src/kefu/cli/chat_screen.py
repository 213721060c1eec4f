"""What `kefu chat` shows: replies as they are written, cards as panels, buttons with numbers."""

import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count

from rich.console import Console, Group
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from kefu.cli.records import records
from kefu.conversation.values import Record, Value

_PER_CHARACTER = 0.008
"""Seconds; a reply of a hundred characters is written in less than one."""

HELP = """输入消息聊天，输入数字点按钮。Type a message, or a number to press a button.
/source 1   打开出处 open source 1
/up /down   评价上一条回复 rate the last reply
/human      转人工 talk to a person
/quit       退出 leave"""


class Screen:
    def __init__(self, console: Console) -> None:
        self._console = console

    def welcome(self, what: str) -> None:
        self._console.print(f"[bold]Kefu 客服[/] [dim]{escape(what)} · /help[/]")

    def note(self, text: str) -> None:
        self._console.print(Text(text, style="dim"))

    @contextmanager
    def thinking(self) -> Generator[Callable[[str], None]]:
        """Shows that the bot is at work; what the block passes to the yielded function is shown beside it."""
        with self._console.status("…") as status:
            yield lambda text: status.update(escape(text))

    def reply(self, response: Record) -> None:
        numbers = count(1)
        parts = records(response["parts"])
        if not parts:
            self.note("（人工客服接待中，机器人不再回复。 A person has this conversation.）")
        for part in parts:
            self._part(part, numbers)
        for citation in records(response["citations"]):
            self._console.print(
                f"[dim]\\[{citation['index']}] {escape(str(citation['title']))}"
                f" ({escape(str(citation['source']))}) · /source {citation['index']}[/]"
            )
        self._console.print(f"[dim]{escape(_facts(response))}[/]")

    def source(self, passage: Record) -> None:
        heading = passage.get("heading")
        path = [str(passage["title"])]
        if isinstance(heading, Sequence) and not isinstance(heading, str):
            path += [str(part) for part in heading]
        title = escape(" › ".join(path))
        body = Text(str(passage["text"]))
        self._panel(Panel(body, title=title, subtitle=escape(str(passage["source"]))))

    def _part(self, part: Record, numbers: "count[int]") -> None:
        match part["type"]:
            case "text":
                self._write(str(part["text"]))
            case "card":
                self._panel(_card(part))
                self._buttons(part.get("actions"), numbers)
            case "quick_replies":
                self._buttons(part.get("options"), numbers)
            case "notice":
                self._console.print(Text(str(part["text"]), style="yellow"))
            case "form":
                fields = " · ".join(str(field["label"]) for field in records(part.get("fields")))
                self._panel(Panel(Text(fields), title=escape(str(part["title"]))))
            case _:
                self._console.print(Text(str(part.get("url", "")), style="underline"))

    def _panel(self, panel: Panel) -> None:
        self._console.print(panel, soft_wrap=False)

    def _write(self, text: str) -> None:
        """Piece by piece on a terminal, at once anywhere else."""
        if not text:
            return
        if not self._console.is_terminal:
            self._console.print(Text(text))
            return
        for character in text:
            self._console.print(Text(character), end="")
            time.sleep(_PER_CHARACTER)
        self._console.print()

    def _buttons(self, options: Value, numbers: "count[int]") -> None:
        labels = [escape(str(option["label"])) for option in records(options)]
        if labels:
            shown = (f"[cyan]\\[{number}][/] {label}" for label, number in zip(labels, numbers, strict=False))
            self._console.print("  ".join(shown))


def _card(part: Record) -> Panel:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for field in records(part.get("fields")):
        table.add_row(Text(str(field["label"]), style="dim"), Text(str(field["value"])))
    timeline = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for moment in records(part.get("timeline")):
        timeline.add_row(Text(str(moment["time"]), style="dim"), Text(str(moment["text"])))
    inside = [one for one in (table, timeline) if one.row_count]
    status = part.get("status")
    subtitle = part.get("subtitle")
    head = " · ".join(str(one) for one in (part["title"], subtitle) if one)
    return Panel(
        Group(*inside), title=escape(head), subtitle=escape(str(status)) if status else None, expand=False
    )


def _facts(response: Record) -> str:
    """One line for whoever develops the pack: what was understood, what was done, how long it took."""
    intent, flow = response["intent"], response["flow"]
    facts: list[str] = []
    if isinstance(intent, Mapping):
        confidence = intent["confidence"]
        facts.append(f"{intent['name']} {confidence} ({intent['tier']})")
    if isinstance(flow, Mapping):
        facts.append(f"{flow['name']}: {flow['status']}")
    facts += [f"{one['name']} {one['status']}" for one in records(response["operations"])]
    timings = response["timings_ms"]
    if isinstance(timings, Mapping):
        facts.append(f"{timings['total']} ms")
    return " · ".join(facts)
