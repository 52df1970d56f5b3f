"""Cuts a text, plain or in Markdown, into paragraphs, each with the line where it begins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from core.petition.form import is_forbidden
from core.text.lookalikes import as_item, as_markdown, with_line_breaks
from core.text.markdown import front_matter
from core.text.odd_spaces import ODD_SPACES

_BREAKS = re.compile("\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_EMPTY = re.compile(rf"[ \t{ODD_SPACES}]*")
_RULE = re.compile(r"(?:[-_*=–—]\s*){3,}$")
_HEADING = re.compile(r"#{1,6}\s+(.*?)[\s#]*$")
_EMPHASIS = re.compile(r"(\*\*|__|\*|_)(.+)\1$")
_PLAIN = r"[^()\\\n]|\\."
_NESTED = rf"(?:<[^<>\n]*+>)?(?:{_PLAIN}|\((?:{_PLAIN}|\((?:{_PLAIN})*+\))*+\))*+\)"
"""An address up to the bracket after it."""
_IMAGE = re.compile(rf"!\[([^\[\]]*+)\](?:\({_NESTED}|\[[^\[\]]*+\])")
_LEFT_OVER = re.compile(
    r"[ \t]*\{#[\w.-]+\}[ \t]*$|^\[[^\]^]+\]:[ \t]*<?data:.*$", re.MULTILINE
)  # Google Docs writes them
_NO_LINK = re.compile(rf"(?<!!)\[([^\[\]^][^\[\]]*+)\]\((?!https?://\w){_NESTED}")
_TITLED = re.compile(r"^title:\s*[\"'“]?(.*?\S)[\"'”]?\s*$", re.MULTILINE)
_SUBJECT = re.compile(r"(?:subject|betreff|asunto|objet|oggetto|onderwerp|assunto|الموضوع)\s*:", re.IGNORECASE)
_HEADER = re.compile(
    rf"{_SUBJECT.pattern}|\s+\S|(?:from|to|cc|bcc|date|sent|reply-to|von|an|datum|gesendet|de|para|fecha|enviado|à|"
    r"envoyé|da|a|inviato|van|aan|من|إلى|التاريخ)\s*:",
    re.IGNORECASE,
)
_FEWEST_HEADERS = 2
_FULL = 150  # characters of a line that holds a whole paragraph


@dataclass(frozen=True)
class DraftParagraph:
    """A paragraph in Markdown; `line` is the number of its first line in the text, from 1."""

    line: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The paragraph's lines, with line breaks between them."""
        return "\n".join(self.lines)

    @property
    def words(self) -> str:
        """The words on one line, without the marks of a heading and of bold words around them."""
        words = " ".join(line.rstrip("\\") for line in self.lines)
        heading = _HEADING.match(words)
        words = (heading[1] if heading else words).strip()
        bold = _EMPHASIS.match(words)
        return bold[2].strip() if bold else words

    @property
    def is_heading(self) -> bool:
        """True for a heading in Markdown."""
        return _HEADING.match(self.lines[0]) is not None

    @property
    def is_rule(self) -> bool:
        """True for a line across the page."""
        return _RULE.match(self.lines[0]) is not None and len(self.lines) == 1


def paragraphs_of(text: str, *, is_markdown: bool) -> list[DraftParagraph]:
    """The paragraphs of a text. Plain text loses its indents, and its lists and tables become lists in Markdown."""
    text = _clean(text.removeprefix("\ufeff"))
    text = text if is_markdown else "\n".join(_without_mail(text.split("\n")))
    matter = front_matter(text)
    body = matter[1] if matter else text
    above = text.count("\n") - body.count("\n")
    titled = _TITLED.search(matter[0]) if matter else None
    title = [DraftParagraph(1, (f"# {titled[1]}",))] if titled else []
    found = [*title, *_cut(body.split("\n"), above + 1)]
    if is_markdown:
        return [replace(each, lines=tuple(as_item(line) for line in each.lines)) for each in found]
    return [replace(each, lines=lines) for each in found if (lines := _plain(each.lines))]


def _clean(text: str) -> str:
    """The text without what `check` refuses: control characters, pictures, and links that aren't web links."""
    text = _BREAKS.sub("\n", text)
    text = "".join(each for each in text if each in "\n\t" or not is_forbidden(each))
    return _NO_LINK.sub(r"\1", _IMAGE.sub(r"\1", _LEFT_OVER.sub("", text)))


def _without_mail(lines: list[str]) -> list[str]:
    """The lines without what a mail program adds: marks of a quote, and headers, of which the subject stays."""
    if all(line.startswith(">") for line in lines if line.strip()):
        lines = [re.sub(r"^(?:> ?)+", "", line) for line in lines]
        lines = re.sub(r"(?m)^-- ?\n((?:.*\S.*\n)*)", lambda end: end[0].count("\n") * "\n", "\n".join(lines)).split(
            "\n"
        )
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    end = first + next((at for at, line in enumerate(lines[first:]) if not line.strip()), 0)
    if end - first < _FEWEST_HEADERS or not all(_HEADER.match(line) for line in lines[first:end]):
        return lines
    kept = [line.partition(":")[2].strip() if _SUBJECT.match(line) else "" for line in lines[first:end]]
    return [*lines[:first], *kept, *lines[end:]]


def _cut(lines: list[str], first: int) -> Iterator[DraftParagraph]:
    each_is_whole = any(len(line) > _FULL and after.strip() for line, after in pairwise(lines))
    is_tight = each_is_whole and all(line.strip() for line in "\n".join(lines).strip().split("\n"))
    gathered: list[str] = []
    for number, line in enumerate([*lines, ""], first):
        is_empty = _EMPTY.fullmatch(line) is not None
        ends = bool(gathered) and each_is_whole and (is_tight or len(gathered[-1]) > _FULL)
        is_next = ends and (_begins_anew(line) or (is_tight and _begins_anew(gathered[-1])))
        if gathered and (is_empty or is_next):
            yield DraftParagraph(number - len(gathered), tuple(gathered))
            gathered = []
        if not is_empty:
            gathered.append(line.rstrip())


def _begins_anew(line: str) -> bool:
    """True for a line that isn't an item, a quote, or a note."""
    return re.match(r"\s*(?:[-*+>•]|\W?\d{1,3}\W|\[\^)", line) is None


def _plain(lines: tuple[str, ...]) -> tuple[str, ...]:
    return with_line_breaks(tuple(written)) if (written := [line for line in map(as_markdown, lines) if line]) else ()
