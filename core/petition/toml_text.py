"""Reads petition.toml as people write it: every line that isn't TOML is found, and the others are read all the same."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from core.petition.wording import NOT_A_DATE, nearest, shown
from core.text.odd_spaces import ODD_SPACES, RETYPE_SPACE

_MOST = 50  # lines that are mended before the rest is left unread
_TABLES = {"petition": "[petition]", "fields": "[[fields]]"}
_HEADER = re.compile(r"\s*(?=[^\[\]]*\]|\[)\[{0,3}\s*([A-Za-z_-]+)\s*\]{0,3}\s*(?:#.*)?$")
_DATES = ("opens", "closes")
_POSITION = re.compile(r"\(at line (\d+), column (\d+)\)")
_KEY = r"[\w.\"'-]+"
_PAIR = re.compile(rf"\s*(?P<key>{_KEY})\s*=\s*(?P<value>.*?)\s*$")
_OPENING = re.compile(r"([=\[,{]\s*)[“”„«»‘’‚″]+")
_CLOSING = re.compile(r"[“”„«»‘’″]+(?=\s*(?:[,\]}#]|$))")
_DATE = re.compile(r"\d+[-/.]\d+[-/.]\d+$")
_NUMBER = re.compile(r"[1-9]\d{0,2}(?:[,.'\s]\d{3})+$")
_ODD_SPACE = re.compile(f"[{ODD_SPACES}]")
_WORDS_ALONE = re.compile(r"[^\W\d_]|[“”„«»]")
_ANY_QUOTES = "“”„«»\"' "
_BOOLEANS = {"true": "true", "yes": "true", "on": "true", "false": "false", "no": "false", "off": "false"}

Mended: TypeAlias = tuple[str, str]
"""A sentence about a line, and the line as it must be to be read; an empty one leaves it out."""


@dataclass(frozen=True)
class TomlText:
    """The facts of a TOML text, the text that they were read from, and the faults by line.

    In the text, lines with a fault are mended or empty; `lost` are the keys on the empty ones. A text that can't be
    mended has no facts at all.
    """

    facts: Mapping[str, Any] | None
    text: str
    faults: tuple[tuple[int, str], ...] = ()
    lost: frozenset[str] = frozenset()


def read_toml(written: str) -> TomlText:
    """Read a text, mending one line after the other."""
    lines, lost = written.split("\n"), set[str]()
    faults = list(_header_faults(lines))
    for _ in range(_MOST):
        try:
            return TomlText(tomllib.loads("\n".join(lines)), "\n".join(lines), tuple(faults), frozenset(lost))
        except RecursionError:
            return TomlText(None, "", (*dict.fromkeys(faults), (1, "lists and tables are nested too deeply")))
        except tomllib.TOMLDecodeError as error:
            number, text, line = _found(lines, error)
            faults.append((number, text))
            if line is None or line == lines[number - 1]:
                break
            pair = _PAIR.match(lines[number - 1])
            if pair and not line:
                lost.add(pair["key"])
            lines[number - 1] = line
    return TomlText(None, "", tuple(dict.fromkeys(faults)))


def _found(lines: list[str], error: tomllib.TOMLDecodeError) -> tuple[int, str, str | None]:
    """The line to change, a sentence about it, and how it is read then; None if nothing after it can be read."""
    position = _POSITION.search(str(error))
    number = min(int(position[1]), len(lines)) if position else len(lines)
    line, opened = lines[number - 1], _opened(lines, number)
    if _brackets(line, "{", "}") > 0:
        return number, "a table in braces must be on one line: join its lines", None
    if opened and ("array" in str(error) or _PAIR.match(line) or line.lstrip().startswith("[")):
        before = next(at for at in range(number - 1, 0, -1) if lines[at - 1].strip())
        if before > opened and not lines[before - 1].rstrip().endswith((",", "[")) and not _PAIR.match(line):
            return before, "put a comma at the end of this line", f"{lines[before - 1].rstrip()},"
        return opened, "the list that begins here has no end: close it with ]", None
    for look in _LOOKS:
        found = look(line, str(error))
        if found:
            text, mended = found
            return number, text, mended if mended and _is_toml(mended) else ""
    text = "this line can't be read. Expected: key = value, such as goal = 100"
    return number, text, None if opened or not position else ""


def _opened(lines: list[str], number: int) -> int:
    """The line of a list that has begun before a line and not ended; 0 if there is none."""
    for at in range(number, 0, -1):
        pair = _PAIR.match(lines[at - 1])
        if pair and pair["value"].startswith("["):
            inside = "\n".join([pair["value"], *lines[at : number - (at < number)]])
            return at if _brackets(inside, "[", "]") > 0 else 0
    return 0


def _brackets(text: str, begin: str, end: str) -> int:
    """The number of brackets in a text that are still open, not counting those in quotes and comments."""
    plain = re.sub(r"\"[^\"\n]*\"|'[^'\n]*'|#.*", "", text)
    return plain.count(begin) - plain.count(end)


def _is_toml(line: str) -> bool:
    try:
        tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return _brackets(line, "[", "]") > 0 or line.lstrip().startswith(("{", '"'))
    return True


def _odd_spaces(line: str, _: str) -> Mended | None:
    plain = _ODD_SPACE.sub(" ", line)
    if plain == line or _is_toml(line):
        return None
    return RETYPE_SPACE, plain


def _quotes(line: str, _: str) -> Mended | None:
    straight = _CLOSING.sub('"', _OPENING.sub(r'\1"', line))
    if straight == line:
        return None
    return f"TOML needs straight quotes: {shown(straight)}", straight


def _header_faults(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Tables with a wrong name or the wrong brackets, whose lines are mended."""
    for number, line in enumerate(lines, 1):
        header = _HEADER.match(line)
        name = nearest(header[1], _TABLES) if header else ""
        if name and "".join(line.partition("#")[0].split()) != _TABLES[name]:
            yield number, f"write {_TABLES[name]} instead of {shown(line)}"
            lines[number - 1] = _TABLES[name]


def _twice(line: str, error: str) -> Mended | None:
    pair, header = _PAIR.match(line), _HEADER.match(line)
    if not any(word in error for word in ("overwrite", "twice", "mutate")):
        return None
    if header:
        return f"[{header[1]}] appears twice: put all its keys below the first one", ""
    return (f"{pair['key']} appears twice: remove one", "") if pair else None


def _colon(line: str, _: str) -> Mended | None:
    pair = re.match(rf"(\s*{_KEY})\s*:\s*(.*)$", line)
    if not pair or pair[2].startswith("//"):
        return None
    right = f"{pair[1]} = {pair[2]}"
    mended = _value(right, "") if not _is_toml(right) else None
    right = mended[1] if mended and mended[1] else right
    return f"write an equals sign instead of the colon: {shown(right)}", right


def _value(line: str, error: str) -> Mended | None:
    """A value without quotes, or with a form that TOML lacks."""
    pair = _PAIR.match(line)
    if not pair:
        return None
    value = re.sub(r"\s+#[^\"']*$", "", pair["value"])
    before = line[: pair.start("value")]
    if not value:
        return f"{pair['key']} has no value: write it after the equals sign", ""
    if _DATE.match(value) or (pair["key"] in _DATES and value[0] not in "\"'"):
        return NOT_A_DATE, ""
    if _NUMBER.match(value):
        right = before + re.sub(r"\D", "", value)
        return f"write the number with digits only: {shown(right)}", right
    if value.casefold() in _BOOLEANS:
        right = before + _BOOLEANS[value.casefold()]
        return f"write true or false, in small letters: {shown(right)}", right
    return _unquoted(before, value) or _unclosed(before, value, error)


def _unquoted(before: str, value: str) -> Mended | None:
    if value[0] == "[" and value[-1] == "]" and '"' not in value:
        items = ", ".join(f'"{item.strip(_ANY_QUOTES)}"' for item in value[1:-1].split(",") if item.strip())
        return f"put each of them in quotes: {shown(f'{before}[{items}]')}", f"{before}[{items}]"
    if value[0] in "\"'[{" or not _WORDS_ALONE.search(value):
        return None
    if value[0].isdecimal():
        return "this isn't a number. Write one without quotes, such as 100, or put words in quotes", ""
    inner = value.strip(_ANY_QUOTES).replace("\\", "\\\\").replace('"', '\\"')
    right = f'{before}"{inner}"'
    return f"put it in quotes: {shown(right)}", right


def _unclosed(before: str, value: str, error: str) -> Mended | None:
    """A value in quotes that ends too early, or not at all."""
    if value[0] not in "\"'" or value.startswith(('"""', "'''")):
        return None
    if len(value) < 2 or value[-1] != value[0]:
        right = f"{before}{value}{value[0]}"
        return f"the quotes at the end are missing: {shown(right)}", right
    inner = value[1:-1]
    if "\\" in inner and "scape" in error:
        right = f"{before}'{inner}'"
        return f"a backslash means something else in double quotes. Write single ones: {shown(right)}", right
    inner = re.sub(r'(?<!\\)"', r'\\"', inner)
    right = f'{before}"{inner}"'
    fix = "use double quotes" if value[0] == "'" else "put a backslash in front of quotes inside quotes"
    return f"{fix}: {shown(right)}", right


_LOOKS: tuple[Callable[[str, str], Mended | None], ...] = (_odd_spaces, _quotes, _twice, _colon, _value)
