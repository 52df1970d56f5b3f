"""The parts of a note about a source: publication, author, title, and date, as people write them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from babel import Locale, UnknownLocaleError

from core.petition.source import SourceKind

EXAMPLE = "Publication, “Title,” June 28, 2018. <https://...> (the link is optional)"
NO_DATE = frozenset({
    "n.d", "nd", "no date", "undated", "s.f", "sin fecha", "s.d", "sans date", "sine dato", "o.d", "o.j", "o. j",
    "o. d", "ohne datum", "s.a", "z.d", "бд", "б. д", "б.г", "بلا تاريخ", "بدون تاريخ", "د.ت", "日付なし",
})  # fmt: skip
"""Words that stand for a date in notes about undated sources, in small letters, without the last full stop."""

_COMMA = "[,،、，;؛]"
_QUOTED = re.compile(
    rf"^(?P<before>.*?){_COMMA}?\s*[“\"«„”»「『](?P<title>.+)[”\"»“«」』](?P<after>[^”\"»“«」』]*)$", re.DOTALL
)
_SINGLY_QUOTED = re.compile(
    rf"^(?P<before>.*?)(?:{_COMMA}\s*|\s+|^)[‘‚'‹›’](?P<title>.+)[’‘'›‹](?=[\s,،.]|$)(?P<after>.*)$", re.DOTALL
)
_ASIDE = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*\.?\s*$")
_ACCESSED = re.compile(
    r"[\s,.;]+(?:last )?(?:accessed|retrieved|viewed|consultado|abgerufen|consulté)\b", re.IGNORECASE
)
_EDGES = " \t\n,،、，;؛."
_TWO_TITLES = re.compile(r"[”\"»][^“\"«]*\d{4}[^“\"«]*[“\"«]")
_IN_BRACKETS = re.compile(r"^(?P<words>.+?)\s*\((?P<date>[^()]*\d{4})\)\s*\.?\s*$", re.DOTALL)
_PAGE = re.compile(r"[\s,;]+(?:pp?|S|págs?|ch|chap|cap|vol|at)\.?\s*\d[\d\s,–-]*\.?\s*$")


@dataclass(frozen=True)
class NoteParts:
    """The parts of a note: publication, title, and date as written, each without the marks between them."""

    publication: str
    title: str
    date: str
    author: str = ""


def parts_of(words: str, marked: str, language: str, kind: SourceKind) -> NoteParts | str:
    """The parts of a note's words, or what is wrong with them.

    `marked` is the title, if italics or a link mark it instead of quotes. Only a law needs neither.
    """
    found = _around_title(words, marked)
    if kind is SourceKind.LAW and found is None:
        return _law(words)
    if found is None:
        return _unquoted(words)
    if _TWO_TITLES.search(found[1]):
        return "seems to cite two sources: write a semicolon between them"
    return _article(*found, language) if kind is SourceKind.ARTICLE else _other(*found, language, kind)


def _article(before: str, title: str, after: str, language: str) -> NoteParts | str:
    """The parts of an article, which needs all of them."""
    publisher, date = _date(after, language)
    publication = _listed(before, publisher)
    if not publication:
        return f"has no publication in front of the title. It should read: {EXAMPLE}"
    if not date:
        return "has no date after the title. If its source has none, write n.d."
    return NoteParts(publication, title, _plain_date(date))


def _other(before: str, title: str, after: str, language: str, kind: SourceKind) -> NoteParts:
    """The parts of any other source, which may lack all but the title."""
    publisher, date = _date(_PAGE.sub("", after), language)
    if not (re.search(r"\d", date) or is_undated(date)):
        publisher, date = _listed(publisher, date.strip("()[]")), ""
    if kind is SourceKind.BOOK or (kind is SourceKind.REPORT and before and publisher):
        return NoteParts(publisher, title, _plain_date(date), before)
    return NoteParts(_listed(before, publisher), title, _plain_date(date))


def _law(words: str) -> NoteParts | str:
    """The parts of a law, all of which is its title, except for a year in brackets at its end."""
    dated = _IN_BRACKETS.match(words)
    title, date = (dated["words"], dated["date"]) if dated else (words, "")
    title = title.strip(_EDGES)
    return NoteParts("", title, date) if title else "has no words: write the title of its source"


def _listed(*parts: str) -> str:
    return ", ".join(filter(None, parts))


def _around_title(words: str, marked: str) -> tuple[str, str, str] | None:
    """The words before the title, the title, and the words after it; None if nothing marks a title."""
    match = _QUOTED.match(words) or _SINGLY_QUOTED.match(words)
    if match:
        before, title, after = (match[name].strip() for name in ("before", "title", "after"))
    elif marked and marked in words:
        before, _, after = words.partition(marked)
        title = marked
    else:
        return None
    return before.strip(_EDGES[:-1]), title.strip().rstrip(",،，"), after.strip().strip(_EDGES)


def _plain_date(date: str) -> str:
    """The date, with the last full stop that belongs to words such as "n.d."."""
    return f"{date}." if is_undated(date) and "." in date else date


def _unquoted(words: str) -> str:
    """The sentence about a note without quotes, with the quotes where they most likely belong."""
    parts = [part.strip() for part in re.split(_COMMA, words.rstrip(". "))]
    first = next((at for at, part in enumerate(parts) if at and re.search(r"\d", part)), len(parts))
    if first > 1 and first < len(parts) and re.search(r"\d{4}", parts[-1]):
        start = first - 1 if first > 2 and len(parts[first - 1].split()) == 1 else first
        guess = f"{parts[0]}, “{', '.join(parts[1:start])},” {', '.join(parts[start:])}."
        return f"has no quotes around the title. Write: {guess}"
    return f"should read: {EXAMPLE}"


def _date(after: str, language: str) -> tuple[str, str]:
    """The publication, if it comes after the title, and the date."""
    rest = _ACCESSED.split(after, maxsplit=1)[0].strip(_EDGES) or after
    while (aside := _ASIDE.search(rest)) and rest[: aside.start()].strip(_EDGES):
        rest = rest[: aside.start()].strip(_EDGES)  # (accessed May 3, 2026)
    if aside and not rest[: aside.start()].strip(_EDGES):
        rest = aside[1].strip(_EDGES)
    parts = re.split(rf"\s*{_COMMA}\s*", rest)
    first = next((at for at, part in enumerate(parts) if _begins_a_date(part, language)), None)
    if first is None or first == 0:
        return "", rest
    return ", ".join(parts[:first]), rest[_start(rest, parts, first) :]


def _start(rest: str, parts: list[str], index: int) -> int:
    """The position of a part in the text that was split."""
    position = 0
    for part in parts[:index]:
        position = rest.index(part, position) + len(part)
    return rest.index(parts[index], position)


def _begins_a_date(part: str, language: str) -> bool:
    return bool(re.search(r"\d", part)) or is_undated(part) or part.casefold().strip(". ") in _day_names(language)


def _day_names(language: str) -> frozenset[str]:
    """The names of days and months, by which a date may begin."""
    names: set[str] = set()
    for spoken in ("en", language):
        try:
            locale = Locale.parse(spoken)
        except (ValueError, UnknownLocaleError):
            continue
        for forms in (locale.days, locale.months):
            for widths in forms.values():
                names |= {name.casefold().strip(".") for name in widths["wide"].values()}
                names |= {name.casefold().strip(".") for name in widths["abbreviated"].values()}
    return frozenset(names)


def has_title(words: str) -> bool:
    """True for words with a title in double quotes."""
    return _QUOTED.match(words) is not None


def is_undated(date: str) -> bool:
    """True for a date such as "n.d.", which says that the source has none."""
    return date.strip().rstrip(".").casefold() in NO_DATE
