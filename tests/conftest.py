"""Unit tests reach no network: a socket raises. What needs localhost says so with ``enable_socket``."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from pytest_socket import disable_socket


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("enable_socket") is None:
        disable_socket(allow_unix_socket=True)  # the event loop wakes itself through a socket pair


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """Where tests keep trained classifiers: named by their content, so a later run may use them again."""
    return Path(__file__).parents[1] / ".pytest_cache" / "kefu-models"


@pytest.fixture(autouse=True)
def own_logging() -> Iterator[None]:
    """What a command that was run in this process chose for its log lines holds for no other test."""
    yield
    structlog.reset_defaults()
