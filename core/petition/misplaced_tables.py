"""Keys of petition.toml that are in the wrong table, put where they belong, so that the rest can be checked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from core.petition.lines import Lines


def fields_inside(text: str) -> str:
    """The sentence about fields that are a part of [petition]."""
    if "[[petition.fields]]" in text:
        return "write [[fields]] instead of [[petition.fields]]"
    return "fields doesn't belong to [petition]: move it above that line, or write a line [[fields]] for each field"


def with_fields_outside(facts: Mapping[str, Any], lines: Lines) -> tuple[Mapping[str, Any], Lines]:
    """The facts with the fields beside [petition] instead of in it."""
    about = dict(facts["petition"])
    moved = {path[1:]: line for path, line in lines.known.items() if path[:2] == ("petition", "fields")}
    return {**facts, "fields": about.pop("fields"), "petition": about}, Lines({**lines.known, **moved})


def below_a_table(facts: Mapping[str, Any], lines: Lines, keys: Collection[str]) -> tuple[Mapping[str, Any], Lines]:
    """The facts with the petition's own keys where they belong, if they have no table above them."""
    loose = [key for key in facts if key in keys]
    if "petition" in facts or not loose:
        return facts, lines
    known = {("petition", *path): line for path, line in lines.known.items() if path[0] in loose}
    rest = {key: value for key, value in facts.items() if key not in loose}
    return {"petition": {key: facts[key] for key in loose}, **rest}, Lines({**lines.known, **known})
