"""Cuts a text, plain or in Markdown, into paragraphs, each with the line where it begins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from core.petition.form import is_forbidden
from core.text.lookalikes import as_markdown, with_line_breaks
from core.text.markdown import front_matter
from core.text.odd_spaces import ODD_SPACES

_BREAKS = re.compile("\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_EMPTY = re.compile(rf"[ \t{ODD_SPACES}]*")
_RULE = re.compile(r"(?:[-_*=–—]\s*){3,}$")
_HEADING = re.compile(r"#{1,6}\s+(.*?)[\s#]*$")
_EMPHASIS = re.compile(r"(\*\*|__|\*|_)(.+)\1$")
_IMAGE = re.compile(r"!\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])")
_NO_LINK = re.compile(r"(?<!!)\[([^\]^][^\]]*)\]\((?!https?://\w)[^)]*\)")
_TITLED = re.compile(r"^title:\s*[\"'“]?(.*?\S)[\"'”]?\s*$", re.MULTILINE)
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
    matter = front_matter(text)
    body = matter[1] if matter else text
    above = text.count("\n") - body.count("\n")
    titled = _TITLED.search(matter[0]) if matter else None
    title = [DraftParagraph(1, (f"# {titled[1]}",))] if titled else []
    found = [*title, *_cut(body.split("\n"), above + 1)]
    return found if is_markdown else [replace(each, lines=lines) for each in found if (lines := _plain(each.lines))]


def _clean(text: str) -> str:
    """The text without what `check` refuses: control characters, pictures, and links that aren't web links."""
    text = _BREAKS.sub("\n", text)
    text = "".join(each for each in text if each in "\n\t" or not is_forbidden(each))
    return _NO_LINK.sub(r"\1", _IMAGE.sub(r"\1", text))


def _cut(lines: list[str], first: int) -> Iterator[DraftParagraph]:
    each_is_whole = any(len(line) > _FULL and after.strip() for line, after in pairwise(lines))
    gathered: list[str] = []
    for number, line in enumerate([*lines, ""], first):
        is_empty = _EMPTY.fullmatch(line) is not None
        if gathered and (is_empty or (each_is_whole and len(gathered[-1]) > _FULL and _begins_anew(line))):
            yield DraftParagraph(number - len(gathered), tuple(gathered))
            gathered = []
        if not is_empty:
            gathered.append(line.rstrip())


def _begins_anew(line: str) -> bool:
    """True for a line that isn't an item, a quote, or a note."""
    return re.match(r"\s*(?:[-*+>•]|\W?\d{1,3}\W|\[\^)", line) is None


def _plain(lines: tuple[str, ...]) -> tuple[str, ...]:
    return with_line_breaks(tuple(written)) if (written := [line for line in map(as_markdown, lines) if line]) else ()
