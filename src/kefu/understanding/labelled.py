"""Messages with labels beside their intent: several requests at once, moods, languages, dialects.

They stand in files of their own beside the intents' utterances, under names that no intent may have. A
heading begins with `#` and holds for the lines below it; entities are marked as in utterances:

    file                the heading                     a line
    multi_intent.txt    any style, or none              intent_a + intent_b | message
    sentiment.txt       angry, upset, neutral, happy    message
    languages.txt       a BCP 47 tag: zh-Hans, yue …    message, or intent | message
    dialects.txt        the dialect's name              intent | message
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

from kefu.errors import PackInvalid, Problem
from kefu.understanding.catalogue import Mark, Utterance, parse_utterances
from kefu.understanding.reading import Sentiment

SENTIMENTS: tuple[Sentiment, ...] = get_args(Sentiment)

_BAR = "|"
_PLUS = "+"
# RFC 5646: language, then script and region where they matter.
_TAG = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?")


@dataclass(frozen=True, slots=True)
class LabelledMessage:
    """`text` is what a customer types. `heading` is the style, mood, tag or dialect that it stands under;
    `intents` are what it asks for, none where the file says nothing about that."""

    text: str
    heading: str
    intents: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class LabelledSets:
    """The sets of one folder. A pack may lack any of them: then it is empty."""

    multi_intent: tuple[LabelledMessage, ...] = ()
    sentiment: tuple[LabelledMessage, ...] = ()
    languages: tuple[LabelledMessage, ...] = ()
    dialects: tuple[LabelledMessage, ...] = ()

    def by_name(self) -> Mapping[str, tuple[LabelledMessage, ...]]:
        """Each set by the stem of its file, the empty ones too."""
        return {
            "multi_intent": self.multi_intent,
            "sentiment": self.sentiment,
            "languages": self.languages,
            "dialects": self.dialects,
        }


SET_NAMES = tuple(LabelledSets().by_name())
"""The stems of their files."""


@dataclass(frozen=True, slots=True)
class _Form:
    """A line names from `fewest` to `most` intents. `wrong_heading` says what is wrong with a heading, if
    anything is; the empty heading is that of lines that stand under none."""

    fewest: int
    most: int
    shape: str
    wrong_heading: Callable[[str], str]


def _any_heading(heading: str) -> str:
    return ""


def _no_name(heading: str) -> str:
    return "" if heading else "the heading names nothing"


def _no_sentiment(heading: str) -> str:
    return "" if heading in SENTIMENTS else f"`{heading}` is none of {', '.join(SENTIMENTS)}"


def _no_tag(heading: str) -> str:
    return "" if _TAG.fullmatch(heading) else f"`{heading}` is no BCP 47 tag such as zh-Hans, yue or en"


_FORMS: Mapping[str, _Form] = {
    "multi_intent": _Form(2, 3, "intent_a + intent_b | message", _any_heading),
    "sentiment": _Form(0, 0, "message", _no_sentiment),
    "languages": _Form(0, 1, "intent | message", _no_tag),
    "dialects": _Form(1, 1, "intent | message", _no_name),
}


def parse_labelled(text: str, name: str, file: str) -> tuple[LabelledMessage, ...]:
    """The messages of one file; `name`, one of `SET_NAMES`, says which form it has.

    Intents are taken as they are written: whoever knows the pack's intents checks them.

    Raises:
        PackInvalid: with every line that cannot be read.
    """
    form = _FORMS[name]
    problems = list(_wrong_headings(text, form, file))
    messages: list[LabelledMessage] = []
    for line in parse_utterances(text, "", file):
        message = _message(line, form)
        if isinstance(message, LabelledMessage):
            messages.append(message)
        else:
            problems.append(Problem(file, line.line, message))
    if problems:
        raise PackInvalid(problems)
    return tuple(messages)


def _wrong_headings(text: str, form: _Form, file: str) -> Iterator[Problem]:
    for number, line in enumerate(text.splitlines(), start=1):
        content = line.strip()
        if content.startswith("#") and (wrong := form.wrong_heading(content.lstrip("#").strip())):
            yield Problem(file, number, wrong)


def _message(line: Utterance, form: _Form) -> LabelledMessage | str:
    """The message, or what is wrong with its line."""
    if not line.style and form.wrong_heading(""):
        return "stands under no heading: write a line `# …` above it"
    intents, start = _label(line.text) if form.most else ((), 0)
    if form.fewest and not start:
        return f"the separator ` | ` is missing: a line is `{form.shape}`"
    if start and not form.fewest <= len(intents) <= form.most:
        return f"{len(intents)} intents: a line is `{form.shape}`"
    if len(set(intents)) < len(intents):
        return "names an intent twice"
    if start and not all(intents):
        return f"an intent's name is missing: a line is `{form.shape}`"
    text = line.text[start:].lstrip()
    if not text:
        return "the message is empty"
    start = len(line.text) - len(text)
    marks = tuple(Mark(mark.type, mark.start - start, mark.end - start, mark.value) for mark in line.marks)
    return LabelledMessage(text, line.style, intents, marks, line.line)


def _label(text: str) -> tuple[tuple[str, ...], int]:
    """The intents before the bar, and where the rest begins: 0 when there is no bar."""
    label, bar, _ = text.partition(_BAR)
    if not bar:
        return (), 0
    return tuple(name.strip() for name in label.split(_PLUS)), len(label) + 1
