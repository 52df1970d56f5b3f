"""The lines of the review that say what becomes of a signer's data: what a signer agrees to with Confirm.

The review shows exactly these lines, and a signature stores them with the button's words (core.signatures.consent).
"""

from __future__ import annotations

from collections.abc import Iterator

from core.conversation.scene import Scene, display_value
from core.conversation.screen import Facts, Line, Style
from core.conversation.state import Conversation, Overlay, Stage
from core.messages import Catalog
from core.petition.captions import field_caption
from core.petition.consent import data_words, hand_in_words, heading_words, updates_words
from core.petition.petition import Petition
from core.signatures.consent import words_digest


def asks_to_name(petition: Petition, conversation: Conversation) -> bool:
    """True if Confirm still has to decide how the signer appears in the hand-in."""
    return bool(petition.named_if) and petition.named_if not in conversation.answers


def consent_lines(scene: Scene) -> Iterator[Line]:
    """The lines of the review about the hand-in, updates and the data."""
    yield Line(hand_in_words(scene.petition, scene.text, scene.conversation.answers))
    yield updates_line(scene)
    yield Line(data_words(scene.petition), Style.NOTE)


def updates_line(scene: Scene) -> Line:
    """The channel for updates, if the signer wants any."""
    state = scene.conversation
    return Line(updates_words(scene.petition, updates=state.updates, by_email=state.by_email))


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
    heading = catalog.words(heading_words(scene.petition), locale)
    made = choice_made(scene)
    rows = (
        [f"{catalog.words(name, locale)}: {catalog.words(value, locale)}" for name, value in made.rows] if made else []
    )
    return "\n".join((heading, *rows, *(catalog.words(line.words, locale) for line in consent_lines(scene))))


def shows_review(conversation: Conversation) -> bool:
    """True if the review, with its words about the data, is on the screen."""
    return conversation.stage is Stage.REVIEWING and conversation.overlay is Overlay.STAGE


def shown_digest(scene: Scene, catalog: Catalog) -> str:
    """The digest of the words about the data on the review."""
    return words_digest(shown_words(scene, catalog))
