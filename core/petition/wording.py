"""The words for a value that a file must not have: one sentence that says what is wrong and how to correct it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping

from pydantic_core import ErrorDetails
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

NOT_A_DATE = "not a date. Expected: 2027-06-30, without quotes"
_NEAR = 0.6  # similarity from which another word may be the one that was meant
_LONGEST_QUOTED = 40
_LONGEST_SHOWN = 90  # characters of a line in a sentence
_FORMS: Mapping[str, str] = {
    "country": "expected the code of a country: two capital letters, such as US",
}
_KEY = "use a-z, 0-9 and _ only, and begin with a letter"


class FactError(ValueError):
    """A rule that the facts break; `key` leads from the value checked to the key or value to change."""

    def __init__(self, text: str, *key: str | int) -> None:
        super().__init__(text)
        self.key = key


def nearest(word: str, known: Iterable[str], similarity: float | None = None) -> str:
    """The known word that was most likely meant, or empty if none is near.

    Case doesn't matter, nor whether words are joined by hyphens, spaces or _. `similarity` is from 0 to 1; if it isn't
    given, a word that is a part of only one other is near, too.
    """
    plain = {_plain(other): other for other in known}
    typed = _plain(word)
    begun = [other for other in plain if min(len(other), len(typed)) > 2 and (other in typed or typed in other)]
    if similarity is None and len(begun) == 1:
        return plain[begun[0]]
    score = DamerauLevenshtein.normalized_similarity
    found = process.extractOne(
        typed, list(plain), scorer=score, score_cutoff=_NEAR if similarity is None else similarity
    )
    return plain[found[0]] if found else ""


def _plain(word: str) -> str:
    return re.sub(r"[-_\s]", "", word).casefold()


def meant(word: str, known: Iterable[str]) -> str:
    """A sentence that names the known word that was most likely meant, or all of them."""
    names = list(known)
    near = nearest(word, names)
    if near:
        return f"Did you mean {near}?"
    return f"Choose from: {', '.join(names)}" if names else "Remove it"


def quoted(value: object) -> str:
    """A value as it may be repeated in a sentence: short, and on one line."""
    text = " ".join(str(value).split())
    return repr(text if len(text) <= _LONGEST_QUOTED else text[:_LONGEST_QUOTED].rstrip() + "…")


def shown(line: str) -> str:
    """A line of a file as it may be repeated in a sentence: shortened, and without the spaces around it."""
    words = line.strip()
    return words if len(words) <= _LONGEST_SHOWN else words[:_LONGEST_SHOWN].rstrip() + "…"


def sentence(error: ErrorDetails, example: str = "") -> str:
    """The words for an error that pydantic found, without the place; `example` is a value that would be right."""
    kind = error["type"]
    if kind.startswith("date_"):
        return NOT_A_DATE
    if kind == "missing":
        return "it's missing" + (f". Add: {example}" if example else "")
    write = _WORDS.get(kind)
    return write(error) if write else "this value doesn't work here" + (f". Expected: {example}" if example else "")


def _bound(words: str, name: str) -> Callable[[ErrorDetails], str]:
    return lambda error: f"{error['input']} is too {words} {error['ctx'][name]}"


def _count(words: str, name: str) -> Callable[[ErrorDetails], str]:
    return lambda error: (
        f"it has {error['ctx']['actual_length']}, but {words} {error['ctx'][name]} {_allowed(error, name)}"
    )


def _allowed(error: ErrorDetails, name: str) -> str:
    return "is allowed" if error["ctx"][name] == 1 else "are allowed"


def _too_long(error: ErrorDetails) -> str:
    return f"it's {len(str(error['input']).strip())} characters long: use at most {error['ctx']['max_length']}"


def _string(error: ErrorDetails) -> str:
    value = error["input"]
    written = {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    if value is None:
        return "it's empty: write the words after the colon"
    if isinstance(value, list | dict):
        return "expected words, in quotes"
    return f'put it in quotes: "{written}"'


def _list(error: ErrorDetails) -> str:
    value = error["input"]
    if isinstance(value, str):
        return f'expected a list: ["{value}"]'
    return "expected a list in brackets, such as [...]"


def _number(error: ErrorDetails) -> str:
    if isinstance(error["input"], float):
        return "expected a whole number, without a dot: 1000"
    digits = re.sub(r"[\s,._']", "", str(error["input"]))
    number = str(unicodedata.digit(digits[0])) + digits[1:] if digits[:1].isdigit() and digits.isdecimal() else "100"
    return f"expected a whole number, without quotes: {number}"


def _enum(error: ErrorDetails) -> str:
    known = re.findall(r"'([^']*)'", error["ctx"]["expected"])
    return f"there's no {error['loc'][-1]} {quoted(error['input'])}. {meant(str(error['input']), known)}"


def _pattern(error: ErrorDetails) -> str:
    return _FORMS.get(str(error["loc"][-1]), f"{quoted(error['input'])} can't be a name: {_KEY}")


_WORDS: Mapping[str, Callable[[ErrorDetails], str]] = {
    "string_type": _string,
    "int_type": _number,
    "int_from_float": _number,
    "bool_type": lambda _: "expected true or false, without quotes",
    "list_type": _list,
    "tuple_type": _list,
    "dict_type": lambda _: "expected lines such as name: words below it, indented by two spaces",
    "model_type": lambda _: "expected a table of keys and values",
    "enum": _enum,
    "greater_than_equal": _bound("small: use at least", "ge"),
    "less_than_equal": _bound("large: use at most", "le"),
    "less_than": _bound("late: use a day before", "lt"),
    "string_too_short": lambda _: "it's empty: write the words between the quotes",
    "string_too_long": _too_long,
    "too_short": lambda error: f"it's empty: give at least {error['ctx']['min_length']}",
    "too_long": _count("at most", "max_length"),
    "string_pattern_mismatch": _pattern,
    "value_error": lambda error: error["msg"].removeprefix("Value error, "),
}
"""The words for each type of error that the rules for petitions can lead to."""


def unknown_key(key: object, known: Iterable[str]) -> str:
    """The words for a key that a table doesn't have."""
    return f"there's no key {key}. {meant(str(key), known)}"
