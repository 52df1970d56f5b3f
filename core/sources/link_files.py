"""Links in files that organizers have: bookmarks, saved result pages, tables, Markdown, shortcuts, and lists."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

from core.addresses import is_web_address

_HTML = re.compile(r"<a\s[^>]*href", re.IGNORECASE)
_MARKDOWN = re.compile(r"\[([^\]\n]+)\]\(<?(https?://[^\s)>]+)>?[^)\n]*\)")
_BARE = re.compile(r"https?://[^\s<>\"“”«»|]+[^\s<>\"“”«».,;:!?)\]}|]")
_SHORTCUT = re.compile(r"^URL=(\S+)", re.MULTILINE | re.IGNORECASE)
_TABLES = {".csv": ",", ".tsv": "\t"}
_WRAPPED = ("uddg", "url", "q", "u")
"""The parameters in which result pages carry the real address."""


@dataclass(frozen=True, slots=True)
class FoundLink:
    """A link in a file, and the words that the file says about it."""

    link: str
    words: str


def links_in(text: str, name: str = "") -> tuple[FoundLink, ...]:
    """The web links in a file, each once, with the longest words about it; `name` is the file's."""
    stem, _, ending = name.rpartition(".")
    longest: dict[str, str] = {}
    for link, words in _links(text, stem, f".{ending.lower()}"):
        plain = " ".join(words.split())
        real = _unwrapped(link)
        if is_web_address(real) and len(plain) >= len(longest.get(real, "")):
            longest[real] = plain
    return tuple(FoundLink(link, words) for link, words in longest.items())


def _links(text: str, stem: str, ending: str) -> Iterator[tuple[str, str]]:
    shortcut = _SHORTCUT.search(text)
    if ending in _TABLES:
        yield from _in_table(csv.reader(text.splitlines(), delimiter=_TABLES[ending]))
    elif _HTML.search(text):
        reader = _Anchors()
        reader.feed(text)
        yield from reader.found
    elif ending == ".url" and shortcut:
        yield shortcut[1], stem
    else:
        yield from _in_lines(text)


def _in_table(rows: Iterable[list[str]]) -> Iterator[tuple[str, str]]:
    """The links in the cells of a table, with the other cells of their row."""
    for row in rows:
        links = [cell.strip() for cell in row if is_web_address(cell.strip())]
        words = " ".join(cell for cell in row if cell.strip() not in links)
        yield from ((link, words) for link in links)


def _in_lines(text: str) -> Iterator[tuple[str, str]]:
    """Markdown's links with their words, and bare addresses with the rest of their line, or else the line before."""
    before = ""
    for line in text.splitlines():
        marked = _MARKDOWN.findall(line)
        yield from ((link, words) for words, link in marked)
        rest = _MARKDOWN.sub(" ", line)
        words = _BARE.sub(" ", rest).strip(" -*|<>\t")
        for link in _BARE.findall(rest):
            yield link, words or before
        before = words


class _Anchors(HTMLParser):
    """Collects the anchors of a page with their words."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._link, self._words = "", list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an anchor."""
        if tag == "a":
            self._end()
            self._link = dict(attrs).get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        """End an anchor."""
        if tag == "a":
            self._end()

    def handle_data(self, data: str) -> None:
        """Collect the words of an anchor."""
        if self._link:
            self._words.append(data)

    def _end(self) -> None:
        if self._link:
            self.found.append((self._link, " ".join(self._words)))
        self._link, self._words = "", []


def _unwrapped(link: str) -> str:
    """The address that a result page's own link leads to; or the link itself."""
    link = f"https:{link}" if link.startswith("//") else link
    try:
        query = parse_qs(urlsplit(link).query)
    except ValueError:
        return link
    inside = (query[name][0] for name in _WRAPPED if name in query)
    return next((address for address in inside if is_web_address(address)), link)
