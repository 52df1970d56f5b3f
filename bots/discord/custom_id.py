"""The custom ids of buttons, menus, and modals: 100 bytes that come back months later, to any process.

| form | meaning |
|---|---|
| `<callback>` | an event of the screen that it is on (see bots.common.callback_data) |
| `c<label>|<callback>` | the same on a card, for everyone who taps it; the label is the card's |
| `f|<slug>` | open the form that the screen offers |
| `m|<slug>`, `mc<label>|<slug>` | a form that was sent, from a card with its label; it leads to the review |
| `n<digest>-<promise>-<time>|<slug>`, `n...c<label>|<slug>` | the same for a form that signs, with what it showed |
| `p<label>|<slug>` | post the card of a petition here, crediting this label |
| `n<number>|<callback>` | the same as `<callback>`, for a button that the message has several times |
| `s<number>`, `sp` | a menu (made in the renderer); what was chosen in it is the id that counts |
| `!<name> <argument>` | an organizer's order |
| `w!<name> <argument>` | open the form for the text of an organizer's order; the form itself |

No callback holds a bar, so the forms cannot be taken for each other.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from bots.common.callback_data import decode
from core.conversation import state as ev
from core.conversation.state import Event
from core.conversation.typed import FormSheet
from core.petition.collection import find_slug
from core.petition.petition import Petition

LONGEST = 100
_BAR = "|"
TO_PAGE = "sp"
"""The id of the menu of pages."""
_FORM = re.compile(r"(?:m|n([0-9a-f]+)-([0-9a-f]+)-([0-9]{1,11}))(?:c(.*))?")
FILL = ev.Begin()
"""The event behind a form's button: continue signing."""


@dataclass(frozen=True, slots=True)
class ButtonPress:
    """The meaning of a pressed button: an event of a petition; `label` is None except on cards."""

    petition: str
    event: Event
    revision: int | None = None
    label: str | None = None


def on_card(callback: str, label: str) -> str:
    """A button on a card."""
    return f"c{label}{_BAR}{callback}"


def again(callback: str, times: int) -> str:
    """A button that the message has already, so many times: Discord wants each id only once."""
    return f"n{times}{_BAR}{callback}" if times else callback


def to_fill(petition: str) -> str:
    """The button that opens the form."""
    return f"f{_BAR}{petition}"


def to_post(petition: str, label: str) -> str:
    """The button that posts a signer's own card."""
    return f"p{label}{_BAR}{petition}"


@dataclass(frozen=True, slots=True)
class FormId:
    """The meaning of a form: its petition, its card's label, and what it showed if it signs."""

    petition: str
    label: str | None = None
    sheet: FormSheet | None = None


def form(meaning: FormId) -> str:
    """The form itself."""
    head, sheet = "m", meaning.sheet
    if sheet:
        head = f"n{sheet.digest}-{sheet.promised}-{int(sheet.opened_at.timestamp())}"
    return f"{head}{'' if meaning.label is None else 'c' + meaning.label}{_BAR}{meaning.petition}"


def read(custom_id: str, petitions: Mapping[str, Petition]) -> ButtonPress | None:
    """Parse the id of a button or a menu; None if it is from an older version or its petition no longer exists."""
    head, bar, rest = custom_id.partition(_BAR)
    if head == "f" and bar:
        return ButtonPress(rest, FILL) if rest in petitions else None
    label = head[1:] if bar and head.startswith("c") else None
    callback = decode(rest if bar else custom_id, petitions)
    if callback is None or (bar and label is None and not head.startswith("n")):
        return None
    return ButtonPress(callback.petition, callback.event, callback.revision, label)


def read_card(custom_id: str) -> tuple[str, str] | None:
    """The petition of a button on a card (it may be gone), and the card's label; None for any other button."""
    head, bar, callback = custom_id.partition(_BAR)
    return (petition_of(callback), head[1:]) if bar and head.startswith("c") else None


def read_post(custom_id: str, petitions: Mapping[str, Petition]) -> tuple[str, str] | None:
    """The petition to post and the label to credit; None for any other button."""
    head, bar, petition = custom_id.partition(_BAR)
    is_post = bar and head.startswith("p") and petition in petitions
    return (find_slug(petitions, petition), head[1:]) if is_post else None


def read_form(custom_id: str, petitions: Mapping[str, Petition]) -> FormId | None:
    """The meaning of a form; None for any other id, or if its petition no longer exists."""
    head, _, petition = custom_id.partition(_BAR)
    found = _FORM.fullmatch(head)
    if found is None or petition not in petitions:
        return None
    digest, promised, seconds, label = found.groups()
    if not seconds:
        return FormId(petition, label)
    return FormId(petition, label, FormSheet(digest, promised, dt.datetime.fromtimestamp(int(seconds), dt.UTC)))


def petition_of(custom_id: str) -> str:
    """The slug at the end of an id, even if the petition does not exist."""
    return custom_id.rpartition(_BAR)[2].rpartition(".")[2]
