"""The view after an event: the screen and, if the reader has asked for it, the whole text in one scroll."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from core.conversation.one_form import form_of
from core.conversation.overlays import screen_for
from core.conversation.scene import Scene
from core.conversation.screen import View, WholeText
from core.conversation.source_state import brief_state
from core.conversation.state import Event
from core.conversation.whole import NOT_SENT, in_pages, shows_whole
from core.messages import Words


def view_for(scene: Scene, event: Event | None = None) -> View:
    """The view of a scene; `event` is the one that led to it, or None if no event took effect."""
    state = scene.conversation
    screen = screen_for(scene)
    view = View(screen, state.locale, state.petition, state.revision, one_form=form_of(scene, screen))
    if event is None or not shows_whole(state, event):
        return view
    pages = replace(scene, conversation=replace(in_pages(state), notice=NOT_SENT))
    return replace(view, whole=WholeText(scene.text, screen_for(pages), dict(_states(scene))))


def _states(scene: Scene) -> Iterator[tuple[int, Words]]:
    """The words about each source besides its note, by its number."""
    for source in scene.text.sources:
        if state := brief_state(scene.check(source), source, scene.petition.day):
            yield source.number, state
