"""Every parser of ours, what it is given, and the errors that its documentation names."""

from __future__ import annotations

import argparse
import copy
import json
import random
from collections.abc import Callable
from typing import Any

import httpx
import numpy as np
from hypothesis import strategies as st

from functions.orchestrator.chance import read_confidence
from functions.orchestrator.cors import read_origins
from functions.orchestrator.label_maps import overlay, read_labels
from functions.orchestrator.photo import identify, inspect
from functions.orchestrator.records import Marker
from functions.orchestrator.settings import Settings, SettingsError
from infra.settings import Settings as StackSettings
from infra.settings import SettingsError as StackSettingsError
from local.server import port_number
from shared import maps_file
from shared.chance.table import FITTED, Chance
from shared.contracts import card
from shared.contracts.labels import CLASS_NAMES
from shared.contracts.messages import SegmentRequest, SegmentResult
from shared.contracts.problems import ProblemError
from shared.contracts.routes import route_key
from shared.inference.encode import encode_gray, encode_labels
from shared.map_png import MapError
from shared.paths import MODELS_DIR, ROOT
from tests.reliability.corpus import corpus, mutated
from tripane import client, journal_check
from tripane.batch.deployment import Place
from tripane.cli import gates
from tripane.errors import UsageError
from tripane.journal import Settings as ReportSettings
from tripane.journal_check import DamageError
from tripane.records import Answer, Record
from tripane.truth import mapping

SEEDS = st.integers(0, 2**32)


def mutations_of(*wholes: bytes) -> st.SearchStrategy[bytes]:
    """Anything at all, and mutations of what is right."""
    changed = st.builds(lambda whole, seed: mutated(whole, random.Random(seed)), st.sampled_from(wholes), SEEDS)
    return st.binary(max_size=300) | changed


SIZE = (40, 30)
LABELS = encode_labels(np.arange(1200, dtype=np.uint8).reshape(30, 40) % 11)
CONFIDENCE = encode_gray(np.arange(1200, dtype=np.uint8).reshape(30, 40))
JSONS = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
EVENTS = JSONS | st.dictionaries(st.sampled_from([*SegmentRequest.__dataclass_fields__]), JSONS)
MARKER = Marker.model_validate({"version": "0" * 12, "asked_at": "2026-11-24T10:00:00Z"}).model_dump_json().encode()


@st.composite
def changes_of(draw: st.DrawFn, document: Any) -> Any:
    """Documents with something else in one place, or without it, and anything at all now and then."""
    if draw(st.integers(0, 9)) == 0:
        return draw(JSONS)
    made = copy.deepcopy(document)
    within, key = made, None
    while isinstance(within, dict | list) and within and (key is None or draw(st.booleans())):
        if key is not None and not isinstance(within[key], dict | list):
            break
        within = within if key is None else within[key]
        if not within:
            return made
        key = draw(st.sampled_from([*within] if isinstance(within, dict) else range(len(within))))
    if draw(st.booleans()):
        within[key] = draw(JSONS)
    else:
        del within[key]
    return made


RESULT = SegmentResult(
    *("enet", "0" * 12, 40, 30, dict.fromkeys(CLASS_NAMES, 0.0), 0.5, {"total": 1.0}, True),
    *(1.0, 1.0, 3072, 1, 1e-6, "2026-11-24T10:00:00Z"),
).document()
MATRIX = [1] * 144
RECORD = Record(
    "a.jpg",
    "1",
    size=(40, 30),
    upright=(40, 30),
    answers={"enet": Answer(None, 1.0, 0.5, 0.5, 1.0, 2.0, [0.0] * len(CLASS_NAMES), MATRIX, (1, 2))},
    pairs={"enet swiftnet": MATRIX},
    all_agree=1.0,
).document()
CARD = json.loads((MODELS_DIR / "enet" / card.FILE).read_text(encoding="utf-8"))
CONTEXT = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
MAPPING = {"labels": "ids", "classes": {"sky": [0], "road": [1, 2]}, "others": "ignore", "label_ends": ["_ids"]}


def read_record(document: Any) -> None:
    """Read a record as a report's journal is read."""
    journal_check.check(ReportSettings({"enet": "1"}), [Record.from_document(document)])


VARIABLES = (
    "TRIPANE_ALLOWED_ORIGINS",
    "TRIPANE_CALLS_PER_MODEL",
    "TRIPANE_DATA_BUCKET",
    "TRIPANE_DEADLINE_S",
    "TRIPANE_FUNCTIONS",
    "TRIPANE_MAX_COMPARISONS",
    "TRIPANE_ORIGIN_SECRETS",
)

GATE = st.text() | (st.text() | st.floats().map(str)).map("miou=".__add__)
PACKED = mutations_of(maps_file.pack(LABELS, CONFIDENCE))
MOMENTS = [b"Wed, 21 Oct 2015 07:28:00 GMT", b"9" * 5000, b"-1", b"0x1", "\u0663".encode(), "\u00b2".encode("latin-1")]
AFTER = st.binary() | st.sampled_from(MOMENTS)
PARSERS: dict[str, tuple[Callable[[Any], Any], st.SearchStrategy[Any], tuple[type[Exception], ...]]] = {
    "a photo's header": (inspect, mutations_of(*list(corpus().values())[:60]), (ProblemError,)),
    "what a file begins with": (identify, st.binary(), ()),
    "labels": (lambda b: read_labels(b, SIZE), mutations_of(LABELS), (MapError,)),
    "labels as colours": (lambda b: overlay(b, SIZE), mutations_of(LABELS), (MapError,)),
    "confidence": (read_confidence, mutations_of(CONFIDENCE), (MapError,)),
    "a marker": (Marker.model_validate_json, mutations_of(MARKER), (ValueError,)),
    "an event": (SegmentRequest.from_document, EVENTS, (ValueError,)),
    "origins": (read_origins, st.text(), (ValueError,)),
    "an environment": (
        Settings.from_environment,
        st.dictionaries(st.sampled_from(VARIABLES), st.text()),
        (SettingsError,),
    ),
    "a port": (port_number, st.text(), (argparse.ArgumentTypeError,)),
    "maps": (lambda b: maps_file.unpack(b, maps_file.LABELS), PACKED, (maps_file.MapsFileError,)),
    "a result": (SegmentResult.from_document, changes_of(RESULT), (TypeError, ValueError)),
    "an answer that is told": (Answer.told, changes_of(RESULT), (KeyError, TypeError, AttributeError, ValueError)),
    "a report's line": (read_record, changes_of(RECORD), (KeyError, TypeError, AttributeError, DamageError)),
    "a card": (lambda document: list(card._faults(document, "enet")), changes_of(CARD), ()),
    "a table of chances": (
        Chance.from_document,
        changes_of(json.loads(FITTED.read_text(encoding="utf-8"))),
        (ValueError, OverflowError),
    ),
    "a mapping of labels": (
        lambda document: mapping.parse(document, "x"),
        changes_of(MAPPING).filter(lambda made: isinstance(made, dict)),
        (ValueError,),
    ),
    "a stack's context": (
        StackSettings.from_context,
        changes_of(CONTEXT).filter(lambda made: isinstance(made, dict)),
        (StackSettingsError,),
    ),
    "a place in S3": (Place.parse, st.text() | st.text().map("s3://".__add__), (UsageError,)),
    "a gate": (lambda text: gates.parse(text, True), GATE, (UsageError,)),
    "when to come back": (lambda text: client._told(httpx.Response(429, headers=[(b"retry-after", text)])), AFTER, ()),
    "a route": (lambda pair: route_key(*pair), st.tuples(st.text(), st.text()), ()),
}
