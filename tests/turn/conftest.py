import pytest

from .support import House


@pytest.fixture
def house() -> House:
    return House()
