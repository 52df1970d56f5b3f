"""Events for what people send besides taps, for files, and for the app; and the memory that joins a long answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.messages import Words


class MediaKind(StrEnum):
    """The kinds of messages without text that get a sentence of their own; all others are OTHER."""

    VOICE = "voice"
    CONTACT = "contact"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Media:
    """Send something without text, such as a sticker: nothing changes. Parts of an album share its id.

    Only a contact has a `phone`, which answers a question for one.
    """

    kind: MediaKind = MediaKind.OTHER
    album: str = ""
    phone: str = ""

    def is_of(self, album: str) -> bool:
        """True if it belongs to this album; an empty id never matches."""
        return bool(album) and self.album == album


@dataclass(frozen=True, slots=True)
class PointAt:
    """Type the words of a button that would erase answers, which only a tap may do."""

    button: Words


@dataclass(frozen=True, slots=True)
class StopUpdates:
    """Turn off the updates about all petitions."""


@dataclass(frozen=True, slots=True)
class CanRead:
    """Say if the whole text, in one message, can be read."""

    able: bool


@dataclass(frozen=True, slots=True)
class SendText:
    """Ask for a file with the text that the signer signed."""


@dataclass(frozen=True, slots=True)
class FormSheet:
    """The versions that a form showed, as its id carries them, and the time when it was opened.

    `digest` begins the digest of the petition's text, and `promised` that of the words on what becomes of the data.
    """

    digest: str
    promised: str
    opened_at: dt.datetime


@dataclass(frozen=True, slots=True)
class SendForm:
    """Send a form with the answers to several fields, from a card with a `label` if it has one.

    A `sheet` makes it the signature, if the rules allow (core.conversation.one_form). Without one, the form showed no
    letter, so it leads to the review; and so it does if the signer wants to `check` first.
    """

    values: Mapping[str, str]
    label: str | None = None
    sheet: FormSheet | None = None
    updates: bool = False
    check: bool = False


@dataclass(frozen=True, slots=True)
class LongText:
    """A text that may be the beginning of a longer one, and what to restore when the rest of it comes.

    `joint` is what the app left out between the two. `field` was asked for; `answer` was its answer before, and
    `asking`, `probes` and `answered_at` the conversation's.
    """

    text: str
    joint: str
    sent_at: dt.datetime
    field: str
    answer: str = ""
    asking: str = ""
    probes: int = 0
    answered_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class SendProof:
    """Ask for the proof that the public log has the signature."""
