"""The sources of a petition as data for other programs: CSL-JSON, BibTeX, and schema.org's vocabulary."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from core.petition.date_parts import DateParts, date_parts
from core.petition.petition import PetitionText
from core.petition.source import Source, SourceKind
from core.petition.source_parts import is_undated

Item: TypeAlias = Mapping[str, Any]
"""An item of CSL-JSON."""

_CSL_TYPES = {
    SourceKind.ARTICLE: "article-newspaper",
    SourceKind.REPORT: "report",
    SourceKind.LAW: "legislation",
    SourceKind.VIDEO: "motion_picture",
    SourceKind.BOOK: "book",
}
_BIBTEX_TYPES = {
    SourceKind.ARTICLE: "article",
    SourceKind.REPORT: "techreport",
    SourceKind.LAW: "misc",
    SourceKind.VIDEO: "misc",
    SourceKind.BOOK: "book",
}
_BIBTEX_PUBLISHERS = {SourceKind.ARTICLE: "journal", SourceKind.REPORT: "institution", SourceKind.BOOK: "publisher"}
_SCHEMA_TYPES = {
    SourceKind.ARTICLE: "NewsArticle",
    SourceKind.REPORT: "Report",
    SourceKind.LAW: "Legislation",
    SourceKind.VIDEO: "VideoObject",
    SourceKind.BOOK: "Book",
}
_ESCAPED = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
}  # fmt: skip
_IN_ADDRESS = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C"})


def csl_items(slug: str, text: PetitionText) -> list[Item]:
    """The sources as items of CSL-JSON; their ids have the petition's `slug`."""
    return [_csl(slug, source, text.language) for source in text.sources]


def csl_json(slug: str, text: PetitionText) -> str:
    """The sources as a file of CSL-JSON."""
    return json.dumps(csl_items(slug, text), ensure_ascii=False, indent=2) + "\n"


def _csl(slug: str, source: Source, language: str) -> Item:
    is_article = source.kind in (SourceKind.ARTICLE, SourceKind.LAW)
    author = source.details.get("author")
    item = {
        "id": f"{slug}-{source.number}",
        "type": _CSL_TYPES[source.kind],
        "title": source.title,
        "author": [{"literal": author}] if author else None,
        "container-title" if is_article else "publisher": source.publication,
        "issued": _issued(source.date, language),
        "edition": source.details.get("edition"),
        "number": source.details.get("number"),
        "section": source.details.get("section"),
        "ISBN": source.details.get("isbn"),
        "URL": source.link,
        "language": language.replace("_", "-"),
    }
    return {name: value for name, value in item.items() if value}


def _issued(date: str, language: str) -> Item | None:
    """The date as CSL has it: in parts, or as written if it has none; None for a source without a date."""
    if not date or is_undated(date):
        return None
    parts = date_parts(date, language)
    return {"date-parts": [list(parts)]} if parts else {"literal": date}


def bibtex(slug: str, text: PetitionText) -> str:
    """The sources as a file of BibTeX in UTF-8; their keys have the petition's `slug`."""
    return "\n".join(_entry(slug, source, text.language) for source in text.sources)


def _entry(slug: str, source: Source, language: str) -> str:
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in _fields(source, language))
    return f"@{_BIBTEX_TYPES[source.kind]}{{{slug}-{source.number},\n{fields}}}\n"


def _fields(source: Source, language: str) -> Iterator[tuple[str, str]]:
    """The fields of a source. Names and titles have braces of their own, so that no style changes their letters."""
    yield "title", f"{{{escaped(source.title)}}}"
    if author := source.details.get("author"):
        yield "author", f"{{{escaped(author)}}}"
    if source.publication:
        yield _BIBTEX_PUBLISHERS.get(source.kind, "howpublished"), f"{{{escaped(source.publication)}}}"
    yield from _dates(source.date, language)
    for name in ("edition", "number", "isbn"):
        if value := source.details.get(name):
            yield name, escaped(value)
    if section := source.details.get("section"):
        yield "note", escaped(section)
    if source.link:
        yield "url", source.link.translate(_IN_ADDRESS)


def _dates(date: str, language: str) -> Iterator[tuple[str, str]]:
    """The date for newer programs, and the year for all; as written if it has no parts."""
    parts = date_parts(date, language)
    if parts:
        yield "date", _iso(parts)
        yield "year", f"{parts[0]}"
    elif date and not is_undated(date):
        yield "year", escaped(date)


def _iso(parts: DateParts) -> str:
    year, *rest = parts
    return "-".join((f"{year:04}", *(f"{part:02}" for part in rest)))


def escaped(words: str) -> str:
    """Words for a field of BibTeX, in which no character means anything to TeX."""
    return "".join(_ESCAPED.get(sign, sign) for sign in " ".join(words.split()))


def linked_data(text: PetitionText, organizer: str, page: str) -> Item:
    """The page of a petition with its sources, in schema.org's vocabulary, as JSON-LD."""
    about = {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "url": page,
        "name": text.title,
        "description": text.summary,
        "inLanguage": text.language.replace("_", "-"),
        "author": {"@type": "Organization", "name": organizer},
        "citation": [_citation(source, text.language) for source in text.sources],
    }
    return {name: value for name, value in about.items() if value}


def _citation(source: Source, language: str) -> Item:
    parts, author = date_parts(source.date, language), source.details.get("author")
    item = {
        "@type": _SCHEMA_TYPES[source.kind],
        "name": source.title,
        "author": {"@type": "Person", "name": author} if author else None,
        "publisher": {"@type": "Organization", "name": source.publication} if source.publication else None,
        "datePublished": _iso(parts) if parts else None,
        "bookEdition": source.details.get("edition"),
        "legislationIdentifier" if source.kind is SourceKind.LAW else "reportNumber": source.details.get("number"),
        "isbn": source.details.get("isbn"),
        "url": source.link,
    }
    return {name: value for name, value in item.items() if value}
