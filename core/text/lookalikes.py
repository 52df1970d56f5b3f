"""Finds what looks like a note, a list, a table, or HTML but isn't Markdown, so that a chat shows it as something else.

Every finding is a warning: a line, from 1, and a sentence that says what becomes of it and how to write it instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from core.text.note_marks import note_marks, source_label
from core.text.survey import UNREAD, RawParagraph, Survey, without_addresses

LineWarning: TypeAlias = tuple[int, str]

LINES_JOINED = (
    "these lines are shown as one. To keep a line break, end the line with a backslash; for a new paragraph, add an "
    "empty line"
)
RULE = "a line across the page isn't shown: remove it"
INDENTED = "an indent of four blanks or a tab makes this code, without bold words, links, and notes: remove the indent"
UNDERLINED = "the line of dashes below makes this a heading. If it isn't one, put an empty line between them"
LIKE_A_SOURCE = (
    "this looks like a source. Begin it with [^{0}]: at the foot of background.md, and write [^{0}] where the text "
    "relies on it"
)
_ODD_BLANKS = "\u00a0\u2000-\u200b\u202f\u3000\ufeff"
_ODD_BREAK = re.compile("[\v\f\x1c-\x1e\x85\u2028\u2029]")
_BLANK_LINE = re.compile(rf"^[\s{_ODD_BLANKS}]*[{_ODD_BLANKS}][\s{_ODD_BLANKS}]*$")
_ODD_START = re.compile(rf"^\s*(?P<sign>[-*+>]|#{{1,6}}|\d{{1,3}}[.)])[{_ODD_BLANKS}]")
_BULLET = re.compile("^(?:[•◦▪▫■□●○‣⁃∙·➢➤➔✓✔❖\uf0b7\uf0a7\uf0d8\uf076\uf02d]\\s*(?=\\S)|o\t|[–—](?:\t| (?=\\S)))")
_NO_BLANK = re.compile(r"^(?P<sign>-(?=[^\W\d_]{2})|\d{1,2}[.)](?=[^\W\d_])|#{1,6}(?=[^\W\d_]))")
_CELLS = re.compile(r"^\s*\|.*\||^[^|]*\S\s*\|\s*[^|]*\|.*\S|^\s*:?-{2,}:?\s*\||^[^|]+\s\|\s[^|]+$")
_COLUMNS = re.compile(r"\S(?:\t+| {4,})\S")
_HTML = re.compile(r"</?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?>|<!--.*?(?:-->|$)")
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{2,6}|#x[\da-fA-F]{2,6});")
_MARKS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"~~[^\s~][^~]*~~"), "a chat doesn't strike words out: remove the ~~, or the words between them"),
    (re.compile(r"==[^\s=][^=]*=="), "a chat doesn't highlight words: remove the ==, or write **bold**"),
    (re.compile(r"\+\+[^\s+][^+]*\+\+"), "a chat doesn't underline words: remove the ++"),
    (re.compile(r"\[\[[^\]]+\]\]"), "two brackets make no link: write [words](https://...)"),
    (re.compile(r"\[[^\]]+\]\s+\((?:https?:|www\.|\ufffc)[^)]*\)"), "for a link, remove the blank between ] and ("),
    (re.compile(r"\((?:https?:|www\.|\ufffc)[^)\s]*\)\[[^\]]+\]"), "a link has its words first: [words](https://...)"),
    (re.compile(r"\[[^\]\[\ufffc]+\]\[[^\]]*\]"), "this link has no address: write [words](https://...)"),
    (re.compile(r"\*\*\s\S|\S\s\*\*(?:\s|$)|\S\*\*$"), "** is shown as it is: put no blank inside the **"),
    (re.compile("\ufffd|[ÃÂ][\u0080-\u00bf]|â€|=[0-9A-F]{2}=[0-9A-F]{2}"), "garbled letters: save it as UTF-8"),
)  # fmt: skip
_PAGE = re.compile(  # the second group may begin a sentence, so that it must be the whole line
    r"^\W*(?:(?:not \S{0,20} ?\? ?click here|not you\?|click here|skip to (?:main )?content|unsubscribe|add your name|"
    r"view (?:this email )?in (?:your )?browser|share (?:this )?(?:page )?on |sent from my|thank you for signing|©|"
    r"paid for by|accept (?:all )?cookies|haz clic aquí|compartir en|klicken sie hier|cliquez ici)"
    r"(?:\b|(?<=[ ©]))[\w ,.*'’-]{0,40}|"
    r"(?:sign (?:the|this|our) petition|sign now|share this|(?:first|last|full) name|email(?: address)?|"
    r"zip(?: code)?|postcode|privacy policy|terms of (?:use|service)|all rights reserved|copyright[\s©\d]*|read more|"
    r"donate|chip in|log ?in|subscribe|firma (?:la|esta) petición|signez la pétition|"
    r"jetzt (?:unterschreiben|unterzeichnen))(?: now| here| today)?)[\s:.!…»>*]*$",
    re.IGNORECASE,
)
_TASK = re.compile(r"\[[ xX]?\](?:\s|$)")
_SHORT = 40  # characters of a line that nobody breaks only because it is full
_FEW = 3  # words of an address's line that ends in a full stop
_WRAPPED = 70  # characters of a line in a paragraph that its writer wrapped
_ENDS = (".", "!", "?", "。", "؟", "।")


def lookalikes(markdown: str, found: Survey) -> Iterator[LineWarning]:
    """The warnings about a text and its survey."""
    for number, line in enumerate(markdown.split("\n"), 1):
        if _ODD_BREAK.search(line):
            yield number, "this line has a line break of another kind, which looks the same: type it again with Enter"
        if _BLANK_LINE.match(line):
            yield (
                number,
                "this line isn't empty: it has a blank of another kind. Empty it, or the paragraphs become one",
            )
        elif start := _ODD_START.match(line):
            yield number, f"{start['sign']} has a blank of another kind after it: type it again with the space bar"
    for numbers, text in ((found.rules, RULE), (found.indented, INDENTED), (found.underlined, UNDERLINED)):
        yield from ((number, text) for number in numbers)
    for number, words, address in found.links:
        yield from ((number, text) for text in _link_warnings(words.strip(), address))
    for paragraph in found.paragraphs:
        yield from _paragraph_warnings(paragraph)


def _link_warnings(words: str, address: str) -> Iterator[str]:
    if not address:
        yield f"the link {words!r} has no address: write [{words}](https://...), or the words alone"
    elif not words:
        yield f"the link to {address} has no words, so it isn't shown: write [words]({address})"
    elif re.fullmatch(r"\W*(?:\d{1,3}|[ivx]{1,5})\W*", words):
        label = re.sub(r"\W", "", words)
        yield f"the link {words!r} looks like a note: write [^{label}], and [^{label}]: at the foot of background.md"


def _paragraph_warnings(paragraph: RawParagraph) -> Iterator[LineWarning]:
    if not "".join(paragraph.lines).strip():
        if paragraph.kind == "heading":
            yield paragraph.line, "this heading has no words: remove it"
        return
    laid_out = list(_layout_warnings(paragraph))
    yield from laid_out
    for number, line in enumerate(paragraph.lines, paragraph.line):
        yield from ((number, text) for text in plain_warnings(line))
        yield from ((number, text) for text in _line_warnings(line, paragraph))
    joined = _first_joined(paragraph)
    odd = any(_BLANK_LINE.match(line) or _ODD_START.match(line) for line in paragraph.lines)
    if joined is not None and not (laid_out or odd or paragraph.is_note):
        yield paragraph.line + joined, LINES_JOINED


def plain_warnings(line: str) -> Iterator[str]:
    """The warnings about a line that may not have any Markdown at all, such as a title."""
    html = list(dict.fromkeys(_HTML.findall(line)))
    if html:
        yield f"HTML isn't read: {', '.join(html)} is shown as it is. Remove it"
    for entity in dict.fromkeys(_ENTITY.findall(line)):
        yield f"{entity} is shown as it is: type the character itself"


def is_page_part(line: str) -> bool:
    """True for a line that looks like a part of the page around a petition, such as "Not you? Click here"."""
    return _PAGE.match(line.replace(UNREAD, "")) is not None


def _line_warnings(line: str, paragraph: RawParagraph) -> Iterator[str]:
    plain = without_addresses(line)
    task = _TASK.match(plain) if paragraph.kind == "list_item" else None
    if task:
        yield "a chat has no boxes to check: remove the [ ]"
        plain = plain[task.end() :]
    if is_page_part(line):
        yield "this looks like a part of the page that the text came from. If it isn't part of the petition, remove it"
    if not paragraph.is_note:
        label = source_label(line, paragraph.number)
        yield from [LIKE_A_SOURCE.format(label)] if label else note_marks(plain)
    for pattern, text in _MARKS:
        if pattern.search(plain):
            yield text


def _layout_warnings(paragraph: RawParagraph) -> Iterator[LineWarning]:
    """Lists and tables that aren't written in Markdown, each once."""
    numbered = list(enumerate(paragraph.lines, paragraph.line))
    cells = [number for number, line in numbered if _CELLS.match(line)]
    columns = [number for number, line in numbered if _COLUMNS.search(_BULLET.sub("", line))]
    if (len(cells) > 1 or columns) and not paragraph.is_note:
        yield (cells or columns)[0], "a chat shows no tables: write each row as an item of a list, with - in front"
    for number, line in numbered:
        if bullet := _BULLET.match(line):
            yield number, f"{bullet[0].strip()!r} makes no list: begin the line with a hyphen and a blank"
            break
    for number, line in numbered:
        if sign := _NO_BLANK.match(line):
            yield number, f"put a blank after {sign['sign']}"


def _first_joined(paragraph: RawParagraph) -> int | None:
    """The index of the first line that ends early, as those of an address, a poem, or a signature do."""
    lines = [line.strip() for line in paragraph.written]
    widest = max(map(len, lines))
    for index in sorted(paragraph.soft) if len(lines) == len(paragraph.lines) else ():
        line, following = lines[index], lines[index + 1]
        is_sentence = line.endswith(_ENDS) and (len(line.split()) > _FEW or widest > _WRAPPED)
        room = widest - len(line) - len(following.split(" ", 1)[0])
        if not is_sentence and (len(line) < _SHORT or room > _SHORT // 2):
            return index
    return None


def as_markdown(line: str) -> str:
    """A line of plain words with the list marks that Markdown reads; a row of a table becomes an item of a list."""
    line = line.strip().strip(_ODD_BLANKS)
    if bullet := _BULLET.match(line):
        return f"- {line[bullet.end() :].strip()}"
    if _CELLS.match(line) or _COLUMNS.search(line):
        cells = [cell.strip() for cell in re.split(r"\||\t+| {4,}", line)]
        return f"- {', '.join(cell for cell in cells if cell.strip(':-'))}" if any(c.strip(":-") for c in cells) else ""
    sign = _NO_BLANK.match(line)
    return f"{sign['sign']} {line[sign.end('sign') :]}" if sign else line


def with_line_breaks(lines: tuple[str, ...]) -> tuple[str, ...]:
    """The lines of a paragraph; those of an address or a poem end in a backslash, which keeps the line break."""
    soft = frozenset(range(len(lines) - 1))
    broken = _first_joined(RawParagraph(1, lines, "paragraph", soft=soft, written=lines)) is not None
    is_text = not any(re.match(r"[-*+>#]|\d+[.)] ", line) for line in lines)
    return (*(f"{line}\\" for line in lines[:-1]), lines[-1]) if broken and is_text else lines
