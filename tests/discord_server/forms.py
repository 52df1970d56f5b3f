"""A modal as a person fills it in: what is prefilled, what was typed, and what Discord lets through."""

from collections.abc import Sequence
from typing import Any

from tests.discord_server.errors import Json
from tests.discord_server.kinds import (
    CHECKBOX,
    CHECKBOXES,
    RADIO,
    ROW,
    STRING_SELECT,
    TEXT,
    TEXT_INPUT,
    Component,
)
from tests.discord_server.state import Modal


def submit(modal: Modal, values: dict[str, Any]) -> Json:
    """The data of the submitted form; raises AssertionError where Discord's own app would not send it."""
    left = dict(values)
    components = fill(modal.components, left)
    if left:
        raise AssertionError(f"the form has no field {sorted(left)}:\n{modal.as_text()}")
    return {"custom_id": modal.custom_id, "components": components}


def fill(components: Sequence[Component], left: dict[str, Any]) -> list[Json]:
    """Fill in a form's parts with values by label, which are taken out of `left`."""
    return [_top(component, left) for component in components]


def _top(component: Component, left: dict[str, Any]) -> Json:
    number = component.get("id", 0)
    if component["type"] == TEXT:
        return {"type": TEXT, "id": number}
    if component["type"] == ROW:
        inner = component["components"][0]
        return {"type": ROW, "id": number, "components": [_field(inner, inner["label"], left)]}
    return {
        "type": component["type"],
        "id": number,
        "component": _field(component["component"], component["label"], left),
    }


def _field(field: Component, label: str, left: dict[str, Any]) -> Json:
    body: Json = {"type": field["type"], "id": field.get("id", 0), "custom_id": field["custom_id"]}
    was_given, value = label in left, left.pop(label, None)
    kind = field["type"]
    if kind == TEXT_INPUT:
        return body | {"value": _typed(field, label, value if was_given else field.get("value") or "")}
    if kind == CHECKBOX:
        return body | {"value": bool(value if was_given else field.get("default"))}
    chosen = _chosen(field, label, value) if was_given else _preselected(field)
    low, high = _bounds(field)
    if not low <= len(chosen) <= high:
        raise AssertionError(f"{label}: from {low} to {high} must be chosen, not {len(chosen)}")
    if kind == RADIO:
        return body | {"value": chosen[0] if chosen else None}
    return body | {"values": chosen}


def _typed(field: Component, label: str, value: str) -> str:
    low, high = field.get("min_length") or 0, field.get("max_length") or 4000
    if field.get("required", True):
        low = max(low, 1)
    elif not value:
        low = 0
    if not low <= len(value) <= high:
        raise AssertionError(f"{label}: from {low} to {high} characters are wanted, not {len(value)}")
    if field["style"] == 1 and "\n" in value:
        raise AssertionError(f"{label}: there is one line only")
    return value


def _bounds(field: Component) -> tuple[int, int]:
    size = len(field.get("options") or [])
    if field["type"] == RADIO:
        low, high = 1, 1
    elif field["type"] == CHECKBOXES:
        low, high = field.get("min_values", 1), field.get("max_values") or size
    else:
        low, high = field.get("min_values", 1), field.get("max_values") or 1
    return (low if field.get("required", True) else 0), high


def _preselected(field: Component) -> list[str]:
    return [option["value"] for option in field.get("options") or [] if option.get("default")]


def _chosen(field: Component, label: str, value: Any) -> list[str]:
    wanted = [] if value is None else [value] if isinstance(value, str) else list(value)
    if field["type"] not in {STRING_SELECT, RADIO, CHECKBOXES}:
        return [str(getattr(getattr(each, "user", each), "id", each)) for each in wanted]
    return values_of(field, label, wanted)


def values_of(field: Component, label: str, wanted: list[str]) -> list[str]:
    """The values of options by their labels; raises AssertionError for one that is not offered."""
    options = {option["label"]: option["value"] for option in field.get("options") or []}
    unknown = [each for each in wanted if each not in options]
    if unknown:
        raise AssertionError(f"{label}: {unknown} is not among {list(options)}")
    return [options[each] for each in wanted]
