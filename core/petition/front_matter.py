"""Reads the front matter of letter.md: title, summary, and the words for the form, with every fault in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from pydantic import Field as FileKey

from core.petition.form import Field, FieldKind
from core.petition.lines import NO_LINES, Lines, yaml_lines
from core.petition.visible_text import VISIBLE
from core.petition.wording import meant, nearest, sentence, unknown_key
from core.petition.yaml_text import lost_words, read_yaml
from core.text.markdown import front_matter

Title = Annotated[str, StringConstraints(min_length=1, max_length=150, strip_whitespace=True), VISIBLE]
Summary = Annotated[str, StringConstraints(min_length=1, max_length=600, strip_whitespace=True), VISIBLE]
Name = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True), VISIBLE]
FieldCaption = Annotated[
    str, StringConstraints(min_length=1, max_length=45), VISIBLE
]  # above an input in a Discord form
Hint = Annotated[str, StringConstraints(min_length=1, max_length=100), VISIBLE]  # a placeholder in a Discord modal
OptionWords = Annotated[str, StringConstraints(min_length=1, max_length=80), VISIBLE]  # a Discord button

_OWN_CAPTION = frozenset({FieldKind.TEXT, FieldKind.CHOICE, FieldKind.YES_NO, FieldKind.AGREE})
_KEYS = ("title", "summary", "target", "organizer", "labels", "hints", "options")
_EXAMPLES = {"title": "title: Keep the elms of Elm Street", "summary": "summary: One or two sentences on what you ask"}
_DEEPEST = 3  # keys that lead to a value: options, a field, an option
_DASHES = re.compile(r"\s*[-–—―_*=~]{1,}\s*$")

LineFault = tuple[int, str]
"""A line of the file, and a sentence about it."""


class FrontMatter(BaseModel):
    """The front matter above the letter, between two lines of dashes."""

    model_config = ConfigDict(extra="forbid", strict=True)
    title: Title
    summary: Summary
    target: Name | None = None
    organizer: Name | None = None
    captions: dict[str, FieldCaption] = FileKey({}, alias="labels")  # the key in the file
    hints: dict[str, Hint] = {}
    options: dict[str, dict[str, OptionWords]] = {}


@dataclass(frozen=True)
class FrontReading:
    """The front matter of a letter, as far as it can be read; `front` is None if it has faults of its own.

    `body` is the letter below it.
    """

    front: FrontMatter | None
    body: str
    facts: Mapping[str, Any] | None = None
    lines: Lines = NO_LINES
    faults: list[LineFault] = field(default_factory=list)
    warnings: list[LineFault] = field(default_factory=list)

    def words(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """Every sentence in the front matter that people read, with the keys that lead to it."""
        yield from _words(self.facts, ())


def _words(value: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, Mapping) and len(path) < _DEEPEST:
        for key, inner in value.items():
            yield from _words(inner, (*path, str(key)))
    elif isinstance(value, str):
        yield path, value


def read_front_matter(letter: str) -> FrontReading:
    """The front matter of a letter and the faults in it."""
    parts = front_matter(letter)
    if not parts:
        line, text, body = _missing(letter)
        return FrontReading(None, body, faults=[(line, text)])
    yaml, body = parts
    found = read_yaml(yaml, _KEYS)
    faults = [(line + 1, text) for line, text in found.faults]
    warnings = [(line + 1, text) for line, text in lost_words(yaml)]
    if found.facts is None:
        return FrontReading(None, body, faults=faults, warnings=warnings)
    lines, front = yaml_lines(found.text, above=1), None
    try:
        front = FrontMatter.model_validate(found.facts)
    except ValidationError as error:
        faults += _faults(error, lines)
    return FrontReading(front if not faults else None, body, found.facts, lines, faults, warnings)


def body_of(text: str) -> str:
    """The text below the front matter, after an empty line for each line above, so that lines keep their numbers."""
    parts = front_matter(text)
    body = parts[1] if parts else _missing(text)[2]
    return "\n" * (text.count("\n") - body.count("\n")) + body


def _missing(letter: str) -> tuple[int, str, str]:
    """The line and the words for front matter that isn't there, and the letter below it, if it can be told."""
    lines = letter.split("\n")
    first = next((number for number, line in enumerate(lines, 1) if line.strip()), 1)
    if not _DASHES.match(lines[first - 1]):
        begin = "the front matter is missing: begin the file with title and summary, between two lines of three hyphens"
        return 1, begin, letter
    if lines[first - 1].rstrip() != "---":
        return first, "the front matter must begin with a line of three hyphens: ---", ""
    if first > 1:
        return 1, "the front matter must begin on the first line: remove the empty lines above ---", ""
    ends = (number for number, line in enumerate(lines[1:], 2) if _DASHES.match(line))
    return next(ends, 1), "the front matter must end with a line of three hyphens: ---", ""


def _faults(error: ValidationError, lines: Lines) -> Iterator[LineFault]:
    errors = error.errors()
    absent = {str(found["loc"][-1]) for found in errors if found["type"] == "missing"}
    for found in errors:
        where, kind = found["loc"], found["type"]
        text = sentence(found)
        if kind == "missing":
            continue
        if kind == "extra_forbidden":
            absent.discard(nearest(str(where[-1]), _KEYS))
            text = unknown_key(where[-1], _KEYS)
        elif kind == "string_too_short":
            text = "it's empty: write the words after the colon"
        yield lines.of(*where), f"{'.'.join(map(str, where))}: {text}"
    for key in sorted(absent, reverse=True):
        yield 1, f"{key}: it's missing. Add: {_EXAMPLES[key]}"


def caption_faults(
    reading: FrontReading, fields: tuple[Field, ...], names: frozenset[str], named_if: str
) -> Iterator[LineFault]:
    """Captions that are missing and have no default in the locales, and ones of unknown fields.

    `names` are those of all fields, also of the ones that can't be read. `named_if` is the question about the name.
    """
    section = {key: _section(reading.facts, key) for key in ("labels", "hints", "options")}
    kinds = [field.kind for field in fields if field.name != named_if]
    for asked in fields:
        default = asked.name == named_if or (asked.name == "comment" and asked.kind is FieldKind.TEXT)
        own = (asked.kind in _OWN_CAPTION and not default) or kinds.count(asked.kind) > 1
        misspelt = any(nearest(str(key), [asked.name]) for key in section["labels"] if key not in names)
        if own and asked.name not in section["labels"] and not misspelt:
            yield reading.lines.of("labels"), f"labels: the field {asked.name!r} needs a caption: {_add(asked.name)}"
        yield from _option_faults(reading.lines, asked, _section(section["options"], asked.name))
    for name, keys in section.items():
        for key in keys:
            if key not in names:
                text = f"{name}: no field is called {str(key)!r}. {meant(str(key), sorted(names))}"
                yield reading.lines.of(name, key), text


def _add(name: str) -> str:
    return f"below labels, add a line {name}: and its words"


def _section(facts: Mapping[str, Any] | None, key: str) -> Mapping[str, Any]:
    value = (facts or {}).get(key)
    return value if isinstance(value, dict) else {}


def _option_faults(lines: Lines, asked: Field, words: Mapping[str, Any]) -> Iterator[LineFault]:
    for option in asked.options:
        if option not in words:
            yield lines.of("options"), f"options: {asked.name!r} has no words for {option!r}"
    for option in words:
        if option not in asked.options:
            text = f"options: {asked.name!r} has no option {str(option)!r}. {meant(str(option), asked.options)}"
            yield lines.of("options", asked.name, option), text
