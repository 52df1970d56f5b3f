"""Countries: the name of each in a language, and the codes that a typed name may mean.

Names come from CLDR (country_names.json, which `python -m tests.renewal.country_names` renews), from ISO 3166-1
(pycountry), and from country_names.toml, which has what people say beside those.
"""

from __future__ import annotations

import gettext
import json
import re
import tomllib
import unicodedata
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pycountry
from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.languages import get_official_languages, get_territory_language_info

from core.messages import DEFAULT_LOCALE
from core.text.folding import folded_words

DATA = Path(__file__).with_name("country_names.json")
_MORE = DATA.with_suffix(".toml")
_NOT_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
CODES = (
    frozenset(code for code in map(str, Locale(DEFAULT_LOCALE).territories) if code.isalpha() and len(code) == 2)
    - _NOT_COUNTRIES
)
"""The two-letter codes of all countries and territories that CLDR knows today."""

_ARTICLES = (
    "the", "la", "le", "les", "l", "el", "los", "las", "il", "lo", "gli", "i", "der", "die", "das", "de", "het",
    "o", "a", "os", "as",
)  # fmt: skip
_AND = (
    "and", "et", "y", "e", "und", "en", "i", "og", "och", "ja", "ve", "és",
)  # fmt: skip
_LEFT_OUT = {*_AND, "the"}  # inside a name
_SAINTS = (
    "st", "ste", "saint", "sainte", "sankt", "san", "santa", "sao", "sint",
)  # fmt: skip
_SHORTENED = {"n": "north", "s": "south", "gt": "great", "rep": "republic", "dem": "democratic", "is": "islands"}
_MOST_SPEAK = 50  # percent
_MOST_NEIGHBOURS = 5  # countries with the same language that are still worth a button
_ISO_LANGUAGES = {"zh": "zh_CN", "zh-Hant": "zh_TW", "nb": "nb_NO", "sr-Latn": "sr@latin"}
_ISO_NAMES = ("name", "official_name", "common_name")
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
_TAGGED_FLAG = re.compile("\U0001f3f4([\U000e0061-\U000e007a]{2})[\U000e0030-\U000e007a]*\U000e007f")


def country_name(code: str, locale: str) -> str:
    """The name of a country in a language, from its two-letter code; any other text is returned unchanged."""
    return _names_by_code(locale).get(code, code)


@cache
def _names_by_code(locale: str) -> Mapping[str, str]:
    """The names in a language by their codes."""
    return {str(code): str(name) for code, name in Locale.parse(locale).territories.items()}


def find(typed: str, locale: str) -> tuple[str, ...]:
    """The codes that `typed` may mean, in the order of the alphabet: none, one, or several to ask about.

    It may be a code, a flag or a name. A name in the reader's language comes before one in English, and that before one
    in any other language. Case, accents, apostrophes, dots, "St." for "Saint", "and", and a leading article
    don't matter. A code in capitals means that country, whatever else it may be short for.
    """
    certain = typed if typed in CODES else _flag(typed)
    if certain:
        return (certain,)
    letters = re.sub(r"[.\s]", "", typed).upper()
    codes, spellings = _code(letters), [_folded(spelling) for spelling in _typed_spellings(typed)]
    short = letters.isascii() and len(letters) < 3  # "RU" is Reino Unido, but for people who read Spanish
    own = [locale, re.split("[-_]", locale)[0]]
    for folded in spellings:
        for languages in (own, [DEFAULT_LOCALE], () if short else _data()):
            if names := frozenset(code for language in languages for code in _named(language).get(folded, ())):
                return tuple(sorted(codes | names))
    return tuple(codes)


def likely(home: str | None, language: str) -> tuple[str, ...]:
    """The countries that a signer most likely lives in, by code: `home`, then those of the signer's language.

    `home` is the petition's country, and `language` what an app says, such as "de", "en-SG" or "pt_BR". A language that
    most people speak in only a few countries adds those. Others add their region, or else the country with most
    speakers.
    """
    spoken, *parts = re.split("[-_]", language)
    region = next((part.upper() for part in parts if part.upper() in CODES), None)
    main = get_global("likely_subtags").get(spoken.lower(), "").rpartition("_")[2]
    codes = (home, region or main, *_spoken_in(spoken.lower()))
    return tuple(dict.fromkeys(code for code in codes if code in CODES))


@cache
def _spoken_in(language: str) -> tuple[str, ...]:
    """The countries with this official language in which most people speak it, unless there are many."""
    official = (code for code in sorted(CODES) if language in get_official_languages(code))
    codes = tuple(code for code in official if _share(code, language) > _MOST_SPEAK)
    return codes if len(codes) <= _MOST_NEIGHBOURS else ()


def _share(country: str, language: str) -> float:
    """The percentage of a country's people who speak a language."""
    return float(get_territory_language_info(country)[language]["population_percent"] or 0)


def is_part(country: str, typed: str) -> bool:
    """True for the name or the abbreviation of a state or province, such as "Georgia" or "CA" in the United States."""
    return _folded(typed) in _parts(country)


@cache
def _parts(country: str) -> frozenset[str]:
    parts: Iterable[Any] = pycountry.subdivisions.get(country_code=country) or ()  # type: ignore[no-untyped-call]
    return frozenset(_folded(word) for part in parts for word in (part.name, part.code.partition("-")[2]))


def _flag(typed: str) -> str | None:
    """The country of a flag on its own; a part of a country, such as Scotland, has its country's code in front."""
    if match := _TAGGED_FLAG.fullmatch(typed):
        code = "".join(chr(ord(tag) - 0xE0000) for tag in match[1]).upper()
    elif _FLAG.fullmatch(typed):
        code = "".join(chr(ord(letter) - 0x1F1E6 + ord("A")) for letter in typed)
    else:
        return None
    return code if code in CODES else None


def _code(letters: str) -> frozenset[str]:
    """The country with this ISO code of two or three letters."""
    if len(letters) == 3 and (country := pycountry.countries.get(alpha_3=letters)):
        letters = country.alpha_2
    return frozenset({letters}) & CODES


@cache
def _named(language: str) -> Mapping[str, frozenset[str]]:
    """The countries by folded name in one language."""
    named: dict[str, frozenset[str]] = {}
    for code, names in _names(language):
        for folded in {_folded(spelling) for name in names for spelling in _spellings(name)}:
            named[folded] = named.get(folded, frozenset()) | {code}
    more = _more()["any"] | _more().get(language, {})
    return named | {_folded(name): frozenset(codes) for name, codes in more.items()}


def _names(language: str) -> Iterator[tuple[str, list[str]]]:
    """Each country's names in a language, from Babel if the language is not one of the data's."""
    kept = _data().get(language, {})
    yield from kept.items()
    yield from _iso_names(language, kept or CODES)
    if language != DEFAULT_LOCALE and len(kept) < len(CODES) / 2:
        with suppress(ValueError, UnknownLocaleError):
            territories = Locale.parse(language, sep="-" if "-" in language else "_").territories
            yield from ((code, [str(territories[code])]) for code in CODES if code in territories)


def _iso_names(language: str, codes: Container[str]) -> Iterator[tuple[str, list[str]]]:
    """ISO's names of some countries in a language, official ones included; none if pycountry has no translation."""
    spoken = _ISO_LANGUAGES.get(language, language.replace("-", "_"))
    translated = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, [spoken], fallback=True)
    for country in pycountry.countries:
        if country.alpha_2 in codes:
            names = [getattr(country, kind) for kind in _ISO_NAMES if hasattr(country, kind)]
            spelled = [translated.gettext(name) for name in names]
            yield country.alpha_2, spelled if language == DEFAULT_LOCALE else [*set(spelled).difference(names)]


def _typed_spellings(typed: str) -> Iterator[str]:
    """The typed words, and other ways to say them: "Ireland, Republic of", "Korea (North)", "United States (USA)"."""
    yield typed
    head, comma, rest = typed.partition(", ")
    if comma:
        yield f"{rest} {head}"
    head, bracket, rest = typed.rstrip(" )").partition("(")
    if bracket:
        yield from (f"{rest} {head}", head)


def _spellings(name: str) -> Iterator[str]:
    """A name as lists have it, and as it is said: "Korea, Republic of", "Congo (DRC)"."""
    yield name
    head, comma, rest = name.partition(", ")
    if comma:
        yield from (head, f"{rest} {head}")
    if name.endswith(")"):
        yield name.partition(" (")[0]


def _folded(name: str) -> str:
    """The name without anything that people leave out, add or write in another way."""
    words = folded_words(unicodedata.normalize("NFKC", name).replace("&", " and "))
    if len(words) == 1:  # most names
        return "st" if words[0] in _SAINTS else words[0]
    if words and words[0] in _ARTICLES:
        words = words[1:]
    inside = range(1, len(words) - 1)
    words = [word for place, word in enumerate(words) if not (place in inside and word in _LEFT_OUT)]
    if len(words) > 1:
        words = [_SHORTENED.get(word, word) for word in words]
    return "".join("st" if word in _SAINTS else word for word in words)


@cache
def _data() -> Mapping[str, Mapping[str, list[str]]]:
    languages: dict[str, dict[str, list[str]]] = json.loads(DATA.read_text(encoding="utf-8"))["languages"]
    return languages


@cache
def _more() -> Mapping[str, dict[str, list[str]]]:
    return tomllib.loads(_MORE.read_text(encoding="utf-8"))
