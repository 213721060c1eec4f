"""A sentence-embedding model in the process: an ONNX graph and its tokenizer, from a local folder."""

import asyncio
import hashlib
import importlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from kefu.errors import SettingsInvalid
from kefu.understanding.embedding import EmbeddingUnavailable, Vectors, encodable, unit_rows

GRAPH, TOKENIZER = "model.onnx", "tokenizer.json"
LARGEST_BATCH = 64
_LONGEST = 512
"""Tokens, where the tokenizer's file sets no limit: that of the BERT family."""

_TAKEN = frozenset({"input_ids", "attention_mask", "token_type_ids", "position_ids"})
_NOT_A_MEANING = "pooler_output"
"""BERT's own pooled output was taught to tell whether two sentences follow each other, not what they mean
(Reimers & Gurevych 2019, Sentence-BERT)."""

_Rank = Literal[2, 3]


class OnnxEmbedder:
    """An `Embedder` over a folder with `model.onnx` and `tokenizer.json`, as exporters of sentence
    transformers write it. Leaving its block ends its thread.

    A graph that pools by itself, into an output of one row for each text, is believed; for any other, the
    vectors of the tokens are averaged.
    """

    def __init__(self, folder: Path) -> None:
        """Raises `SettingsInvalid` when a package or a file is missing, or cannot be used."""
        runtime, tokenizers = _package("onnxruntime"), _package("tokenizers")
        for name in (GRAPH, TOKENIZER):
            if not (folder / name).is_file():
                raise _invalid(f"{folder} has no {name}")
        self._session = _session(runtime, folder / GRAPH)
        self._tokenizer = _tokenizer(tokenizers, folder / TOKENIZER)
        self._inputs = _inputs(self._session, folder / GRAPH)
        self._output, self._rank = _output(self._session, folder / GRAPH)
        self._model = f"onnx:{folder.resolve().name}:{_digest(folder)}"
        # One thread: what nobody waits for any longer is dropped in its queue, instead of filling a pool.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="embedding")

    @property
    def model(self) -> str:
        return self._model

    async def embed(self, texts: Sequence[str]) -> Vectors:
        loop = asyncio.get_running_loop()
        # A batch is padded to its longest text: what is alike in length goes together.
        order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
        batches: list[Vectors] = []
        for start in range(0, len(order), LARGEST_BATCH):
            batch = [encodable(texts[row]) for row in order[start : start + LARGEST_BATCH]]
            batches.append(await loop.run_in_executor(self._thread, self._batch, batch))
        return np.concatenate(batches)[np.argsort(order)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _batch(self, texts: Sequence[str]) -> Vectors:
        encoded = self._tokenizer.encode_batch(texts)
        mask = np.array([one.attention_mask for one in encoded], dtype=np.int64)
        given = {
            "input_ids": np.array([one.ids for one in encoded], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.array([one.type_ids for one in encoded], dtype=np.int64),
            "position_ids": np.broadcast_to(np.arange(mask.shape[1], dtype=np.int64), mask.shape),
        }
        feed = {name: given[name].astype(kind) for name, kind in self._inputs.items()}
        try:
            [answer] = self._session.run([self._output], feed)
        except Exception as error:  # the runtime raises bare `Exception` subclasses of its own
            raise EmbeddingUnavailable(f"the ONNX graph failed: {error}") from error
        return unit_rows(answer if self._rank == 2 else _mean(answer, mask), len(texts))


def _mean(tokens: NDArray[np.floating[Any]], mask: NDArray[np.int64]) -> NDArray[np.float64]:
    weights = mask[:, :, None].astype(np.float64)
    return (tokens * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1)


def _package(name: str) -> Any:
    """Imported only where a model is configured: together they take 60 MB of memory."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise _invalid(f"an onnx:// model needs the package {name}: pip install 'kefu[embedding]'") from error


def _session(runtime: Any, path: Path) -> Any:
    options = runtime.SessionOptions()
    options.log_severity_level = 4  # what fails is raised; the rest is for who exports graphs
    # Threads that spin between messages would take the processor from the server.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return runtime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise _invalid(f"{path} cannot be loaded: {error}") from error


def _tokenizer(tokenizers: Any, path: Path) -> Any:
    try:
        tokenizer = tokenizers.Tokenizer.from_file(str(path))
    except Exception as error:
        raise _invalid(f"{path} cannot be loaded: {error}") from error
    if tokenizer.truncation is None:
        tokenizer.enable_truncation(_LONGEST)
    # Whatever length the file pads to, the longest text of a batch is enough.
    known: Mapping[str, Any] = tokenizer.padding or {}
    kept = {
        name: known[name] for name in ("pad_id", "pad_token", "pad_type_id", "direction") if name in known
    }
    tokenizer.enable_padding(**kept)
    return tokenizer


def _inputs(session: Any, path: Path) -> Mapping[str, type[np.signedinteger[Any]]]:
    """The inputs that the graph takes, with the type of their numbers."""
    names = {one.name: np.int32 if "int32" in one.type else np.int64 for one in session.get_inputs()}
    unknown = sorted(names.keys() - _TAKEN)
    if unknown or "input_ids" not in names:
        raise _invalid(f"{path} takes {', '.join(names)}: only {', '.join(sorted(_TAKEN))} can be given")
    return names


def _output(session: Any, path: Path) -> tuple[str, _Rank]:
    """The output to read, and how many axes it has: 2 where the graph pools, 3 where it leaves that to us."""
    ranks = {one.name: len(one.shape) for one in session.get_outputs()}
    pooled = [name for name, rank in ranks.items() if rank == 2 and name != _NOT_A_MEANING]
    if pooled:
        return ("sentence_embedding" if "sentence_embedding" in pooled else pooled[0]), 2
    tokens = next((name for name, rank in ranks.items() if rank == 3), None)
    if tokens is None:
        raise _invalid(f"{path} has no output with a vector for each text or for each token")
    return tokens, 3


def _digest(folder: Path) -> str:
    """Of the graph, the files of weights beside it and the tokenizer: together they make the vectors."""
    total = hashlib.sha256()
    for path in sorted(path for path in folder.iterdir() if path.name.startswith((GRAPH, TOKENIZER))):
        with path.open("rb") as file:
            total.update(path.name.encode() + hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()[:16]


def _invalid(detail: str) -> SettingsInvalid:
    return SettingsInvalid(f"KEFU_EMBEDDING_URL: {detail}", field="embedding_url")
