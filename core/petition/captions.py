"""The words for fields and their options: the petition's own, or else the product's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core.messages import Message, Words
from core.petition.form import Field, FieldKind
from core.petition.petition import PetitionText


def field_caption(text: PetitionText, field: Field) -> Words:
    """The caption of a field, from the petition if it has one, otherwise the product's own."""
    return text.captions.get(field.name) or _CAPTIONS[field.kind]


def answer_caption(text: PetitionText, field: Field, value: str) -> Words:
    """The caption of an answer, which is not the field's where a country was given instead of a postal code."""
    return _CAPTIONS[FieldKind.COUNTRY] if field.is_answered_by_country(value) else field_caption(text, field)


def options(text: PetitionText, field: Field) -> Iterator[tuple[str, Words]]:
    """The keys that answer a field, with their names."""
    if field.kind is FieldKind.YES_NO:
        yield from (("yes", Message("option.yes")), ("no", Message("option.no")))
    if field.kind is FieldKind.AGREE:
        yield from (("yes", Message("option.agree")), ("no", Message("option.disagree")))
    for key in field.options:
        yield key, text.options.get(field.name, {}).get(key, key)


_CAPTIONS: Mapping[FieldKind, Message] = {
    FieldKind.NAME: Message("caption.name"),
    FieldKind.EMAIL: Message("caption.email"),
    FieldKind.PHONE: Message("caption.phone"),
    FieldKind.POSTAL_CODE: Message("caption.postal_code"),
    FieldKind.COUNTRY: Message("caption.country"),
    FieldKind.TEXT: Message("caption.comment"),
    FieldKind.YES_NO: Message("caption.named"),  # of the question about the name; any other has its own
}
