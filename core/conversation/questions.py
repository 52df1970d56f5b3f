"""The words around a question: what it takes, an example, and likely answers to tap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from core.conversation.scene import HINTS, Scene
from core.conversation.state import Answer, Edit, Event, Pick
from core.messages import Argument, Message, Words
from core.petition import phone, postal_code
from core.petition.answers import applies, country_of_codes, is_required, prefilled
from core.petition.country import country_name, likely
from core.petition.form import WHICH_COUNTRY, WHICH_EMAIL, Elsewhere, Field, FieldKind, offered


def fields_that_apply(scene: Scene) -> Iterator[Field]:
    """The fields of the form that this signer can answer."""
    petition, answers = scene.petition, scene.conversation.answers
    return (field for field in petition.fields if applies(petition, field, answers))


def prefilled_answers(scene: Scene) -> Mapping[str, str]:
    """The answers that came from the profile or an earlier signature, until the signer has given another."""
    conversation, known = scene.conversation, scene.known
    if conversation.stranger or not conversation.answers:
        return {}
    filled = prefilled(scene.petition, known.details, known.profile_name, conversation.locale)
    return filled if filled == conversation.answers else {}


def asks_country(scene: Scene, fields: Iterable[Field]) -> bool:
    """True if one of these fields asks for the country, and that question is not answered yet."""
    answers = scene.conversation.answers
    return any(field.kind is FieldKind.COUNTRY and field.name not in answers for field in fields)


def is_required_here(scene: Scene, field: Field, *, country_asked: bool) -> bool:
    """True if a field can't be left empty in a form.

    A postal code next to the question for its country can, since the country may turn out to have none.
    """
    if country_asked and field.kind is FieldKind.POSTAL_CODE:
        return False
    return is_required(scene.petition, field, scene.conversation.answers)


def suggestions(scene: Scene, field: Field) -> Iterator[tuple[Words, Event]]:
    """Likely answers to tap, where any other can be typed as well, and the way to say where else one lives."""
    error, locale = scene.conversation.errors.get(field.name), scene.conversation.locale
    if error and error.key == WHICH_EMAIL:
        yield from ((address, Pick(field.name, place)) for place, address in enumerate(offered(error)))
    elif field.kind is FieldKind.COUNTRY and not (error and error.key == WHICH_COUNTRY):
        codes = likely(scene.petition.country, scene.known.language or locale)
        yield from ((country_name(code, locale), Answer({field.name: code})) for code in codes)
    elif field.kind is FieldKind.POSTAL_CODE:
        yield from ((country_name(code, locale), Answer({field.name: code})) for code in offered(error))
        asked, answers = scene.petition.first_field(FieldKind.COUNTRY), scene.conversation.answers
        if asked and asked.name not in answers:
            known = country_of_codes(scene.petition, field, answers)
            yield Message("button.other_country" if known else "button.country_first"), Edit(asked.name)


def hint(scene: Scene, field: Field) -> Message:
    """The product's hint for a field; for a postal code, with its country and an example."""
    if field.name == scene.petition.named_if:
        return Message("hint.named")
    if field.kind is FieldKind.PHONE:
        return Message("hint.phone", {"example": _phone_example(scene, field)})
    where = _codes_from(scene, field)
    if where is None:
        return HINTS[field.kind]
    if field.elsewhere is Elsewhere.ACCEPT:
        return Message("hint.postal_code_elsewhere", where)
    exclusive = scene.petition.first_field(FieldKind.COUNTRY) is None and field.country
    return Message("hint.postal_code_only" if exclusive else "hint.postal_code_in", where)


def form_hint(scene: Scene, field: Field) -> Message | None:
    """A shorter hint for a form, whose input shows the example; None if the usual one suits it."""
    if field.kind is FieldKind.PHONE:
        return Message("hint.phone_in_form")
    where = _codes_from(scene, field)
    if where is None or field.elsewhere is not Elsewhere.ACCEPT:
        return None
    short = len(str(where["country"])) <= _LONGEST_NAME
    return Message("hint.code_in_form" if short else "hint.code_in_form_short", where)


def placeholder(scene: Scene, field: Field) -> Words:
    """An example for an empty input, in at most 64 characters; nothing for a question that is only tapped."""
    if field.kind is FieldKind.COUNTRY:
        codes = likely(scene.petition.country, scene.known.language or scene.conversation.locale)
        return country_name(codes[0], scene.conversation.locale) if codes else HINTS[FieldKind.COUNTRY]
    if field.kind is FieldKind.PHONE:
        return _phone_example(scene, field)
    where = _codes_from(scene, field)
    if where and len(str(where["country"])) > _LONGEST_NAME:
        return str(where["example"])
    if where:
        accept = field.elsewhere is Elsewhere.ACCEPT
        return Message("placeholder.postal_code_elsewhere" if accept else "placeholder.postal_code", where)
    return _PLACEHOLDERS.get(field.kind, "")


def _phone_example(scene: Scene, field: Field) -> str:
    return phone.example(country_of_codes(scene.petition, field, scene.conversation.answers))


def _codes_from(scene: Scene, field: Field) -> dict[str, Argument] | None:
    """The name and an example of the country whose postal codes a field takes, if one is known."""
    if field.kind is not FieldKind.POSTAL_CODE:
        return None
    code = country_of_codes(scene.petition, field, scene.conversation.answers)
    if code not in postal_code.countries():
        return None
    return {"country": country_name(code, scene.conversation.locale), "example": postal_code.example(code)}


_LONGEST_NAME = 32  # characters of a country, beside an example
_PLACEHOLDERS: Mapping[FieldKind, Words] = {
    FieldKind.EMAIL: "ada@example.com",
    FieldKind.NAME: "Ada Lovelace",
    FieldKind.POSTAL_CODE: Message("placeholder.postal_code_any"),
    FieldKind.TEXT: HINTS[FieldKind.TEXT],
}
