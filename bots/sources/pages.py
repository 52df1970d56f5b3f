"""Reads pages: their text, and what they say about themselves."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import charset_normalizer
import trafilatura
from lxml import etree, html
from pypdf import PdfReader
from pypdf.errors import PyPdfError
from w3lib.encoding import html_to_unicode
from w3lib.html import get_meta_refresh

from bots.sources.answers import PageAnswer
from bots.sources.resolving import resolved
from bots.sources.source_page import SourcePage
from core.sources.checks import PageFacts

_HTML_TYPES = ("text/html", "application/xhtml+xml", "")
_PDF = "application/pdf"
_MOST_PDF_PAGES = 300
_SAMPLE = 2**17  # bytes from which an undeclared encoding is guessed
_TOLD_APART = frozenset({  # encodings that a guess can be sure of
    "cp932", "shift_jis", "shift_jis_2004", "euc_jp", "iso2022_jp", "gb2312", "gbk", "gb18030", "big5", "big5hkscs",
    "euc_kr", "cp949", "cp1251", "koi8_r", "cp1253", "cp1255", "cp1256",
})  # fmt: skip
_UNSEEN = ("script", "style", "noscript", "template", "title", "svg", "iframe", "object", "select", "textarea")
_INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "mark", "q", "rb", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u",
    "var", "wbr",
})  # fmt: skip
_NOTE_MARK = re.compile(r"\s*\[?\s*(?:\d{1,3}|[a-z*†‡])\s*\]?\s*")
_BROKEN_WORD = re.compile(r"(?<=[^\W\d_])-\n(?=[^\W\d_])")  # at the end of a line in a PDF
_SOONEST = 5  # seconds: a page that goes on after more is there to be read


def read_page(answer: PageAnswer, today: dt.date) -> Iterator[SourcePage]:
    """Read a page in HTML, a PDF, or plain text; of anything else, nothing. No date is later than `today`.

    Yields the page. One in HTML comes twice, first with what its readers see: to find the rest may take minutes.
    """
    if answer.content_type == _PDF or answer.body.startswith(b"%PDF-"):
        yield _read_pdf(answer.body, today)
    elif answer.content_type in _HTML_TYPES:
        yield from _read_html(_decoded(answer), answer.link, today)
    else:
        text = _decoded(answer) if answer.content_type.startswith("text/") else ""
        yield SourcePage(text, text)


def _decoded(answer: PageAnswer) -> str:
    """The text of a body, by its declared encoding or a guess."""
    return str(html_to_unicode(answer.headers.get("Content-Type"), answer.body, "utf-8", _guess)[1])


def _guess(body: bytes) -> str:
    """The encoding of a page that declares none; of those for Latin letters, browsers take only this one."""
    try:
        body.decode()
    except UnicodeDecodeError:
        best = charset_normalizer.from_bytes(body[:_SAMPLE]).best()
        return best.encoding if best and best.encoding in _TOLD_APART else "windows-1252"
    return "utf-8"


def _read_html(source: str, link: str, today: dt.date) -> Iterator[SourcePage]:
    tree = _parsed(source)
    if tree is None:
        yield SourcePage()
        return
    seen = SourcePage(
        text=visible_text(tree),
        heading=" ".join(tree.xpath("string((//h1|//h2)[1])").split()),
        facts=PageFacts(" ".join(tree.xpath("string(//title)").split())),
        refresh=_refresh_target(source, link),
        canonical=resolved(link, "".join(tree.xpath("//link[@rel='canonical'][1]/@href")[:1])),
        is_paid=_is_paid(tree),
        asks_password=bool(tree.xpath("//input[@type='password']")),
        is_whole=False,
    )
    yield seen
    found: Any = trafilatura.bare_extraction(  # which changes the tree
        tree, url=link, with_metadata=True, include_comments=False,
        date_extraction_params={"original_date": True, "extensive_search": False, "max_date": today.isoformat()},
    )  # fmt: skip
    facts = PageFacts(found.title or seen.facts.title, found.sitename or "", found.date or "") if found else seen.facts
    yield replace(seen, main=(found.text or "") if found else "", facts=facts, is_whole=True)


def _refresh_target(source: str, link: str) -> str:
    try:
        seconds, target = get_meta_refresh(source[:_SAMPLE], link)
    except ValueError:  # the address makes no sense
        return ""
    is_other = target is not None and target.partition("#")[0] != link
    return target or "" if seconds is not None and seconds <= _SOONEST and is_other else ""


def _parsed(source: str) -> Any:
    """The tree of a document; None if there is nothing in it."""
    try:  # as bytes: lxml refuses text that names another encoding
        return html.document_fromstring(
            source.encode("utf-8", "replace"), html.HTMLParser(encoding="utf-8", huge_tree=True)
        )
    except (etree.ParserError, ValueError):
        return None


def visible_text(tree: Any) -> str:
    """The text that a reader sees, with line breaks around blocks, and without marks of notes inside sentences."""
    return re.sub(r"\n\s*", "\n", "".join(_pieces(tree))).strip()


def _pieces(tree: Any) -> Iterator[str]:
    """The pieces of text in order; without recursion, since pages may be nested thousands deep."""
    walker = etree.iterwalk(tree, events=("start", "end", "comment", "pi"))
    for event, node in walker:
        gap = "" if event in ("comment", "pi") or node.tag in _INLINE else "\n"
        if event != "start":
            yield gap + (node.tail or "")
        elif node.tag in _UNSEEN or _is_note_mark(node):
            walker.skip_subtree()
        else:
            yield gap + (node.text or "")


def _is_note_mark(element: Any) -> bool:
    """True for a raised mark that leads to a note, such as [12]."""
    if element.tag != "sup":
        return False
    text = "".join(element.itertext())
    return bool(_NOTE_MARK.fullmatch(text)) and ("[" in text or element.find(".//a") is not None)


def _is_paid(tree: Any) -> bool:
    """True if the page's data for search engines says that reading it isn't free (schema.org, isAccessibleForFree)."""
    if tree.xpath("//meta[@itemprop='isAccessibleForFree' and translate(@content, 'FALSE', 'false')='false']"):
        return True
    return any(
        '"isAccessibleForFree"' in text and _says_paid(text)
        for text in tree.xpath("//script[@type='application/ld+json']/text()")
    )


def _says_paid(text: str) -> bool:
    try:
        return any(str(item).lower() == "false" for item in _top_values(json.loads(text), "isAccessibleForFree"))
    except (ValueError, RecursionError):
        return False


def _top_values(data: Any, name: str) -> Iterator[Any]:
    """The values of a name in an object, or in those of a list or a graph; not in the objects within them."""
    for item in data if isinstance(data, list) else [data]:
        if isinstance(item, dict):
            if name in item:
                yield item[name]
            yield from _top_values(item.get("@graph", []), name)


def _read_pdf(body: bytes, today: dt.date) -> SourcePage:
    try:
        reader = PdfReader(io.BytesIO(body))
        text = "\n".join(page.extract_text() for page in reader.pages[:_MOST_PDF_PAGES])
        is_whole = len(reader.pages) <= _MOST_PDF_PAGES
        about = reader.metadata
        title = (about.title or "") if about else ""
        created = about.creation_date if about else None
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError):
        return SourcePage()
    text = _BROKEN_WORD.sub("", text)
    day = created.date().isoformat() if created and created.date() <= today else ""
    return SourcePage(text, text, facts=PageFacts(title, "", day), is_whole=is_whole)
