"""The form that a signer fills in: fields, and the cleaning that accepts or refuses a value."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from email_validator import EmailNotValidError, validate_email

from core.messages import DEFAULT_LOCALE, Message
from core.petition import country, mail_domain, phone, postal_code
from core.petition.person_name import clean_name, plain_letters

FIRST_NAME, LAST_NAME = "first_name", "last_name"  # two fields that together are one name
LONGEST_NAME = 100
LONGEST_TEXT = 500
LONGEST_SHORT = 120  # any other text on one line
SIGNATURE_COLUMNS = (
    "receipt", "number", "status", "signed_at", "platform", "source", "language", "text_version", "hand_in", "updates",
    "updates_channel",
)  # fmt: skip
"""Export columns about the signature itself."""
PROOF_COLUMNS = (
    "hand_in_platform", "hand_in_at", "hand_in_language", "hand_in_words",
    "updates_platform", "updates_at", "updates_language", "updates_words",
)  # fmt: skip
"""Export columns with the proof of the signer's choices."""
RESERVED_NAMES = frozenset({*SIGNATURE_COLUMNS, *PROOF_COLUMNS})
"""The names that no field may have."""

WHICH_COUNTRY = "refused.country_which"
"""The message that asks which country is meant; its argument `codes` has their codes, with blanks between them."""
COUNTRY_OR_CODE = "refused.country_or_code"
"""The message that asks whether a country is meant, or a part of the petition's own; it has `codes` too."""
WHICH_EMAIL = "refused.email_which"
"""The message that asks which address is meant; its arguments are `meant`, a well-known domain, and `typed`."""
EMPTIED = "refused.emptied"
"""The message that asks whether to remove an answer that came back empty."""

_JOINERS = "\u200c\u200d"  # used in Persian and Indian scripts, and in emoji
_BIDI_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_DIRECTION_STARTS, _DIRECTION_ENDS = "\u202a\u202b\u2066\u2067\u2068", "\u202c\u2069"
_INVISIBLE = re.compile("[\u00ad\u061c\u115f\u1160\u200b\u200e\u200f\u2060\u3164\ufeff\uffa0]")
_TAGGED_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f")  # of England, Scotland, Wales ...
_EMAIL_CONTACT = re.compile(  # "Ada King <ada@example.org>", "email: ada@example.org (Ada)"
    r"[^@<>]*<(?P<bracketed>[^<>]+)>[.,;]?"
    r"|(?:[^@\s:]+(?:\s[^@\s:]+)?:\s+)?(?P<plain>[^@\s]+@[^@\s]+?),?(?:\s+[(\[][^@]*[)\]])?[.,;]?"
)
_EMAIL_WRAPPING = re.compile(
    r"^[<(\[\"'«“„‘\u200c\u200d]*(?:mailto:)?[<\"']*"
    r"|(?:\?[a-z]+=[^@]*)?[>)\]\"'»“”’.,;:!?…\u200c\u200d]*$|[\ufe00-\ufe0f]",
    re.IGNORECASE,
)


class FieldKind(StrEnum):
    """The kinds of fields; the kind decides how values are cleaned and how a surface asks for them."""

    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    POSTAL_CODE = "postal_code"
    COUNTRY = "country"
    TEXT = "text"
    CHOICE = "choice"
    YES_NO = "yes_no"
    AGREE = "agree"


CONTACT_KINDS = frozenset({FieldKind.EMAIL, FieldKind.PHONE})
"""The kinds of answers that the organizer gets only with consent to updates by email; the hand-in never has them."""
HAND_IN_KINDS = frozenset({FieldKind.TEXT, FieldKind.CHOICE, FieldKind.YES_NO})
"""The kinds of answers that the hand-in shows only if the field says so, with `hand_in`."""


class Elsewhere(StrEnum):
    """The answer that a petition takes from people outside the one country whose postal codes it accepts."""

    REFUSE = "refuse"  # none: the petition is for people who live there
    ACCEPT = "accept"  # the country they live in, instead of a code


@dataclass(frozen=True)
class Field:
    """A field of the form; `name` is the key of its answer. With `hand_in`, the hand-in has those of named signers."""

    name: str
    kind: FieldKind
    required: bool = False
    country: str | None = None
    max_length: int | None = None
    options: tuple[str, ...] = ()
    elsewhere: Elsewhere = Elsewhere.REFUSE
    hand_in: bool = False

    @property
    def longest(self) -> int:
        """The maximum number of characters in a value."""
        by_kind = {FieldKind.NAME: LONGEST_NAME, FieldKind.TEXT: LONGEST_TEXT, FieldKind.EMAIL: 254}
        return self.max_length or by_kind.get(self.kind, LONGEST_SHORT)

    def is_answered_by_country(self, value: str) -> bool:
        """True if a signer elsewhere gave their country instead of a postal code."""
        return self.elsewhere is Elsewhere.ACCEPT and value in country.CODES


@dataclass(frozen=True)
class CleaningContext:
    """Context for cleaning a value: the locale, the country of a postal code, the names of the options.

    `asks_country` is true if another field asks for the country. `settled` is true for a value that was accepted before
    or that the signer chose among several readings, so there is nothing left to ask about it.
    """

    locale: str = DEFAULT_LOCALE
    country: str | None = None
    options: Mapping[str, str] | None = None
    asks_country: bool = False
    settled: bool = False


def clean(field: Field, raw: str, context: CleaningContext) -> str | Message:
    """The value to store, or a message that says how to correct it. Cleaning a clean value changes nothing.

    It may still ask about one, unless the context says that it is settled.
    """
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
    if field.kind is FieldKind.NAME:
        value = plain_letters(value)
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


def offered(refusal: Message | None) -> tuple[str, ...]:
    """The values that a refusal offers to choose among."""
    if refusal is None:
        return ()
    if refusal.key == WHICH_EMAIL:
        return (str(refusal.args["meant"]), str(refusal.args["typed"]))
    return tuple(str(refusal.args.get("codes", "")).split())


def _is_refused(character: str, kind: FieldKind) -> bool:
    """True for characters not allowed in a value, including invisible ones on a single line."""
    if character in _JOINERS or (character == "\n" and kind is FieldKind.TEXT):
        return False
    unseen = kind is not FieldKind.TEXT and unicodedata.category(character) in ("Cf", "Co")
    return unseen or is_forbidden(character)


def _name(_: Field, value: str, __: CleaningContext) -> str | Message:
    return clean_name(value)


def plain_address(value: str) -> str:
    """An email address without what people and programs put around it: a name, a label, brackets, `mailto:`."""
    contact = _EMAIL_CONTACT.fullmatch(value)
    address = (contact["bracketed"] or contact["plain"]) if contact else value
    return _EMAIL_WRAPPING.sub("", address).replace("\uff20", "@")


def _email(_: Field, value: str, context: CleaningContext) -> str | Message:
    typed = plain_address(value)
    try:
        address = validate_email(typed, check_deliverability=False).normalized
    except EmailNotValidError:
        return Message("refused.email")
    name, _at, domain = address.rpartition("@")
    meant = None if context.settled else mail_domain.meant(domain.lower())
    return Message(WHICH_EMAIL, {"meant": f"{name}@{meant}", "typed": address}) if meant else address


def _phone(field: Field, value: str, context: CleaningContext) -> str | Message:
    where = context.country or field.country
    return phone.normalize(value, where) or Message("refused.phone", {"example": phone.example(where)})


def _postal_code(field: Field, value: str, context: CleaningContext) -> str | Message:
    where = context.country or field.country
    if where is None or where not in postal_code.countries():
        plausible = postal_code.has_one if context.asks_country else postal_code.looks_like_one
        return value.upper() if plausible(value) else Message("refused.postal_code_any")
    code = postal_code.normalize(where, value)
    if code is not None:
        return code
    about = {"country": country.country_name(where, context.locale), "example": postal_code.example(where)}
    if context.asks_country:
        return Message("refused.postal_code", about)
    if field.elsewhere is Elsewhere.REFUSE:
        return Message("refused.postal_code_only", about)
    return _elsewhere(where, value, context) or Message("refused.postal_code_elsewhere", about)


def _elsewhere(home: str, value: str, context: CleaningContext) -> str | Message | None:
    """The country that the signer typed instead of a code; None if it is none, or the petition's own.

    A name that is also that of a part of the petition's country ("Georgia", "CA") is a question. Two small letters are
    a word, such as "no", and not the code of a country.
    """
    codes = country.find(value, context.locale)
    if home in codes or not codes or (len(value) == 2 and value.islower()):
        return None
    if context.settled and value in codes:
        return value
    if len(codes) == 1 and not country.is_part(home, value):
        return codes[0]
    names = tuple(country.country_name(code, context.locale) for code in codes)
    about = {"country": country.country_name(home, context.locale), "example": postal_code.example(home)}
    return Message(COUNTRY_OR_CODE, {"countries": names, "codes": " ".join(codes), **about})


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


def _agree(_: Field, value: str, __: CleaningContext) -> str | Message:
    """Accept only an agreement: who doesn't agree can't sign."""
    return value if value == "yes" else Message("refused.agree" if value == "no" else "refused.choice")


_CLEANERS: Mapping[FieldKind, Callable[[Field, str, CleaningContext], str | Message]] = {
    FieldKind.NAME: _name,
    FieldKind.EMAIL: _email,
    FieldKind.PHONE: _phone,
    FieldKind.POSTAL_CODE: _postal_code,
    FieldKind.COUNTRY: _country,
    FieldKind.TEXT: _text,
    FieldKind.CHOICE: _choice,
    FieldKind.YES_NO: _yes_no,
    FieldKind.AGREE: _agree,
}
