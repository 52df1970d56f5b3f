"""Finds what looks like a note, a list, a table, or HTML but isn't Markdown, so that a chat shows it as something else.

Every finding is a warning: a line, from 1, and a sentence that says what becomes of it and how to write it instead.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from typing import TypeAlias

from core.text.note_marks import SOURCES, note_marks, source_label
from core.text.odd_spaces import ODD_SPACES
from core.text.survey import UNREAD, RawParagraph, Survey, without_addresses

LineWarning: TypeAlias = tuple[int, str]

LINES_JOINED = (
    "readers see these lines joined into one. To keep a line break, end the line with a backslash; for a new "
    "paragraph, add an empty line"
)
RULE = "horizontal rules aren't shown: remove this one"
INDENTED = "the tab or the four spaces in front turn this into code, without bold words, links, or notes: remove them"
UNDERLINED = "the line of dashes below turns this into a heading. If it isn't one, put an empty line between them"
LIKE_A_SOURCE = (
    "this looks like a source. Move it to the foot of background.md, begin it with [^{0}]: and write [^{0}] where the "
    "text relies on it"
)
_ODD_BREAK = re.compile("[\v\f\x1c-\x1e\x85\u2028\u2029]")
_BLANK_LINE = re.compile(rf"^[\s{ODD_SPACES}]*[{ODD_SPACES}][\s{ODD_SPACES}]*$")
_ODD_START = re.compile(rf"^\s*(?P<sign>[-*+>]|#{{1,6}}|\d{{1,3}}[.)])[{ODD_SPACES}]")
_BULLET = re.compile("^(?:[•◦▪▫■□●○‣⁃∙·➢➤➔✓✔❖\uf0b7\uf0a7\uf0d8\uf076\uf02d]\\s*(?=\\S)|o\t|[–—](?:\t| (?=\\S)))")
_NO_BLANK = re.compile(r"^(?P<sign>-(?=[^\W\d_]{2})|\d{1,2}[.)](?=[^\W\d_])|#{1,6}(?=[^\W\d_]))")
_CELLS = re.compile(r"^\s*\|.*\||^[^|]*\S\s*\|\s*[^|]*\|.*\S|^\s*:?-{2,}:?\s*\||^[^|]+\s\|\s[^|]+$")
_COLUMNS = re.compile(r"\S(?:\t+| {4,})\S")
_HTML = re.compile(r"</?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?>|<!--.*?(?:-->|$)")
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{2,6}|#x[\da-fA-F]{2,6});")
_MARKS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"~~[^\s~][^~]*~~"), "strikethrough doesn't work here: remove the ~~, or the words between them"),
    (re.compile(r"==[^\s=][^=]*=="), "highlighting doesn't work here: remove the ==, or write **bold**"),
    (re.compile(r"\+\+[^\s+][^+]*\+\+"), "underlining doesn't work here: remove the ++"),
    (re.compile(r"\[\[[^\]]+\]\]"), "double brackets don't make a link: write [words](https://...)"),
    (re.compile(r"\[[^\]]+\]\s+\((?:https?:|www\.|\ufffc)[^)]*\)"), "for a link, remove the space between ] and ("),
    (re.compile(r"\((?:https?:|www\.|\ufffc)[^)\s]*\)\[[^\]]+\]"), "in a link, the words come first: [words](https://...)"),
    (re.compile(r"\[[^\]\[\ufffc]+\]\[[^\]]*\]"), "this link has no address: write [words](https://...)"),
    (re.compile(r"\*\*\s\S|\S\s\*\*(?:\s|$)|\S\*\*$"), "readers would see the **: remove the spaces just inside them"),
    (re.compile("\ufffd|[ÃÂ][\u0080-\u00bf]|â€|=[0-9A-F]{2}=[0-9A-F]{2}"),
     "garbled letters: copy the line again, and save the file as UTF-8"),
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


def sources_in(found: Survey) -> Iterator[tuple[int, str]]:
    """Lines outside notes that look like sources, each with the label that its note should have."""
    is_listed = False
    for paragraph in found.paragraphs:
        if is_above_sources(" ".join(paragraph.lines)):
            is_listed = True
            continue
        is_listed = is_listed and paragraph.kind != "heading"
        for number, line in enumerate(paragraph.lines, paragraph.line):
            is_listed = is_listed or is_above_sources(line)
            label = "" if paragraph.is_note else source_label(line, paragraph.number, is_listed=is_listed)
            if label:
                yield number, label


def is_above_sources(line: str) -> bool:
    """True for words such as "Sources:", alone above a list of them."""
    return line.strip(" :：#*_.").casefold() in SOURCES


def lookalikes(markdown: str, found: Survey, labels: Container[str] = ()) -> Iterator[LineWarning]:
    """The warnings about a text and its survey; `labels` are those of all the petition's sources, in any form."""
    for number, line in enumerate(markdown.split("\n"), 1):
        if _ODD_BREAK.search(line):
            yield number, "this line contains an unusual line break, which looks the same: type it again with Enter"
        if _BLANK_LINE.match(line):
            yield (
                number,
                "this line isn't empty: it has an unusual space in it. Empty it, or the paragraphs are joined",
            )
        elif start := _ODD_START.match(line):
            yield number, f"the space after {start['sign']} is an unusual one: type it again with the space bar"
    for numbers, text in ((found.rules, RULE), (found.indented, INDENTED), (found.underlined, UNDERLINED)):
        yield from ((number, text) for number in numbers)
    for number, words, address in found.links:
        yield from ((number, text) for text in _link_warnings(words.strip(), address))
    sources = dict(sources_in(found))
    for paragraph in found.paragraphs:
        yield from _paragraph_warnings(paragraph, sources, labels)


def _link_warnings(words: str, address: str) -> Iterator[str]:
    if not address:
        yield f"the link {words!r} has no address: write [{words}](https://...), or the words alone"
    elif not words:
        yield f"the link to {address} has no words, so nobody sees it: write [words]({address})"
    elif re.fullmatch(r"\W*(?:\d{1,3}|[ivx]{1,5})\W*", words):
        label = re.sub(r"\W", "", words)
        yield f"the link {words!r} looks like a note: write [^{label}], and [^{label}]: at the foot of background.md"


def _paragraph_warnings(
    paragraph: RawParagraph, sources: Mapping[int, str], labels: Container[str]
) -> Iterator[LineWarning]:
    if not "".join(paragraph.lines).strip():
        if paragraph.kind == "heading":
            yield paragraph.line, "this heading has no words: remove it"
        return
    laid_out = list(_layout_warnings(paragraph))
    yield from laid_out
    for number, line in enumerate(paragraph.lines, paragraph.line):
        yield from ((number, text) for text in plain_warnings(line))
        yield from ((number, text) for text in _line_warnings(line, paragraph, sources.get(number, ""), labels))
    joined = _first_joined(paragraph)
    odd = any(_BLANK_LINE.match(line) or _ODD_START.match(line) for line in paragraph.lines)
    if joined is not None and not (laid_out or odd or paragraph.is_note):
        yield paragraph.line + joined, LINES_JOINED


def plain_warnings(line: str) -> Iterator[str]:
    """The warnings about a line that may not have any Markdown at all, such as a title."""
    html = list(dict.fromkeys(_HTML.findall(line)))
    if html:
        yield f"HTML doesn't work here: readers would see {', '.join(html)}. Remove it"
    for entity in dict.fromkeys(_ENTITY.findall(line)):
        yield f"readers would see {entity}: type the character itself"


def is_page_part(line: str) -> bool:
    """True for a line that looks like a part of the page around a petition, such as "Not you? Click here"."""
    return _PAGE.match(line.replace(UNREAD, "")) is not None


def _line_warnings(line: str, paragraph: RawParagraph, source: str, labels: Container[str]) -> Iterator[str]:
    plain = without_addresses(line)
    task = _TASK.match(plain) if paragraph.kind == "list_item" else None
    if task:
        yield "checkboxes don't work here: remove the [ ]"
        plain = plain[task.end() :]
    if is_page_part(line):
        yield "this looks like part of the web page or email around the petition. If so, remove it"
    if not paragraph.is_note:
        yield from [LIKE_A_SOURCE.format(source)] if source else note_marks(plain, labels)
    for pattern, text in _MARKS:
        if pattern.search(plain):
            yield text


def _layout_warnings(paragraph: RawParagraph) -> Iterator[LineWarning]:
    """Lists and tables that aren't written in Markdown, each once."""
    numbered = list(enumerate(paragraph.lines, paragraph.line))
    cells = [number for number, line in numbered if _CELLS.match(line)]
    columns = [number for number, line in numbered if _COLUMNS.search(_BULLET.sub("", line))]
    if (len(cells) > 1 or columns) and not paragraph.is_note:
        yield (cells or columns)[0], "tables don't work here: write each row as a list item, with - in front"
    for number, line in numbered:
        if bullet := _BULLET.match(line):
            yield number, f"{bullet[0].strip()!r} doesn't make a list: begin the line with a hyphen and a space"
            break
    for number, line in numbered:
        if sign := _NO_BLANK.match(line):
            yield number, f"put a space after {sign['sign']}"


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


def as_item(line: str) -> str:
    """A line of Markdown, as an item of a list if it begins with a bullet."""
    bullet = _BULLET.match(line)
    return f"- {line[bullet.end() :].strip()}" if bullet else line


def as_markdown(line: str) -> str:
    """A line of plain words with the list marks that Markdown reads; a row of a table becomes an item of a list."""
    line = re.sub(rf"^[\s{ODD_SPACES}]+|[\s{ODD_SPACES}]+$", "", line)
    if _BULLET.match(line):
        return as_item(line)
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
