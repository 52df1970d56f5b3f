"""Announcements, from an organizer's first words to the last report, and what recipients get."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from core.conversation.screen import View
from core.organizer.command import CommandLine
from core.organizer.outage import outage_screen
from core.organizer.retention import retention_screen
from core.outbox import NewEntry, dead, done, doubtful
from core.outreach.announcement import TO_PERSON, announcement_screen
from core.outreach.milestones import Milestone, milestone_screen
from core.petition.retention import NOTICE
from tests.log.sample import sample_record
from tests.screens.organizing import signs
from tests.screens.studio import Studio
from tests.world import SALESFORCE

ANNOUNCE, MILESTONES, SENT = "Announcements", "Milestones", "Messages sent automatically"
WORDS = "The council votes on **Friday**. [Come along](https://example.org)!"


def drafts(studio: Studio) -> None:
    """Writing one, and choosing who gets it."""
    studio.asks(ANNOUNCE, "/announce", "announce")
    studio.text_form(ANNOUNCE, "The form for an announcement", CommandLine("announce"))
    studio.asks(ANNOUNCE, "Too long", f"announce {SALESFORCE} {'x' * 2000}")
    studio.asks(ANNOUNCE, "With a tab in it", f"announce {SALESFORCE} a\tb")
    studio.asks(ANNOUNCE, "A number that isn't here", "announcement 99")
    studio.asks(ANNOUNCE, "A draft, with no recipients", f"announce {SALESFORCE} {WORDS}")
    studio.asks(ANNOUNCE, "An audience is chosen, with no recipients", "announcement 1 all")
    signs(studio, "Ada", "newsletter", updates=True, platform="telegram")
    signs(studio, "Ben", "g0123456789ab", updates=True, platform="discord")
    signs(studio, "Eva", updates=True, platform="telegram")
    studio.asks(ANNOUNCE, "The preview", "announcement 1")
    organizing = studio.organizing
    studio.organizing = replace(organizing, platforms=())
    studio.asks(ANNOUNCE, "The preview, with no bot set up", "announcement 1")
    studio.organizing = organizing
    studio.asks(ANNOUNCE, "An audience that isn't one", "announcement 1 send newsletter")
    studio.asks(ANNOUNCE, "Everyone", "announcement 1 all")
    studio.asks(ANNOUNCE, "A language", f"announcement 1 in {studio.locale}")
    studio.asks(ANNOUNCE, "A link", "announcement 1 by newsletter")
    studio.asks(ANNOUNCE, "A community", "announcement 1 by g0123456789ab")
    studio.asks(ANNOUNCE, "/announce, with one written", "announce")


def progress(studio: Studio) -> None:
    """While it is sent, and afterwards."""
    for name in ("Ada", "Ben", "Cem", "Dia", "Eva", "Fay"):
        signs(studio, name, updates=True, platform="telegram")
    _order(studio, f"announce {SALESFORCE} {WORDS}")
    studio.asks(ANNOUNCE, "Collecting the recipients", "announcement 1 send all")
    _gathered(studio)
    studio.asks(ANNOUNCE, "Being sent", "announcement 1")
    studio.asks(ANNOUNCE, "Paused", "announcement 1 pause")
    studio.asks(ANNOUNCE, "Going on", "announcement 1 resume")
    _reported(studio)
    studio.asks(ANNOUNCE, "Sent", "announcement 1")
    _order(studio, f"announce {SALESFORCE} {WORDS}")
    _order(studio, "announcement 2 send all")
    studio.asks(ANNOUNCE, "Canceled", "announcement 2 cancel")


def _order(studio: Studio, line: str) -> None:
    name, _, argument = line.partition(" ")
    studio.organizing.run(studio.organizer, CommandLine(name, argument))


def _gathered(studio: Studio) -> None:
    with studio.world.work() as work:
        found = work.announcements.get(1)
        assert found is not None
        work.announcements.save(replace(found, complete=True))
        entries = [NewEntry(TO_PERSON["telegram"], str(number), studio.world.now, {}, "1") for number in range(6)]
        work.outbox.put(entries)
        work.commit()


def _reported(studio: Studio) -> None:
    now = studio.world.now
    with studio.world.work() as work:
        hands = work.outbox.claim("studio", [TO_PERSON["telegram"].name], 9, now, dt.timedelta(minutes=1))
        reasons = (dead(hands[0], "Blocked"), dead(hands[1], "OptedOut"), dead(hands[2], "Forbidden"))
        work.outbox.report([*reasons, doubtful(hands[3], "TimedOut"), *map(done, hands[4:])], now)
        work.commit()


def sent(studio: Studio) -> None:
    """Messages that people and communities get without having asked at that moment."""
    petition = studio.petitions[SALESFORCE]
    screen = announcement_screen(petition, WORDS, studio.locale)
    studio.show(SENT, "An announcement", View(screen, studio.locale, SALESFORCE))
    screen = milestone_screen(petition, 1000, 1003, studio.locale, studio.world.now, sample_record())
    studio.show(SENT, "A milestone", View(screen, studio.locale, SALESFORCE))
    for component, final in (
        ("telegram", False),
        ("discord", True),
        ("web", False),
        ("worker-discord", False),
        (f"petition-{SALESFORCE}", True),
        (f"log-{SALESFORCE}", True),
    ):
        screen = outage_screen(component, "14:05", petition.zone, final=final)
        studio.show(SENT, f"Organizers hear that {component} is down", View(screen, studio.locale))
    title, today = petition.text(studio.locale).title, studio.world.now.date()
    for kind in ("due", "removed_due", "called_off", "clock"):
        screen = retention_screen(kind, title, today + NOTICE, today)
        studio.show(SENT, f"Organizers hear about an erasure: {kind}", View(screen, studio.locale))


def milestones(studio: Studio) -> None:
    """`/milestone`."""
    studio.asks(MILESTONES, "/milestone, with none", "milestone")
    with studio.world.work() as work:
        work.milestones.cross(Milestone(SALESFORCE, 100, studio.world.now))
        work.commit()
    studio.asks(MILESTONES, "/milestone", "milestone")
