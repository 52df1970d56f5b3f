"""Marks that look like notes: raised digits, numbers in brackets, and whatever else Word and websites leave behind."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator
from dataclasses import dataclass

_UNITS = frozenset({
    "m", "km", "cm", "mm", "dm", "nm", "µm", "μm", "ft", "in", "mi", "yd", "s", "mc", "co", "sq", "кв", "м", "км",
})  # fmt: skip
_ABBREVIATED = frozenset({
    "no", "nos", "nr", "núm", "num", "art", "arts", "p", "pp", "vol", "fig", "figs", "sec", "sect", "ch", "cf", "par",
    "para", "paras", "abs", "pt", "bd", "s", "ss", "n", "eq", "tab", "ex", "ver", "app", "cap", "cl", "reg", "let",
    "inc", "lit", "ziff", "kap", "rn", "rz", "anm", "hr", "st", "nt", "jan", "feb", "mar", "apr", "jun", "jul", "aug",
    "sep", "sept", "oct", "nov", "dec",
})  # fmt: skip
_NUMBERED = frozenset({
    "section", "sections", "subsection", "article", "articles", "paragraph", "paragraphs", "subparagraph", "clause",
    "clauses", "rule", "rules", "regulation", "schedule", "chapter", "part", "item", "point", "step", "option", "page",
    "absatz", "satz", "artikel", "nummer", "artículo", "apartado", "párrafo", "alinéa", "paragraphe", "comma",
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "fifteen", "twenty",
    "thirty", "forty", "fifty", "sixty", "ninety",
})  # fmt: skip
"""Words whose own number comes next in round brackets, as in laws and contracts."""

_PINPOINTS = frozenset({"at", "para", "paras", "paragraph", "paragraphs", "ref", "refs", "rn", "rz", "equation", "eq"})
"""Words before a number in brackets that belongs to another text."""

_RAISED = re.compile(
    r"(?:(?<!\w)|(?<=[⁰¹²³⁴-⁹]))(?P<before>(?:(?![⁰¹²³⁴-⁹])\w)*)(?P<mark>[⁰¹²³⁴-⁹]++(?![⁺⁻ⁿ])|[ᵃᵇᶜᵈⁱ]+(?!\w))"
)
_BRACKETED = re.compile(r"(?P<mark>\[(?P<label>\d{1,3}|[ivx]{1,5}|(?<=\S\[)[a-e]|[*†‡]+)\])(?![(\[:\w])")
_AFTER_STOP = re.compile(
    r"(?<![^\W\d_])(?P<before>[^\W\d_]{2,}+)[”\"’»)]?[.,;:!?]?[”\"’»)]?(?<=[.,;:!?”\"’»)])(?P<mark>[1-9]\d?)(?=\s|$)"
)
_AFTER_WORD = re.compile(r"(?<!\w)(?P<before>[^\W\d_A-Z]{5,})(?P<mark>[1-9]\d?)(?=[\s.,;:!?)]|$)")
_ROUND = re.compile(
    r"(?:(?<=[^\s(\d)])|(?<=\S )(?=\(\d+\)(?:[.,;:]|$)))(?P<mark>\((?P<label>\d{1,2}|[ivx]{1,4})\))(?=[\s.,;:!?]|$)"
)
_SIGN = re.compile(
    r"(?<=[^\s*†‡\d])(?<![\s(][A-Z])(?<!^[A-Z])(?P<mark>\*(?!\*)|[†‡]+)(?=[\s.,;:!?)”\"]|$)"
    r"|^(?P<first>[†‡]+)(?=\s*\S)"
)
_LEADING = re.compile(r"\W*(?P<label>\d{1,3}|[ivx]{1,5}|[a-e]|[⁰¹²³⁴-⁹]+)(?=[\W\s])")
_MARKED = re.compile(r"\W{0,2}(?:(?:\d{1,3}|[ivx]{1,5}|[a-e])(?:[.)\]:\s]|\W{2})|[⁰¹²³⁴-⁹*†‡])")
_CARET = re.compile(r"(?P<inline>\^\[[^\]]+\])|\[\s*\^\s*(?P<label>[^\]]*?)\s*\]")
_ALL = (_RAISED, _BRACKETED, _AFTER_STOP, _AFTER_WORD, _ROUND, _SIGN)
_ADDRESS = re.compile(r"^\W*(?:\w{1,3}\W+)?<?https?://\S+$")
_TITLED = re.compile(r"^[^=<>]{0,120}?[“\"«„‘][^=<>]{3,300}[”\"»“’](?P<after>[^”\"»“’]*)$")
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_LONGEST_BEFORE_YEAR = 80  # characters between a title and the year
_SMALL = frozenset({
    "a", "al", "am", "an", "and", "at", "da", "de", "del", "der", "des", "die", "do", "du", "el", "et", "for", "in",
    "la", "le", "les", "no", "of", "on", "p", "pp", "the", "to", "und", "vol", "von", "y",
})  # fmt: skip
"""Words without a capital in a source, between title and year."""

_AFTER_YEAR = re.compile(
    r"[^\w=|]*(?:$|\d|(?:pp?|S|accessed|retrieved|abgerufen|consult\w+|available|archived|doi|via|last)\b|https?:|www\.|\ufffc)"
)
SOURCES = frozenset({
    "sources", "source", "notes", "references", "footnotes", "endnotes", "bibliography", "works cited", "fuentes",
    "notas", "referencias", "bibliografía", "quellen", "fußnoten", "endnoten", "anmerkungen", "literatur",
    "quellenangaben", "einzelnachweise", "références", "notes de bas de page", "bibliographie", "fonti", "note",
    "riferimenti", "fontes", "referências", "bibliografia", "bronnen", "noten", "voetnoten", "źródła", "przypisy",
    "источники", "примечания", "сноски", "kaynaklar", "dipnotlar", "المصادر", "المراجع", "مصادر", "هوامش", "स्रोत",
    "संदर्भ", "参考文献", "资料来源", "注释", "參考文獻", "出典", "脚注", "참고문헌", "출처",
})  # fmt: skip
"""Words that stand alone above a list of sources."""


@dataclass(frozen=True)
class NoteMark:
    """A mark in a line of words that looks like a note, but isn't one; `key` is what it shares with its source.

    `is_bare` is true for digits that only follow a word, and may belong to it.
    """

    start: int
    mark: str
    key: str
    label: str
    is_bare: bool


def marks_in(line: str) -> Iterator[NoteMark]:
    """The marks in a line of words that look like notes, but aren't."""
    seen = set[int]()
    for pattern in _ALL:
        for match in pattern.finditer(line):
            group = "first" if match.groupdict().get("first") else "mark"
            if match.start(group) not in seen and _is_note(match):
                seen.add(match.start(group))
                mark, label = match[group], match.groupdict().get("label")
                yield NoteMark(match.start(group), mark, _key(mark, label), _label(mark, label), pattern is _AFTER_WORD)


def note_marks(line: str, labels: Container[str] = ()) -> Iterator[str]:
    """A sentence for each mark in a line of words that looks like a note, but isn't one.

    A digit that only follows a word is one if it is among `labels`, those of the sources: "covid19" isn't.
    """
    for mark in marks_in(line):
        if not mark.is_bare or mark.label in labels:
            note = f"Write [^{mark.label}] there, and what it says after [^{mark.label}]: at the foot of background.md"
            yield f"{mark.mark!r} looks like a note. {note}"
    for match in _CARET.finditer(line):
        if match["inline"]:
            yield f"{match['inline']!r} isn't a note here: write [^1], and what it says after [^1]: in background.md"
        else:
            label = re.sub(r"[\s\\]+", "-", match["label"]) or "1"
            yield f"{match[0]!r} isn't a note: write [^{label}], without spaces or backslashes"


def _is_note(match: re.Match[str]) -> bool:
    before, start = (match.groupdict().get("before") or "").casefold(), match.start("mark")
    if match.re is _RAISED:
        power = len(before) == 1 or before in _UNITS or before[-1:].isdecimal()
        return not power and match.string[start - 1 : start] not in ("⁻", "⁺")
    if match.re in (_BRACKETED, _ROUND):
        words = re.findall(r"\w+", match.string[max(0, start - 40) : start])
        return not words or words[-1].casefold() not in (_PINPOINTS if match.re is _BRACKETED else _NUMBERED)
    return before not in _ABBREVIATED or match.string[start - 1] != "."


def _label(mark: str, label: str | None) -> str:
    key = _key(mark, label)
    return key if key.isalnum() and (label or key.isdecimal()) else "1"


def _key(mark: str, label: str | None) -> str:
    digits = "".join(str(unicodedata.digit(sign)) for sign in mark if unicodedata.digit(sign, None) is not None)
    return digits or label or unicodedata.normalize("NFKC", mark)


def source_label(line: str, number: str = "", *, is_listed: bool = False) -> str:
    """The label for a line that looks like a source; empty if the line is something else.

    A source has a title in quotes and then a year. In a list of sources (`is_listed`) or after a mark, an address is
    enough. The label comes from the mark in front of the line, or from the `number` of an item.
    """
    is_address = _ADDRESS.match(line) and (is_listed or number or _MARKED.match(line))
    if not is_address and not _has_title_and_year(line):
        return ""
    mark = _LEADING.match(line)
    return number or (_label(mark[0], mark["label"]) if mark else "1")


def is_marked(line: str) -> bool:
    """True for a line that begins with a mark, such as "1.", "[1]", "¹", or "*"."""
    return _MARKED.match(line) is not None


def _has_title_and_year(line: str) -> bool:
    """True for a title in quotes and a year, with hardly more between them than the parts of a date and names."""
    titled = _TITLED.match(_with_ascii_digits(line))
    year = _YEAR.search(titled["after"]) if titled else None
    if not titled or not year or year.start() > _LONGEST_BEFORE_YEAR:
        return False
    between = titled["after"][: year.start()]
    if re.search("[=<>|!?]", between):
        return False
    *words, last = re.findall(r"[^\W\d_]+", between) or [""]
    if not re.search(r"\d", between):  # "2 mars 2026", but not "he said in 2026"
        words.append(last)
    small = (word for word in words if re.match("[a-zß-ÿ]", word))
    return all(word in _SMALL for word in small) and _AFTER_YEAR.match(titled["after"][year.end() :]) is not None


def _with_ascii_digits(line: str) -> str:
    return "".join(str(unicodedata.digit(sign)) if unicodedata.category(sign) == "Nd" else sign for sign in line)


def source_key(line: str) -> tuple[str, str]:
    """The mark in front of a source, as in the text that cites it, and the words after it; empty if it has no mark."""
    if sign := re.match(r"\W{0,2}?([*†‡]+)\]?\s*", line):
        return sign[1], line[sign.end() :]
    mark = _LEADING.match(line)
    if not mark:
        return "", line.strip()
    return _key(mark[0], mark["label"]), line[mark.end() :].lstrip(" \t.:)]")
