"""The list of petitions to choose from, which keeps what the reader wanted to do with one."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial

from core.conversation import state as ev
from core.conversation.notices import notice_line
from core.conversation.paging import jumps, nearest, page_count, page_line, turning
from core.conversation.scene import listed_title, request_line
from core.conversation.screen import Button, Line, Part, Screen, Style
from core.conversation.state import Event, Overlay
from core.messages import Message
from core.petition.petition import Petition

PETITIONS_LISTED = 8
_OVERLAYS = (ev.Show(Overlay.SHARE), ev.Show(Overlay.COUNT))


def wish_of(event: Event) -> Event:
    """The event that a choice leads to: what was asked for before there was a petition, or else its cover."""
    if isinstance(event, ev.ListPetitions):
        return event.wish or ev.Open()
    return event if isinstance(event, ev.Begin | ev.TurnPage | ev.ListSources) or event in _OVERLAYS else ev.Open()


def choose_petition(
    petitions: Mapping[str, Petition],
    decided: Callable[[Petition], Petition],
    locale: str,
    now: dt.datetime,
    notice: Message | None = None,
    asked: Event | None = None,
) -> Screen:
    """A page of the list of petitions, each as `decided`, before any conversation has started.

    `asked` is the event that needs a petition. Petitions with the same title are told apart, by numbers on all buttons.
    """
    asked = asked or ev.ListPetitions()
    wish, pages = wish_of(asked), page_count(len(petitions), PETITIONS_LISTED)
    page = nearest(asked.page if isinstance(asked, ev.ListPetitions) else 0, pages)
    first = page * PETITIONS_LISTED
    parts: list[Part] = [notice_line(notice)] if notice else []
    heading = Message("petitions.choose", {"count": len(petitions)}) if petitions else Message("petitions.none")
    parts += [Line(heading, Style.HEADING), *page_line(page, pages)]
    titles = Counter(petition.text(locale).title for petition in petitions.values())
    are_numbered = len(titles) < len(petitions)
    rows = []
    for number, (slug, petition) in enumerate(list(petitions.items())[first : first + PETITIONS_LISTED], first + 1):
        known, about = decided(petition), request_line(petition.in_language(locale))
        numbered = listed_title(known, locale, now, f"{number}. ")
        parts += [Line(numbered), *([Line(about, Style.NOTE)] if titles[petition.text(locale).title] > 1 else [])]
        button = Button(numbered if are_numbered else listed_title(known, locale, now), wish, slug, detail=about)
        rows.append((button,))
    turn = partial(ev.ListPetitions, wish=None if wish == ev.Open() else wish)
    return Screen(tuple(parts), (*rows, *turning(page, pages, turn)), jumps=jumps(page, pages, turn))
