"""Answers of an example signer: one that is accepted for each kind of field, and one that isn't."""

from __future__ import annotations

from collections.abc import Mapping

from core.petition import phone, postal_code
from core.petition.answers import country_of_codes
from core.petition.form import FIRST_NAME, LAST_NAME, Field, FieldKind
from core.petition.petition import Petition

NAME = "Ada Lovelace"
_HOME = "US"  # of a petition that names no country
_NAMES: Mapping[str, str] = {FIRST_NAME: "Ada", LAST_NAME: "Lovelace"}
_WRONG: Mapping[FieldKind, str] = {
    FieldKind.NAME: "123",
    FieldKind.EMAIL: "ada",
    FieldKind.PHONE: "12",
    FieldKind.POSTAL_CODE: "nope",
    FieldKind.COUNTRY: "Nowhere",
    FieldKind.AGREE: "no",
}


def right_answer(petition: Petition, field: Field, answers: Mapping[str, str]) -> str:
    """An answer that the field accepts, after other `answers`."""
    known = country_of_codes(petition, field, answers)
    home = known or _HOME
    match field.kind:
        case FieldKind.NAME:
            return _NAMES.get(field.name, NAME)[: field.longest].strip()
        case FieldKind.EMAIL:
            return "ada@example.org"
        case FieldKind.PHONE:
            return phone.example(known)  # as the hint has it
        case FieldKind.POSTAL_CODE:
            return postal_code.example(home if home in postal_code.countries() else _HOME)
        case FieldKind.COUNTRY:
            return home
        case FieldKind.CHOICE:
            return field.options[0]
        case FieldKind.TEXT:
            return "I agree with every word."[: field.longest].strip()
    return "yes"


def wrong_answer(field: Field) -> str:
    """An answer that the field refuses; empty for one that people choose from a list, and for free text."""
    return _WRONG.get(field.kind, "")
