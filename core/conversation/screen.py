"""Screens as values: each surface draws these few parts in its own way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, TypeAlias

from core.conversation.picture import Picture
from core.conversation.signed_text import ViewFile
from core.conversation.state import Back, Cancel, Event
from core.messages import Message, Words
from core.petition.form import Field
from core.petition.petition import PetitionText
from core.petition.phase import Phase
from core.signatures.signature import Outcome
from core.text.document import Document


class Style(StrEnum):
    """The role of a line."""

    TITLE = "title"
    HEADING = "heading"
    PLAIN = "plain"
    NOTE = "note"  # may be smaller or paler
    NOTICE = "notice"  # something went well, or is just news
    ALERT = "alert"  # something is wrong or needs correcting
    COPY = "copy"  # words to copy and paste elsewhere


class Emphasis(StrEnum):
    """The weight of a button. Telegram and Discord color it, and a terminal prints all but DANGER and PLAIN in bold."""

    PLAIN = ""
    PRIMARY = "primary"  # the next step
    SUCCESS = "success"  # signs
    DANGER = "danger"  # erases something for good


class Order(Protocol):
    """An organizer's command that a button carries; core.organizer has one class for each command."""

    @property
    def name(self) -> str:
        """The command's name."""

    @property
    def argument(self) -> str:
        """The rest of the line, as an organizer would type it after the command's name."""


@dataclass(frozen=True, slots=True)
class Button:
    """Something to tap: an event of this petition or of `petition`, an order, or a web address.

    `detail` says more about it where there's room, as in a menu.
    """

    text: Words
    event: Event | None = None
    petition: str = ""
    url: str = ""
    emphasis: Emphasis = Emphasis.PLAIN
    order: Order | None = None
    detail: Words = ""

    @property
    def meaning(self) -> tuple[object, ...]:
        """Everything but the words: buttons that are equal in it do the same."""
        return self.event, self.petition, self.url, self.order


@dataclass(frozen=True, slots=True)
class Line:
    """A line or a paragraph of plain text; a surface that can draws the button `beside` it."""

    words: Words
    style: Style = Style.PLAIN
    beside: Button | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of the petition's own text; `quoted` if shown among other parts."""

    document: Document
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values; a surface that can draws the button `beside` them instead of below the screen."""

    rows: tuple[tuple[Words, Words], ...]
    beside: Button | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """The count and the current goal, in a phase of the petition. Once that is over, no goal is ahead."""

    counted: int
    goal: int
    phase: Phase = Phase.OPEN


@dataclass(frozen=True, slots=True)
class ShareLink:
    """An invitation to share the petition, and the link; only the surface knows what its links can do."""

    petition: str
    label: str
    title: str
    invitation: Message


Part: TypeAlias = Line | Passage | Facts | Progress | ShareLink


@dataclass(frozen=True, slots=True)
class Prompt:
    """A field to ask for, with the words around its input; `value` is the answer accepted earlier.

    `placeholder` is an example to show in an empty input, and `form_hint` replaces the hint in a form. `required` is
    true if the field can't be left empty, and `to_check` if the answer came from the profile or an earlier signature,
    and the signer hasn't seen it yet.
    """

    field: Field
    caption: Words
    hint: Words
    options: tuple[tuple[str, Words], ...] = ()
    error: Message | None = None
    value: str = ""
    placeholder: Words = ""
    form_hint: Words = ""
    required: bool = False
    to_check: bool = False


@dataclass(frozen=True, slots=True)
class Outlets:
    """Ways to bring a petition to groups and channels; without a `petition`, any of them."""

    petition: str = ""


@dataclass(frozen=True)
class Screen:
    """Parts from top to bottom, the buttons, the fields still to ask for, and the pictures above it all.

    `form` has all fields that can be answered now. A surface with forms shows those still to ask for and, if there is
    room, the others as well. `is_receipt` is True for the thanks to a signer, with the proof of the signature. A
    surface that can be added to groups or channels offers it for the `outlets`, and one with forms offers a form for
    the text that the order `writes` lacks. `jumps` lead to all other pages; a surface with menus shows them instead of
    the row of buttons to a few of them.
    """

    parts: tuple[Part, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()
    prompts: tuple[Prompt, ...] = ()
    form: tuple[Prompt, ...] = ()
    pictures: tuple[Picture, ...] = ()
    is_receipt: bool = False
    outlets: Outlets | None = None
    writes: Order | None = None
    jumps: tuple[Button, ...] = ()

    @property
    def is_typed(self) -> bool:
        """True if it asks for text and offers nothing to tap but the way out.

        Telegram shows such a question without a keyboard, and names the way out as commands. So no buttons have to be
        removed after the typed answer.
        """
        events = [button.event for row in self.buttons for button in row]
        return bool(self.prompts) and all(isinstance(event, Back | Cancel) for event in events)


@dataclass(frozen=True, slots=True)
class OneForm:
    """Everything that a form shows if sending it is the signature (core.conversation.one_form).

    `heading` comes above the `letter`, and the `terms` below it. A form has all `prompts`, and as many of the `others`
    as fit. `digest` is that of the text.
    """

    title: str
    heading: Line
    letter: Document
    terms: tuple[Line, ...]
    prompts: tuple[Prompt, ...]
    others: tuple[Prompt, ...]
    digest: str
    opened_at: dt.datetime


@dataclass(frozen=True, slots=True)
class WholeText:
    """A text to show in one scroll; if the platform refuses it, the screen `instead` shows the first page.

    `states` has what to say about a source besides its note, by its number.
    """

    text: PetitionText
    instead: Screen
    states: Mapping[int, Words] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OutcomeEvent:
    """Outcome of one signing or withdrawal, and the platform it happened on."""

    platform: str
    outcome: Outcome


@dataclass(frozen=True)
class View:
    """A screen for a surface: in a language, about a petition, at a revision of the conversation.

    `outcome` is the result of this very event, or None if it had none. `is_order_answer` is True if an organizer's
    order was carried out, and `is_answered` if an earlier part of the same album or an earlier tap got the answer.
    `is_stale` is True if the event came from an outdated screen and changed nothing. `data` is a file to send to the
    signer, in private, and `whole` a text to show above the screen. A `lasting` view is an announcement, or the receipt
    right after signing: its message is never edited, and its buttons work forever. `one_form` is the form that signs,
    for surfaces that can show it.
    """

    screen: Screen
    locale: str
    petition: str = ""
    revision: int = 0
    outcome: OutcomeEvent | None = field(default=None, compare=False)
    is_order_answer: bool = field(default=False, compare=False)
    is_answered: bool = field(default=False, compare=False)
    is_stale: bool = field(default=False, compare=False)
    lasting: bool = field(default=False, compare=False)
    data: ViewFile | None = field(default=None, compare=False, repr=False)
    whole: WholeText | None = field(default=None, compare=False, repr=False)
    one_form: OneForm | None = field(default=None, compare=False, repr=False)
