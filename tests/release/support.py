"""Checking packs in tests: one changed file at a time, and the problems that come of it."""

from collections.abc import Mapping

from kefu.adapters.packs import LoadedPack, check_files
from kefu.errors import PackInvalid


def changed(files: Mapping[str, bytes], file: str, old: str, new: str) -> Mapping[str, bytes]:
    """The files with `old` replaced in one of them; it must be there."""
    text = files[file].decode()
    assert old in text, f"{old!r} is not in {file}"
    return {**files, file: text.replace(old, new).encode()}


def line_of(files: Mapping[str, bytes], file: str, text: str) -> int:
    """The number of the first line that has `text`."""
    lines = files[file].decode().splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


def problems_of(files: Mapping[str, bytes]) -> list[str]:
    """Every problem as the operator reads it; none when the pack is whole."""
    try:
        check_files(files)
    except PackInvalid as invalid:
        return [str(problem) for problem in invalid.problems]
    return []


def whole(files: Mapping[str, bytes]) -> LoadedPack:
    return check_files(files)
