"""The form that a signer fills in: fields, and the cleaning that accepts or refuses a value."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from email_validator import EmailNotValidError, validate_email

from core.messages import DEFAULT_LOCALE, Message
from core.petition import country, postal_code
from core.petition.person_name import clean_name

LONGEST_NAME = 100
LONGEST_TEXT = 500
LONGEST_SHORT = 120  # any other text on one line
SIGNATURE_COLUMNS = (
    "receipt", "number", "status", "signed_at", "platform", "source", "language", "text_version", "updates",
    "hand_in",
)  # fmt: skip
"""Export columns about the signature itself; no field may have one of these names."""

WHICH_COUNTRY = "refused.country_which"
"""The message that asks which country is meant; its argument `codes` has their codes, with blanks between them."""

_JOINERS = "\u200c\u200d"  # used in Persian and Indian scripts, and in emoji
_BIDI_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_DIRECTION_STARTS, _DIRECTION_ENDS = "\u202a\u202b\u2066\u2067\u2068", "\u202c\u2069"
_INVISIBLE = re.compile("[\u00ad\u061c\u115f\u1160\u200b\u200e\u200f\u2060\u3164\ufeff\uffa0]")
_TAGGED_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f")  # of England, Scotland, Wales ...
_EMAIL_WRAPPING = re.compile(r"^[<\"']*(?:mailto:)?[<\"']*|[>\"'.,;:]+$|[\ufe00-\ufe0f]", re.IGNORECASE)


class FieldKind(StrEnum):
    """The kinds of fields; the kind decides how values are cleaned and how a surface asks for them."""

    NAME = "name"
    EMAIL = "email"
    POSTAL_CODE = "postal_code"
    COUNTRY = "country"
    TEXT = "text"
    CHOICE = "choice"
    YES_NO = "yes_no"


CARRIED_OVER = frozenset({FieldKind.NAME, FieldKind.EMAIL, FieldKind.POSTAL_CODE, FieldKind.COUNTRY})
"""Kinds that identify a person; their answers are suggested again for the next petition."""


@dataclass(frozen=True)
class Field:
    """A field of the form; `name` is the key of its answer."""

    name: str
    kind: FieldKind
    required: bool = False
    country: str | None = None
    max_length: int | None = None
    options: tuple[str, ...] = ()

    @property
    def longest(self) -> int:
        """The maximum number of characters in a value."""
        by_kind = {FieldKind.NAME: LONGEST_NAME, FieldKind.TEXT: LONGEST_TEXT, FieldKind.EMAIL: 254}
        return self.max_length or by_kind.get(self.kind, LONGEST_SHORT)


@dataclass(frozen=True)
class CleaningContext:
    """Context for cleaning a value: the locale, the country already answered, the names of the options."""

    locale: str = DEFAULT_LOCALE
    country: str | None = None
    options: Mapping[str, str] | None = None


def clean(field: Field, raw: str, context: CleaningContext) -> str | Message:
    """The value to store, or a message that says how to correct it. Cleaning a clean value changes nothing."""
    value = unicodedata.normalize("NFC", raw.replace("\r\n", "\n").replace("\t", " "))
    value = _unwrapped(_INVISIBLE.sub("", value).strip())
    if not value:
        return Message("refused.empty")
    if any(_is_refused(character, field.kind) for character in _TAGGED_FLAG.sub("", value)):
        return Message("refused.characters")
    if field.kind is FieldKind.TEXT:
        value = "\n".join(" ".join(line.split()) for line in value.splitlines())
    else:
        value = " ".join(value.split())
    if len(value) > field.longest:
        return Message("refused.too_long", {"count": field.longest, "given": len(value)})
    return _CLEANERS[field.kind](field, value, context)


def _unwrapped(value: str) -> str:
    """The value without the marks that apps put around text to keep its direction."""
    while len(value) > 1 and value[0] in _DIRECTION_STARTS and value[-1] in _DIRECTION_ENDS:
        value = value[1:-1].strip()
    return value


def is_forbidden(character: str) -> bool:
    """True for characters not allowed in any text: control characters, surrogates, bidi overrides."""
    return character in _BIDI_OVERRIDES or unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")


def _is_refused(character: str, kind: FieldKind) -> bool:
    """True for characters not allowed in a value, including invisible ones on a single line."""
    if character in _JOINERS or (character == "\n" and kind is FieldKind.TEXT):
        return False
    unseen = kind is not FieldKind.TEXT and unicodedata.category(character) in ("Cf", "Co")
    return unseen or is_forbidden(character)


def _name(_: Field, value: str, __: CleaningContext) -> str | Message:
    return clean_name(value)


def _email(_: Field, value: str, __: CleaningContext) -> str | Message:
    try:
        return validate_email(_EMAIL_WRAPPING.sub("", value), check_deliverability=False).normalized
    except EmailNotValidError:
        return Message("refused.email")


def _postal_code(field: Field, value: str, context: CleaningContext) -> str | Message:
    where = field.country or context.country
    if where is None or where not in postal_code.countries():
        return value.upper()
    code = postal_code.normalize(where, value)
    if code is None:
        place = country.country_name(where, context.locale)
        return Message("refused.postal_code", {"country": place, "example": postal_code.example(where)})
    return code


def _country(_: Field, value: str, context: CleaningContext) -> str | Message:
    match country.find(value, context.locale):
        case ():
            return Message("refused.country")
        case (code,):
            return code
        case codes:
            names = tuple(country.country_name(code, context.locale) for code in codes)
            return Message(WHICH_COUNTRY, {"countries": names, "codes": " ".join(codes)})


def _text(_: Field, value: str, __: CleaningContext) -> str | Message:
    return value


def _choice(field: Field, value: str, context: CleaningContext) -> str | Message:
    words = context.options or {}
    for key in field.options:
        if value.casefold() in (key.casefold(), words.get(key, key).casefold()):
            return key
    return Message("refused.choice")


def _yes_no(_: Field, value: str, __: CleaningContext) -> str | Message:
    return value if value in ("yes", "no") else Message("refused.choice")


_CLEANERS: Mapping[FieldKind, Callable[[Field, str, CleaningContext], str | Message]] = {
    FieldKind.NAME: _name,
    FieldKind.EMAIL: _email,
    FieldKind.POSTAL_CODE: _postal_code,
    FieldKind.COUNTRY: _country,
    FieldKind.TEXT: _text,
    FieldKind.CHOICE: _choice,
    FieldKind.YES_NO: _yes_no,
}
