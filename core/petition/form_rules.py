"""Rules that the fields of a form must keep; every broken one is found, with the key of the value to change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from core.petition import phone, postal_code
from core.petition.form import HAND_IN_KINDS, RESERVED_NAMES, Elsewhere, Field, FieldKind
from core.petition.tap_digest import collisions

Broken: TypeAlias = tuple[str, tuple[str | int, ...]]
"""A broken rule: the words for it, and the key that leads to the value within the table of its field."""


def broken_rules(
    fields: Mapping[int, Field], country: str | None, named_if: str | None = None
) -> Iterator[tuple[int, Broken]]:
    """The rules that fields break, alone or together, each with the index of its field.

    `country` and `named_if` are the petition's. Fields that cannot be read are missing from `fields`.
    """
    for index, field in fields.items():
        yield from ((index, broken) for broken in (*_broken_alone(field), *_broken_by_country(field)))
    asks_country = any(field.kind is FieldKind.COUNTRY for field in fields.values())
    for index, field in fields.items():
        if field.kind is FieldKind.POSTAL_CODE:
            yield from ((index, broken) for broken in _broken_around_codes(field, country, asks_country=asks_country))
    if not any(field.kind is FieldKind.EMAIL for field in fields.values()):
        words = "you get phone numbers only with consent to updates by email: add a field of kind email"
        yield from ((index, (words, ("kind",))) for index, field in fields.items() if field.kind is FieldKind.PHONE)
    yield from _broken_by_hand_in(fields, named_if)
    yield from _broken_by_digest(fields)
    names = [field.name for field in fields.values()]
    emails = [field.kind is FieldKind.EMAIL for field in fields.values()]
    for place, (index, field) in enumerate(fields.items()):
        if field.name in names[:place]:
            yield index, (f"the field name {field.name!r} appears twice: rename one", ("name",))
        if emails[place] and any(emails[:place]):
            yield index, ("only one field can be of kind email: remove one", ("kind",))


def _broken_alone(field: Field) -> Iterator[Broken]:
    if field.kind is FieldKind.CHOICE and len(field.options) < 2:
        yield "a choice needs at least two options", ("options",)
    if field.options and field.kind is not FieldKind.CHOICE:
        yield "only fields of kind choice have options: remove them", ("options",)
    for place in repeated(field.options):
        yield "this option appears twice: remove one", ("options", place)
    if field.name in RESERVED_NAMES:
        yield f"{field.name!r} is the name of a column in the export: choose another", ("name",)


def _broken_by_country(field: Field) -> Iterator[Broken]:
    if field.country and field.kind not in (FieldKind.POSTAL_CODE, FieldKind.PHONE):
        yield "only fields of kind postal_code or phone have a country: remove it", ("country",)
    elif field.country and field.kind is FieldKind.PHONE:
        if not phone.has_numbers(field.country):
            yield f"{field.country!r} isn't a country with phone numbers: choose another code", ("country",)
    elif field.country and field.country not in postal_code.countries():
        yield f"{field.country!r} isn't a country with postal codes: choose another code", ("country",)
    if field.elsewhere is Elsewhere.ACCEPT and not (field.kind is FieldKind.POSTAL_CODE and field.country):
        yield "only fields of kind postal_code with a country have elsewhere: remove it", ("elsewhere",)


def _broken_around_codes(field: Field, country: str | None, *, asks_country: bool) -> Iterator[Broken]:
    if not (field.country or country or asks_country):
        words = 'nothing says which country\'s codes it takes: add country = "US", or a field of kind country'
        yield words, ("kind",)
    if field.elsewhere is Elsewhere.ACCEPT and asks_country:
        yield "the form has a field for the country, so leave elsewhere out", ("elsewhere",)


def _broken_by_digest(fields: Mapping[int, Field]) -> Iterator[tuple[int, Broken]]:
    for index, option, earlier in collisions(fields):
        name = fields[index].name if option is None else option
        place = ("name",) if option is None or option not in fields[index].options else ("options",)
        words = f"a button can't tell {name!r} from {earlier!r}, since their short digests are equal: rename one"
        yield index, (words, place)


def _broken_by_hand_in(fields: Mapping[int, Field], named_if: str | None) -> Iterator[tuple[int, Broken]]:
    lists_names = any(field.kind is FieldKind.NAME for field in fields.values())
    for index, field in fields.items():
        if not field.hand_in:
            continue
        if field.kind not in HAND_IN_KINDS:
            words = "only a text, a choice, and a yes_no have hand_in: names and places are handed in without it"
            yield index, (words, ("hand_in",))
        elif field.name == named_if:
            yield index, ("it decides about the name, so leave hand_in out", ("hand_in",))
        elif not lists_names:
            words = "the hand-in shows answers of named signers only: add a field of the kind name"
            yield index, (words, ("hand_in",))


def repeated(values: Sequence[str]) -> Iterator[int]:
    """The indices of values that came before."""
    return (index for index, value in enumerate(values) if value in values[:index])
