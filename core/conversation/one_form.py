"""The rule for a form that is the signature, for surfaces whose forms hold the letter and every question.

Such a form shows the whole letter, what becomes of the data, and all fields that its signer must see. So sending it
signs, in one transaction: the answers, then Confirm. The rule is asked twice: before the form opens (`form_of`), and
when it comes back (`reasons_against`). A form that may not sign leads to the review.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from core.conversation.consent import choice_made
from core.conversation.scene import Scene
from core.conversation.screen import Line, OneForm, Prompt, Screen, Style
from core.conversation.state import Overlay, Stage
from core.conversation.typed import FormSheet, SendForm
from core.messages import Catalog, Message
from core.petition.consent import data_words, form_hand_in_words
from core.platforms import WITHOUT_FORMS
from core.signatures.consent import words_digest

SHORT = 10
"""The hexadecimal digits of a digest that a form carries: enough to tell the versions of a petition apart."""


class Reason(StrEnum):
    """The reasons why a form is not a signature."""

    INCOMPLETE = "incomplete"  # an answer is missing or wrong, or the petition can't be signed now
    CHECKING = "checking"  # the signer wants to check the answers, or add some, first
    CHANGED = "changed"  # the text, or the words about the data, changed while the form was open
    UNSEEN = "unseen"  # an answer was stored meanwhile that the form didn't show


def sheet_of(form: OneForm, catalog: Catalog, locale: str) -> FormSheet:
    """The sheet that the form's id carries."""
    promised = words_digest(_words((form.heading, *form.terms), catalog, locale))
    return FormSheet(form.digest[:SHORT], promised[:SHORT], form.opened_at)


def form_of(scene: Scene, screen: Screen) -> OneForm | None:
    """The form that signs, or None if the screen doesn't ask for everything that is missing, or a form can't show it.

    A channel for updates that was chosen before would be lost in a form, whose checkbox is never ticked beforehand.
    """
    state = scene.conversation
    asks = state.stage is Stage.ANSWERING and state.overlay is Overlay.STAGE and not state.asking
    if not (asks and screen.prompts) or scene.known.platform in WITHOUT_FORMS or state.updates or state.by_email:
        return None
    seen = tuple(prompt for prompt in screen.form if _must_be_seen(prompt))
    others = tuple(prompt for prompt in screen.form if not _must_be_seen(prompt))
    heading, *terms = _lines(scene)
    text = scene.text
    return OneForm(text.title, heading, text.letter, tuple(terms), seen, others, text.digest, scene.now)


def _must_be_seen(prompt: Prompt) -> bool:
    """True for what has to be answered or was answered already, and for answers that the hand-in shows."""
    return bool(prompt.required or prompt.value or prompt.error or prompt.field.required or prompt.field.hand_in)


def reasons_against(form: SendForm, scene: Scene, catalog: Catalog) -> Iterator[Reason]:
    """The reasons why a form that came back is not the signature; `scene` is the one after its answers were taken."""
    state, sheet = scene.conversation, form.sheet
    if state.stage is not Stage.REVIEWING:
        yield Reason.INCOMPLETE
    if sheet is None or form.check:
        yield Reason.CHECKING
    elif not scene.text.digest.startswith(sheet.digest) or not _promise(scene, catalog).startswith(sheet.promised):
        yield Reason.CHANGED
    if any(name not in form.values for name in state.answers):
        yield Reason.UNSEEN


def agreed_words(scene: Scene, catalog: Catalog) -> str:
    """The words about the data in the form, with the choices that its signer made, one line each."""
    state, locale = scene.conversation, scene.conversation.locale
    made = choice_made(scene)
    updates = Message("button.updates_on"), Message("option.yes" if state.updates else "option.no")
    rows = [*(made.rows if made else ()), updates]
    chosen = (f"{catalog.words(name, locale)}: {catalog.words(value, locale)}" for name, value in rows)
    return "\n".join((_words(tuple(_lines(scene)), catalog, locale), *chosen))


def _promise(scene: Scene, catalog: Catalog) -> str:
    return words_digest(_words(tuple(_lines(scene)), catalog, scene.conversation.locale))


def _words(lines: tuple[Line, ...], catalog: Catalog, locale: str) -> str:
    return "\n".join(catalog.words(line.words, locale) for line in lines)


def _lines(scene: Scene) -> Iterator[Line]:
    """The sentence above the letter, and those below it; they are the same whatever the form is answered with."""
    petition = scene.petition
    yield Line(Message("form.heading", {"target": petition.target}), Style.HEADING)
    yield Line(form_hand_in_words(petition, scene.text))
    yield Line(Message("form.updates", {"organizer": petition.organizer, "box": Message("button.updates_on")}))
    yield Line(data_words(petition), Style.NOTE)
