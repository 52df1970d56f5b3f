"""The lines of the review that say what becomes of a signer's data: what a signer agrees to with Confirm.

The review shows exactly these lines, and a signature stores them with the button's words (core.signatures.consent).
"""

from __future__ import annotations

from collections.abc import Iterator

from core.conversation.scene import Scene, contact_words, display_value, field_caption
from core.conversation.screen import Facts, Line, Style
from core.conversation.state import Conversation, Overlay, Stage
from core.messages import Argument, Catalog, Message
from core.petition.answers import handed_in
from core.petition.form import FieldKind
from core.petition.petition import Petition
from core.signatures.consent import words_digest

_HANDED_IN = {
    FieldKind.NAME: Message("handed_in.name"),
    FieldKind.POSTAL_CODE: Message("handed_in.postal_code"),
    FieldKind.COUNTRY: Message("handed_in.country"),
}
"""The kinds of answers that the hand-in shows, with their words."""
CONFIRM = Message("button.confirm")
CONFIRM_NAMED = Message("button.confirm_named")


def _shown_of_named(scene: Scene) -> tuple[Message, ...]:
    """The answers that the hand-in shows of a signer who is named, such as "your name"; empty if it names nobody."""
    petition, answers = scene.petition, scene.conversation.answers
    kinds = {field.kind for field in petition.fields}
    if any(field.is_answered_by_country(answers.get(field.name, "")) for field in petition.fields):
        kinds = kinds - {FieldKind.POSTAL_CODE} | {FieldKind.COUNTRY}
    if FieldKind.NAME not in kinds:
        return ()
    captions = (field_caption(scene.text, field) for field in handed_in(petition, answers))
    others = (Message("handed_in.answer", {"caption": caption}) for caption in captions)
    return (*(words for kind, words in _HANDED_IN.items() if kind in kinds), *others)


def asks_to_name(petition: Petition, conversation: Conversation) -> bool:
    """True if Confirm still has to decide how the signer appears in the hand-in."""
    return bool(petition.named_if) and petition.named_if not in conversation.answers


def hand_in_line(scene: Scene) -> Line:
    """The hand-in, and how the signer appears in it."""
    petition, conversation = scene.petition, scene.conversation
    shown = _shown_of_named(scene)
    about: dict[str, Argument] = {"organizer": petition.organizer, "target": petition.target, "shown": shown}
    if not shown:
        return Line(Message("review.hands_in", about))
    if asks_to_name(petition, conversation):
        return Line(Message("review.hands_in_asked", {**about, "button": CONFIRM_NAMED}))
    named = petition.names(conversation.answers)
    return Line(Message("review.hands_in_named" if named else "review.hands_in", about))


def consent_lines(scene: Scene) -> Iterator[Line]:
    """The lines of the review about the hand-in, updates and the data."""
    petition = scene.petition
    yield hand_in_line(scene)
    yield updates_line(scene)
    about: dict[str, Argument] = {"organizer": petition.organizer, "days": petition.retention_days}
    about["contact"] = contact_words(petition)
    yield Line(Message("review.data" if petition.closes else "review.data_open", about), Style.NOTE)


def updates_line(scene: Scene) -> Line:
    """The channel for updates, if the signer wants any."""
    state = scene.conversation
    about: dict[str, Argument] = {"organizer": scene.petition.organizer, "contact": contact_words(scene.petition)}
    on = "review.updates_email" if state.by_email else "review.updates_on"
    return Line(Message(on if state.updates else "review.updates_off", about))


def choice_made(scene: Scene) -> Facts | None:
    """The answer to the question about the name, if a form asked it."""
    petition, text, locale = scene.petition, scene.text, scene.conversation.locale
    field, value = petition.field(petition.named_if), scene.conversation.answers.get(petition.named_if)
    if field is None or value is None:
        return None
    return Facts(((field_caption(text, field), display_value(text, field, value, locale)),))


def shown_words(scene: Scene, catalog: Catalog) -> str:
    """The words that the review shows about the data, one line each, in the signer's language."""
    locale = scene.conversation.locale
    heading = catalog.words(Message("review.heading", {"target": scene.petition.target}), locale)
    made = choice_made(scene)
    rows = (
        [f"{catalog.words(name, locale)}: {catalog.words(value, locale)}" for name, value in made.rows] if made else []
    )
    return "\n".join((heading, *rows, *(catalog.words(line.words, locale) for line in consent_lines(scene))))


def shown_digest(scene: Scene, catalog: Catalog) -> str:
    """The digest of the words on the review, or empty if it is not on the screen."""
    conversation = scene.conversation
    if conversation.stage is not Stage.REVIEWING or conversation.overlay is not Overlay.STAGE:
        return ""
    return words_digest(shown_words(scene, catalog))
