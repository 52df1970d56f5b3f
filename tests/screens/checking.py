"""Screens to check sources: each with what the last check found, the list of them, and all claims of a text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

from bots.preview.telegram import draw_message
from bots.telegram.renderer import TelegramMessage
from bots.telegram.rich import RichTexts
from core.conversation import state as ev
from core.conversation.state import Overlay
from core.conversation.whole import READ_WHOLE
from core.petition.petition import Petition
from core.petition.source import DETAILS, Source, SourceKind
from core.platforms import Platform
from core.sources.checks import Checks, LinkState, PassageState, SourceCheck
from core.text.document import Block, BlockKind, Document, Span
from tests.screens.studio import TELEGRAM, Studio
from tests.screens.web import Front, draw_petition
from tests.sources_checked import check_of_source, in_every_state
from tests.telegram_server import rich
from tests.world import SALESFORCE, TREES, petitions

CHECKING = "Checking sources"
_SAID = (
    *((state, PassageState.NOT_GIVEN) for state in LinkState),
    *product((LinkState.ALIVE, LinkState.MOVED), (PassageState.FOUND, PassageState.MISSING, PassageState.UNREAD)),
    (LinkState.WALLED, PassageState.FOUND),
)
"""Every state of a link, and those of a passage of which something is said."""


def sources(studio: Studio) -> None:
    """A source in each state, as its screen and the list show it, and all claims of its text."""
    petition = _petition()
    other = Studio(studio.album, studio.locale, petition)
    other.world.checks[TREES] = _checks(petition)
    ben = other.person("Ben", TREES)
    ben.does(ev.Open(), ev.ListSources())
    for source in petition.text("en").sources:
        other.does(CHECKING, f"Source {source.number}", ben, ev.ShowSource(source.number))
    other.does(CHECKING, "The sources, checked", ben, ev.Back())
    other.does(CHECKING, "The sources, checked, on the next page", ben, ev.ListSources(1))
    other.does(CHECKING, "All claims", ben, ev.Open(), ev.Show(Overlay.CLAIMS))
    other.does(CHECKING, "A source opened from the claims", ben, ev.ShowSource(1))
    _footnotes(other)
    front = Front(other)
    front.take_checks(TREES)
    draw_petition(front, "A petition whose sources were checked", TREES)
    front.threads.close()


def no_claims(studio: Studio) -> None:
    """The claims of a text that cites nothing."""
    petition = petitions()[SALESFORCE]
    letter = Document((Block(BlockKind.PARAGRAPH, (Span("Keep the elms."),)),))
    text = replace(petition.text("en"), letter=letter, background=Document(), sources=())
    other = Studio(studio.album, studio.locale, replace(petition, texts={"en": text}))
    other.does(CHECKING, "No claims", other.person("Ben"), ev.Open(), ev.Show(Overlay.CLAIMS))


def _footnotes(studio: Studio) -> None:
    """The footnotes of the whole text, which lead to the screens of the sources."""
    ben = studio.person("Cem", TREES, platform=Platform.TELEGRAM)
    ben.does(ev.Open(), READ_WHOLE)
    assert ben.view
    assert ben.view.whole
    with studio.place(TELEGRAM, CHECKING, "The footnotes of the whole text") as pieces:
        texts = RichTexts(studio.catalog, lambda number: studio.telegram.source_link(TREES, number))
        for message in texts.draw(ben.view.whole.text, studio.locale, ben.view.whole.states):
            pieces.append(draw_message(TelegramMessage("\n\n".join(rich.lines(message["blocks"])))))


_MARK = "03:15"


def _petition() -> Petition:
    """The petition about trees, with a source for each state."""
    petition = petitions()[TREES]
    several = tuple(_sources())
    blocks = tuple(
        Block(
            BlockKind.PARAGRAPH,
            (
                Span(each.claims[0]),
                Span(f"[{each.number}]", citation=each.number, locator=_MARK if each.number == 1 else ""),
            ),
        )
        for each in several
    )
    text = replace(petition.text("en"), letter=Document(blocks), background=Document(), sources=several)
    return replace(petition, texts={"en": text, "es": replace(text, language="es")})


def _sources() -> Iterator[Source]:
    """A source for each state; the first ones are of other kinds, or lack something."""
    others: tuple[dict[str, Any], ...] = (
        {"kind": SourceKind.VIDEO, "link": "https://youtu.be/elmsinthestreet"},
        {"kind": SourceKind.BOOK, "details": dict.fromkeys(DETAILS, "12")},
        {"date": ""},
        {"publication": ""},
        {"publication": "", "date": ""},
    )
    for number, plain in enumerate(_articles()):
        yield replace(plain, **others[number]) if number < len(others) else plain


def _articles() -> Iterator[Source]:
    for number in range(1, len(_SAID) + 2):
        link, claims = f"https://courier.example.org/{number}", (f"Claim {number} is that the elms cool the street.",)
        yield Source(number, "The Elm Street Courier", f"Elms, part {number}", "2026", link, "", claims, "forty elms")


def _checks(petition: Petition) -> Checks:
    """A check of each source; the page of the first names itself otherwise, and the last server had a fault."""
    *several, last = petition.text("en").sources
    named = in_every_state(several[:1], "Another")
    checks = [named[several[0].key]]
    checks += [check_of_source(source, *said) for source, said in zip(several[1:], _SAID[1:], strict=True)]
    checks += [replace(check_of_source(last, LinkState.UNREACHABLE), status=503)]
    moved = [_within_site(check) if place % 2 else check for place, check in enumerate(checks)]
    with_archive = in_every_state(petition.text("en").sources)[several[1].key].archive
    return {check.key: replace(check, archive=with_archive) for check in moved}


def _within_site(check: SourceCheck) -> SourceCheck:
    """The check of a page that moved within its site."""
    return replace(check, final_link=f"{check.link}/new") if check.state is LinkState.MOVED else check
