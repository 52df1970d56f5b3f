"""Sources from footnotes: who published what, when, and where, and which sentences rely on it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from babel import Locale, UnknownLocaleError

from core.addresses import is_web_address
from core.petition.petition import Source
from core.text.document import Document, Span
from core.text.sentences import sentences

LONGEST = 300  # characters of a publication or a title: a source must fit in one message
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
_LINK = re.compile(r"<?(https?://[^\s<>\"“”«»]+[^\s<>\"“”«».,;:!?)\]}])>?")
_LEFT_OVER = re.compile(r"[\s,;:(]+[).]*$")
_BEFORE_LINK = re.compile(
    r"[\s,.;(\[]*\b(?:available (?:at|from|online)|retrieved from|accessed at|online at|at|from|via|url|link|see|"
    r"disponible en|recuperado de|en|verfügbar unter|abrufbar unter|unter|disponible sur|sur|en ligne)\s*:?\s*$",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*\.?\s*$")
_ACCESSED = re.compile(
    r"[\s,.;]+(?:last )?(?:accessed|retrieved|viewed|consultado|abgerufen|consulté)\b", re.IGNORECASE
)
_EDGES = " \t\n,،、，;؛."


@dataclass(frozen=True)
class _Parts:
    """The parts of a note: publication, title, and date as written, each without the marks between them."""

    publication: str
    title: str
    date: str


def read_source(number: int, note: Document, claims: tuple[str, ...], language: str = "en") -> Source | str:
    """The source in a footnote, or what is wrong with the footnote. `language` is the text's."""
    if note.citations:
        return "cites another note"
    spans = [span for block in note.blocks for span in block.spans]
    link, written, words = _link(spans)
    if link and not is_web_link(link):
        return f"has a link that isn't a web link: {link}. Write the whole address: https://..."
    parts = _parts(words, _titled(spans), language)
    if isinstance(parts, str):
        return parts
    if max(len(parts.publication), len(parts.title)) > LONGEST:
        return f"is longer than {LONGEST} characters: shorten the publication or the title"
    return Source(number, parts.publication, parts.title, parts.date, link, written, claims)


def _link(spans: Sequence[Span]) -> tuple[str | None, str, str]:
    """The link of a note, its words without the link, and its words without what only leads to the link."""
    link = next((span.link for span in spans if span.link), None)
    written = "".join(span.text for span in _without_link(spans) if span.text != link).strip()
    written = _LEFT_OVER.sub(lambda match: "." if "." in match[0] else "", written) if link else written
    bare = _LINK.search(written)
    if bare:
        link = link or bare[1]
        before, after = _BEFORE_LINK.sub("", written[: bare.start()].rstrip(", ")), written[bare.end() :]
        written = (before + after).strip()
        return link, written, written
    return link, written, _BEFORE_LINK.sub("", written) if link else written


def _without_link(spans: Sequence[Span]) -> Sequence[Span]:
    """The spans of a note without a link at its end, such as [link](https://...), whatever its words are."""
    end = len(spans)
    while end and not re.search(r"\w", spans[end - 1].text):
        end -= 1
    before = "".join(span.text for span in spans[: end - 1])
    return [*spans[: end - 1], *spans[end:]] if end and spans[end - 1].link and _QUOTED.match(before) else spans


def _titled(spans: Sequence[Span]) -> str:
    """The title, if the note marks it with a link or italics instead of quotes; empty if it doesn't."""
    marked = [span.text.strip() for span in spans if span.link and span.text != span.link]
    marked = marked or [span.text.strip() for span in spans if span.italic]
    return marked[0].rstrip(",") if len(marked) == 1 else ""


def _parts(words: str, marked: str, language: str) -> _Parts | str:
    match = _QUOTED.match(words) or _SINGLY_QUOTED.match(words)
    if match:
        before, title, after = (match[name].strip() for name in ("before", "title", "after"))
    elif marked and marked in words:
        before, _, after = words.partition(marked)
        title = marked
    else:
        return _unquoted(words)
    publisher, date = _date(after.strip(_EDGES), language)
    publication = ", ".join(part for part in (before.strip(_EDGES[:-1]), publisher) if part)
    title = title.strip().rstrip(",،，")
    if not publication:
        return f"has no publication in front of the title. It should read: {EXAMPLE}"
    if not date:
        return "has no date after the title. If its source has none, write n.d."
    return _Parts(publication, title, f"{date}." if is_undated(date) and "." in date else date)


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


def is_undated(date: str) -> bool:
    """True for a date such as "n.d.", which says that the source has none."""
    return date.strip().rstrip(".").casefold() in NO_DATE


def is_web_link(link: str) -> bool:
    """True for a link that every app opens: http or https, with a host."""
    return is_web_address(link)


def claims_of(language: str, *documents: Document) -> dict[int, tuple[str, ...]]:
    """The sentences that cite each source, by source number, each once; the documents are in `language`."""
    claims: dict[int, dict[str, None]] = {}
    for document in documents:
        for block in document.blocks:
            for sentence, numbers in sentences(block, language):
                for number in numbers:
                    claims.setdefault(number, {})[sentence] = None
    return {number: tuple(sentences_citing) for number, sentences_citing in claims.items()}
