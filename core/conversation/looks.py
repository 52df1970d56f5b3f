"""The rules for events that only show something else: pages, sources, lists, and other overlays."""

from __future__ import annotations

from dataclasses import replace

from core.conversation import state as ev
from core.conversation.state import SIGNING, Conversation, Event, Overlay
from core.messages import Message
from core.petition.petition import PetitionText
from core.signatures.signature import SignerContext

SOURCES_LISTED = 8  # on a page of the list of sources
OWN_LISTED = 10  # signatures on a page of the person's own
_OWN = (Overlay.SIGNATURES, Overlay.UPDATES)


def look(state: Conversation, event: Event, text: PetitionText, known: SignerContext) -> Conversation | None:
    """The conversation after an event that only shows something else; None for every other event."""
    match event:
        case ev.TurnPage(page):
            last = len(text.pages) - 1
            return replace(state.open_overlay(Overlay.PAGE), page=min(max(page, 0), last))
        case ev.ListSources(page):
            last = (len(text.sources) - 1) // SOURCES_LISTED
            return replace(state.open_overlay(Overlay.SOURCES), list_page=max(min(page, last), 0))
        case ev.ListOwn(page, overlay) if overlay in _OWN:
            last = max(len(known.signatures) - 1, 0) // OWN_LISTED
            return replace(state.open_overlay(overlay), own_page=max(min(page, last), 0))
        case ev.ShowSource(number):
            if text.source(number) is None:
                return replace(state.open_overlay(Overlay.SOURCES), list_page=0)
            return replace(state.open_overlay(Overlay.SOURCE), source=number)
        case ev.Show(overlay) if overlay is not Overlay.FIELDS or state.stage in SIGNING:
            return _show(state, overlay, text, known)
        case ev.Back() if state.trail:
            return replace(state, trail=state.trail[:-1])
    return None


def _show(state: Conversation, overlay: Overlay, text: PetitionText, known: SignerContext) -> Conversation:
    if overlay is Overlay.SOURCE and text.source(state.source) is None:
        overlay = Overlay.SOURCES
    if overlay is Overlay.WITHDRAW and known.signature is None:
        return replace(state, notice=Message("notice.not_signed"))
    if overlay is Overlay.CHANGES and known.signature is None:
        return state
    if overlay in _OWN and not any(below in _OWN for below in state.trail):
        state = replace(state, own_page=0)
    return state.open_overlay(overlay)
