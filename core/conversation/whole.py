"""Reading the whole text in one scroll: the screen below it, and its value for the surface that sends it.

It is an extra for apps that can show it, and nobody can tell from outside which app a person uses. So the first time,
the screen asks; after a "no", it isn't offered again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from core.conversation import state as ev
from core.conversation.demands import Demand, Turn
from core.conversation.reading import offers_whole
from core.conversation.scene import Scene
from core.conversation.screen import Button, Line, Screen
from core.conversation.state import Conversation, Event, Overlay
from core.conversation.typed import CanRead
from core.messages import Message

READ_WHOLE = ev.Show(Overlay.WHOLE)
"""The event that asks for the whole text."""
CANNOT_READ, NOT_SENT = Message("notice.whole_unseen"), Message("notice.whole_failed")


def read_whole(scene: Scene) -> Iterator[Button]:
    """The button that asks for the whole text, if this reader may be able to read it."""
    if offers_whole(scene.known):
        yield Button(Message("button.read_whole"), READ_WHOLE)


def read_row(scene: Scene) -> tuple[Button, ...]:
    """The buttons that lead to the text and its sources."""
    pages = Button(Message("button.read"), ev.TurnPage(0))
    return *read_whole(scene), pages, Button(Message("button.sources"), ev.ListSources())


def whole_screen(scene: Scene, *ways_on: Button) -> Screen:
    """The screen below the whole text, with the buttons that lead on from it."""
    if scene.known.reads_whole:
        return Screen((Line(Message("whole.above")),), (read_row(scene)[1:], ways_on))
    answers = (
        Button(Message("button.can_read"), CanRead(able=True)),
        Button(Message("button.cannot_read"), CanRead(able=False)),
    )
    return Screen((Line(Message("whole.ask")),), (answers, ways_on))


def answer(state: Conversation, event: CanRead) -> Turn:
    """The turn after the reader says whether they can read the whole text; if not, the pages are next."""
    if event.able:
        return Turn(state, demand=Demand.READS_WHOLE)
    return Turn(replace(in_pages(state), notice=CANNOT_READ), demand=Demand.READS_PAGES)


def shows_whole(state: Conversation, event: Event) -> bool:
    """True if an event asks for the whole text, and that is open: by this event or, after a second tap, before it."""
    return event == READ_WHOLE and state.overlay is Overlay.WHOLE


def in_pages(state: Conversation) -> Conversation:
    """The conversation on the first page."""
    return replace(state.open_overlay(Overlay.PAGE), page=0)
