"""Reads the front matter as people write it: a line that YAML can't read is found, and the others are read anyway."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.constructor import ConstructorError

from core.petition.wording import quoted, shown
from core.text.odd_spaces import ODD_SPACES, RETYPE_SPACE

_MOST = 50  # lines that are mended before the rest is left unread
_PAIR = re.compile(r"(?P<indent>\s*)(?P<key>[\w-]+)\s*:(?P<space>\s*)(?P<value>.*?)\s*$")
_ODD_SPACES = re.compile(rf"^\s*[{ODD_SPACES}]|^[\s{ODD_SPACES}]*[\w-]+[{ODD_SPACES}]*:[{ODD_SPACES}]")
_COMMENT = re.compile(r"[^\"'|>\s].*\s#")


class _RepeatedKeyError(ConstructorError):
    """A key appears twice in one mapping."""


class _OnceLoader(yaml.SafeLoader):
    """YAML without tags, in which no key appears twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """A mapping; raises _RepeatedKeyError at the second of two equal keys."""
        keys: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise ConstructorError(None, None, "a list or a mapping can't be a key", key.start_mark)
            if key.value in keys:
                text = f"{key.value!r} appears twice: remove one"
                raise _RepeatedKeyError(None, None, text, key.start_mark)
            keys.add(key.value)
        return super().construct_mapping(node, deep)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """An object; a date that doesn't exist or a tag without a value is an error of the text, too."""
        try:
            return super().construct_object(node, deep)
        except (ValueError, KeyError, AttributeError) as error:
            raise ConstructorError(None, None, str(error), node.start_mark) from None


def _load(text: str) -> Any:
    return yaml.load(text, _OnceLoader)  # noqa: S506  (a safe one)


@dataclass(frozen=True)
class YamlText:
    """The facts of a YAML text, the mended text that they were read from, and the faults by line, from 1.

    The facts are None if the text can't be mended.
    """

    facts: Mapping[str, Any] | None
    text: str
    faults: tuple[tuple[int, str], ...] = ()


def read_yaml(written: str, keys: Sequence[str]) -> YamlText:
    """Read a text, mending one line after the other; `keys` are those that its outermost mapping may have."""
    lines = written.split("\n")
    faults = list(_odd_lines(lines, keys))
    for _ in range(_MOST):
        try:
            facts = _load("\n".join(lines))
        except RecursionError:
            return YamlText(None, "", (*faults, (1, "lists and mappings are nested too deeply")))
        except yaml.YAMLError as error:
            number, text, line = _mend(lines, error, keys)
            faults.append((number, text))
            if line is None or line == lines[number - 1]:
                return YamlText(None, "", tuple(faults))
            lines[number - 1] = line
            continue
        if facts is None or isinstance(facts, dict):
            return YamlText(facts or {}, "\n".join(lines), tuple(faults))
        break
    return YamlText(None, "", (*faults, (1, "expected lines such as title: Keep the elms of Elm Street")))


def lost_words(written: str) -> Iterator[tuple[int, str]]:
    """The lines of a text whose end YAML takes for a comment."""
    for number, line in enumerate(written.split("\n"), 1):
        pair = _PAIR.match(line)
        if pair and _COMMENT.match(pair["value"]):
            yield number, f"readers don't see the words after #. To keep them, {_in_quotes(pair)[0]}"


def _odd_lines(lines: list[str], keys: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The lines that YAML would read as something else, or not at all, each mended in place."""
    known = "|".join(keys)
    wrong_sign = re.compile(rf"({known})(?:\s*(?:=|：|:(?=[^\s]))|\s+(?=[^\s:]))\s*", re.IGNORECASE)
    for number, line in enumerate(lines, 1):
        if line.startswith("\t"):
            outermost = re.match(rf"\s*(?:{known})\b", line)
            lines[number - 1] = line.lstrip() if outermost else line.replace("\t", "  ")
            yield number, f"begin the line {'without' if outermost else 'with two spaces instead of'} a tab"
        elif _ODD_SPACES.match(line):
            lines[number - 1] = re.sub(f"[{ODD_SPACES}]", " ", line)
            yield number, RETYPE_SPACE
        elif (
            (pair := _PAIR.match(line)) and pair["space"] and any(_is_no_word(pair[name]) for name in ("key", "value"))
        ):
            text, lines[number - 1] = _in_quotes(pair)
            yield number, text
        elif sign := wrong_sign.match(line):
            lines[number - 1] = f"{sign[1]}: {line[sign.end() :]}"
            yield number, f"write a colon and a space after {sign[1]}: {shown(lines[number - 1])}"


def _is_no_word(value: str) -> bool:
    """True for a value that YAML reads as something else than words, such as yes, 2027, or 2027-06-30."""
    if value.startswith(("#", "[", "{")):
        return value[0] == "#"
    try:
        return isinstance(_load(value), bool | int | float | dt.date)
    except yaml.YAMLError:
        return False


def _mend(lines: list[str], error: yaml.YAMLError, keys: Sequence[str]) -> tuple[int, str, str | None]:
    """The line of an error, a sentence about it, and the line as it must be; None if nothing after it can be read."""
    mark, context = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    number = min(mark.line + 1, len(lines)) if mark else 1
    if isinstance(error, _RepeatedKeyError):
        return number, str(error.problem), ""
    pair = _PAIR.match(lines[number - 1])
    if pair and pair["indent"] and pair["key"] in keys:
        return number, f"remove the spaces in front: {shown(lines[number - 1])}", lines[number - 1].lstrip()
    for at in (context.line + 1 if context else number, number, number - 1):
        pair = _PAIR.match(lines[at - 1]) if 0 < at <= len(lines) else None
        if pair and pair["value"] and not _is_sound(pair):
            return at, *_in_quotes(pair)
    return number, "this line can't be read. Expected: a key, a colon, a space, and the words", None


def _is_sound(pair: re.Match[str]) -> bool:
    try:
        _load(pair["value"])
        value = _load(f"key: {pair['value']}")
    except yaml.YAMLError:
        return False
    return isinstance(value, dict)


def _in_quotes(pair: re.Match[str]) -> tuple[str, str]:
    """A sentence that asks for quotes around a value, and the line with them."""
    words = pair["value"]
    if len(words) > 1 and words[0] == words[-1] and words[0] in "\"'":
        words = words[1:-1]
    single = "'" + words.replace("'", "''") + "'"
    value = single if '"' in words else json.dumps(words, ensure_ascii=False)
    key = json.dumps(pair["key"]) if _is_no_word(pair["key"]) else pair["key"]
    line = f"{pair['indent']}{key}: {value}"
    return f"put the {_name(pair['key'])} in quotes: {shown(line)}", line


def _name(key: str) -> str:
    return key if key in ("title", "summary") else f"words of {quoted(key)}"
