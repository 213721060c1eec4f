"""The composition root: from settings to a running application. Tests build theirs here too."""

import asyncio
import hashlib
import json
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import structlog

from kefu.adapters.artefacts import Artefacts
from kefu.adapters.clocks import clock_from, system_clock
from kefu.adapters.live import InProcessLive
from kefu.adapters.models.embedding_http import HttpEmbedder
from kefu.adapters.models.embedding_onnx import OnnxEmbedder
from kefu.adapters.operations.http import HttpBackOffice
from kefu.adapters.operations.none import NoBackOffice
from kefu.adapters.packs import LoadedPack, load_pack, pack_folder
from kefu.adapters.search.embedded import EmbeddedIndex
from kefu.adapters.secrets import secret_file, write_secret
from kefu.adapters.storage import DEFAULT_WORKSPACE, Storage
from kefu.adapters.subprocesses import Progress, run_apart
from kefu.api.application import Application, Demo, Limits, Workspace
from kefu.conversation.ids import Clock, WorkspaceId
from kefu.errors import SettingsInvalid
from kefu.knowledge.answers import Answerer
from kefu.knowledge.extract import ExtractiveAnswerer
from kefu.knowledge.segment import Segmenter
from kefu.learning.artefact import make_classifier
from kefu.learning.material import Material
from kefu.learning.sentences import with_sentences
from kefu.operations.model import BackOffice
from kefu.release.pack import Pack
from kefu.safety.personal_data import find_personal, mask
from kefu.settings import LOCAL_MODEL, Settings
from kefu.shop.app import create_shop
from kefu.shop.rate_limits import RateLimits
from kefu.turn.policy import Policy
from kefu.turn.runner import Turns
from kefu.turn.services import Bot, Services
from kefu.turn.wording import Wording
from kefu.understanding.cascade import Cascade
from kefu.understanding.catalogue import examples_of
from kefu.understanding.classifier import FORMAT, Classifier, load_model
from kefu.understanding.embedding import Discreet, Embedder, EmbeddingUnavailable
from kefu.understanding.entities import EntityExtractor, ProductNames, product_names
from kefu.understanding.menu import Menu
from kefu.understanding.reading import Understanding
from kefu.understanding.sentence_vectors import SentenceVectors
from kefu.worker.loop import duties_of, perform

if TYPE_CHECKING:
    from kefu.learning.train_classifier import Report

_CLASSIFIER = "classifier"
_GLOSSARIES = ("dialects", "glossary", "english")
_BACK_OFFICE_TIMEOUT = 10.0
_EMBEDDING_TIMEOUT = 30.0
"""Seconds for a batch of texts to learn from; a customer waits far less, see `SentenceVectors`."""
_SHOP_URL = "http://shop"
_SHOP_TOKEN = "in-process"  # noqa: S105 -- it never leaves the process
_SHOP_SCOPES = frozenset({"oms:read", "oms:write"})
_UNLIMITED = 1_000_000
_DEMO_SCOPES = frozenset({"chat", "read", "desk"})
_log = structlog.get_logger("kefu.wiring")


@asynccontextmanager
async def build(
    settings: Settings,
    *,
    progress: Progress | None = None,
    clock: Clock | None = None,
    back_office: BackOffice | None = None,
    understanding: Understanding | None = None,
    embedder: Embedder | None = None,
) -> AsyncGenerator[Application]:
    """A running application; leaving the block finishes its turns and closes everything.

    `progress` hears of the training on a first start. Tests may put a `clock`, a `back_office`, an
    `understanding` or an `embedder` of their own in place of what the settings say.

    Raises:
        SettingsInvalid, PackInvalid: whoever runs Kefu must change something.
    """
    async with AsyncExitStack() as stack:
        loaded = load_pack(settings.pack)
        now = clock or _clock(settings, loaded)
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        storage = await stack.enter_async_context(Storage.embedded(settings.data_dir / "kefu.db", now))
        office = back_office or await _back_office(settings, loaded, now, stack)
        segmenter = Segmenter(loaded.pack.search_words)
        index = EmbeddedIndex(loaded.pack.passages, segmenter)
        reader = understanding or await _understanding(
            settings, loaded, embedder or await _embedder(settings, stack), progress or _ignore
        )
        bot = _bot(loaded, reader, ExtractiveAnswerer(index, segmenter))
        workspaces = {
            workspace_id: _workspace(workspace_id, storage, bot, office, now)
            for workspace_id in await storage.workspaces()
        }
        for workspace in workspaces.values():
            await workspace.turns.recover()
            stack.push_async_callback(workspace.turns.finish)
        await _keep_working(workspaces, stack)
        demo = await _demo(settings, loaded, storage)
        yield Application(
            storage=storage,
            bot=bot,
            index=index,
            workspaces=workspaces,
            clock=now,
            limits=Limits(settings.max_message_length, settings.max_body_bytes, settings.rate_limit),
            identity_secret=secret_file(settings.data_dir / "identity.secret"),
            demo=demo,
        )


def _clock(settings: Settings, loaded: LoadedPack) -> Clock:
    start = loaded.pack.manifest.clock
    return clock_from(start) if start is not None and settings.clock == "pack" else system_clock


async def _back_office(
    settings: Settings, loaded: LoadedPack, clock: Clock, stack: AsyncExitStack
) -> BackOffice:
    """The merchant's system by its URL, else the pack's own shop over the same HTTP adapter."""
    manifest = loaded.pack.manifest.backoffice
    if loaded.document is None or manifest is None:
        if settings.backoffice_url is not None:
            raise SettingsInvalid(
                "KEFU_BACKOFFICE_URL is set, but the pack names no OpenAPI file under `backoffice`",
                field="backoffice_url",
            )
        return NoBackOffice()
    if settings.backoffice_url is not None:
        headers = (
            {"Authorization": f"Bearer {settings.backoffice_token}"} if settings.backoffice_token else {}
        )
        client = httpx.AsyncClient(
            base_url=settings.backoffice_url, headers=headers, timeout=_BACK_OFFICE_TIMEOUT
        )
        return HttpBackOffice(await stack.enter_async_context(client), loaded.document)
    if manifest.shop is None:
        return NoBackOffice()
    shop = create_shop(
        pack_folder(settings.pack) / manifest.shop,
        settings.data_dir / "shop.db",
        clock=clock,
        tokens={_SHOP_TOKEN: _SHOP_SCOPES},
        limits=RateLimits(_UNLIMITED, _UNLIMITED),
    )
    await stack.enter_async_context(shop.router.lifespan_context(shop))
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(shop),
        base_url=_SHOP_URL,
        headers={"Authorization": f"Bearer {_SHOP_TOKEN}"},
    )
    return HttpBackOffice(await stack.enter_async_context(client), loaded.document)


def _bot(loaded: LoadedPack, understanding: Understanding, answerer: Answerer) -> Bot:
    pack = loaded.pack
    return Bot(
        release=pack.release,
        understanding=understanding,
        flows=pack.flows,
        answerer=answerer,
        wording=pack.wording,
        policy=Policy(
            pack.policy.offer_human_after,
            pack.policy.queues,
            frozenset(pack.policy.languages),
            pack.policy.care,
        ),
        input_guard=pack.guard,
        intent_titles={intent.name: intent.title for intent in pack.intents},
    )


def _workspace(
    workspace_id: WorkspaceId, storage: Storage, bot: Bot, back_office: BackOffice, clock: Clock
) -> Workspace:
    store = storage.open(workspace_id)
    live = InProcessLive()
    services = Services(
        bot=bot,
        store=store,
        line=store,
        back_office=back_office,
        live=live,
        clock=clock,
        monotonic=time.perf_counter,
        mask=mask,
    )
    return Workspace(workspace_id, store, Turns(services), live)


async def _keep_working(workspaces: Mapping[WorkspaceId, Workspace], stack: AsyncExitStack) -> None:
    """Starts the duties of every workspace; leaving the stack stops them."""
    tasks = [
        asyncio.create_task(perform(duty), name=f"{duty.name}:{workspace.id}")
        for workspace in workspaces.values()
        for duty in duties_of(workspace.turns, workspace.store, {})
    ]

    async def stop() -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    stack.push_async_callback(stop)


async def _demo(settings: Settings, loaded: LoadedPack, storage: Storage) -> Demo | None:
    """What the demo page needs: for a pack with a demo customer, where nobody else can reach it."""
    manifest = loaded.pack.manifest
    if manifest.demo is None or not settings.on_loopback:
        return None
    return Demo(
        customer_id=manifest.demo.customer,
        api_key=await _kept_key(settings, storage, "demo", _DEMO_SCOPES),
        widget_key=await _kept_key(settings, storage, "demo-widget", frozenset({"widget"})),
        suggestions=manifest.demo.suggestions,
    )


async def _kept_key(settings: Settings, storage: Storage, label: str, scopes: frozenset[str]) -> str:
    """The same key at every start, kept in a file that only its owner can read."""
    path = settings.data_dir / f"{label}.key"
    secret = path.read_text(encoding="ascii") if path.exists() else ""
    if secret and await storage.authenticate(secret) is not None:
        return secret
    made = await storage.open(DEFAULT_WORKSPACE).create_key(scopes, label)
    write_secret(path, made.secret.encode())
    return made.secret


async def _embedder(settings: Settings, stack: AsyncExitStack) -> Embedder | None:
    """The sentence-embedding model that the settings name, until `stack` is left."""
    url = settings.embedding_url
    if url is None:
        return None
    if url.startswith(LOCAL_MODEL):
        return stack.enter_context(OnnxEmbedder(Path(url.removeprefix(LOCAL_MODEL))))
    key, model = settings.embedding_api_key, settings.embedding_model
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    client = httpx.AsyncClient(base_url=url, headers=headers, timeout=_EMBEDDING_TIMEOUT)
    return HttpEmbedder(await stack.enter_async_context(client), model or "")


async def _understanding(
    settings: Settings, loaded: LoadedPack, embedder: Embedder | None, progress: Progress
) -> Understanding:
    """The cascade over the trained classifier, which is trained when its material is new."""
    pack = loaded.pack
    model = load_model(await _trained(settings, pack, embedder, progress))
    vectors = None
    if embedder is not None and model.sentences is not None:
        vectors = SentenceVectors(Discreet(embedder, mask), model.sentences.dimension)
    classifier = Classifier(model, vectors.get) if vectors else Classifier(model)
    slot_types = {
        name: {slot.name: slot.type for slot in flow.slots.values()}
        for name, flow in pack.flows.flows.items()
    }
    return Cascade(
        pack.rules,
        classifier,
        EntityExtractor(_products(loaded), pack.lexicons, find_personal),
        Menu.of(pack.intents, pack.flows.triggers(), slot_types),
        pack.lexicons,
        vectors=vectors,
    )


async def _trained(
    settings: Settings, pack: Pack[Wording], embedder: Embedder | None, progress: Progress
) -> bytes:
    """The classifier's artefact: the kept one, or a new one that is kept from now on."""
    artefacts, material = _artefacts(settings), _material(pack)
    key = _teaching_key(material, embedder)
    data = artefacts.load(_CLASSIFIER, key)
    if data is not None:
        return data
    if embedder is not None:
        try:
            material = await _embedded(material, embedder, progress)
        except EmbeddingUnavailable as error:
            # Customers are waiting: the rung below serves them, and the next start tries again.
            _log.warning("embedding_unavailable", reason=error.detail)
            return await _trained(settings, pack, None, progress)
        progress = _part(progress, 0.5, 1.0)
    data = await run_apart(make_classifier, progress, material)
    artefacts.save(_CLASSIFIER, key, data)
    return data


async def train(settings: Settings, loaded: LoadedPack, progress: Progress) -> "Report":
    """Trains the pack's classifier anew, keeps it where `build` looks for it, and reports on it.

    Raises:
        EmbeddingUnavailable: the embedding model that the settings name does not answer.
    """
    # The server must not load scikit-learn with this module; only this command does.
    from kefu.learning.train_classifier import train_classifier

    material = _material(loaded.pack)
    async with AsyncExitStack() as stack:
        embedder = await _embedder(settings, stack)
        key = _teaching_key(material, embedder)
        if embedder is not None:
            material = await _embedded(material, embedder, progress)
            progress = _part(progress, 0.5, 1.0)
    trained = await run_apart(train_classifier, progress, material)
    _artefacts(settings).save(_CLASSIFIER, key, trained.artefact)
    return trained.report


def _artefacts(settings: Settings) -> Artefacts:
    return Artefacts(settings.models_dir or settings.data_dir / "models")


def _material(pack: Pack[Wording]) -> Material:
    """What the pack's classifier is trained from."""
    lexicons = pack.lexicons
    return Material(
        pack.utterances,
        tuple(examples_of(pack.intents)),
        pack.training_sets.sentiment,
        pack.training_sets.multi_intent,
        tuple(lexicons[name] for name in _GLOSSARIES if name in lexicons),
    )


def _teaching_key(material: Material, embedder: Embedder | None) -> str:
    taught = (FORMAT, material) if embedder is None else (FORMAT, material, embedder.model)
    return hashlib.sha256(repr(taught).encode()).hexdigest()


async def _embedded(material: Material, embedder: Embedder, progress: Progress) -> Material:
    """The material with its texts' vectors: the first half of a training."""
    return await with_sentences(material, Discreet(embedder, mask), progress=_part(progress, 0.0, 0.5))


def _part(progress: Progress, begin: float, end: float) -> Progress:
    """Progress of a part of the work, which takes the share between `begin` and `end`."""
    return lambda done, text: progress(begin + (end - begin) * done, text)


def _products(loaded: LoadedPack) -> tuple[ProductNames, ...]:
    """The catalogue's names, from the stand-in shop's data when the pack has one."""
    manifest = loaded.pack.manifest.backoffice
    if manifest is None or manifest.shop is None:
        return ()
    records = json.loads(loaded.files.get(f"{manifest.shop}/products.json", b"[]"))
    return tuple(product_names(records))


def _ignore(done: float, text: str) -> None:
    """Nobody watches."""
