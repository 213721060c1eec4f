"""The trace of a turn adds up what its stages took."""

import itertools

import pytest

from kefu.conversation.trace import Tracer


def test_the_time_of_a_stage_is_counted_in_milliseconds() -> None:
    ticks = itertools.count(start=0, step=2)
    trace = Tracer(lambda: float(next(ticks)))
    with trace.stage("guard"):
        pass
    with trace.stage("guard") as detail:
        detail["blocked"] = None
    finished = trace.finish()
    assert finished.duration_of("guard") == 4000
    assert finished.total_ms == 10_000
    assert finished.stages[1].detail == {"blocked": None}


def test_a_stage_that_fails_is_still_in_the_trace() -> None:
    trace = Tracer(lambda: 0.0)
    with pytest.raises(RuntimeError), trace.stage("act"):
        raise RuntimeError
    assert [stage.name for stage in trace.finish().stages] == ["act"]
