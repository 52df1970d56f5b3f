"""The rules for events that only show something else: pages, sources, lists, and other overlays."""

from __future__ import annotations

from dataclasses import replace

from core.conversation import state as ev
from core.conversation.paging import nearest, page_count
from core.conversation.reading import offers_whole, page_size
from core.conversation.state import SIGNING, Conversation, Event, Overlay
from core.conversation.whole import in_pages
from core.messages import Message
from core.petition.petition import PetitionText
from core.signatures.signature import SignerContext

SOURCES_LISTED = 8  # on a page of the list of sources
OWN_LISTED = 10  # signatures on a page of the person's own
LANGUAGES_LISTED = 20  # on a page of the languages
_OWN = (Overlay.SIGNATURES, Overlay.UPDATES)
_PAGED = (*_OWN, Overlay.LANGUAGES, Overlay.CLAIMS)


def look(state: Conversation, event: Event, text: PetitionText, known: SignerContext) -> Conversation | None:
    """The conversation after an event that only shows something else; None for every other event."""
    match event:
        case ev.TurnPage(page):
            pages = len(text.pages(page_size(known.platform)))
            return replace(state.open_overlay(Overlay.PAGE), page=nearest(page, pages))
        case ev.ListSources(page):
            pages = page_count(len(text.sources), SOURCES_LISTED)
            return replace(state.open_overlay(Overlay.SOURCES), list_page=nearest(page, pages))
        case ev.ListOwn(page, overlay) if overlay in _OWN:
            pages = page_count(len(known.signatures), OWN_LISTED)
            return replace(state.open_overlay(overlay), own_page=nearest(page, pages))
        case ev.ListOwn(page, (Overlay.LANGUAGES | Overlay.CLAIMS) as overlay):
            return replace(state.open_overlay(overlay), own_page=page)
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
    if overlay is Overlay.WHOLE and not offers_whole(known):
        return in_pages(state)
    if overlay is Overlay.WITHDRAW and known.signature is None:
        return replace(state, notice=Message("notice.not_signed"))
    if overlay is Overlay.CHANGES and known.signature is None:
        return state
    from_own = overlay in _OWN and any(below in _OWN for below in state.trail)
    if overlay in _PAGED and not from_own:
        state = replace(state, own_page=0)
    return state.open_overlay(overlay)
