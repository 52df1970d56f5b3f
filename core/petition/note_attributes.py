"""Attributes at the end of a note, such as {quote="they are healthy" type="report"}: about its source, and not printed.

Any double or single quotes will do, straight or curly, as phones type them. A value may contain quotes, too: it ends at
the one before the next attribute or the closing brace.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.petition.source import DETAILS, SourceKind
from core.petition.wording import nearest
from core.text.document import Span

LONGEST = 300  # characters of a value: a source must fit in one message
EXAMPLE = '{quote="they are healthy" type="report"}'
NAMES = ("quote", "type", "publisher", *DETAILS)

_QUOTES = "\"“”„«»'‘’‚"
_BEGINS = re.compile(rf"\{{\s*(?:{'|'.join(NAMES)})\s*=", re.IGNORECASE)
_LIKE_ONE = re.compile(r"\{\s*[\w-]+\s*=")
_NAME = re.compile(r"\s*(?P<name>[\w-]+)\s*")
_VALUE = re.compile(
    rf"=\s*(?:[\"“”„«»](?P<double>.*?)[\"“”„«»]|['‘’‚](?P<single>.*?)['‘’‚])"
    rf"(?=\s*[,;،]?\s*(?:\}}|[\w-]+\s*=\s*[{_QUOTES}]))\s*[,;،]?",
    re.DOTALL,
)
_END = re.compile(r"\s*\}[\s.,]*$")


def take_attributes(spans: Sequence[Span]) -> tuple[Sequence[Span], Mapping[str, str] | str]:
    """A note without its attributes, and these by name; a sentence if they can't be read."""
    text = "".join(span.text for span in spans)
    begin = attributes_begin(text)
    if begin is None:
        return spans, {}
    return _first(spans, begin), read_attributes(text[begin:])


def attributes_begin(text: str) -> int | None:
    """The position of the brace before a note's attributes; None if it has none."""
    if known := _BEGINS.search(text):
        return known.start()
    if not text.rstrip(" \t\n.,").endswith("}") or "{" not in text:
        return None
    like_one = _LIKE_ONE.search(text)
    return like_one.start() if like_one else text.rindex("{")


def _first(spans: Sequence[Span], length: int) -> Sequence[Span]:
    """The spans of the first characters of a note, without blanks at their end."""
    kept: list[Span] = []
    for span in spans:
        kept.append(replace(span, text=span.text[:length]))
        length -= len(span.text)
        if length <= 0:
            break
    while kept and not kept[-1].text.strip():
        kept.pop()
    return [*kept[:-1], replace(kept[-1], text=kept[-1].text.rstrip())] if kept else kept


def read_attributes(text: str) -> Mapping[str, str] | str:
    """The values, by name, of attributes in braces, or a sentence about the first fault in them."""
    found: dict[str, str] = {}
    position = 1
    while not _END.match(text, position):
        name = _NAME.match(text, position)
        if name is None:
            return _unreadable(text, position)
        key = name["name"].casefold()
        if fault := _name_fault(key, found):
            return fault
        value = _VALUE.match(text, name.end())
        if value is None:
            return _value_fault(key, text)
        found[key] = " ".join((value["double"] or value["single"] or "").split())
        if fault := _fault(key, found[key]):
            return fault
        position = value.end()
    return found or f"has empty braces at its end: remove them, or write {EXAMPLE}"


def _unreadable(text: str, position: int) -> str:
    if "}" in text[position:]:
        return f"has braces that can't be read. Write them at the end of the note, like {EXAMPLE}"
    return f"has no closing brace after its attributes. Write {EXAMPLE}"


def _name_fault(name: str, found: Mapping[str, str]) -> str:
    if name in found:
        return f"has two attributes {name}: remove one"
    if name not in NAMES:
        near = nearest(name, NAMES)
        fix = f"Did you mean {near}?" if near else f"Choose from: {', '.join(NAMES)}"
        return f"has an unknown attribute {name!r} in its braces. {fix}"
    return ""


def _value_fault(name: str, text: str) -> str:
    if "}" not in text:
        return f"has no closing brace after its attributes. Write {EXAMPLE}"
    words = "report" if name == "type" else "..."
    return f'has no value in quotes for {name}. Write {{{name}="{words}"}} at the end of the note'


def _fault(name: str, value: str) -> str:
    if not value:
        return f'has an empty {name}. Write {{{name}="..."}}, or remove it'
    if len(value) > LONGEST:
        return f"has a {name} longer than {LONGEST} characters: shorten it"
    if name == "type" and value.casefold() not in {*SourceKind}:
        near = nearest(value, tuple(SourceKind))
        fix = f"Did you mean {near}?" if near else f"Choose from: {', '.join(SourceKind)}"
        return f"has an unknown type {value!r}. {fix}"
    return ""
