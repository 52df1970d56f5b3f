"""Discord's own description of its API, and what in a body contradicts it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match
from jsonschema.protocols import Validator
from jsonschema.validators import extend

FOLDER = Path(__file__).parent / "openapi"
SPEC = FOLDER / "openapi.json"
BODY = "application/json"
_MOST_PERMISSIONS = (1 << 54) - 1
REFERENCE = "#/components/schemas/"


def fault_in(body: Any, method: str, path: str) -> str:
    """The worst contradiction between a body and Discord's schema for a call, or an empty string.

    The path is a template of Discord's or of the fake's, such as "/channels/{channel}/messages".
    """
    checker = _validators().get((method, _plain(path)))
    worst = best_match(checker.iter_errors(body)) if checker else None
    return f"{worst.json_path}: {worst.message}" if worst else ""


@cache
def _validators() -> Mapping[tuple[str, str], Validator]:
    """A validator for the body of each call, by method and plain path."""
    spec = json.loads(SPEC.read_text("utf-8"))
    whole = _Whole(spec["components"]["schemas"])
    return {
        (method.upper(), _plain(path)): _BY_TYPE(whole.put(call["requestBody"]["content"][BODY]["schema"]))
        for path, methods in spec["paths"].items()
        for method, call in methods.items()
    }


def _plain(path: str) -> str:
    """A path in which every argument is a star."""
    return "/".join("*" if part.startswith(("{", "@")) else part for part in path.split("/"))


class _Whole:
    """Copies schemas so that checks are ten times as fast: without references, and with lists of values as `enum`.

    No schema is recursive.
    """

    def __init__(self, schemas: Mapping[str, Any]) -> None:
        self._schemas = schemas
        self._done: dict[str, Any] = {}

    def put(self, node: Any) -> Any:
        """A copy of a part."""
        if isinstance(node, list):
            return [self.put(inner) for inner in node]
        if not isinstance(node, dict):
            return node
        if node.get("format") == "snowflake" or node.get("maximum") == _MOST_PERMISSIONS:
            return node | {
                "type": ["string", "integer", "null"]
            }  # Discord takes both; discord.py sends what is not here
        if all("const" in one for one in node.get("oneOf", [{}])):
            rest = {name: inner for name, inner in node.items() if name != "oneOf"}
            return rest | {"enum": [one["const"] for one in node["oneOf"]]}
        if "$ref" not in node:
            return {name: self.put(inner) for name, inner in node.items()}
        name = node["$ref"].removeprefix(REFERENCE)
        if name not in self._done:
            self._done[name] = self.put(self._schemas[name])
        return self._done[name]


def _any_of(validator: Any, branches: list[Any], body: Any, schema: Any) -> Iterator[ValidationError]:
    yield from Draft202012Validator.VALIDATORS["anyOf"](validator, _possible(branches, body), body, schema)


def _one_of(validator: Any, branches: list[Any], body: Any, schema: Any) -> Iterator[ValidationError]:
    yield from Draft202012Validator.VALIDATORS["oneOf"](validator, _possible(branches, body), body, schema)


def _possible(branches: list[Any], body: Any) -> list[Any]:
    """The branches for this type of component or answer, so that a fault is named where it is, and found quickly."""
    kind = body.get("type") if isinstance(body, dict) else None
    fitting = [one for one in branches if kind in one.get("properties", {}).get("type", {}).get("enum", ())]
    return fitting or branches


_BY_TYPE = extend(Draft202012Validator, {"anyOf": _any_of, "oneOf": _one_of})  # type: ignore[no-untyped-call]
