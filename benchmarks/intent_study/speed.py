"""`speed`: processor time a message, stage by stage, beside scikit-learn predicting the same labels."""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportUnknownVariableType=false, reportArgumentType=false
# scikit-learn has no types.

import asyncio
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from intent_study import looks
from intent_study.results import show, write
from intent_study.sets import PACK, IntentSet, fewer, pack_set, some
from kefu.adapters.clocks import system_clock
from kefu.adapters.packs import LoadedPack, load_pack
from kefu.safety.personal_data import find_personal
from kefu.settings import Settings
from kefu.understanding.classifier import load_classifier
from kefu.understanding.entities import EntityExtractor, ProductNames, product_names
from kefu.understanding.features import FeatureReader
from kefu.understanding.intents import ClassifierTier
from kefu.understanding.language import detect
from kefu.understanding.menu import Menu
from kefu.understanding.message import Message
from kefu.understanding.reading import Context
from kefu.understanding.rules import RulesTier
from kefu.understanding.text import clean
from kefu.wiring import build

_JUDGED = 2000
_REFERENCE_UTTERANCES = 48
_REFERENCE_MESSAGES = 500
_WARM_UP = 100

In = TypeVar("In")
Out = TypeVar("Out")


@dataclass(frozen=True, slots=True)
class Stage:
    """Microseconds of processor time a message: the mean, and the half and the hundredth of messages that
    take longest begin there."""

    name: str
    mean: float
    median: float
    p99: float


def measure_speed(models: Path, out: Path) -> None:
    """Reads distinct messages one after another, so that nothing remembered helps. The classifier is the one
    that `kefu serve` would train and keep in `models`."""
    one, release = pack_set()
    texts = list(dict.fromkeys(u.text for part in one.parts.values() for u in some(part, _JUDGED)))
    stages = [*asyncio.run(_served(models, texts)), _reference(one, texts)]
    show(
        f"Microseconds of processor time a message, {release}, {len(texts)} distinct messages",
        ["", "mean", "median", "p99", "messages a CPU-second"],
        [[s.name, f"{s.mean:.0f}", f"{s.median:.0f}", f"{s.p99:.0f}", f"{1e6 / s.mean:.0f}"] for s in stages],
    )
    write(out, "speed", {"release": release, "messages": len(texts), "stages": stages})


async def _served(models: Path, texts: Sequence[str]) -> list[Stage]:
    loaded = load_pack(PACK)
    with tempfile.TemporaryDirectory(prefix="kefu-bench-") as folder:
        settings = Settings(data_dir=Path(folder), models_dir=models, pack=PACK)
        async with build(settings) as application:
            stages = _stages(loaded, _newest(models), texts)
            context = Context(loaded.pack.manifest.clock or system_clock())
            reader = application.bot.understanding
            whole, _ = _timed("the whole reading", lambda text: _now(reader.read(text, context)), texts)
    return [*stages, whole]


def _newest(models: Path) -> bytes:
    return max(models.glob("classifier-*.npz"), key=lambda path: path.stat().st_mtime).read_bytes()


def _stages(loaded: LoadedPack, artefact: bytes, texts: Sequence[str]) -> list[Stage]:
    pack = loaded.pack
    context = Context(pack.manifest.clock or system_clock())
    slots = {
        name: {slot.name: slot.type for slot in flow.slots.values()}
        for name, flow in pack.flows.flows.items()
    }
    menu = Menu.of(pack.intents, pack.flows.triggers(), slots)
    extractor = EntityExtractor(_products(loaded), pack.lexicons, find_personal)
    one, _ = pack_set()
    reader = FeatureReader(one.knowledge())
    # Two, because a classifier remembers what it was asked.
    classifier, tier = load_classifier(artefact), ClassifierTier(load_classifier(artefact), menu)
    rules = RulesTier(pack.rules, menu)

    cleaning, cleaned = _timed("cleaning", clean, texts)
    entities, found = _timed("entities", lambda c: extractor.extract(c, context.now), cleaned)
    messages = [Message(c, e, context) for c, e in zip(cleaned, found, strict=True)]
    ruled, _ = _timed("rules tier", rules.propose, messages)
    featured, _ = _timed("features", lambda c: reader.tokens(reader.shape(c.text)), cleaned)
    predicted, _ = _timed("features and heads", lambda c: classifier.predict(c.text), cleaned)
    proposed, _ = _timed("classifier tier: these, and what to do about it", tier.propose, messages)
    told, _ = _timed("language", lambda c: detect(c.typed, None), cleaned)
    both = Stage(
        "both tiers, as if each were asked every time",
        ruled.mean + proposed.mean,
        ruled.median + proposed.median,
        ruled.p99 + proposed.p99,
    )
    return [cleaning, entities, ruled, featured, predicted, proposed, both, told]


def _reference(one: IntentSet, texts: Sequence[str]) -> Stage:
    """scikit-learn predicting the same labels from words and characters, asked in the same way. It learns
    from fewer utterances: that spares minutes of training and hardly changes what a message costs."""
    train = fewer(one.train, _REFERENCE_UTTERANCES)
    pipeline = make_pipeline(TfidfVectorizer(analyzer=looks.both, sublinear_tf=True), LinearSVC())
    pipeline.fit([clean(u.text).text for u in train], [u.intent for u in train])
    cleaned = [clean(text).text for text in texts[:_REFERENCE_MESSAGES]]

    def predict(text: str) -> Any:
        return pipeline.predict([text])

    return _timed("reference: scikit-learn's pipeline", predict, cleaned)[0]


def _products(loaded: LoadedPack) -> tuple[ProductNames, ...]:
    manifest = loaded.pack.manifest.backoffice
    if manifest is None or manifest.shop is None:
        return ()
    return tuple(product_names(json.loads(loaded.files[f"{manifest.shop}/products.json"])))


def _now(work: Any) -> Any:
    """The result of a coroutine that waits for nothing: an event loop would be measured with it."""
    try:
        work.send(None)
    except StopIteration as stop:
        return stop.value
    raise AssertionError("reading waited for something")


def _timed(name: str, work: Callable[[In], Out], given: Sequence[In]) -> tuple[Stage, list[Out]]:
    # Those that warm up are not measured: what was heard once may be remembered.
    results = [work(one) for one in given[:_WARM_UP]]
    times: list[int] = []
    for one in given[_WARM_UP:]:
        begin = time.process_time_ns()
        result = work(one)
        times.append(time.process_time_ns() - begin)
        results.append(result)
    times.sort()
    mean = sum(times) / len(times) / 1000
    stage = Stage(name, mean, times[len(times) // 2] / 1000, times[int(len(times) * 0.99)] / 1000)
    print(f"{name}: {mean:.0f} µs", flush=True)
    return stage, results
