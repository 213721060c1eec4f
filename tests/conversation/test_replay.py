"""Whatever order the events of customer, bot and agents come in, the state keeps its promises."""

import json

from hypothesis import given
from hypothesis import strategies as st

from kefu.conversation.codec import decode_state, encode_state
from kefu.conversation.events import AgentJoined, HandedOff, Recorded
from kefu.conversation.state import RECENT_LINES, apply, replay

from .strategies import logs

Log = tuple[Recorded, ...]


@given(logs)
def test_the_version_is_the_number_of_events(log: Log) -> None:
    assert replay(log).version == len(log)


@given(logs)
def test_a_conversation_has_exactly_one_owner(log: Log) -> None:
    owner = replay(log).owner
    named = {"bot": (False, False), "queue": (True, False), "agent": (False, True)}
    assert (owner.queue is not None, owner.agent_id is not None) == named[owner.kind]


@given(logs)
def test_replay_equals_applying_one_event_after_the_other(log: Log) -> None:
    state = replay(())
    for recorded in log:
        state = apply(state, recorded)
    assert state == replay(log)


@given(logs, st.data())
def test_replay_continues_from_a_snapshot_that_was_stored_anywhere(log: Log, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(log)))
    snapshot = json.loads(json.dumps(encode_state(replay(log[:cut]))))
    assert replay(log[cut:], decode_state(snapshot)) == replay(log)


@given(logs)
def test_the_state_keeps_only_the_recent_lines(log: Log) -> None:
    assert len(replay(log).recent) <= RECENT_LINES


@given(logs)
def test_a_human_who_takes_over_closes_the_open_question(log: Log) -> None:
    state = replay(())
    for recorded in log:
        state = apply(state, recorded)
        if isinstance(recorded.event, AgentJoined | HandedOff):
            assert (state.question, state.tries) == (None, 0)


@given(logs)
def test_no_event_changes_a_state_that_was_given_out(log: Log) -> None:
    state = replay(log)
    before = encode_state(state)
    for recorded in log:
        apply(state, recorded)
    assert encode_state(state) == before
