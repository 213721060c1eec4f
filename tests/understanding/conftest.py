"""The shipped pack, and a classifier that was trained on a part of it."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import kefu
from kefu.learning.material import Material
from kefu.learning.train_classifier import Trained, train_classifier
from kefu.safety.personal_data import find_personal
from kefu.understanding.cascade import Cascade
from kefu.understanding.catalogue import (
    OUT_OF_SCOPE,
    IntentDefinition,
    Utterance,
    examples_of,
    parse_intents,
    parse_utterances,
)
from kefu.understanding.classifier import Classifier, load_classifier
from kefu.understanding.entities import EntityExtractor, product_names
from kefu.understanding.labelled import SET_NAMES
from kefu.understanding.lexicon import Lexicon, parse_lexicon
from kefu.understanding.menu import Menu
from kefu.understanding.rules import Rule, parse_rules

PACK = Path(kefu.__file__).parent / "packs" / "yunlan"
TAUGHT = (
    "order_cancel",
    "order_status",
    "logistics_track",
    "invoice_request",
    "service_hours",
    "return_apply",
    "exchange_apply",
    "payment_method",
    "size_advice",
    "human_agent",
    "greeting",
    "affirm",
    "deny",
    OUT_OF_SCOPE,
)
"""Enough intents to make decisions, few enough to train in seconds."""


@pytest.fixture(scope="session")
def now() -> datetime:
    """A Friday."""
    return datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(scope="session")
def lexicons() -> Mapping[str, Lexicon]:
    return {
        path.stem: parse_lexicon(path.read_text("utf-8"), path.stem, path.name)
        for path in sorted(PACK.glob("lexicons/*.yaml"))
    }


@pytest.fixture(scope="session")
def intents() -> tuple[IntentDefinition, ...]:
    return parse_intents((PACK / "intents.yaml").read_text("utf-8"))


@pytest.fixture(scope="session")
def utterances() -> tuple[Utterance, ...]:
    return tuple(
        utterance
        for path in sorted(PACK.glob("utterances/*.txt"))
        if path.stem not in SET_NAMES
        for utterance in parse_utterances(path.read_text("utf-8"), path.stem, path.name)
    )


@pytest.fixture(scope="session")
def trained(
    utterances: tuple[Utterance, ...],
    intents: tuple[IntentDefinition, ...],
    lexicons: Mapping[str, Lexicon],
) -> Trained:
    taught = [utterance for utterance in utterances if utterance.intent in TAUGHT]
    return train_classifier(Material(taught, tuple(examples_of(intents)), glossaries=(lexicons["glossary"],)))


@pytest.fixture(scope="session")
def classifier(trained: Trained) -> Classifier:
    return load_classifier(trained.artefact)


@pytest.fixture(scope="session")
def menu(intents: tuple[IntentDefinition, ...]) -> Menu:
    flows = {
        "order_cancel": "cancel_order",
        "order_status": "order_status",
        "logistics_track": "track_parcel",
        "exchange_apply": "exchange",
    }
    slots = {
        "cancel_order": {"order_id": "order_id", "reason": "choice"},
        "order_status": {"order_id": "order_id"},
        "track_parcel": {"order_id": "order_id", "parcel": "tracking_no"},
        "exchange": {"order_id": "order_id", "size": "size", "has_package": "boolean", "note": "text"},
    }
    return Menu.of(intents, flows, slots)


@pytest.fixture(scope="session")
def rules(lexicons: Mapping[str, Lexicon]) -> tuple[Rule, ...]:
    return parse_rules((PACK / "rules.yaml").read_text("utf-8"), lexicons["answers"])


@pytest.fixture(scope="session")
def extractor(lexicons: Mapping[str, Lexicon]) -> EntityExtractor:
    products = json.loads((PACK / "shop" / "products.json").read_text("utf-8"))
    return EntityExtractor(product_names(products), lexicons, find_personal)


@pytest.fixture(scope="session")
def cascade(
    rules: tuple[Rule, ...],
    classifier: Classifier,
    extractor: EntityExtractor,
    menu: Menu,
    lexicons: Mapping[str, Lexicon],
) -> Cascade:
    return Cascade(rules, classifier, extractor, menu, lexicons)
