"""Dates of sources, as people write them in the text's language, in English, or in one that the interface speaks."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from babel import Locale, UnknownLocaleError

from core.petition.source_parts import is_undated

EXPECTED = "Write it like March 2, 2026, or at least give the year; without any date, write n.d."
_ACCESSED = re.compile(
    r"^(?:last )?(?:accessed|retrieved|viewed|consultado|consulta|abgerufen|zuletzt abgerufen|consulté|visto)"
    r"(?: on| el| am| le| il)?:?\s+",
    re.IGNORECASE,
)
_YEARS = re.compile(r"(?:ca?\.\s*|around )?\d{4}(?:\s*[-–/]\s*\d{2,4})?$", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_SEASONS = (
    r"(?:spring|summer|autumn|fall|winter|early|mid|late|easter|christmas|fy|q[1-4]|frühjahr|frühling|sommer|herbst|"
    r"anfang|mitte|ende|ostern|weihnachten|primavera|verano|otoño|invierno|navidad|printemps|été|automne|hiver)\b"
)
_DAY = re.compile(  # it must exist: "February 30, 2018", "30. Februar 2018", "30 de febrero de 2018", "30/02/2018"
    r"(?:[^\W\d_]+\.?\s+\d{1,2}|\d{1,2}\.?\s*(?:de\s+)?[^\W\d_]+\.?(?:\s+del?)?|\d{1,2}[./-]\d{1,2})[\s,./-]+\d{4}"
)
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_MONTH = re.compile(rf"(?!{_SEASONS})[^\W\d_]+\.?,?\s+\d{{4}}", re.IGNORECASE)  # so must this: "Janember 2018"
_RANGE = re.compile(r"(?<=[^\W\d_])\s*[-–/]\s*[^\W\d_]+|(?<=\d)\s*[-–]\s*\d{1,2}(?=[^\d])")


def is_date(written: str, languages: Iterable[str]) -> bool:
    """True for a day or month that exists, for anything else with a year ("Fall 2018"), and for words such as "n.d.".

    It may be in one of these languages. One whose dates nobody can read here is satisfied with any four digits.
    """
    import dateparser  # noqa: PLC0415  (takes as long to import as all the rest)
    from dateparser.data.languages_info import language_order  # noqa: PLC0415

    spoken = list(dict.fromkeys(language.partition("_")[0] for language in languages))
    known = [language for language in spoken if language in language_order]
    date = _ACCESSED.sub("", normalized_date(written))
    if is_undated(date) or _YEARS.match(date):
        return True
    if iso := _ISO.fullmatch(date):
        return exists(*map(int, iso.groups()))
    if known != spoken and re.search(r"\d{4}", date):
        return True
    settings: Any = {"REQUIRE_PARTS": ["year"], "RELATIVE_BASE": dt.datetime(2000, 1, 1, tzinfo=dt.UTC)}
    if _YEAR.search(date) and not (_DAY.fullmatch(date) or _MONTH.fullmatch(date)):
        return True
    return any(
        dateparser.parse(form, languages=[language], settings=settings) is not None
        for form in dict.fromkeys((date, _RANGE.sub("", date)))
        for language in known
    )


def exists(year: int, month: int, day: int) -> bool:
    """True for a day of the calendar."""
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


def normalized_date(written: str) -> str:
    """The date with ASCII digits, without marks of direction, and with plain blanks and commas."""
    digits = "".join(
        str(unicodedata.digit(character)) if unicodedata.category(character) == "Nd" else character
        for character in written
        if unicodedata.category(character) != "Cf"
    )
    return " ".join(re.sub("[،，、]", ",", digits).split())


def may_be_the_day(written: str, day: dt.date, language: str) -> bool:
    """True if a date as written in a note may mean this day: nothing in it is another year, month or day.

    It may be in `language` or in English.
    """
    numbers = {int(digits) for digits in re.findall(r"\d+", normalized_date(written))}
    words = set(re.findall(r"[^\W\d_]+", normalized_date(written).casefold()))
    named = {number for names in map(_months, (language, "en")) for number, name in names if name in words}
    if named:
        return day.year in numbers and numbers <= {day.year, day.day} and day.month in named
    return day.year in numbers and numbers <= {day.year, day.month, day.day}


def _months(language: str) -> Iterator[tuple[int, str]]:
    """The names of months, long and short, with their numbers."""
    try:
        months = Locale.parse(language).months["format"]
    except (ValueError, UnknownLocaleError):
        return
    for width in ("wide", "abbreviated"):
        yield from ((number, name.casefold().strip(".")) for number, name in months[width].items())
