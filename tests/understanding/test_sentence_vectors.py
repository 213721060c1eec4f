"""The vectors of customers' messages: in time or not at all."""

import asyncio
from collections.abc import Sequence

import pytest
from structlog.testing import capture_logs

from kefu.adapters.fakes import HashedEmbedder
from kefu.understanding.embedding import Embedder, Vectors
from kefu.understanding.sentence_vectors import REMEMBERED, SentenceVectors

DIMENSION = 16


class Clock:
    """Seconds that pass only when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def embedder() -> HashedEmbedder:
    return HashedEmbedder(DIMENSION)


@pytest.fixture
def vectors(embedder: HashedEmbedder, clock: Clock) -> SentenceVectors:
    return SentenceVectors(embedder, DIMENSION, clock=clock)


class Stuck(HashedEmbedder):
    """Never answers."""

    async def embed(self, texts: Sequence[str]) -> Vectors:
        self.asked.append(texts)
        await asyncio.Event().wait()
        raise AssertionError("nothing ever happens")


async def test_what_was_fetched_is_known(vectors: SentenceVectors) -> None:
    await vectors.fetch(["退货"])

    [expected] = await HashedEmbedder(DIMENSION).embed(["退货"])
    assert vectors.get("退货") == pytest.approx(expected)
    assert vectors.get("发票") is None


async def test_a_known_text_is_not_asked_for_again(
    vectors: SentenceVectors, embedder: HashedEmbedder
) -> None:
    await vectors.fetch(["退货"])
    await vectors.fetch(["退货", "发票"])

    assert embedder.asked == [["退货"], ["发票"]]


@pytest.mark.parametrize("text", ["", "  \t"])
async def test_nobody_is_asked_about_a_blank_text(
    vectors: SentenceVectors, embedder: HashedEmbedder, text: str
) -> None:
    await vectors.fetch([text])

    assert embedder.asked == []
    assert vectors.missed == 0


async def test_the_texts_that_were_asked_for_longest_ago_are_forgotten(vectors: SentenceVectors) -> None:
    await vectors.fetch(["退货"])
    await vectors.fetch(["发票"])
    await vectors.fetch(["退货"])
    await vectors.fetch([f"包裹{number}" for number in range(REMEMBERED - 1)])

    assert vectors.get("退货") is not None
    assert vectors.get("发票") is None


async def test_a_failure_leaves_the_text_unknown_and_a_line_in_the_log(
    vectors: SentenceVectors, embedder: HashedEmbedder
) -> None:
    embedder.fails()

    with capture_logs() as lines:
        await vectors.fetch(["退货"])

    assert vectors.get("退货") is None
    assert [(line["event"], line["missed"]) for line in lines] == [("embedding_unavailable", 1)]


async def test_a_model_that_is_late_is_not_waited_for() -> None:
    vectors = SentenceVectors(Stuck(DIMENSION), DIMENSION, patience=0.0)

    with capture_logs() as lines:
        await vectors.fetch(["退货"])

    assert vectors.get("退货") is None
    assert "no answer within" in lines[0]["reason"]


async def test_vectors_of_another_dimension_are_refused(clock: Clock) -> None:
    vectors = SentenceVectors(HashedEmbedder(DIMENSION + 1), DIMENSION, clock=clock)

    with capture_logs() as lines:
        await vectors.fetch(["退货"])

    assert vectors.get("退货") is None
    assert "17 numbers, but the classifier learned from 16" in lines[0]["reason"]


async def failed_three_times(vectors: SentenceVectors, embedder: HashedEmbedder) -> None:
    embedder.fails(3)
    for text in ("退货", "换货", "发票"):
        await vectors.fetch([text])
    embedder.asked.clear()


async def test_after_three_failures_in_a_row_a_model_is_left_alone(
    vectors: SentenceVectors, embedder: HashedEmbedder
) -> None:
    await failed_three_times(vectors, embedder)

    await vectors.fetch(["包裹"])

    assert embedder.asked == []
    assert vectors.missed == 4


async def test_what_is_known_stays_known_while_the_model_is_down(
    vectors: SentenceVectors, embedder: HashedEmbedder
) -> None:
    await vectors.fetch(["地址"])
    await failed_three_times(vectors, embedder)

    await vectors.fetch(["地址"])

    assert vectors.get("地址") is not None
    assert vectors.missed == 3


async def test_a_success_between_failures_keeps_the_model_in_use(
    vectors: SentenceVectors, embedder: HashedEmbedder
) -> None:
    for text in ("一", "二", "三", "四"):
        embedder.fails(2)
        for _ in range(3):
            await vectors.fetch([text])

    assert [vectors.get(text) is not None for text in "一二三四"] == [True] * 4


async def test_after_a_pause_one_message_tries_again(
    vectors: SentenceVectors, embedder: HashedEmbedder, clock: Clock
) -> None:
    await failed_three_times(vectors, embedder)
    embedder.fails()
    clock.now += 31

    await vectors.fetch(["包裹"])
    await vectors.fetch(["包裹"])

    assert embedder.asked == [["包裹"]]


async def test_while_one_message_tries_the_others_do_not_wait(clock: Clock) -> None:
    stuck = Stuck(DIMENSION)
    vectors = SentenceVectors(stuck, DIMENSION, patience=0.0, clock=clock)
    for text in ("退货", "换货", "发票"):
        await vectors.fetch([text])
    clock.now += 31

    trying = asyncio.create_task(vectors.fetch(["包裹"]))
    await asyncio.sleep(0)
    await vectors.fetch(["地址"])
    await trying

    assert stuck.asked[3:] == [["包裹"]]


async def test_a_model_that_answers_again_is_used_again_and_the_log_says_so(
    vectors: SentenceVectors, embedder: HashedEmbedder, clock: Clock
) -> None:
    await failed_three_times(vectors, embedder)
    clock.now += 31

    with capture_logs() as lines:
        await vectors.fetch(["包裹"])
    await vectors.fetch(["地址"])

    assert [line["event"] for line in lines] == ["embedding_back"]
    assert embedder.asked == [["包裹"], ["地址"]]
    assert vectors.get("包裹") is not None


async def test_a_fault_of_the_program_is_not_taken_for_a_failure_of_the_model() -> None:
    class Broken(HashedEmbedder):
        async def embed(self, texts: Sequence[str]) -> Vectors:
            raise ZeroDivisionError

    broken: Embedder = Broken()
    with pytest.raises(ZeroDivisionError):
        await SentenceVectors(broken, DIMENSION).fetch(["退货"])
