"""A small pack that is whole, for tests to break one thing at a time."""

from collections.abc import Mapping

import pytest

from kefu.adapters.packs import SKELETON_FOLDER, read_folder


@pytest.fixture
def files() -> Mapping[str, bytes]:
    """The files of the pack that `kefu init` copies: no back office, one flow."""
    return read_folder(SKELETON_FOLDER)
