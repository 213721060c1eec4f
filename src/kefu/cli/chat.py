"""`kefu chat`: the conversation of the widget, in a terminal."""

import asyncio
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TypeAlias

from rich.console import Console

from kefu.cli.chat_links import InProcess, Link, remote
from kefu.cli.chat_screen import HELP, Screen
from kefu.cli.environment import settings_of
from kefu.cli.logs import quiet
from kefu.cli.printing import out, progress_bar
from kefu.cli.records import records
from kefu.conversation.values import Record
from kefu.errors import BadRequest, KefuError
from kefu.wiring import build

_HUMAN = "转人工"
_COLUMNS = 100
"""What is longer is hard to read as talk."""

ReadLine: TypeAlias = Callable[[], str]
"""One line of the customer, without its end; raises `EOFError` when there are no more."""


def chat(
    *,
    data_dir: Path | None,
    pack: str | None,
    customer: str | None,
    anonymous: bool,
    url: str | None,
    key: str | None,
) -> None:
    """Talks until `/quit`, the end of the input, or Ctrl-C."""
    if anonymous and customer is not None:
        raise BadRequest("--anonymous and --customer exclude each other")
    quiet()
    console = out()
    console.width = min(console.width, _COLUMNS)
    # One task after another on one loop: between messages the terminal has the thread for itself.
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        try:
            opening = (
                _remote(stack, url, key, customer)
                if url
                else _local(stack, data_dir, pack, customer, anonymous=anonymous)
            )
            link, welcome = runner.run(opening)
            with suppress(EOFError, KeyboardInterrupt):
                _Talk(link, Screen(console), _reader(console), runner).run(welcome)
        finally:
            runner.run(stack.aclose())


async def _remote(stack: AsyncExitStack, url: str, key: str | None, customer: str | None) -> tuple[Link, str]:
    link = await stack.enter_async_context(remote(url, key, customer))
    return link, url


async def _local(
    stack: AsyncExitStack, data_dir: Path | None, pack: str | None, customer: str | None, *, anonymous: bool
) -> tuple[Link, str]:
    settings = settings_of(data_dir=data_dir, pack=pack)
    with progress_bar("training the classifier (first start)") as progress:
        application = await stack.enter_async_context(build(settings, progress=progress))
    if customer is None and not anonymous and application.demo is not None:
        customer = application.demo.customer_id
    who = customer or "visitor"
    return InProcess(application, customer), f"{application.bot.release} · {who}"


@dataclass(slots=True)
class _Talk:
    """The loop: a line in, a command or a message, the reply on the screen."""

    link: Link
    screen: Screen
    read_line: ReadLine
    runner: asyncio.Runner
    last: Record | None = None

    def run(self, welcome: str) -> None:
        self.screen.welcome(welcome)
        while True:
            line = self.read_line().strip()
            if line in ("/quit", "/exit", "/q"):
                return
            try:
                self._take(line)
            except KefuError as error:
                self.screen.note(error.detail)

    def _take(self, line: str) -> None:
        command, _, rest = line.partition(" ")
        match command:
            case "":
                return
            case "/help":
                self.screen.note(HELP)
            case "/source":
                self.screen.source(self.runner.run(self.link.source(self._passage(rest.strip()))))
            case "/up" | "/down":
                self.runner.run(self.link.feedback(command.removeprefix("/")))
                self.screen.note("谢谢反馈 thank you")
            case "/human":
                self._say(_HUMAN)
            case _ if command.startswith("/"):
                raise BadRequest(f"没有命令 no command `{command}` · /help")
            case _:
                self._say(self._chosen(line))

    def _say(self, text: str) -> None:
        with self.screen.thinking() as status:
            self.last = self.runner.run(self.link.say(text, status))
        self.screen.reply(self.last)

    def _chosen(self, line: str) -> str:
        """A number stands for the quick reply that it was shown with."""
        options = quick_replies(self.last)
        if line.isascii() and line.isdigit() and 0 < int(line) <= len(options):
            return options[int(line) - 1]
        return line

    def _passage(self, number: str) -> str:
        citations = records(self.last["citations"]) if self.last else []
        for citation in citations:
            if str(citation["index"]) == (number or "1"):
                return str(citation["passage_id"])
        raise BadRequest(f"上一条回复没有出处 {number or '1'} · the last reply has no such source")


def quick_replies(response: Record | None) -> list[str]:
    """The messages that the buttons of a response send, in the order of their numbers on the screen."""
    parts = records(response["parts"]) if response else []
    found: list[str] = []
    for part in parts:
        if part["type"] in ("quick_replies", "card"):
            key = "options" if part["type"] == "quick_replies" else "actions"
            found += [str(option["message"]) for option in records(part.get(key))]
    return found


def _reader(console: Console) -> ReadLine:
    with suppress(ImportError):
        import_module("readline")  # gives `input` a history and a line that can be edited

    prompt = "\n› " if sys.stdin.isatty() else ""

    def read() -> str:
        line = input(prompt)
        if not sys.stdin.isatty():
            console.print(f"\n› {line}", markup=False)
        return line

    return read
