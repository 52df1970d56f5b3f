"""The year, month, and day of a date as written, for programs that sort and format citations."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TypeAlias

from babel import Locale, UnknownLocaleError

from core.petition.source_dates import exists, normalized_date

DateParts: TypeAlias = tuple[int, ...]
"""A year, perhaps its month, and perhaps the day of that."""

_ISO = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})(?:[-/.](?P<day>\d{1,2}))?")
_NAMED = (
    re.compile(r"(?:(?P<day>\d{1,2})\.?(?:er|st|nd|rd|th)?\s+(?:de\s+|of\s+)?)?(?P<month>[^\W\d_]+)\.?,?\s+(?:del?\s+)?(?P<year>\d{4})"),
    re.compile(r"(?P<month>[^\W\d_]+)\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})"),
)  # fmt: skip
_DAY_NAME = re.compile(r"^[^\W\d_]+\.?,\s+(?=.*\d)")


def date_parts(written: str, language: str) -> DateParts:
    """The parts of a day, a month, or a year in a language or in English; empty for any other words."""
    plain = normalized_date(written).strip(" ,.")
    date = plain if _matches(plain) else _DAY_NAME.sub("", plain)
    if re.fullmatch(r"\d{4}", date):
        return (int(date),)
    match = _ISO.fullmatch(date)
    if match:
        return _checked(match["year"], int(match["month"]), match["day"])
    for named in _NAMED:
        if match := named.fullmatch(date):
            month = _months("en").get(match["month"].casefold()) or _months(language).get(match["month"].casefold())
            return _checked(match["year"], month or 0, match["day"])
    return ()


def _matches(date: str) -> bool:
    return any(named.fullmatch(date) for named in _NAMED)


def _checked(year: str, month: int, day: str | None) -> DateParts:
    """The parts; empty for a month or a day that doesn't exist."""
    if not exists(int(year), month, int(day or 1)):
        return ()
    return (int(year), month, int(day)) if day else (int(year), month)


@lru_cache(16)
def _months(language: str) -> dict[str, int]:
    """The numbers of the months by their names, in small letters."""
    try:
        locale = Locale.parse(language)
    except (ValueError, UnknownLocaleError):
        return {}
    found = {"sept": 9}
    for widths in locale.months.values():
        for width in ("abbreviated", "wide"):
            found |= {name.casefold().strip("."): number for number, name in widths[width].items()}
    return found
