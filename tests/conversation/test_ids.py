"""Identifiers tell when they were made and nothing else."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kefu.conversation.ids import new_id

_times = st.datetimes(
    datetime(1970, 1, 1),
    datetime(2200, 1, 1),
    timezones=st.just(UTC),
)


@given(_times, st.integers(min_value=1, max_value=10**12))
def test_ids_sort_by_the_time_at_which_they_were_made(at: datetime, milliseconds: int) -> None:
    later = at + timedelta(milliseconds=milliseconds)
    assert new_id("msg", at) < new_id("msg", later)


@given(_times)
def test_ids_of_one_instant_differ(at: datetime) -> None:
    assert len({new_id("msg", at) for _ in range(100)}) == 100


def test_an_id_says_what_it_names_and_fits_every_column() -> None:
    made = new_id("conv", datetime(2026, 11, 20, tzinfo=UTC))
    assert made.startswith("conv_")
    assert made.removeprefix("conv_").isalnum()
    assert len(made) == len("conv_") + 26
