"""What every conversation store promises. A test class inherits it all and provides the fixture `store`."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kefu.conversation.events import (
    BotReplied,
    Customer,
    CustomerSpoke,
    Event,
    HandedOff,
    MessageUnderstood,
    Rated,
    Recorded,
)
from kefu.conversation.ids import ConversationId, CustomerId, EffectId, MessageId, ReleaseId, TicketId, TurnId
from kefu.conversation.messages import Attachment, Card, Text
from kefu.conversation.state import replay
from kefu.errors import BadRequest, NotFound, VersionConflict
from kefu.operations.ledger import Effect
from kefu.turn.store import Accepted, Commit, ConversationStore, Incoming, TurnRecord

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
RELEASE = ReleaseId("rel_1")


def a_message(
    text: str = "我的包裹到哪了",
    *,
    customer: str = "C00001",
    conversation_id: ConversationId | None = None,
    client_message_id: str | None = None,
    channel_message_id: str | None = None,
) -> Incoming:
    return Incoming(
        Customer(CustomerId(customer), name="王芳", locale="zh-Hans"),
        "api",
        text,
        conversation_id,
        client_message_id,
        channel_message_id,
        (Attachment("image", "https://example.com/1.png"),),
    )


async def accepted(store: ConversationStore, incoming: Incoming | None = None) -> Accepted:
    return await store.accept(incoming or a_message(), release=RELEASE, at=NOON)


async def a_commit(
    store: ConversationStore, conversation_id: ConversationId, *events: Event, turn: TurnRecord | None = None
) -> Commit:
    """The commit of these events on top of what the store holds now."""
    state = await store.load(conversation_id)
    recorded = tuple(
        Recorded(seq, NOON + timedelta(seconds=1), event)
        for seq, event in enumerate(events, state.version + 1)
    )
    return Commit(conversation_id, state.version, recorded, replay(recorded, state), turn)


def a_reply(message_id: MessageId, *, turn: str = "turn_1") -> BotReplied:
    parts = (Text("在路上"), Card("parcel", "包裹", status="in_transit"))
    return BotReplied(TurnId(turn), MessageId(f"{turn}_reply"), (message_id,), parts)


def a_turn(message_id: MessageId, *, turn: str = "turn_1") -> TurnRecord:
    return TurnRecord(TurnId(turn), (message_id,), {"reply": "在路上", "turn_id": turn}, {"steps": []})


def an_effect(conversation_id: ConversationId, *, at: datetime = NOON) -> Effect:
    return Effect(
        EffectId("eff_1"),
        conversation_id,
        "orders.cancel",
        {"order_id": "YL20261108000123", "reason": None, "amount": 12.5},
        "d" * 64,
        "confirmed",
        CustomerId("C00001"),
        proposed_at=at,
        confirmed_at=at,
    )


class ConversationStoreContract:
    async def test_the_first_message_opens_a_conversation(self, store: ConversationStore) -> None:
        first = await accepted(store)

        state = await store.load(first.conversation_id)
        assert state == replay(await store.events(first.conversation_id))
        assert (state.version, state.status, state.owner.kind) == (2, "open", "bot")
        assert state.unanswered == (first.message_id,)

    async def test_what_accept_recorded_is_the_log(self, store: ConversationStore) -> None:
        first = await accepted(store)
        second = await accepted(store, a_message("还有吗", conversation_id=first.conversation_id))

        log = await store.events(first.conversation_id)
        assert [*first.recorded, *second.recorded] == list(log)
        assert [recorded.seq for recorded in log] == [1, 2, 3]

    async def test_events_can_be_read_from_a_place_on(self, store: ConversationStore) -> None:
        first = await accepted(store)

        (spoke,) = await store.events(first.conversation_id, after=1)
        assert isinstance(spoke.event, CustomerSpoke)

    async def test_reading_past_the_end_of_a_log_finds_nothing(self, store: ConversationStore) -> None:
        first = await accepted(store)

        assert list(await store.events(first.conversation_id, after=2)) == []

    async def test_a_conversation_that_does_not_exist_is_not_found(self, store: ConversationStore) -> None:
        nowhere = ConversationId("conv_nowhere")
        for read in (store.load(nowhere), store.events(nowhere), store.append(nowhere, [Rated(5)], NOON)):
            with pytest.raises(NotFound):
                await read

    async def test_another_customers_conversation_looks_like_one_that_does_not_exist(
        self, store: ConversationStore
    ) -> None:
        first = await accepted(store)
        with pytest.raises(NotFound) as foreign:
            await accepted(store, a_message(customer="C00002", conversation_id=first.conversation_id))
        with pytest.raises(NotFound) as absent:
            await accepted(store, a_message(conversation_id=ConversationId("conv_nowhere")))

        assert foreign.value.detail.replace(first.conversation_id, "conv_nowhere") == absent.value.detail
        assert (await store.load(first.conversation_id)).version == 2

    @pytest.mark.parametrize(
        ("field", "message"),
        [
            ("customer.id", a_message(customer="")),
            ("client_message_id", a_message(client_message_id="x" * 129)),
            ("channel_message_id", a_message(channel_message_id="nul\0")),
            ("message", a_message("half \ud83d of a pair")),
        ],
    )
    async def test_a_message_that_cannot_be_kept_names_its_field(
        self, store: ConversationStore, field: str, message: Incoming
    ) -> None:
        with pytest.raises(BadRequest) as refused:
            await accepted(store, message)

        assert refused.value.field == field

    # Repeats

    async def test_a_repeated_first_message_finds_its_conversation_again(
        self, store: ConversationStore
    ) -> None:
        first = await accepted(store, a_message(client_message_id="c1"))
        again = await accepted(store, a_message(client_message_id="c1"))

        assert again == Accepted(first.conversation_id, first.message_id, (), repeated=True)
        assert (await store.load(first.conversation_id)).version == 2

    async def test_a_repeat_may_name_the_conversation_that_the_first_try_opened(
        self, store: ConversationStore
    ) -> None:
        first = await accepted(store, a_message(client_message_id="c1"))
        again = await accepted(
            store, a_message(client_message_id="c1", conversation_id=first.conversation_id)
        )

        assert (again.message_id, again.repeated) == (first.message_id, True)

    async def test_the_same_client_message_id_of_another_customer_is_another_message(
        self, store: ConversationStore
    ) -> None:
        mine = await accepted(store, a_message(client_message_id="c1"))
        theirs = await accepted(store, a_message(client_message_id="c1", customer="C00002"))

        assert theirs.conversation_id != mine.conversation_id

    async def test_messages_without_an_id_of_their_own_are_never_repeats(
        self, store: ConversationStore
    ) -> None:
        one, other = await accepted(store), await accepted(store)

        assert one.conversation_id != other.conversation_id

    async def test_a_channel_message_is_kept_once_whatever_conversation_it_names(
        self, store: ConversationStore
    ) -> None:
        first = await accepted(store, a_message(channel_message_id="wx1"))
        elsewhere = await accepted(store)
        again = await accepted(
            store, a_message(channel_message_id="wx1", conversation_id=elsewhere.conversation_id)
        )

        assert (again.conversation_id, again.message_id) == (first.conversation_id, first.message_id)

    async def test_a_channel_message_of_another_customer_is_not_told(self, store: ConversationStore) -> None:
        await accepted(store, a_message(channel_message_id="wx1"))

        with pytest.raises(NotFound):
            await accepted(store, a_message(channel_message_id="wx1", customer="C00002"))

    async def test_first_messages_sent_twice_at_once_open_one_conversation(
        self, store: ConversationStore
    ) -> None:
        tries = [accepted(store, a_message(client_message_id=f"c{n % 5}")) for n in range(50)]
        outcomes = await asyncio.gather(*tries)

        assert len({outcome.conversation_id for outcome in outcomes}) == 5
        assert len({outcome.message_id for outcome in outcomes}) == 5
        assert sum(not outcome.repeated for outcome in outcomes) == 5

    async def test_a_repeat_of_an_answered_message_brings_its_response(
        self, store: ConversationStore
    ) -> None:
        first = await accepted(store, a_message(client_message_id="c1"))
        turn = a_turn(first.message_id)
        await store.commit(await a_commit(store, first.conversation_id, a_reply(first.message_id), turn=turn))

        again = await accepted(store, a_message(client_message_id="c1"))
        assert again.response == turn.response
        assert await store.response_to(first.message_id) == turn.response

    async def test_a_message_without_an_answer_has_no_response(self, store: ConversationStore) -> None:
        first = await accepted(store)

        assert await store.response_to(first.message_id) is None

    async def test_the_first_turn_that_settles_a_message_gives_its_response(
        self, store: ConversationStore
    ) -> None:
        first = await accepted(store)
        for turn in ("turn_1", "turn_2"):
            reply = a_reply(first.message_id, turn=turn)
            record = a_turn(first.message_id, turn=turn)
            await store.commit(await a_commit(store, first.conversation_id, reply, turn=record))

        response = await store.response_to(first.message_id)
        assert response is not None
        assert response["turn_id"] == "turn_1"

    # Commits

    async def test_a_commit_appends_and_its_snapshot_equals_the_replay(
        self, store: ConversationStore
    ) -> None:
        first = await accepted(store)
        understood = MessageUnderstood(TurnId("turn_1"), "logistics", 0.9, "classifier", "zh-Hans", "neutral")
        commit = await a_commit(store, first.conversation_id, understood, a_reply(first.message_id))
        await store.commit(commit)

        assert await store.load(first.conversation_id) == commit.state
        assert replay(await store.events(first.conversation_id)) == commit.state

    async def test_a_commit_on_a_log_that_moved_on_writes_nothing(self, store: ConversationStore) -> None:
        first = await accepted(store)
        turn = a_turn(first.message_id)
        stale = await a_commit(store, first.conversation_id, a_reply(first.message_id), turn=turn)
        stale = replace(stale, effects=(an_effect(first.conversation_id),))
        await accepted(store, a_message("等等", conversation_id=first.conversation_id))
        before = await store.load(first.conversation_id)

        with pytest.raises(VersionConflict):
            await store.commit(stale)
        assert await store.load(first.conversation_id) == before
        assert await store.response_to(first.message_id) is None
        assert await store.effect(EffectId("eff_1")) is None

    async def test_of_commits_at_the_same_version_one_wins(self, store: ConversationStore) -> None:
        first = await accepted(store)
        commit = await a_commit(store, first.conversation_id, a_reply(first.message_id))

        outcomes = await asyncio.gather(*(store.commit(commit) for _ in range(20)), return_exceptions=True)
        assert outcomes.count(None) == 1
        assert sum(isinstance(outcome, VersionConflict) for outcome in outcomes) == 19

    async def test_a_conflict_leaves_commits_made_at_the_same_time_alone(
        self, store: ConversationStore
    ) -> None:
        spoken = [await accepted(store) for _ in range(10)]
        commits = [await a_commit(store, one.conversation_id, a_reply(one.message_id)) for one in spoken]
        twice = [store.commit(commit) for commit in commits for _ in range(2)]

        outcomes = await asyncio.gather(*twice, return_exceptions=True)
        assert outcomes.count(None) == 10
        for one in spoken:
            assert (await store.load(one.conversation_id)).unanswered == ()

    async def test_a_commit_whose_events_leave_a_gap_is_refused(self, store: ConversationStore) -> None:
        first = await accepted(store)
        commit = await a_commit(store, first.conversation_id, Rated(5))
        gap = replace(commit, events=(replace(commit.events[0], seq=9),))

        with pytest.raises(ValueError, match="number its events"):
            await store.commit(gap)

    # Facts that are true whatever came before them

    async def test_append_returns_the_state_after_its_events(self, store: ConversationStore) -> None:
        first = await accepted(store)
        after = await store.append(first.conversation_id, [Rated(5), Rated(1)], NOON)

        assert after.version == 4
        assert after == await store.load(first.conversation_id)

    async def test_a_hundred_appends_to_ten_conversations_lose_nothing(
        self, store: ConversationStore
    ) -> None:
        spoken = [await accepted(store) for _ in range(10)]
        await asyncio.gather(
            *(store.append(spoken[n % 10].conversation_id, [Rated(1 + n // 20)], NOON) for n in range(100))
        )

        for one in spoken:
            log = await store.events(one.conversation_id)
            assert [recorded.seq for recorded in log] == list(range(1, 13))
            assert replay(log) == await store.load(one.conversation_id)

    # Work left by a crash

    async def test_a_message_that_no_turn_settled_is_unanswered(self, store: ConversationStore) -> None:
        left = await accepted(store)
        done = await accepted(store)
        await store.commit(await a_commit(store, done.conversation_id, a_reply(done.message_id)))

        assert list(await store.unanswered()) == [left.conversation_id]

    async def test_a_message_after_the_answer_is_unanswered_again(self, store: ConversationStore) -> None:
        first = await accepted(store)
        await store.commit(await a_commit(store, first.conversation_id, a_reply(first.message_id)))
        await accepted(store, a_message("再问", conversation_id=first.conversation_id))

        assert list(await store.unanswered()) == [first.conversation_id]

    async def test_what_waits_for_a_human_is_not_left_to_the_bot(self, store: ConversationStore) -> None:
        first = await accepted(store)
        handed = HandedOff("customer_asked", "general", "想要人工", TicketId("tkt_1"))
        await store.append(first.conversation_id, [handed], NOON)

        assert list(await store.unanswered()) == []

    # The effect ledger

    async def test_reserving_writes_the_effect_before_it_is_called(self, store: ConversationStore) -> None:
        first = await accepted(store)
        row = await store.reserve(an_effect(first.conversation_id))

        assert (row.status, row.attempts) == ("reserved", 1)
        assert row.reserved_at is not None
        assert await store.effect(row.effect_id) == row

    async def test_reserving_again_gives_the_recorded_arguments_and_counts_the_try(
        self, store: ConversationStore
    ) -> None:
        first = await accepted(store)
        row = await store.reserve(an_effect(first.conversation_id))
        again = await store.reserve(replace(an_effect(first.conversation_id), arguments={"order_id": "X"}))

        assert again == replace(row, attempts=2)

    async def test_an_effect_confirmed_in_a_commit_is_reserved_as_it_was_recorded(
        self, store: ConversationStore
    ) -> None:
        first = await accepted(store)
        effect = an_effect(first.conversation_id)
        commit = await a_commit(store, first.conversation_id, Rated(5))
        await store.commit(replace(commit, effects=(effect,)))

        row = await store.reserve(replace(effect, arguments={}, proposed_at=NOON + timedelta(hours=1)))
        assert (row.arguments, row.proposed_at) == (effect.arguments, NOON)

    async def test_a_settled_effect_answers_every_later_try(self, store: ConversationStore) -> None:
        first = await accepted(store)
        row = await store.reserve(an_effect(first.conversation_id))
        executed = replace(row, status="executed", result={"ok": True}, settled_at=NOON)
        await store.settle(executed)

        assert await store.reserve(an_effect(first.conversation_id)) == executed

    async def test_an_outcome_is_final(self, store: ConversationStore) -> None:
        first = await accepted(store)
        row = await store.reserve(an_effect(first.conversation_id))
        executed = replace(row, status="executed", result={"ok": True}, settled_at=NOON)
        await store.settle(executed)
        await store.settle(replace(row, status="unknown"))
        await store.settle(replace(row, status="failed", failure="unavailable"))

        assert await store.effect(row.effect_id) == executed

    async def test_effects_without_an_outcome_are_listed_oldest_first(self, store: ConversationStore) -> None:
        first = await accepted(store)
        for number in (2, 1, 3):
            at = NOON + timedelta(minutes=number)
            effect = replace(
                an_effect(first.conversation_id), effect_id=EffectId(f"eff_{number}"), reserved_at=at
            )
            await store.reserve(effect)
        settled = await store.effect(EffectId("eff_3"))
        assert settled is not None
        await store.settle(replace(settled, status="executed"))
        unknown = await store.effect(EffectId("eff_1"))
        assert unknown is not None
        await store.settle(replace(unknown, status="unknown"))

        found = await store.unsettled_effects(reserved_before=NOON + timedelta(minutes=5))
        assert [effect.effect_id for effect in found] == ["eff_1", "eff_2"]
        assert not await store.unsettled_effects(reserved_before=NOON)
