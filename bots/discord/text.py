"""Text and documents in Discord's Markdown; characters not meant as markup appear as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.text.document import Block, BlockKind, Document, Span

# Discord shows any other character after a backslash as it is.
_SPECIAL = re.compile(r"[\\*_~|`<\[]")
_AT_START = re.compile(r"^([ \t]*)(?:(>|#|-|\+)|(\d+)([.)]))", re.MULTILINE)
_BLANKS_AND_TICKS = re.compile(r"[\s`]+")
_ADDRESS = re.compile(r"(https?://[^\s<>|`\\]+)")


def escaped(text: str) -> str:
    """The text, escaped: no character becomes markup, a mention or a list, and addresses can still be tapped."""
    pieces = _ADDRESS.split(text)
    plain = [_SPECIAL.sub(r"\\\g<0>", piece) if number % 2 == 0 else piece for number, piece in enumerate(pieces)]
    return _AT_START.sub(_guarded, "".join(plain))


def _guarded(match: re.Match[str]) -> str:
    space, sign, number, stop = match.groups()
    return f"{space}\\{sign}" if sign else f"{space}{number}\\{stop}"


def code(text: str) -> str:
    """Text in which nothing is markup, on one line, and which shows that it's to be copied."""
    return "``" + _BLANKS_AND_TICKS.sub(" ", f" {text} ") + "``"


def document(content: Document, *, quoted: bool = False) -> str:
    """A document in Markdown; `quoted` if shown among other parts of a screen."""
    lines: list[str] = []
    for number, block in enumerate(content.blocks):
        if number:
            before = content.blocks[number - 1]
            lines += [] if before.kind is block.kind is BlockKind.ITEM else [""]
        lines += _block(block, quoted=quoted)
    return "\n".join(quote(line) for line in lines) if quoted else "\n".join(lines)


def quote(line: str) -> str:
    """A line of a quotation."""
    return f"> {line}"  # with its space, or else an empty line would end the quotation


def _block(block: Block, *, quoted: bool) -> Iterator[str]:
    text = "".join(_span(span, bold=block.kind is BlockKind.HEADING) for span in block.spans)
    if block.kind is BlockKind.ITEM:
        indent = "  " * (block.level - 1)
        marker = "-" if not block.marker or not block.marker[0].isdigit() else block.marker
        yield f"{indent}{marker} " + text.replace("\n", f"\n{indent}  ")
        return
    for line in text.split("\n"):
        yield quote(line) if block.kind is BlockKind.QUOTE and not quoted else line


def _span(span: Span, *, bold: bool) -> str:
    """A span; styles on white space alone are left out, since Discord would show the markers."""
    inside = span.text.strip()
    if not inside:
        return span.text
    before, after = span.text.split(inside)[0], span.text[len(span.text.rstrip()) :]
    words = escaped(inside)
    if span.link and "](" not in span.link:
        words = f"[{words}](<{span.link.replace(')', '%29')}>)"
    if span.italic:
        words = _each_line(words, "*")
    if span.bold or bold:
        words = _each_line(words, "**")
    return before + words + after


def _each_line(words: str, mark: str) -> str:
    return "\n".join(f"{mark}{line.strip()}{mark}" if line.strip() else line for line in words.split("\n"))
