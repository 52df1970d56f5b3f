"""Checks of sources, as organizers see them."""

from __future__ import annotations

from core.conversation.screen import View
from core.organizer.source_news import news_screen
from core.sources.news import NewsKind, SourceNews
from tests.core.organizer.test_checks import citing
from tests.screens.studio import Studio
from tests.sources_checked import in_every_state
from tests.world import TREES

SOURCES = "Checks of sources"


def sources(studio: Studio) -> None:
    """`/checks`, before and after the checker was switched on, and a notice about news."""
    off = Studio(studio.album, studio.locale, citing(TREES, 3, is_checked=False))
    off.asks(SOURCES, "/checks, of a petition that doesn't let the checker look", f"checks {TREES}")
    petition = citing(TREES, 10)
    on = Studio(studio.album, studio.locale, petition)
    found = in_every_state(petition.text(studio.locale).sources, "A title of the page's own")
    with on.world.work() as work:
        for check in found.values():
            work.source_checks.save(TREES, check)
        work.breakdowns.move(TREES, steps={("", "signed"): 8}, person=1)
        work.commit()
    for page in (1, 2):
        on.asks(SOURCES, f"/checks, page {page}", f"checks {TREES} {page}")
    news = [
        (source, SourceNews(NewsKind.LINK, found[source.key]))
        for source in petition.text(studio.locale).sources if source.key in found
    ]  # fmt: skip
    on.show(SOURCES, "News about sources", View(news_screen(petition, news, studio.locale), studio.locale))
