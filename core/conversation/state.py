"""The state of one signer's conversation about one petition, and the events that move it (see machine.advance)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeAlias

from core.messages import Message
from core.signatures.signature import Outcome, Submission


class Stage(StrEnum):
    """The stages of signing."""

    READING = "reading"
    ANSWERING = "answering"
    REVIEWING = "reviewing"
    FINISHED = "finished"


SIGNING = (Stage.ANSWERING, Stage.REVIEWING)


class Overlay(StrEnum):
    """A screen that covers the stage's own; STAGE means none does."""

    STAGE = "stage"
    PAGE = "page"
    SOURCE = "source"
    SOURCES = "sources"
    COUNT = "count"
    SHARE = "share"
    MORE = "more"
    PRIVACY = "privacy"
    SIGNATURES = "signatures"
    LANGUAGES = "languages"
    WITHDRAW = "withdraw"
    FORGET = "forget"


PERSONAL = (Overlay.MORE, Overlay.SIGNATURES, Overlay.PRIVACY, Overlay.LANGUAGES, Overlay.FORGET)
"""Overlays about the person, not a petition: any conversation can show them."""

QUESTIONS = (Overlay.WITHDRAW, Overlay.FORGET)
"""Overlays that ask before something is erased; Back never leads into one."""


@dataclass(frozen=True)
class Conversation:
    """Everything needed to draw the current screen again; stored after every event.

    `trail` lists the open overlays, topmost last. `page` is the last page of the text shown and `list_page` that of the
    list of sources (both from 0). `asking` is the field that Edit or Add chose, `digest` the version of the text that
    is being signed, `label` the source label, `furthest` the furthest step reached (core.conversation.funnel), and
    `seen` the parts of the text and the sources opened. `opened_at` is when the petition was first opened, or None
    if a form was filled in first. `refused` counts refused inputs. `data_at` is when the signer last asked for the file
    with their data (core.conversation.my_data).
    """

    petition: str
    locale: str
    stage: Stage = Stage.READING
    trail: tuple[Overlay, ...] = ()
    page: int = 0
    list_page: int = 0
    source: int = 0
    asking: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, Message] = field(default_factory=dict)
    updates: bool = False
    digest: str = ""
    label: str = ""
    notice: Message | None = None
    outcome: Outcome | None = None
    stranger: bool = False  # tapped "Not me": details of the account are not used
    opened_at: dt.datetime | None = None
    refused: int = 0
    furthest: str = ""
    seen: tuple[str, ...] = ()
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
        return Submission(
            self.answers, self.digest, self.updates, self.label, self.locale, self.opened_at, self.refused
        )  # fmt: skip

    def open_overlay(self, overlay: Overlay) -> Conversation:
        """Open an overlay on top; if it is open already, close those above it, and replace an open question."""
        trail = tuple(below for below in self.trail if below not in QUESTIONS)
        if overlay in trail:
            return replace(self, trail=trail[: trail.index(overlay) + 1])
        return replace(self, trail=(*trail, overlay) if overlay is not Overlay.STAGE else ())

    def without(self, name: str) -> Conversation:
        """Take back a field's answer, and close whatever is open."""
        answers = {key: value for key, value in self.answers.items() if key != name}
        errors = {key: value for key, value in self.errors.items() if key != name}
        return replace(self, answers=answers, errors=errors, asking="", trail=())


@dataclass(frozen=True, slots=True)
class Open:
    """Arrive by a link, a command or Start; shows the cover and keeps answers."""

    label: str = ""


@dataclass(frozen=True, slots=True)
class ListPetitions:
    """Look at a page of the list of petitions (from 0), which belongs to no conversation."""

    page: int = 0


@dataclass(frozen=True, slots=True)
class TurnPage:
    """Look at a page of the text (from 0)."""

    page: int


@dataclass(frozen=True, slots=True)
class ListSources:
    """Look at a page of the list of sources (from 0)."""

    page: int = 0


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
    """Answer several fields at once, as a form does; starts signing if necessary."""

    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer the question by typing."""

    text: str


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
class SetUpdates:
    """Agree to updates about this petition, or decline them."""

    wanted: bool


@dataclass(frozen=True, slots=True)
class Confirm:
    """Sign what the review shows."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Stop signing and drop the answers."""


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
    Open | ListPetitions | TurnPage | ListSources | ShowSource | Show | Back | Begin | Answer | Reply | Correct | Skip
    | Edit | Remove | SetUpdates | Confirm | Cancel | NotMe | Withdraw | SendData | Forget | SetLocale
)  # fmt: skip


def before_event(conversation: Conversation, event: Event, now: dt.datetime) -> Conversation:
    """The conversation before an event: without the last notice, and with the time the petition was opened."""
    opened_at = conversation.opened_at
    if isinstance(event, Open | Begin) and not conversation.answers:  # otherwise it started at an unknown earlier time
        opened_at = opened_at or now
    elif isinstance(event, Answer) and conversation.stage not in SIGNING:
        opened_at = None  # the form was open for a while before it was sent
    return replace(conversation, notice=None, opened_at=opened_at)


class Demand(StrEnum):
    """Tasks a turn gives the service besides storing the conversation."""

    WITHDRAW = "withdraw"
    FORGET = "forget"
    FORGET_DETAILS = "forget_details"
    UPDATES_ON = "updates_on"
    UPDATES_OFF = "updates_off"
    SEND_DATA = "send_data"


@dataclass(frozen=True, slots=True)
class Turn:
    """The next conversation and, rarely, a submission or a demand."""

    conversation: Conversation
    submission: Submission | None = None
    demand: Demand | None = None
