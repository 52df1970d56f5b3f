"""The view after an event: the screen and, if the reader has asked for it, the whole text in one scroll."""

from __future__ import annotations

from dataclasses import replace

from core.conversation.one_form import form_of
from core.conversation.overlays import screen_for
from core.conversation.scene import Scene
from core.conversation.screen import View, WholeText
from core.conversation.state import Event
from core.conversation.whole import NOT_SENT, in_pages, shows_whole


def view_for(scene: Scene, event: Event | None = None) -> View:
    """The view of a scene; `event` is the one that led to it, or None if no event took effect."""
    state = scene.conversation
    screen = screen_for(scene)
    view = View(screen, state.locale, state.petition, state.revision, one_form=form_of(scene, screen))
    if event is None or not shows_whole(state, event):
        return view
    pages = replace(scene, conversation=replace(in_pages(state), notice=NOT_SENT))
    return replace(view, whole=WholeText(scene.text, screen_for(pages)))
