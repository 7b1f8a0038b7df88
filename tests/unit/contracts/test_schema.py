"""Our reading of JSON Schema is that of the `jsonschema` library, for every card that somebody may get wrong."""

from __future__ import annotations

import copy
import json
from typing import Any

import jsonschema
import pytest

from shared.contracts.card import SCHEMA, load_cards
from shared.contracts.schema import faults
from tests.support.cards import BROUGHT

CARD_SCHEMA = json.loads(SCHEMA.read_text(encoding="utf-8"))
OURS = load_cards()["enet"].document
VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    1e9,
    "",
    "x",
    "Road",
    [],
    [1, 1],
    ["a", "a"],
    {},
    {"x": 1},
    "0" * 64,
    [0.5, 0.5, 0.5],
)
"""What is put in place of every member and item."""


def places(value, at=()):
    """The address of every value within a document."""
    yield at
    if isinstance(value, dict):
        for name, member in value.items():
            yield from places(member, (*at, name))
    if isinstance(value, list):
        for i, item in enumerate(value[:2]):
            yield from places(item, (*at, i))


def changed(document):
    """The document with each value removed, replaced, doubled, and joined by one that is not known."""
    for *path, last in (at for at in places(document) if at):
        for change in ("remove", "more", *VALUES):
            copied = copy.deepcopy(document)
            holder = copied
            for step in path:
                holder = holder[step]
            if change == "remove":
                del holder[last]
            elif change == "more":
                holder["unheard_of" if isinstance(holder, dict) else slice(None)] = (
                    1 if isinstance(holder, dict) else [*holder, *holder]
                )
            else:
                holder[last] = change
            yield copied


@pytest.mark.parametrize("document", [OURS | {"figures": OURS["figures"][:1]}, BROUGHT], ids=["ours", "brought"])
def test_it_refuses_what_the_library_refuses_and_nothing_else(document):
    library = jsonschema.Draft202012Validator(CARD_SCHEMA)
    assert not list(faults(document, CARD_SCHEMA))
    differing, refused = [], 0
    for card in changed(document):
        wrong = not library.is_valid(card)
        refused += wrong
        if wrong != any(faults(card, CARD_SCHEMA)):
            differing.append(card)
    assert not differing
    assert refused > 300


def test_the_schema_uses_only_what_it_reads():
    known = {"$ref", "if", "then", "else", "type", "const", "enum", "required", "properties", "additionalProperties"}
    known |= {"items", "minItems", "maxItems", "uniqueItems", "minLength", "maxLength", "pattern"}
    known |= {"minimum", "maximum", "exclusiveMinimum"}
    known |= {"$schema", "$defs", "title", "description"}  # of these nothing follows

    def keywords(schema):
        yield from schema
        for name, value in schema.items():
            if name in {"properties", "$defs"}:
                for each in value.values():
                    yield from keywords(each)
            elif isinstance(value, dict) and name != "const":
                yield from keywords(value)

    assert set(keywords(CARD_SCHEMA)) <= known


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"title": None}, "title must be string, not None"),
        ({"input": BROUGHT["input"] | {"mean": [1, 2]}}, "input.mean has 2 items"),
        ({"graph": BROUGHT["graph"] | {"layout": "CHW"}}, "graph.layout must be one of NCHW, NHWC, not 'CHW'"),
        ({"paper": {}}, "paper is not known"),
        ({"name": "My model"}, "name must match"),
    ],
)
def test_a_fault_says_where_and_what(change, told):
    assert told in "; ".join(faults(BROUGHT | change, CARD_SCHEMA))
