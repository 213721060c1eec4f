"""Files that a command was told to write."""

from pathlib import Path

import msgspec

from kefu.errors import BadRequest


def write_file(path: Path, contents: bytes) -> None:
    """Makes the folders above it. Raises `BadRequest` where nothing can be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(contents)
    except OSError as error:
        raise BadRequest(f"{path} cannot be written: {error.strerror}") from error


def write_json(path: Path, value: object) -> None:
    """One document, indented, with a line end. Raises `BadRequest` where nothing can be written."""
    write_file(path, msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n")
