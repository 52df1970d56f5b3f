"""The answers to a whole form: the fields that apply to a signer, and cleaning values that depend on each other.

A postal code belongs to a country, which another field may ask for before it or after it. So the country is cleaned
first, and every postal code is judged again whenever the country may have changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from core.messages import Message
from core.petition import postal_code
from core.petition.form import EMPTIED, CleaningContext, Elsewhere, Field, FieldKind, clean, offered
from core.petition.petition import FULL_NAME, Petition

CODE_COUNTRY = "postal_code_country"
"""The detail that says where a postal code belongs, or where a person lives who gave a country instead."""


@dataclass(frozen=True)
class Filled:
    """The accepted answers by field, and the reasons why others were refused."""

    answers: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, Message] = field(default_factory=dict)


def country_of_codes(petition: Petition, code: Field, answers: Mapping[str, str]) -> str | None:
    """The country whose postal codes a field takes: the one answered, otherwise the petition's; None if unknown."""
    return petition.answered(FieldKind.COUNTRY, answers) or code.country or petition.country


def applies(petition: Petition, asked: Field, answers: Mapping[str, str]) -> bool:
    """False for a postal code if the signer's country has none."""
    if asked.kind is not FieldKind.POSTAL_CODE:
        return True
    where = country_of_codes(petition, asked, answers)
    return where is None or where in postal_code.countries()


def is_required(petition: Petition, asked: Field, answers: Mapping[str, str]) -> bool:
    """True if the field must be answered: also the country, if nothing else says where a postal code belongs."""
    if asked.kind is FieldKind.COUNTRY and not asked.required:
        codes = [other for other in petition.fields if other.kind is FieldKind.POSTAL_CODE]
        return any(
            (code.required or code.name in answers) and country_of_codes(petition, code, answers) is None
            for code in codes
        )
    return asked.required and applies(petition, asked, answers)


def take(
    petition: Petition, before: Filled, values: Mapping[str, str], locale: str, *, settled: bool = False
) -> Filled:
    """The answers with every valid value taken over, and the reasons against the others.

    `settled` values were accepted before. A postal code that doesn't fit the country is refused, even if it was
    accepted while the country was unknown; in a country without codes there is none. An accepted answer that comes back
    empty is kept, and becomes a question: only the button Remove removes one.
    """
    answers, errors = dict(before.answers), dict(before.errors)
    for asked in sorted(petition.fields, key=lambda asked: asked.kind is not FieldKind.COUNTRY):
        if asked.name in values:
            raw, refusal = values[asked.name], errors.pop(asked.name, None)
            chosen = settled or raw == answers.get(asked.name) or raw in offered(refusal)
            value = clean(asked, raw, _context(petition, asked, answers, locale, settled=chosen))
            if isinstance(value, str):
                answers[asked.name] = value
            elif not raw.strip() and not asked.required:
                errors |= {asked.name: Message(EMPTIED)} if asked.name in answers else {}
            else:
                errors[asked.name] = value
    return _judge_codes(petition, answers, errors, locale)


def _judge_codes(petition: Petition, answers: dict[str, str], errors: dict[str, Message], locale: str) -> Filled:
    """Refuse postal codes that don't fit the country that is known now, and drop those of a country without any."""
    for code in (asked for asked in petition.fields if asked.kind is FieldKind.POSTAL_CODE):
        if not applies(petition, code, answers):
            answers.pop(code.name, None)
            errors.pop(code.name, None)
        elif code.name in answers:
            judged = clean(code, answers[code.name], _context(petition, code, answers, locale, settled=True))
            if isinstance(judged, Message):
                del answers[code.name]
                errors[code.name] = judged
    return Filled(answers, errors)


def _context(
    petition: Petition, asked: Field, answers: Mapping[str, str], locale: str, *, settled: bool
) -> CleaningContext:
    return CleaningContext(
        locale,
        country_of_codes(petition, asked, answers),
        petition.text(locale).options.get(asked.name, {}),
        asks_country=petition.first_field(FieldKind.COUNTRY) is not None,
        settled=settled,
    )


def prefilled(petition: Petition, details: Mapping[str, str], profile_name: str, locale: str) -> Mapping[str, str]:
    """Usable answers from an earlier signature (`details` by kind) or from the profile, each for one field only."""
    values = {name: value for name, value in _suggested(petition, details, profile_name) if value}
    return take(petition, Filled(), values, locale, settled=True).answers


def _suggested(petition: Petition, details: Mapping[str, str], profile_name: str) -> Iterator[tuple[str, str]]:
    for kind in FieldKind:
        first = petition.first_field(kind)
        if first is None:
            continue
        if kind is FieldKind.NAME:
            yield from _suggested_name(petition, first, details, profile_name)
        elif kind is FieldKind.POSTAL_CODE:
            yield first.name, _suggested_code(petition, first, details)
        else:
            yield first.name, details.get(kind, "")


def _suggested_name(
    petition: Petition, first: Field, details: Mapping[str, str], profile_name: str
) -> Iterator[tuple[str, str]]:
    if len(petition.name_fields) > 1:  # nobody knows where a whole name ends in two
        yield from ((name, details.get(name, "")) for name in petition.name_fields)
        return
    profile = profile_name if first.required and looks_like_full_name(profile_name) else ""
    yield first.name, details.get(FieldKind.NAME, "") or profile


def _suggested_code(petition: Petition, code: Field, details: Mapping[str, str]) -> str:
    """The postal code given before, unless it belongs to another country: 10115 is in New York and in Berlin."""
    given, lives = details.get(FieldKind.POSTAL_CODE, ""), details.get(CODE_COUNTRY, "")
    if petition.first_field(FieldKind.COUNTRY) or lives in ("", code.country or petition.country):
        return given
    return lives if code.elsewhere is Elsewhere.ACCEPT else ""


def looks_like_full_name(profile: str) -> bool:
    """True if a profile's name has two words or more with letters; handles and nicknames hardly ever have."""
    return sum(any(map(str.isalpha, word)) for word in profile.split()) > 1


def details_of(petition: Petition, answers: Mapping[str, str]) -> dict[str, str]:
    """The answers that identify a person, by kind, to suggest for the next petition; parts of a name by field."""
    code, country = petition.place(answers)
    details = {
        FieldKind.NAME.value: petition.signer_name(answers),
        FieldKind.EMAIL.value: petition.answered(FieldKind.EMAIL, answers),
        FieldKind.PHONE.value: petition.answered(FieldKind.PHONE, answers),
        FieldKind.POSTAL_CODE.value: code,
        FieldKind.COUNTRY.value: petition.answered(FieldKind.COUNTRY, answers) or ("" if code else country),
        CODE_COUNTRY: country,
    }
    if len(petition.name_fields) > 1:
        details |= {name: answers.get(name, "") for name in petition.name_fields}
    return {kind: value for kind, value in details.items() if value}


def remembered(details: Mapping[str, str], petition: Petition, answers: Mapping[str, str]) -> Mapping[str, str]:
    """The details of a person after another signature."""
    new = details_of(petition, answers)
    renamed = FieldKind.NAME in new
    return {kind: value for kind, value in details.items() if not (renamed and kind in FULL_NAME)} | new


def handed_in(petition: Petition, answers: Mapping[str, str]) -> tuple[Field, ...]:
    """The fields whose answers the hand-in shows of a named signer who gave these, besides name and place."""
    return tuple(field for field in petition.fields if field.hand_in and answers.get(field.name))
