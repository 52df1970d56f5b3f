"""The state of one signer's conversation about one petition, and the events that move it (see machine.advance)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeAlias

from core.conversation.typed import CanRead, LongText, Media, PointAt, SendForm, SendProof, SendText, StopUpdates
from core.messages import Message
from core.signatures.breakdowns import EARLIER
from core.signatures.signature import Outcome, Submission


class Stage(StrEnum):
    """The stages of signing."""

    READING = "reading"
    ANSWERING = "answering"
    REVIEWING = "reviewing"
    FINISHED = "finished"


class Overlay(StrEnum):
    """A screen that covers the stage's own; STAGE means none does."""

    STAGE = "stage"
    PAGE = "page"
    WHOLE = "whole"
    SOURCE = "source"
    SOURCES = "sources"
    CLAIMS = "claims"
    COUNT = "count"
    SHARE = "share"
    MORE = "more"
    PRIVACY = "privacy"
    SIGNATURES = "signatures"
    UPDATES = "updates"
    LANGUAGES = "languages"
    CHANGES = "changes"
    WITHDRAW = "withdraw"
    FORGET = "forget"
    FIELDS = "fields"


SIGNING = (Stage.ANSWERING, Stage.REVIEWING)
PERSONAL = (Overlay.MORE, Overlay.SIGNATURES, Overlay.UPDATES, Overlay.PRIVACY, Overlay.LANGUAGES, Overlay.FORGET)
"""Overlays about the person, not a petition: any conversation can show them."""
QUESTIONS = (Overlay.WITHDRAW, Overlay.FORGET, Overlay.WHOLE)  # Back never leads into one


@dataclass(frozen=True)
class Conversation:
    """Everything needed to draw the current screen again; stored after every event.

    `page`, `list_page` and `own_page` are the last pages shown of text, sources and other lists. `asking` is the field
    that Edit or Add chose, `digest` the version being signed. The funnel counts `furthest`, `asked` and `seen`, under
    the link `counted_by`. `updates` come here, or to the address if they are `by_email`. `opened_at` is when the
    petition or its form was opened, if known, `answered_at` when signing began or the last input came. `unfinished` is
    the last answer, if more may come, `album` the last message's, `promised` the digest of the review's words.
    """

    petition: str
    locale: str
    stage: Stage = Stage.READING
    trail: tuple[Overlay, ...] = ()  # the open overlays, topmost last
    page: int = 0
    list_page: int = 0
    own_page: int = 0
    source: int = 0
    asking: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, Message] = field(default_factory=dict)
    updates: bool = False
    by_email: bool = False
    digest: str = ""
    label: str = ""  # the source label
    notice: Message | None = None
    outcome: Outcome | None = None
    stranger: bool = False  # tapped "Not me": details of the account are not used
    opened_at: dt.datetime | None = None
    answered_at: dt.datetime | None = None
    probes: int = 0  # inputs that look like probing
    furthest: str = ""
    seen: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    counted_by: str = EARLIER
    promised: str = ""
    unfinished: LongText | None = None
    album: str = ""
    data_at: dt.datetime | None = None
    revision: int = 0

    @property
    def overlay(self) -> Overlay:
        """The topmost overlay, or STAGE if none is open."""
        return self.trail[-1] if self.trail else Overlay.STAGE

    @property
    def is_untouched(self) -> bool:
        """True if nothing has happened yet, except that the petition was opened."""
        return self.stage is Stage.READING and self.revision <= (1 if self.opened_at else 0)

    @property
    def submission(self) -> Submission:
        """The submission to confirm, once all answers are valid."""
        others = self.updates, self.label, self.locale, self.opened_at, self.probes, self.by_email
        return Submission(self.answers, self.digest, *others)

    def without(self, name: str) -> Conversation:
        """The conversation without the answer to a field, and without what was wrong with it."""
        answers = {key: value for key, value in self.answers.items() if key != name}
        errors = {key: value for key, value in self.errors.items() if key != name}
        return replace(self, answers=answers, errors=errors, asking="", trail=())

    def open_overlay(self, overlay: Overlay) -> Conversation:
        """Open an overlay on top; if it is open already, close those above it, and replace an open question."""
        trail = tuple(below for below in self.trail if below not in QUESTIONS)
        if overlay in trail:
            return replace(self, trail=trail[: trail.index(overlay) + 1])
        return replace(self, trail=(*trail, overlay) if overlay is not Overlay.STAGE else ())


@dataclass(frozen=True, slots=True)
class Open:
    """Arrive by a link, a command or Start; shows the cover and keeps answers."""

    label: str = ""


@dataclass(frozen=True, slots=True)
class ListPetitions:
    """Look at a page of the list of petitions (from 0), which belongs to no conversation, with a `wish` about one."""

    page: int = 0
    wish: Event | None = None


@dataclass(frozen=True, slots=True)
class TurnPage:
    """Look at a page of the text (from 0)."""

    page: int


@dataclass(frozen=True, slots=True)
class ListSources:
    """Look at a page of the list of sources (from 0)."""

    page: int = 0


@dataclass(frozen=True, slots=True)
class ListOwn:
    """Look at a page (from 0) of a list: own signatures, updates about them, languages, or claims of the text."""

    page: int = 0
    overlay: Overlay = Overlay.SIGNATURES


@dataclass(frozen=True, slots=True)
class ShowSource:
    """Look at one source, by its number."""

    number: int


@dataclass(frozen=True, slots=True)
class Show:
    """Look at an overlay that needs no arguments."""

    overlay: Overlay


@dataclass(frozen=True, slots=True)
class Back:
    """Go one step back: from an overlay to the screen below, from a question to the previous one."""


@dataclass(frozen=True, slots=True)
class Begin:
    """Start signing, or continue."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer several fields at once, as a form that was opened at `since` does; starts signing if necessary."""

    values: Mapping[str, str]
    since: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer the question by typing at `sent_at`, perhaps in the caption of an album.

    `joint` is None unless the app may have split a longer text after this one; then it is what belongs between the two.
    `without_buttons` says that the app shows no buttons where a question can only be typed (`Screen.is_typed`).
    """

    text: str
    sent_at: dt.datetime | None = None
    joint: str | None = None
    album: str = ""
    without_buttons: bool = False


@dataclass(frozen=True, slots=True)
class Correct:
    """Correct an answer that was refused, by editing the message."""

    text: str


@dataclass(frozen=True, slots=True)
class Skip:
    """Skip the field that is asked for."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Change or add one field's answer."""

    field: str


@dataclass(frozen=True, slots=True)
class Remove:
    """Take back an optional field's answer."""

    field: str


@dataclass(frozen=True, slots=True)
class Pick:
    """Choose one of the values that the refusal of a field's answer offers, by its place (from 0)."""

    field: str
    place: int


@dataclass(frozen=True, slots=True)
class SetUpdates:
    """Agree to updates about this petition, here or by email, or decline them; `listed` in the list of updates."""

    wanted: bool
    by_email: bool = False
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Confirm:
    """Sign what the review shows, or a form; `named` agrees to be named in the hand-in, if the review asks."""

    named: bool = False
    by_form: bool = False


@dataclass(frozen=True, slots=True)
class Cancel:
    """Stop signing and drop the answers, unless they are `kept` because the word was typed."""

    kept: bool = False


@dataclass(frozen=True, slots=True)
class NotMe:
    """Answer that the greeting names someone else: forget the prefilled details, keep the source label."""


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Withdraw the signature."""


@dataclass(frozen=True, slots=True)
class SendData:
    """Ask for a file with everything that is stored about the signer."""


@dataclass(frozen=True, slots=True)
class Forget:
    """Erase everything about the signer."""


@dataclass(frozen=True, slots=True)
class SetLocale:
    """Switch to another language."""

    locale: str


Event: TypeAlias = (
    Open | ListPetitions | TurnPage | ListSources | ListOwn | ShowSource | Show | Back | Begin | Answer | Reply
    | Correct | Skip | Pick | Edit | Remove | SetUpdates | Confirm | Cancel | NotMe | Withdraw | Forget | SetLocale
    | SendData | SendText | SendProof | CanRead | Media | PointAt | StopUpdates | SendForm
)  # fmt: skip
