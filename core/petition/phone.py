"""Phone numbers: read as people write them in their country, and stored as E.164 has them, such as +14155552671."""

from __future__ import annotations

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

_ANYWHERE = "+44 7400 123456"


def normalize(value: str, country: str | None) -> str | None:
    """The number in E.164, or None if it isn't a valid one; without a country, it needs its "+" and calling code."""
    try:
        number = phonenumbers.parse(value, country)
    except NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        among_words = [match.number for match in phonenumbers.PhoneNumberMatcher(value, country)]
        if len(among_words) != 1:
            return None
        number = among_words[0]
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def example(country: str | None) -> str:
    """A number as people there write it, or one with a calling code if no country is known."""
    number = phonenumbers.example_number_for_type(country, PhoneNumberType.MOBILE) if country else None
    return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL) if number else _ANYWHERE


def readable(number: str) -> str:
    """A stored number as people write it, such as +1 415-555-2671."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.INTERNATIONAL)
    except NumberParseException:
        return number


def has_numbers(country: str) -> bool:
    """True for a country whose numbers are known."""
    return country in phonenumbers.SUPPORTED_REGIONS
