"""Screens for organizers: decisions, people, links, files, and what can go wrong."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from core.conversation import state as ev
from core.outbox import NewEntry, Topic, dead, doubtful
from core.petition.petition import Decision, PetitionStatus
from core.signatures.signature import Signer
from tests.screens.reading import variant
from tests.screens.studio import Studio
from tests.world import SALESFORCE, TREES

DECIDING, TEAM, LINKS, FILES = "Decisions", "Organizers and the log", "Links and their sources", "Files"


def decisions(studio: Studio) -> None:
    """Pausing, closing, a victory, the goal."""
    studio.asks(DECIDING, "/help", "help")
    studio.asks(DECIDING, "A command that needs a petition", "pause")
    for verb in ("pause", "reopen", "close"):
        studio.asks(DECIDING, f"/{verb}", f"{verb} {SALESFORCE}")
        studio.asks(DECIDING, f"/{verb}, confirmed", f"{verb} {SALESFORCE} yes")
    studio.asks(DECIDING, "/close, and left as it is", f"close {SALESFORCE} no")
    over = Studio(studio.album, studio.locale, variant(closes=dt.date(2026, 6, 30)))
    over.asks(DECIDING, "/reopen, of a petition whose time is over", f"reopen {TREES} yes")
    with over.world.work() as work:
        work.decisions.save(TREES, Decision(PetitionStatus.CLOSED, since=over.world.now, erased_at=over.world.now))
        work.commit()
    over.asks(DECIDING, "/reopen, after retention has erased the signers' data", f"reopen {TREES} yes")
    studio.asks(DECIDING, "/victory", f"victory {SALESFORCE}")
    studio.asks(DECIDING, "/victory, with words", f"victory {SALESFORCE} The contract is canceled. Thank you!")
    studio.asks(DECIDING, "/goal", f"goal {SALESFORCE}")
    studio.asks(DECIDING, "/goal, with a number", f"goal {SALESFORCE} 25000")


def team(studio: Studio) -> None:
    """The organizers, and what they did."""
    studio.asks(TEAM, "/audit, with nothing done", "audit")
    studio.asks(TEAM, "/organizers, with none", "organizers")
    studio.asks(TEAM, "/invite", "invite", update_id="1")
    studio.asks(TEAM, "/invite, delivered twice", "invite", update_id="1")
    with studio.world.work() as work:
        work.organizers.invite("ADASCODE", studio.world.now + dt.timedelta(hours=1))
        work.commit()
    studio.asks(TEAM, "/join", "join ADASCODE", Signer("test", "Ada", "Ada Lovelace", studio.locale))
    studio.asks(TEAM, "/organizers", "organizers")
    with studio.world.work() as work:
        (ada,) = work.organizers.all()
    studio.asks(TEAM, "An organizer is removed", f"dismiss {ada.key}")
    _troubles(studio)
    studio.asks(TEAM, "/audit", "audit")


def _troubles(studio: Studio) -> None:
    """An entry of the outbox that was given up, and one that is uncertain."""
    topic, now = Topic("files.telegram", repeat=False), studio.world.now
    with studio.world.work() as work:
        work.outbox.put([NewEntry(topic, key, now) for key in ("one", "two")])
        first, second = work.outbox.claim("studio", [topic.name], 2, now, dt.timedelta(minutes=1))
        work.outbox.report([dead(first, "Blocked"), doubtful(second, "TimedOut")], now)
        work.commit()


def links(studio: Studio) -> None:
    """Links of their own, and what each of them brought."""
    studio.asks(LINKS, "/link", f"link {SALESFORCE}")
    studio.asks(LINKS, "/link, with a name", f"link {SALESFORCE} newsletter")
    signs(studio, "Ada", "newsletter")
    signs(studio, "Ben", "g0123456789ab")
    studio.asks(LINKS, "/sources", f"sources {SALESFORCE}")
    for number in range(25):
        signs(studio, f"Person {number}", f"flyer{number}")
    studio.asks(LINKS, "/sources, with very many", f"sources {SALESFORCE}")


def files(studio: Studio) -> None:
    """Files that are made in the background."""
    studio.asks(FILES, "/export", f"export {SALESFORCE}")
    studio.asks(FILES, "/export, with a kind of file", f"export {SALESFORCE} pdf")
    studio.asks(FILES, "/export, once more", f"export {SALESFORCE} pdf")


def signs(studio: Studio, name: str, label: str = "", *, updates: bool = False, platform: str = "test") -> str:
    """Let a person sign; the receipt."""
    person = replace(studio.person(name, platform=platform), petition=SALESFORCE)
    answers = ev.Answer({"full_name": name, "postal_code": "90210"})
    person.does(ev.Open(label), ev.Begin(), answers, ev.SetUpdates(updates), ev.Confirm())
    with studio.world.work() as work:
        (signature,) = work.signatures.standing(work.signers.lock_or_create(person.signer, studio.world.now))
        return signature.receipt
