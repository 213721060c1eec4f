"""A pack as files: which ones it may hold, and how they are read as text."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import TypeAlias

from kefu.errors import Problem

PackFiles: TypeAlias = Mapping[str, bytes]
"""A pack's files by their path inside it, with forward slashes."""

MANIFEST = "pack.yaml"
POLICY = "policy.yaml"
GUARD = "guard.yaml"
INTENTS = "intents.yaml"
RULES = "rules.yaml"
FAQ = "faq.csv"
KNOWLEDGE = "knowledge.yaml"

FOLDERS: Mapping[str, str] = {
    "utterances": ".txt",
    "validation": ".txt",
    "lexicons": ".yaml",
    "flows": ".yaml",
    "responses": ".yaml",
    "handbook": ".md",
    "questions": ".yaml",
    "tests": ".yaml",
}
"""Each folder of a pack, with the ending that its files have."""

_NOTES = "README.md"
_TOP = (_NOTES, MANIFEST, POLICY, GUARD, INTENTS, RULES, FAQ, KNOWLEDGE, "LICENSE")
_MARK = b"\xef\xbb\xbf"


def decoded(file: str, data: bytes) -> str | Problem:
    """The file's text, or the problem that it is not UTF-8. A byte order mark is taken off."""
    try:
        return data.removeprefix(_MARK).decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Problem(file, line, "not UTF-8; save the file with the encoding UTF-8")


def texts(files: PackFiles, folder: str) -> tuple[dict[str, str], list[Problem]]:
    """The texts of one folder's files by their path in the pack, and the problems of those that are none."""
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for path in sorted(files):
        pure = PurePosixPath(path)
        if str(pure.parent) == folder and pure.suffix == FOLDERS[folder] and pure.name != _NOTES:
            text = decoded(path, files[path])
            if isinstance(text, Problem):
                problems.append(text)
            else:
                found[path] = text
    return found, problems


def unknown_files(files: PackFiles, also: Iterable[str]) -> Iterator[Problem]:
    """A problem for each file that nothing reads: most often a misspelt name. `also` may end in `/`."""
    allowed = tuple(also)
    for path in sorted(files):
        if path in _TOP or any(
            path == name or (name.endswith("/") and path.startswith(name)) for name in allowed
        ):
            continue
        pure = PurePosixPath(path)
        folder = str(pure.parent)
        if folder in FOLDERS:
            if pure.name != _NOTES and pure.suffix != FOLDERS[folder]:
                yield Problem(path, 0, f"files in {folder}/ end in {FOLDERS[folder]}")
            continue
        top = pure.parts[0]
        known = (*FOLDERS, *allowed) if len(pure.parts) > 1 else (*_TOP, *allowed)
        yield Problem(path, 0, f"nothing reads this file{did_you_mean(top, known)}")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`; did you mean …?` when one of `known` is close to `name`, else an empty text."""
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean `{close[0]}`?" if close else ""
