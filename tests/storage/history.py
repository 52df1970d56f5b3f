"""A database after thousands of random signings, withdrawals, and reviews of petitions in several time zones."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from core.petition.form import Field, FieldKind
from core.petition.petition import Petition
from core.ports import Person
from core.services.ledger import Ledger
from core.signatures.consent import Consent, ConsentSubject, UpdatesChoice
from core.signatures.review import Query
from core.signatures.signature import Signature, SignatureStatus, Signer
from storage.engine import Database
from storage.queries import SqlQueries
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.core.organizer.test_commands import Office
from tests.core.petition.test_collection import PREVIEW
from tests.effort import scaled
from tests.storage.test_reviews import PLAIN
from tests.world import NOW, SALESFORCE, World, petitions

ACTIONS, DAYS = 5_000, 45
ZONES = ("UTC", "Asia/Kathmandu", "America/St_Johns", "Pacific/Kiritimati", "America/Los_Angeles")
"""Zones with quarters and halves of an hour, the first to begin a day, and two whose clocks change within DAYS."""
TOGETHER = 50  # actions in one transaction: in a long one, PostgreSQL keeps all versions of each count
REVIEWED = 40  # every such action is a review
PLATFORMS = ("telegram", "discord", "terminal")
LANGUAGES = {"en": "English", "es": "Spanish"}
LABELS = {
    "": "no link", "newsletter": "newsletter", "flyer": "flyer", "g0123456789ab": "an unknown community",
    "rabcdefghijkl": "signers' own links",
}  # fmt: skip
DOMAINS = ("", "mail.example", "web.example", "box.example")
CONTACTS = ("", "email", "phone", "email phone")
REGIONS = {"US-CA": "CA, United States", "US-NY": "NY, United States", "DE": "Germany"}


def petition_in(zone: str) -> Petition:
    """A petition whose days begin and end in a time zone."""
    petition = petitions()[SALESFORCE]
    slug = zone.rpartition("/")[2].lower().replace("_", "-")
    return replace(petition, slug=slug, timezone=zone, fields=(*petition.fields, Field("phone", FieldKind.PHONE)))


class History(Office):
    """An office with what random actions left in a database."""

    def __init__(
        self, database: Database, vault: Vault, actions: int = ACTIONS, zones: Sequence[str] = ZONES
    ) -> None:  # fmt: skip
        self.actions = scaled(actions)
        self.petitions = {petition.slug: petition for petition in map(petition_in, zones)}
        self._slugs = list(self.petitions)
        super().__init__(World(work=lambda: SqlUnitOfWork(database, vault), petitions=self.petitions))
        self.chance, self.standing = random.Random(7), dict[int, Signature]()
        begun, pause = NOW - dt.timedelta(days=DAYS), dt.timedelta(days=DAYS) / self.actions
        for first in range(0, self.actions, TOGETHER):
            with SqlUnitOfWork(database, vault) as work:
                self.work = work
                for number in range(first, min(first + TOGETHER, self.actions)):
                    self._act(number, begun + number * pause)
                work.commit()
        self.queries = SqlQueries(database, vault)
        self.signatures = {slug: self.stored(slug) for slug in self._slugs}

    def stored(self, slug: str) -> tuple[Signature, ...]:
        """All signatures with a petition's slug."""
        return tuple(self.queries.signatures(slug, tuple(SignatureStatus)))

    def _act(self, number: int, now: dt.datetime) -> None:
        chance, ledger = self.chance.random(), Ledger(self.work, now)
        if number % REVIEWED == REVIEWED - 1:
            since = now - dt.timedelta(days=DAYS) * self.chance.random()
            until = since + dt.timedelta(days=2 * len(self._slugs)) * self.chance.random()
            query = Query(self.chance.choice(self._slugs), since=since, until=until)
            self.chance.choice((ledger.invalidate, ledger.invalidate, ledger.restore, ledger.accept))(query)
        elif chance < 0.3 and self.standing:
            who = self.chance.choice(list(self.standing))
            if chance < 0.1:
                ledger.withdraw(self._person(who), self.standing.pop(who))
            elif chance < 0.15:
                del self.standing[who]
                self.world.signing.forget_in(self.work, self._signer(who))
            else:
                channel = self.chance.choice(list(UpdatesChoice))
                consent = Consent(ConsentSubject.UPDATES, channel, "telegram", now, "en", "")
                ledger.set_updates(self._person(who), self.standing[who], consent)
        else:
            self._sign(number, now)

    def _sign(self, number: int, now: dt.datetime) -> None:
        """Sign, and sometimes do so as a trial, too, and sometimes withdraw that."""
        ledger, person, signature = Ledger(self.work, now), self._person(number), self._signature(number, now)
        ledger.sign(person, signature)
        if self.chance.random() < 0.3:
            ledger.sign(person, replace(signature, petition=PREVIEW(self._slugs[0]), receipt=f"T-{number}"))
        self.standing[number], *tried = self.work.signatures.standing(person)
        if tried and self.chance.random() < 0.3:
            ledger.withdraw(person, tried[0])

    def _person(self, number: int) -> Person:
        return self.work.signers.lock_or_create(self._signer(number), NOW)

    def _signer(self, number: int) -> Signer:
        return Signer(PLATFORMS[number % 3], str(number))

    def _signature(self, number: int, now: dt.datetime) -> Signature:
        choice, slug = self.chance.choice, self._slugs[number % len(self._slugs)]
        channel = choice(("here", "email", "no"))
        box = self.chance.randrange(self.actions // len(self._slugs))
        mailbox = f"m{box}" if self.chance.random() < 0.7 else None
        return replace(
            PLAIN, petition=slug, receipt=f"R-{number}", signed_at=now, platform=PLATFORMS[number % 3],
            locale=choice(list(LANGUAGES)), label=choice(list(LABELS)), region=choice(list(REGIONS)),
            domain=choice(DOMAINS),
            mailbox=mailbox, reason=choice(("", "", "", "burst")), contacts=choice(CONTACTS),
            updates=channel == "here", by_email=channel == "email", utc_offset=self.petitions[slug].utc_offset(now),
        )  # fmt: skip

    def local(self, one: Signature) -> dt.datetime:
        """The time of signing on the petition's clocks."""
        return one.signed_at.astimezone(ZoneInfo(self.petitions[one.petition].timezone))

    def within(self, slug: str, period: str) -> list[Signature]:
        """The signatures of a period, by the day of signing."""
        days = 10_000 if period == "all" else int(period.removesuffix("d"))
        first = NOW.astimezone(ZoneInfo(self.petitions[slug].timezone)).date() - dt.timedelta(days=days - 1)
        return [one for one in self.signatures[slug] if self.local(one).date() >= first]
