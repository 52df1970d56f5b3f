"""Postal codes: which countries have them, and how to write them, from Google's address data (postal_codes.json).

The data describes the format in each country, not which codes exist. To update it, run `python -m
tests.renewal.postal_codes`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pycountry

DATA = Path(__file__).with_name("postal_codes.json")

_DASHES = frozenset("-\u00ad\ufe63\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fc\uff70")  # two are Japanese
_SEPARATORS = ("", "-", " ")

# Corrections, where national posts are stricter than the data, newer, or write codes differently.
_CORRECTED: Mapping[str, Mapping[str, Any]] = {
    # Correo Argentino: the letter of the province and those of the block come together or not at all.
    "AR": {"pattern": r"[A-HJ-NP-Z]\d{4}[A-Z]{3}|\d{4}"},
    # Azərpoçt: the letters are part of the code.
    "AZ": {"pattern": r"AZ ?\d{4}", "examples": ["AZ 1000"]},
    # Correos de Chile: seven digits; many write a dash after the third.
    "CL": {"pattern": r"\d{3}-?\d{4}"},
    # Egypt Post: seven digits; five-digit codes are still in use.
    "EG": {"pattern": r"\d{7}|\d{5}", "examples": ["4460232"]},
    # Haiti's post: the letters are part of the code.
    "HT": {"pattern": r"HT\d{4}", "examples": ["HT6120"]},
    # Eircode: a routing key begins with one of 15 letters, only D6W ends in a letter, and O is not used.
    "IE": {"pattern": r"(?:[AC-FHKNPRTV-Y]\d\d|D6W) ?[0-9A-NP-Z]{4}"},
    # India Post: the first digit is one of nine zones; many write a space in the middle.
    "IN": {"pattern": r"[1-9]\d{2} ?\d{3}", "examples": ["110034"]},
    # Correo Paraguayo: six digits.
    "PY": {"pattern": r"\d{6}", "examples": ["001001"]},
    # PostNord: a space after the third digit.
    "SE": {"examples": ["114 55"]},
    # Correos de El Salvador: four digits, written after CP in addresses.
    "SV": {"pattern": r"[1-3][1-7][0-2]\d", "examples": ["1101"]},
    # TTPost: six digits. Not in the data.
    "TT": {"pattern": r"\d{6}", "examples": ["500234"]},
    # USPS: no prefix is 000.
    "US": {"pattern": r"(?!000)\d{5}(?:[ -]\d{4})?"},
}
# Prefixes that people type but the national form leaves out, besides the country's ISO code. In Europe it was the sign
# of vehicles (CEPT's recommendation of the 1960s), which many still write; UPU's addressing sheets no longer have it.
_LEFT_OUT = {
    "AT": ("A",), "BE": ("B",), "DE": ("D",), "EE": ("EST",), "ES": ("E",), "FI": ("FIN",), "FR": ("F",), "HU": ("H",),
    "IT": ("I",), "LI": ("FL",), "LU": ("L",), "NO": ("N",), "PT": ("P",), "SE": ("S",), "SI": ("SLO",), "SM": ("RSM",),
    "VA": ("V", "SCV"), "GR": ("EL", "TK"), "OM": ("PC",), "SV": ("CP",), "AI": ("AI",), "MX": ("CP",), "AR": ("CP",),
    "SG": ("S",),
}  # fmt: skip
_LABELS = ("ZIP", "PIN", "PLZ", "CEP", "CAP", "NPA")  # words for a postal code, which people write right before it
_MOST_WORDS = 3  # in a code
_LONGEST_CODE = 12  # characters, with the country's prefix
_LONGEST_LINE, _MOST_WORDS_ON_LINE = 60, 8  # characters and words of a code with its town
_DISTRICT = re.compile(r"\d{1,2}[.º°]?")
_MARKS = "\u3012\u3036\ufe0e\ufe0f"  # the postal mark of Japan, and what makes a sign an emoji
_AROUND = " .,;:#!?*…\"'“”„‘’«»()[]"
_BETWEEN = re.compile(r"[\s,;:!?()\[\]…\"“”]+|(?<=[^\W\d_]{4})[-\u2013](?=\d)")  # words, also in "Delhi-110001"
_WRITTEN = frozenset({"AD", "AZ", "BB", "HT", "LV", "VC", "VG"})
"""Countries whose own letters are part of the code, though people may omit them."""


@dataclass(frozen=True)
class _Rule:
    """A country's format; `separator` is the one to use if the pattern allows several."""

    pattern: re.Pattern[str]
    example: str
    separator: str


@cache
def countries() -> frozenset[str]:
    """Countries and territories that have postal codes, by two-letter code."""
    return frozenset(_data())


def example(country: str) -> str:
    """A real postal code from a country, as people there write it.

    Raises:
        KeyError: the country has no postal codes.
    """
    return _rule(country).example


def normalize(country: str, value: str) -> str | None:
    """The code in its country's format, or None if `value` has no such code, or several.

    Case, width and the script of digits don't matter. Spaces and dashes may be left out, but not added where none
    belongs. The country's prefix ("D-10115", "LT-01001"), the Japanese postal mark and words around the code ("zip
    94110", "94110 San Francisco") are left out.

    Raises:
        KeyError: the country has no postal codes.
    """
    value = value.translate(dict.fromkeys(map(ord, _MARKS), " ")).strip(_AROUND)
    code = _whole(country, value)
    return code if code is not None else _inside(country, value)


def looks_like_one(value: str) -> bool:
    """True if this is like the code of some country, for one that nothing asks for."""
    return len(value) <= _LONGEST_CODE and any(_whole(country, value) is not None for country in countries())


def has_one(value: str) -> bool:
    """True if the value has a code of some country, for one that is not known yet."""
    if len(value) > _LONGEST_LINE or len(value.split()) > _MOST_WORDS_ON_LINE:
        return False
    return any(normalize(country, value) is not None for country in countries())


def _inside(country: str, value: str) -> str | None:
    """The one code among words, which may have the number of a district ("75001 Paris Cedex 01", "110 00 Praha 1")."""
    words = [word for word in (piece.strip(_AROUND) for piece in _BETWEEN.split(value)) if word]
    found = set()
    for start in range(len(words)):
        for end in range(start + 1, min(start + _MOST_WORDS, len(words)) + 1):
            code = " ".join(words[start:end])
            if _has_digit(code) and _is_place(words[:start] + words[end:]):
                found.add(_whole(country, code))
    found.discard(None)
    return found.pop() if len(found) == 1 else None


def _is_place(words: list[str]) -> bool:
    """True for a town's name, perhaps with the number of a district, and for nothing; false for other numbers."""
    numbers = [word for word in words if _has_digit(word)]
    return not numbers or (len(numbers) == 1 < len(words) and _DISTRICT.fullmatch(numbers[0]) is not None)


def _has_digit(words: str) -> bool:
    return any(map(str.isdecimal, words))


def _whole(country: str, value: str) -> str | None:
    """The code, if the value is nothing else, but for its country's prefix."""
    rule, parts = _rule(country), _parts(value)
    if parts is None:
        return None
    prefixes = (*_LEFT_OUT.get(country, ()), "", country, *_LABELS, *_alpha_3(country))  # "" leaves none out
    candidates = [_without(parts, prefix) for prefix in prefixes if parts[0].startswith(prefix)]
    if country in _WRITTEN:
        (compact, cuts), prefix = parts, country
        candidates.append((prefix + compact, frozenset(cut + len(prefix) for cut in cuts)))
        candidates.append((compact, cuts - {len(prefix)} if compact.startswith(prefix) else cuts))
    for compact, cuts in candidates:
        spellings = list(_spellings(rule.pattern, compact))
        if spellings and cuts <= {cut for cut, separator, _ in spellings if separator}:
            order = (rule.separator, *_SEPARATORS)
            return min(spellings, key=lambda spelling: order.index(spelling[1]))[2]
    return None


@cache
def _alpha_3(country: str) -> tuple[str, ...]:
    """The ISO code of three letters; none for Kosovo, which has no ISO code."""
    found = pycountry.countries.get(alpha_2=country)
    return (found.alpha_3,) if found else ()


def _without(parts: tuple[str, frozenset[int]], prefix: str) -> tuple[str, frozenset[int]]:
    compact, cuts = parts
    return compact.removeprefix(prefix), frozenset(
        cut - len(prefix) for cut in cuts if not prefix or cut != len(prefix)
    )


def _spellings(pattern: re.Pattern[str], compact: str) -> Iterator[tuple[int, str, str]]:
    """Every spelling that fits, with its separator and where that goes. No country's codes have two."""
    for separator in _SEPARATORS:
        for cut in range(1, len(compact)) if separator else (0,):
            spelled = compact[:cut] + separator + compact[cut:]
            if pattern.fullmatch(spelled):
                yield cut, separator, spelled


def _parts(value: str) -> tuple[str, frozenset[int]] | None:
    """The letters and digits alone, and where separators were between them; None if it has other characters."""
    kept: list[str] = []
    cuts: set[int] = set()
    for character in value.strip():
        plain = character if character.isascii() else _plain(character)
        if plain in _DASHES or plain.isspace():
            cuts.add(len(kept))
        elif plain == ".":  # "01.310-100"
            continue
        elif plain.isascii() and plain.isalnum():
            kept.append(plain)
        else:
            return None
    return "".join(kept).upper(), frozenset(cuts)


def _plain(character: str) -> str:
    """The plain form: a digit of any script as 0 to 9, a full-width letter as the ordinary one."""
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if unicodedata.east_asian_width(character) == "F":
        return unicodedata.normalize("NFKC", character)
    return character


@cache
def _rule(country: str) -> _Rule:
    facts = _data()[country]
    pattern = re.compile(facts["pattern"], re.ASCII)
    examples = "".join(facts["examples"])
    separator = next((character for character in examples if character in " -"), "")
    return _Rule(pattern, facts["examples"][0], separator)


@cache
def _data() -> Mapping[str, Mapping[str, Any]]:
    data: dict[str, dict[str, Any]] = json.loads(DATA.read_text(encoding="utf-8"))["countries"]
    return {country: {**data.get(country, {}), **_CORRECTED.get(country, {})} for country in data.keys() | _CORRECTED}
