"""The custom ids of buttons, menus, and modals: 100 bytes that come back months later, to any process.

| form | meaning |
|---|---|
| `<callback>` | an event of the screen that it is on (see bots.common.callback_data) |
| `c<label>|<callback>` | the same on a card, for everyone who taps it; the label is the card's |
| `f|<slug>` | open the form that the screen offers |
| `m|<slug>`, `mc<label>|<slug>` | a form that was sent, from a card with its label |
| `p<label>|<slug>` | post the card of a petition here, crediting this label |
| `n<number>|<callback>` | the same as `<callback>`, for a button that the message has several times |
| `s<number>`, `sp` | a menu (made in the renderer); what was chosen in it is the id that counts |
| `!<name> <argument>` | an organizer's order |
| `w!<name> <argument>` | open the form for the text of an organizer's order; the form itself |

No callback holds a bar, so the forms cannot be taken for each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bots.common.callback_data import decode
from core.conversation import state as ev
from core.conversation.state import Event
from core.petition.collection import find_slug
from core.petition.petition import Petition

LONGEST = 100
_BAR = "|"
TO_PAGE = "sp"
"""The id of the menu of pages."""
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


def form(petition: str, label: str | None = None) -> str:
    """The form itself; `label` is the label of the card it was opened from, if any."""
    return f"m{'' if label is None else 'c' + label}{_BAR}{petition}"


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


def read_form(custom_id: str, petitions: Mapping[str, Petition]) -> tuple[str, str | None] | None:
    """The petition of a form, and the label of its card; None for any other form."""
    head, _, petition = custom_id.partition(_BAR)
    if not head.startswith("m") or petition not in petitions:
        return None
    return petition, head[2:] if head.startswith("mc") else None


def petition_of(custom_id: str) -> str:
    """The slug at the end of an id, even if the petition does not exist."""
    return custom_id.rpartition(_BAR)[2].rpartition(".")[2]
