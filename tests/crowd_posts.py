"""The posts and letters about a crowd's petitions: cards, milestones, announcements, and notices to organizers."""

from __future__ import annotations

from collections.abc import Iterator

from core.conversation.scene import card
from core.conversation.screen import View
from core.organizer.announce import LONGEST
from core.organizer.outage import outage_screen
from core.organizer.retention import CALLED_OFF, CLOCK, DUE, REMOVED_DUE, retention_screen
from core.organizer.source_news import news_screen
from core.organizer.victory import LONGEST_WORDS
from core.outreach.announcement import announcement_screen
from core.outreach.milestones import milestone_screen
from core.petition.petition import Decision, Petition, PetitionStatus
from core.sources.news import NewsKind, SourceNews
from tests.crowd import Crowd
from tests.crowd_names import words_of
from tests.world import NOW

COUNTED = 123_456
COMPONENTS = ("telegram", "discord", "web", "worker-telegram", "petition-{slug}", "log-{slug}")


def posts(crowd: Crowd) -> Iterator[tuple[str, View]]:
    """The posts for communities about the first petition in each state, which are drawn as cards."""
    for petition in list(crowd.every.values())[:1]:
        for status in PetitionStatus:
            decision = Decision(status, words=words_of(crowd.script, LONGEST_WORDS), since=NOW)
            decided, about = petition.with_decision(decision), petition.slug
            yield f"card, {status}", View(card(decided, crowd.locale, COUNTED, NOW), crowd.locale, about)
            milestone = milestone_screen(decided, 1_000_000, COUNTED, crowd.locale, NOW)
            yield f"milestone, {status}", View(milestone, crowd.locale, about)


def letters(crowd: Crowd) -> Iterator[tuple[str, View]]:
    """The messages to one person: announcements, and notices to organizers."""
    for petition in list(crowd.every.values())[:1]:
        announced = announcement_screen(petition, words_of(crowd.script, LONGEST), crowd.locale)
        yield "announcement", View(announced, crowd.locale, petition.slug, lasting=True)
        yield from _notices(petition, crowd)


def _notices(petition: Petition, crowd: Crowd) -> Iterator[tuple[str, View]]:
    title, today = petition.text(crowd.locale).title, NOW.date()
    for kind in (DUE, REMOVED_DUE, CALLED_OFF, CLOCK):
        yield f"retention, {kind}", View(retention_screen(kind, title, today, today), crowd.locale)
    found = [(source, SourceNews(NewsKind.LINK, check)) for source, check in crowd.checked_sources()]
    yield "news of sources", View(news_screen(petition, found, crowd.locale), crowd.locale)
    for component in COMPONENTS:
        for final in (False, True):
            screen = outage_screen(component.format(slug=petition.slug), "12:00", petition.zone, final=final)
            yield f"outage, {component}", View(screen, crowd.locale)
