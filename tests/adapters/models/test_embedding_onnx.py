"""The embedder's contract on a tiny graph, and folders that are no model. Needs the extra `embedding`."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from tests.contracts.embedder import TEXTS, EmbedderContract

from kefu.adapters.models.embedding_onnx import GRAPH, TOKENIZER, OnnxEmbedder
from kefu.errors import SettingsInvalid
from kefu.understanding.embedding import EmbeddingUnavailable

onnx: Any = pytest.importorskip("onnx", reason="in the dev group")
tokenizers: Any = pytest.importorskip("tokenizers", reason="in the extra `embedding`")
pytest.importorskip("onnxruntime", reason="in the extra `embedding`")

DIMENSION = 8
VOCABULARY = ("[PAD]", "[UNK]", *dict.fromkeys("".join(TEXTS)))
Shape = Literal["tokens", "pooled", "bert"]


def write_tokenizer(folder: Path) -> None:
    """One token for each character."""
    words = tokenizers.models.WordLevel({word: n for n, word in enumerate(VOCABULARY)}, unk_token="[UNK]")
    tokenizer = tokenizers.Tokenizer(words)
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Split(tokenizers.Regex("."), "isolated")
    tokenizer.enable_padding(pad_token="[PAD]", length=512)
    tokenizer.save(str(folder / TOKENIZER))


def write_graph(
    folder: Path,
    shape: Shape = "tokens",
    *,
    inputs: Sequence[str] = ("input_ids", "attention_mask"),
    seed: int = 0,
    kind: str = "INT64",
) -> None:
    """A vector of its own for each token. `pooled` sums those of a text by itself; `bert` has, beside the
    tokens, a pooled output that says nothing."""
    helper, types = onnx.helper, onnx.TensorProto
    table = np.random.default_rng(seed).normal(size=(len(VOCABULARY), DIMENSION)).astype(np.float32)
    if shape == "pooled":
        table[0] = 0  # padding adds nothing to the sum
    stored = [
        onnx.numpy_helper.from_array(table, "table"),
        onnx.numpy_helper.from_array(np.zeros(DIMENSION, np.float32), "nothing"),
        onnx.numpy_helper.from_array(np.array([1], np.int64), "axis"),
    ]
    tokens = helper.make_tensor_value_info("last_hidden_state", types.FLOAT, ["n", "length", DIMENSION])
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"])]
    outputs = [tokens]
    if shape == "pooled":
        nodes.append(
            helper.make_node("ReduceSum", ["last_hidden_state", "axis"], ["sentence_embedding"], keepdims=0)
        )
        outputs.append(helper.make_tensor_value_info("sentence_embedding", types.FLOAT, ["n", DIMENSION]))
    if shape == "bert":
        nodes += [
            helper.make_node("ReduceSum", ["last_hidden_state", "axis"], ["sum"], keepdims=0),
            helper.make_node("Mul", ["sum", "nothing"], ["pooler_output"]),
        ]
        outputs.append(helper.make_tensor_value_info("pooler_output", types.FLOAT, ["n", DIMENSION]))
    given = [helper.make_tensor_value_info(name, getattr(types, kind), ["n", "length"]) for name in inputs]
    graph = helper.make_graph(nodes, "tiny", given, outputs, stored)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.save(model, str(folder / GRAPH))


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


class Contract(EmbedderContract):
    shape: Shape

    @pytest.fixture
    def embedder(self, tmp_path: Path, stack: ExitStack) -> OnnxEmbedder:
        write_tokenizer(tmp_path)
        write_graph(tmp_path, self.shape)
        return stack.enter_context(OnnxEmbedder(tmp_path))

    @pytest.fixture
    def another(self, tmp_path_factory: pytest.TempPathFactory, stack: ExitStack) -> OnnxEmbedder:
        folder = tmp_path_factory.mktemp("another")
        write_tokenizer(folder)
        write_graph(folder, self.shape, seed=1)
        return stack.enter_context(OnnxEmbedder(folder))

    @pytest.fixture
    def failing(self, tmp_path: Path, stack: ExitStack) -> OnnxEmbedder:
        """Its graph fails on every text: the tokenizer knows more tokens than the graph."""
        write_tokenizer(tmp_path)
        text = (tmp_path / TOKENIZER).read_text()
        (tmp_path / TOKENIZER).write_text(text.replace('"[UNK]": 1', '"[UNK]": 999').replace('"退":', '"":'))
        write_graph(tmp_path, self.shape)
        return stack.enter_context(OnnxEmbedder(tmp_path))


class TestWithTheTokensAveraged(Contract):
    shape = "tokens"


class TestWithAGraphThatPools(Contract):
    shape = "pooled"


class TestWithAPoolThatIsNoMeaning(Contract):
    shape = "bert"


@pytest.mark.parametrize("kind", ["INT64", "INT32"])
async def test_a_graph_gets_every_input_that_its_family_takes(
    tmp_path: Path, stack: ExitStack, kind: str
) -> None:
    inputs = ("input_ids", "attention_mask", "token_type_ids", "position_ids")
    write_tokenizer(tmp_path)
    write_graph(tmp_path, inputs=inputs, kind=kind)
    embedder = stack.enter_context(OnnxEmbedder(tmp_path))
    assert (await embedder.embed(["退货"])).shape == (1, DIMENSION)


@pytest.mark.parametrize("missing", [GRAPH, TOKENIZER])
def test_a_folder_without_a_file_is_refused_by_its_name(tmp_path: Path, missing: str) -> None:
    write_tokenizer(tmp_path)
    write_graph(tmp_path)
    (tmp_path / missing).unlink()
    with pytest.raises(SettingsInvalid, match=f"KEFU_EMBEDDING_URL: .*{missing}"):
        OnnxEmbedder(tmp_path)


@pytest.mark.parametrize("broken", [GRAPH, TOKENIZER])
def test_a_file_that_cannot_be_loaded_is_refused_by_its_name(tmp_path: Path, broken: str) -> None:
    write_tokenizer(tmp_path)
    write_graph(tmp_path)
    (tmp_path / broken).write_bytes(b"\x08not a model")
    with pytest.raises(SettingsInvalid, match=f"{broken} cannot be loaded"):
        OnnxEmbedder(tmp_path)


def test_a_graph_that_wants_something_else_than_text_is_refused(tmp_path: Path) -> None:
    write_tokenizer(tmp_path)
    write_graph(tmp_path, inputs=("input_ids", "pixel_values"))
    with pytest.raises(SettingsInvalid, match="takes input_ids, pixel_values"):
        OnnxEmbedder(tmp_path)


@pytest.mark.parametrize("package", ["onnxruntime", "tokenizers"])
def test_a_missing_package_is_named_with_the_extra_that_brings_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(SettingsInvalid, match=rf"{package}: pip install 'kefu\[embedding\]'"):
        OnnxEmbedder(tmp_path)


async def test_another_tokenizer_makes_another_model(tmp_path: Path, stack: ExitStack) -> None:
    write_tokenizer(tmp_path)
    write_graph(tmp_path)
    before = stack.enter_context(OnnxEmbedder(tmp_path)).model
    (tmp_path / TOKENIZER).write_text((tmp_path / TOKENIZER).read_text() + "\n")
    assert stack.enter_context(OnnxEmbedder(tmp_path)).model != before


async def test_a_graph_that_fails_says_why(tmp_path: Path, stack: ExitStack) -> None:
    write_tokenizer(tmp_path)
    text = (tmp_path / TOKENIZER).read_text()
    (tmp_path / TOKENIZER).write_text(text.replace('"[UNK]": 1', '"[UNK]": 999'))
    write_graph(tmp_path)
    embedder = stack.enter_context(OnnxEmbedder(tmp_path))
    with pytest.raises(EmbeddingUnavailable, match=r"the ONNX graph failed: .*999"):
        await embedder.embed(["?"])
