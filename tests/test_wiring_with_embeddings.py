"""The application with a sentence-embedding model: it learns from it, is bound to it, lives without it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from kefu.adapters.fakes import HashedEmbedder
from kefu.adapters.packs import SKELETON_FOLDER, load_pack
from kefu.errors import SettingsInvalid
from kefu.settings import Settings
from kefu.understanding.catalogue import examples_of
from kefu.understanding.embedding import EmbeddingUnavailable
from kefu.understanding.reading import Context, Reading
from kefu.understanding.text import clean
from kefu.wiring import build, train

SKELETON = str(SKELETON_FOLDER)
PACK = load_pack(SKELETON).pack
TEACHING = {
    clean(utterance.text).text: utterance.intent
    for utterance in (*PACK.utterances, *examples_of(PACK.intents))
}
INTENTS = sorted(set(TEACHING.values()))
FOREIGN = "paketti maksaa"
"""No word of it is in the pack."""


def meaning(text: str) -> str:
    """A sign for each intent: what the pack says of its own texts, and what `FOREIGN` is meant to mean."""
    intent = {**TEACHING, FOREIGN: "shipping_fee"}.get(text)
    return text if intent is None else chr(0x2460 + INTENTS.index(intent))


class Knowing(HashedEmbedder):
    """A model that knows the pack's texts by heart."""

    def __init__(self, model: str = "knowing") -> None:
        super().__init__(256, meaning=meaning, model=model)

    @property
    def texts(self) -> Sequence[str]:
        return [text for batch in self.asked for text in batch]


async def read(data_dir: Path, embedder: HashedEmbedder | None, text: str) -> Reading:
    settings = Settings.for_tests(data_dir, pack=SKELETON)
    async with build(settings, embedder=embedder) as application:
        return await application.bot.understanding.read(text, Context(datetime.now(UTC)))


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kefu.learning.sentences._FIRST_PAUSE", 0.0)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of an application that may have been started before."""
    return tmp_path_factory.mktemp("embeddings")


async def test_what_the_model_knows_is_learned_and_used(data_dir: Path) -> None:
    reading = await read(data_dir, Knowing(), FOREIGN)

    assert reading.intents[0].name == "shipping_fee"


async def test_the_next_start_asks_the_model_about_the_message_alone(data_dir: Path) -> None:
    await read(data_dir, Knowing(), FOREIGN)
    again = Knowing()

    await read(data_dir, again, FOREIGN)

    assert again.texts == [FOREIGN]


async def test_another_model_means_another_training(data_dir: Path) -> None:
    await read(data_dir, Knowing(), FOREIGN)
    other = Knowing("another")

    await read(data_dir, other, FOREIGN)

    assert set(other.texts) == {*TEACHING, FOREIGN}


async def test_no_personal_data_reaches_the_model(data_dir: Path) -> None:
    embedder = Knowing()

    await read(data_dir, embedder, "运费多少 我的手机号是13812345678")

    assert "运费多少" in embedder.texts[-1]
    assert "13812345678" not in embedder.texts[-1]


async def test_a_start_without_the_model_serves_by_the_words_and_says_so(data_dir: Path) -> None:
    embedder = Knowing("missing")
    embedder.fails(3)

    with capture_logs() as lines:
        reading = await read(data_dir, embedder, "运费怎么算")

    assert reading == await read(data_dir, None, "运费怎么算")
    assert [line["event"] for line in lines] == ["embedding_unavailable"]


@pytest.mark.enable_socket
async def test_a_training_that_cannot_have_its_model_is_an_error(tmp_path: Path) -> None:
    nobody = "http://127.0.0.1:1/v1"
    settings = Settings.for_tests(tmp_path, pack=SKELETON, embedding_url=nobody, embedding_model="m")

    with pytest.raises(EmbeddingUnavailable, match="cannot be reached"):
        await train(settings, load_pack(SKELETON), lambda done, text: None)

    assert not (tmp_path / "models").is_dir()


async def test_a_folder_that_is_no_model_stops_the_start(tmp_path: Path) -> None:
    settings = Settings.for_tests(tmp_path, pack=SKELETON, embedding_url=f"onnx://{tmp_path}")

    with pytest.raises(SettingsInvalid, match="KEFU_EMBEDDING_URL"):
        async with build(settings):
            pass
