"""The sentences of the review that say what becomes of a signer's data, for every answer that a signer may give.

The review shows those that fit the signer's answers (core.conversation.consent), and a version of the petition has all
of them (core.petition.envelope).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core.messages import Argument, Message
from core.petition.answers import handed_in
from core.petition.captions import field_caption
from core.petition.form import Elsewhere, Field, FieldKind
from core.petition.petition import Petition, PetitionText

_HANDED_IN = {
    FieldKind.NAME: Message("handed_in.name"),
    FieldKind.POSTAL_CODE: Message("handed_in.postal_code"),
    FieldKind.COUNTRY: Message("handed_in.country"),
}
"""The kinds of answers that the hand-in shows, with their words."""
YES, CONFIRM = Message("option.yes"), Message("button.confirm")
CONFIRM_NAMED = Message("button.confirm_named")


def contact_words(petition: Petition) -> Message:
    """The contact data that the organizer gets only for updates by email, such as "your email address"."""
    return Message("contact.both" if petition.first_field(FieldKind.PHONE) else "contact.email")


def heading_words(petition: Petition) -> Message:
    """The sentence above the letter."""
    return Message("review.heading", {"target": petition.target})


def hand_in_words(petition: Petition, text: PetitionText, answers: Mapping[str, str]) -> Message:
    """The hand-in, and how a signer with these answers appears in it."""
    by_country = any(field.is_answered_by_country(answers.get(field.name, "")) for field in petition.fields)
    shown = _shown_of_named(petition, text, handed_in(petition, answers), by_country=by_country)
    asks = bool(petition.named_if) and petition.named_if not in answers
    return _hand_in(petition, shown, None if asks else petition.names(answers))


def updates_words(petition: Petition, *, updates: bool, by_email: bool) -> Message:
    """The channel for updates, if the signer wants any."""
    about: dict[str, Argument] = {"organizer": petition.organizer, "contact": contact_words(petition)}
    on = "review.updates_email" if by_email else "review.updates_on"
    return Message(on if updates else "review.updates_off", about)


def data_words(petition: Petition) -> Message:
    """The other answers: their readers, and when they are erased."""
    about: dict[str, Argument] = {"organizer": petition.organizer, "days": petition.retention_days}
    about["contact"] = contact_words(petition)
    return Message("review.data" if petition.closes else "review.data_open", about)


def form_hand_in_words(petition: Petition, text: PetitionText) -> Message:
    """The hand-in, and how a signer appears in it, in a form that asks for everything at once."""
    fields = tuple(field for field in petition.fields if field.hand_in)
    elsewhere = any(field.elsewhere is Elsewhere.ACCEPT for field in petition.fields)
    shown = _shown_of_named(petition, text, fields, by_country=False)
    place = Message("handed_in.code_or_country")
    shown = tuple(place if elsewhere and words == _HANDED_IN[FieldKind.POSTAL_CODE] else words for words in shown)
    return _hand_in(petition, shown, None if petition.named_if else True, YES)


def every_hand_in(petition: Petition, text: PetitionText) -> Iterator[Message]:
    """The sentences about the hand-in for signers who answered everything, whichever way they appear in it."""
    fields = tuple(field for field in petition.fields if field.hand_in)
    elsewhere = any(field.elsewhere is Elsewhere.ACCEPT for field in petition.fields)
    for by_country in (False, True) if elsewhere else (False,):
        shown = _shown_of_named(petition, text, fields, by_country=by_country)
        for named in (None, True) if petition.named_if else (True,):
            yield _hand_in(petition, shown, named)
    if petition.named_if:
        yield _hand_in(petition, (), named=False)


def every_updates(petition: Petition) -> Iterator[Message]:
    """The sentences about updates: without them, in the chat, and by email."""
    for updates, by_email in ((False, False), (True, False), (True, True)):
        yield updates_words(petition, updates=updates, by_email=by_email)


def confirm_buttons(petition: Petition) -> Iterator[Message]:
    """The words on the buttons that confirm, as long as the question about the name is open."""
    yield CONFIRM
    if petition.named_if:
        yield CONFIRM_NAMED


def _shown_of_named(
    petition: Petition, text: PetitionText, fields: tuple[Field, ...], *, by_country: bool
) -> tuple[Message, ...]:
    """The answers that the hand-in shows of a signer who is named, such as "your name"; empty if it names nobody."""
    kinds = {field.kind for field in petition.fields}
    if by_country:
        kinds = kinds - {FieldKind.POSTAL_CODE} | {FieldKind.COUNTRY}
    if FieldKind.NAME not in kinds:
        return ()
    others = (Message("handed_in.answer", {"caption": field_caption(text, field)}) for field in fields)
    return (*(words for kind, words in _HANDED_IN.items() if kind in kinds), *others)


def _hand_in(
    petition: Petition, shown: tuple[Message, ...], named: bool | None, agree: Message = CONFIRM_NAMED
) -> Message:
    """The sentence for a signer who is `named` or not; None while the words `agree` still have to be chosen."""
    about: dict[str, Argument] = {"organizer": petition.organizer, "target": petition.target, "shown": shown}
    if not shown or named is False:
        return Message("review.hands_in", about)
    if named is None:
        return Message("review.hands_in_asked", {**about, "button": agree})
    return Message("review.hands_in_named", about)
