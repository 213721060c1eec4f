"""Packs on disk: built in under a name, or a folder of the operator's."""

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from kefu.adapters.operations.openapi import endpoints_of
from kefu.errors import PackInvalid, Problem, SettingsInvalid
from kefu.operations.model import Operation
from kefu.release.files import MANIFEST, PackFiles, decoded
from kefu.release.manifest import read_manifest
from kefu.release.pack import Pack, parse_pack
from kefu.turn.wording import Wording
from kefu.turn.wording_parser import read_wording
from kefu.yaml_nodes import LOADER

LARGEST_FILE = 8 * 2**20
LARGEST_PACK = 64 * 2**20
"""In bytes. Packs are texts: whatever is larger was put there by mistake."""
MOST_FILES = 5000

_SHIPPED = Path(__file__).parents[1] / "packs"

SKELETON_FOLDER = _SHIPPED / "skeleton"
"""What `kefu init` makes new packs from."""


def built_in_packs() -> tuple[str, ...]:
    """The names under which packs ship with the product."""
    names = {path.parent.name for path in _SHIPPED.glob(f"*/{MANIFEST}")}
    return tuple(sorted(names - {SKELETON_FOLDER.name}))


def pack_folder(location: str | Path) -> Path:
    """Where the pack lies. A built-in name goes before a folder of that name; `./name` means the folder.

    Raises:
        SettingsInvalid: there is no such pack.
    """
    if str(location) in built_in_packs():
        return _SHIPPED / str(location)
    folder = Path(location).expanduser()
    if not folder.is_dir():
        raise SettingsInvalid(
            f"there is no pack `{location}`: neither a folder nor built in ({', '.join(built_in_packs())})",
            field="pack",
        )
    if not (folder / MANIFEST).is_file():
        raise SettingsInvalid(f"`{location}` is no pack: it has no {MANIFEST}", field="pack")
    return folder


@dataclass(frozen=True, slots=True)
class LoadedPack:
    """A pack without problems, with the files that it was read from and the back office that they describe.

    `document` is the parsed OpenAPI document, None when the pack has no back office; `operations` are what it
    describes, with the arguments that flows give.
    """

    files: PackFiles
    pack: Pack[Wording]
    document: Mapping[str, Any] | None
    operations: Mapping[str, Operation]


def load_pack(location: str | Path) -> LoadedPack:
    """Reads and checks a pack.

    Raises:
        SettingsInvalid: there is no such pack.
        PackInvalid: with every problem of every file.
    """
    return check_files(read_pack(location))


def check_files(files: PackFiles) -> LoadedPack:
    """As `load_pack`, of files that have been read."""
    problems: list[Problem] = []
    document, operations = _back_office(files, problems)
    pack = parse_pack(files, operations, read_wording, problems)
    return LoadedPack(files, pack, document, operations or {})


def _back_office(
    files: PackFiles, problems: list[Problem]
) -> tuple[Mapping[str, Any] | None, Mapping[str, Operation] | None]:
    """The document and its operations: none without a back office, None when it cannot be used."""
    manifest, _ = read_manifest(files)
    if manifest is None or manifest.backoffice is None:
        return None, None if manifest is None else {}
    file = manifest.backoffice.openapi
    text = decoded(file, files[file])
    if isinstance(text, Problem):
        problems.append(text)
        return None, None
    try:
        document = cast("object", yaml.load(text, LOADER))  # noqa: S506 -- a safe loader, the one in C
        if not isinstance(document, dict):
            raise SettingsInvalid("the OpenAPI document must be a mapping")
        described = cast("Mapping[str, Any]", document)
        return described, {name: endpoint.operation for name, endpoint in endpoints_of(described).items()}
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        problems.append(Problem(file, line, f"not YAML: {error.problem or error.context}"))
    except SettingsInvalid as error:
        problems.append(Problem(file, 0, error.detail))
    return None, None


def read_pack(location: str | Path) -> PackFiles:
    """Every file of the pack, but hidden ones, by its path inside it.

    Raises:
        SettingsInvalid: there is no such pack.
        PackInvalid: files that lead out of the pack, are too large or too many, or cannot be read.
    """
    return read_folder(pack_folder(location))


def read_folder(root: Path) -> PackFiles:
    """As `read_pack`, of any folder."""
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    left = LARGEST_PACK
    for path in _paths(root):
        name = path.relative_to(root).as_posix()
        if len(files) == MOST_FILES:
            problems.append(Problem(name, 0, f"a pack has at most {MOST_FILES} files"))
            break
        data = _contents(root, path, name)
        if isinstance(data, Problem):
            problems.append(data)
            continue
        left -= len(data)
        if left < 0:
            problems.append(Problem(name, 0, f"a pack has at most {LARGEST_PACK // 2**20} MB"))
            break
        files[name] = data
    if problems:
        raise PackInvalid(problems)
    return files


def _paths(root: Path) -> Iterator[Path]:
    """Files in a fixed order, whatever the file system's. Hidden ones belong to tools, not to the pack."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "__pycache__")
        for name in sorted(names):
            if not name.startswith(".") and not name.endswith("~"):
                yield Path(folder, name)


def _contents(root: Path, path: Path, name: str) -> bytes | Problem:
    try:
        name.encode()
    except UnicodeEncodeError:
        return Problem(ascii(name), 0, "the file's name is not UTF-8")
    try:
        if not path.resolve(strict=True).is_relative_to(root.resolve()):
            return Problem(name, 0, "leads out of the pack")
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return Problem(name, 0, "is not a plain file")
        if status.st_size > LARGEST_FILE:
            return Problem(name, 0, f"is larger than {LARGEST_FILE // 2**20} MB")
        return path.read_bytes()
    except OSError as error:
        return Problem(name, 0, f"cannot be read: {error.strerror}")
