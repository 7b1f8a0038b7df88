"""The part of JSON Schema that our schemas use: https://json-schema.org/draft/2020-12

Cards are checked in a cold start, of which a library that compiles schemas would take a tenth. The tests hold this
to the `jsonschema` library.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]
_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "null": (type(None),),
}


def faults(value: Any, schema: Schema, root: Schema | None = None, at: str = "") -> Iterator[str]:
    """What is wrong with a document, a phrase for each fault that begins with its place, such as `input.mean`."""
    root = root or schema
    if "$ref" in schema:
        found = root
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        yield from faults(value, found, root, at)
    if "if" in schema:
        branch = "else" if any(faults(value, schema["if"], root)) else "then"
        yield from faults(value, schema.get(branch, {}), root, at)
    if not _is_of(value, schema.get("type")):
        yield f"{at or 'it'} must be {_listed(schema['type'])}, not {_shown(value)}"
        return
    if "const" in schema and value != schema["const"]:
        yield f"{at} must be {_shown(schema['const'])}, not {_shown(value)}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at} must be one of {', '.join(map(str, schema['enum']))}, not {_shown(value)}"
    if isinstance(value, dict):
        yield from _faults_of_members(value, schema, root, f"{at}." if at else "")
    elif isinstance(value, list):
        yield from _faults_of_items(value, schema, root, at)
    elif isinstance(value, str):
        if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
            yield f"{at} has {len(value)} characters, which are too few or too many"
        if "pattern" in schema and not re.search(schema["pattern"], value):
            yield f"{at} must match {schema['pattern']}, unlike {_shown(value)}"
    elif isinstance(value, int | float):
        if value < schema.get("minimum", value) or value <= schema.get("exclusiveMinimum", value - 1):
            yield f"{at} is {value}, which is too small"
        if value > schema.get("maximum", value):
            yield f"{at} is {value}, which is too large"


def _faults_of_members(value: dict[str, Any], schema: Schema, root: Schema, before: str) -> Iterator[str]:
    known = schema.get("properties", {})
    yield from (f"{before}{name} is missing" for name in schema.get("required", ()) if name not in value)
    for name, member in value.items():
        if name in known:
            yield from faults(member, known[name], root, before + name)
        elif not schema.get("additionalProperties", True):
            yield f"{before}{name} is not known"


def _faults_of_items(value: list[Any], schema: Schema, root: Schema, at: str) -> Iterator[str]:
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        yield f"{at} has {len(value)} items, which are too few or too many"
    if schema.get("uniqueItems") and any(item in value[:i] for i, item in enumerate(value)):
        yield f"{at} has an item twice"
    for i, item in enumerate(value):
        yield from faults(item, schema.get("items", {}), root, f"{at}[{i}]")


def _is_of(value: Any, types: str | list[str] | None) -> bool:
    if types is None:
        return True
    if isinstance(value, bool):
        return "boolean" in types
    names = [types] if isinstance(types, str) else types
    whole = isinstance(value, float) and value.is_integer() and "integer" in names  # as JSON Schema has it
    return whole or any(isinstance(value, _TYPES[name]) for name in names)


def _listed(types: str | list[str]) -> str:
    return types if isinstance(types, str) else " or ".join(types)


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."
