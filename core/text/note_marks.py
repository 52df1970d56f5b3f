"""Marks that look like notes: raised digits, numbers in brackets, and whatever else Word and websites leave behind."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_UNITS = frozenset({"m", "km", "cm", "mm", "dm", "µm", "ft", "in", "mi", "yd", "s"})
_ABBREVIATED = frozenset({
    "no", "nr", "núm", "num", "art", "p", "pp", "vol", "fig", "sec", "sect", "ch", "cf", "par", "abs",
    "pt", "bd", "s", "n",
})  # fmt: skip
_RAISED = re.compile(r"(?P<before>(?:(?![⁰¹²³⁴-⁹])\w)*)(?P<mark>[⁰¹²³⁴-⁹]+|[ᵃᵇᶜᵈⁱ]+(?!\w))")
_BRACKETED = re.compile(r"(?P<mark>\[(?P<label>\d{1,3}|[ivx]{1,5}|[a-e]|[*†‡]+)\])(?![(\[:\w])")
_AFTER_STOP = re.compile(
    r"(?P<before>[^\W\d_]{2,})[”\"’»)]?[.,;:!?]?[”\"’»)]?(?<=[.,;:!?”\"’»)])(?P<mark>[1-9]\d?)(?=\s|$)"
)
_AFTER_WORD = re.compile(r"(?<!\w)(?P<before>[^\W\d_A-Z]{5,})(?P<mark>[1-9]\d?)(?=[\s.,;:!?)]|$)")
_ROUND = re.compile(
    r"(?:(?<=[^\s(])|(?<=\S )(?=\(\d+\)(?:[.,;:]|$)))(?P<mark>\((?P<label>\d{1,2}|[ivx]{1,4})\))(?=[\s.,;:!?]|$)"
)
_SIGN = re.compile(r"(?<=[^\s*†‡])(?P<mark>\*(?!\*)|[†‡]+)(?=[\s.,;:!?)”\"]|$)|^(?P<first>[†‡]+)(?=\s*\S)")
_LEADING = re.compile(r"\W*(?P<label>\d{1,3}|[ivx]{1,5}|[a-e]|[⁰¹²³⁴-⁹]+)(?=[\W\s])")
_CARET = re.compile(r"(?P<inline>\^\[[^\]]+\])|\[\s*\^\s*(?P<label>[^\]]*?)\s*\]")
_ALL = (_RAISED, _BRACKETED, _AFTER_STOP, _AFTER_WORD, _ROUND, _SIGN)
_SOURCE = re.compile(
    r"^.{0,120}?[“\"«„‘].{3,300}[”\"»“’],?+\s*+\(?+(?=[^a-zß-ÿ])[^=*<>|!?]{0,60}(?<!\d)(?:1[89]|20)\d\d(?!\d).{0,90}$|^\W*(?:\d{1,2}\W+)?(?:https?://\S+|\ufffc)$"
)
SOURCES = frozenset({
    "sources", "source", "notes", "references", "footnotes", "endnotes", "bibliography", "works cited", "fuentes",
    "notas", "referencias", "quellen", "fußnoten", "anmerkungen", "références", "fonti", "note", "المصادر", "المراجع",
    "هوامش",
})  # fmt: skip
"""Words that stand alone above a list of sources."""


@dataclass(frozen=True)
class NoteMark:
    """A mark in a line of words that looks like a note, but isn't one; `key` is what it shares with its source.

    `is_bare` is true for digits that only follow a word, and may belong to it.
    """

    start: int
    mark: str
    key: str
    label: str
    is_bare: bool


def marks_in(line: str) -> Iterator[NoteMark]:
    """The marks in a line of words that look like notes, but aren't."""
    seen = set[int]()
    for pattern in _ALL:
        for match in pattern.finditer(line):
            group = "first" if match.groupdict().get("first") else "mark"
            if match.start(group) not in seen and _is_note(match):
                seen.add(match.start(group))
                mark, label = match[group], match.groupdict().get("label")
                yield NoteMark(match.start(group), mark, _key(mark, label), _label(mark, label), pattern is _AFTER_WORD)


def note_marks(line: str) -> Iterator[str]:
    """A sentence for each mark in a line of words that looks like a note, but isn't one."""
    for mark in marks_in(line):
        note = f"Write [^{mark.label}] there, and what it says after [^{mark.label}]: at the foot of background.md"
        yield f"{mark.mark!r} looks like a note. {note}"
    for match in _CARET.finditer(line):
        if match["inline"]:
            yield f"{match['inline']!r} isn't a note here: write [^1], and what it says after [^1]: in background.md"
        else:
            label = re.sub(r"[\s\\]+", "-", match["label"]) or "1"
            yield f"{match[0]!r} isn't a note: write [^{label}], with no blanks or backslashes in it"


def _is_note(match: re.Match[str]) -> bool:
    before = (match.groupdict().get("before") or "").casefold()
    if match.re is _RAISED:
        return before not in _UNITS and not before[-1:].isdecimal()
    return before not in _ABBREVIATED or match.string[match.start("mark") - 1] != "."


def _label(mark: str, label: str | None) -> str:
    key = _key(mark, label)
    return key if key.isalnum() and (label or key.isdecimal()) else "1"


def _key(mark: str, label: str | None) -> str:
    digits = "".join(str(unicodedata.digit(sign)) for sign in mark if unicodedata.digit(sign, None) is not None)
    return digits or label or unicodedata.normalize("NFKC", mark)


def source_label(line: str, number: str = "") -> str:
    """The label for a line that looks like a source: a title in quotes and a year, or nothing but an address.

    It comes from the mark in front of the line, or from the `number` of an item. Empty if the line is something else.
    """
    if not _SOURCE.match(line):
        return ""
    mark = _LEADING.match(line)
    return number or (_label(mark[0], mark["label"]) if mark else "1")


def source_key(line: str) -> tuple[str, str]:
    """The mark in front of a source, as in the text that cites it, and the words after it; empty if it has no mark."""
    if sign := re.match(r"\W{0,2}?([*†‡]+)\]?\s*", line):
        return sign[1], line[sign.end() :]
    mark = _LEADING.match(line)
    if not mark:
        return "", line.strip()
    return _key(mark[0], mark["label"]), line[mark.end() :].lstrip(" \t.:)]")
