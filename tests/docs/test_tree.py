"""Nothing in the tree depends on where it was written: no index but the public ones, no developer's path."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from .support import ROOT, name_of, tracked_files

PUBLIC = frozenset({"pypi.org", "files.pythonhosted.org", "registry.npmjs.org"})
URL = re.compile(r"https?://(?:[^@/\s]*@)?([A-Za-z0-9.-]+)(?::\d+)?(/[^\s\"'`)>\]]*)?")
OF_A_REGISTRY = re.compile(r"^(?:pypi|npm|registry|index|mirrors?|nexus|artifactory|devpi|packages?|proxy)\b")
PACKAGE_PATH = re.compile(r"/(?:simple|artifactory|npm-registry|devpi|repository|root/pypi)(?:/|$)")
OF_A_DEVELOPER = re.compile(r"(?<![\w.-])/(?:home|Users|root|work)/[\w.-]+|\b[A-Z]:\\Users\\\w+")


def test_the_lock_names_only_the_two_public_hosts() -> None:
    text = (ROOT / "uv.lock").read_text()
    assert {match[1] for match in URL.finditer(text)} == {"pypi.org", "files.pythonhosted.org"}
    sources = [package["source"] for package in tomllib.loads(text)["package"]]
    assert all(s == {"registry": "https://pypi.org/simple"} or s == {"editable": "."} for s in sources)


def test_the_front_ends_lock_names_no_host() -> None:
    lock = json.loads((ROOT / "console/package-lock.json").read_text())
    resolved = [package.get("resolved", "") for package in lock["packages"].values()]
    assert [place for place in resolved if "://" in place] == []


def test_no_file_names_another_package_registry() -> None:
    found = [
        f"{name_of(path)}: {match[0]}"
        for path, text in _texts()
        for match in URL.finditer(text)
        if match[1] not in PUBLIC and (OF_A_REGISTRY.match(match[1]) or PACKAGE_PATH.search(match[2] or ""))
    ]
    assert found == []


def test_no_file_names_a_path_of_a_developers_machine() -> None:
    found = [
        f"{name_of(path)}: {match[0]}" for path, text in _texts() for match in OF_A_DEVELOPER.finditer(text)
    ]
    assert found == []


def _texts() -> Iterator[tuple[Path, str]]:
    for path in tracked_files():
        data = path.read_bytes()
        if b"\0" not in data:
            yield path, data.decode("utf-8", "replace")
