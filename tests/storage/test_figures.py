"""After thousands of random signings, withdrawals, and reviews, every figure equals a recount of the signatures.

Signers also change their minds about updates, and erase themselves.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

import sqlalchemy as sa
from babel.dates import format_date

from core.petition.form import Field, FieldKind
from core.ports import Person
from core.services.ledger import Ledger
from core.signatures.consent import Consent, ConsentSubject, UpdatesChoice
from core.signatures.origins import Origin, OriginKind
from core.signatures.review import Query
from core.signatures.signature import Signature, SignatureStatus, Signer, hour_of
from core.signatures.trends import FEWEST, TRENDS_KEPT, origins_of
from storage.engine import Database
from storage.queries import SqlQueries
from storage.retention import drop_trends
from storage.tables import TrendRow, table
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.core.organizer.test_commands import Office
from tests.core.organizer.test_figures import course_of
from tests.core.petition.test_collection import PREVIEW
from tests.effort import scaled
from tests.storage.test_reviews import PLAIN
from tests.world import NOW, SALESFORCE, World, petitions

ACTIONS, DAYS = 5_000, 45
TOGETHER = 50  # actions in one transaction: in a long one, PostgreSQL keeps all versions of each count
REVIEWED = 40  # every such action is a review
COUNTED, WITHDRAWN = SignatureStatus.COUNTED, SignatureStatus.WITHDRAWN
PLATFORMS = ("telegram", "discord", "terminal")
LANGUAGES = {"en": "English", "es": "Spanish"}
LABELS = {
    "": "no link", "newsletter": "newsletter", "flyer": "flyer", "g0123456789ab": "an unknown community",
    "rabcdefghijkl": "signers' own links",
}  # fmt: skip
DOMAINS = ("", "mail.example", "web.example", "box.example")
CONTACTS = ("", "email", "phone", "email phone")
REGIONS = {"US-CA": "CA, United States", "US-NY": "NY, United States", "DE": "Germany"}


class History(Office):
    """An office with what random actions left in a database."""

    def __init__(self, database: Database, vault: Vault, actions: int = ACTIONS) -> None:
        self.actions = scaled(actions)
        phone = Field("phone", FieldKind.PHONE)
        petition = petitions()[SALESFORCE]
        asking = {SALESFORCE: replace(petition, fields=(*petition.fields, phone))}
        super().__init__(World(work=lambda: SqlUnitOfWork(database, vault), petitions=asking))
        self.chance, self.standing = random.Random(7), dict[int, Signature]()
        begun, pause = NOW - dt.timedelta(days=DAYS), dt.timedelta(days=DAYS) / self.actions
        for first in range(0, self.actions, TOGETHER):
            with SqlUnitOfWork(database, vault) as work:
                self.work = work
                for number in range(first, min(first + TOGETHER, self.actions)):
                    self._act(number, begun + number * pause)
                work.commit()
        self.queries = SqlQueries(database, vault)
        self.signatures = tuple(self.queries.signatures(SALESFORCE, tuple(SignatureStatus)))

    def _act(self, number: int, now: dt.datetime) -> None:
        chance, ledger = self.chance.random(), Ledger(self.work, now)
        if number % REVIEWED == REVIEWED - 1:
            since = now - dt.timedelta(days=DAYS) * self.chance.random()
            query = Query(SALESFORCE, since=since, until=since + dt.timedelta(days=2) * self.chance.random())
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
                ledger.set_updates(self.standing[who], consent)
        else:
            ledger.sign(self._person(number), self._signature(number, now))
            (self.standing[number],) = self.work.signatures.standing(self._person(number))
            self._try(number, now)

    def _try(self, number: int, now: dt.datetime) -> None:
        """Sometimes sign as a trial, too, and sometimes withdraw that."""
        ledger, trial = Ledger(self.work, now), replace(self._signature(number, now), petition=PREVIEW(SALESFORCE))
        if self.chance.random() < 0.3:
            ledger.sign(self._person(number), replace(trial, receipt=f"T-{number}"))
            *_, tried = self.work.signatures.standing(self._person(number))
            if self.chance.random() < 0.3:
                ledger.withdraw(self._person(number), tried)

    def _person(self, number: int) -> Person:
        return self.work.signers.lock_or_create(self._signer(number), NOW)

    def _signer(self, number: int) -> Signer:
        return Signer(PLATFORMS[number % 3], str(number))

    def _signature(self, number: int, now: dt.datetime) -> Signature:
        choice = self.chance.choice
        channel = choice(("here", "email", "no"))
        mailbox = f"m{self.chance.randrange(self.actions)}" if self.chance.random() < 0.7 else None
        return replace(
            PLAIN, petition=SALESFORCE, receipt=f"R-{number}", signed_at=now, platform=PLATFORMS[number % 3],
            locale=choice(list(LANGUAGES)), label=choice(list(LABELS)), region=choice(list(REGIONS)),
            domain=choice(DOMAINS),
            mailbox=mailbox, reason=choice(("", "", "", "burst")), contacts=choice(CONTACTS),
            updates=channel == "here", by_email=channel == "email",
        )  # fmt: skip

    def within(self, period: str) -> list[Signature]:
        """The signatures of a period, by the day of signing."""
        days = 10_000 if period == "all" else int(period.removesuffix("d"))
        first = NOW.date() - dt.timedelta(days=days - 1)
        return [one for one in self.signatures if one.signed_at.astimezone(dt.UTC).date() >= first]


def split(signatures: Iterable[Signature]) -> str:
    """The words for signatures that were signed, withdrawn, and set aside, from a recount."""
    totals = Counter(one.status for one in signatures)
    aside = totals.total() - totals[COUNTED] - totals[WITHDRAWN]
    words = [f"{totals.total():,} signed"]
    words += [f"{totals[WITHDRAWN]:,} of them withdrawn"] if totals[WITHDRAWN] else []
    words += [f"{aside:,} {'doesn' if aside == 1 else 'don'}'t count"] if aside else []
    return " and ".join(words) if len(words) < 3 else ", ".join(words[:-1]) + f", and {words[-1]}"


def lines(signatures: Iterable[Signature], name: Callable[[Signature], str]) -> set[str]:
    """Lines with the number of signatures that count, by name, from a recount."""
    totals = Counter(name(one) for one in signatures if one.status is COUNTED)
    return {f"{key}: {count:,}" for key, count in totals.items()}


def contacts(signatures: Iterable[Signature]) -> set[str]:
    """The lines about the people who can be written to, from a recount."""
    counted = [one for one in signatures if one.status is COUNTED]
    here, by_email = sum(one.updates for one in counted), [one for one in counted if one.by_email]
    usable = {kind: sum(kind in one.contacts.split() for one in by_email) for kind in ("email", "phone")}
    channels = f" ({here:,} in the chat, {len(by_email):,} by email)" if here + len(by_email) else ""
    return {
        f"Want updates: {here + len(by_email):,}{channels}",
        f"Email addresses you can use: {usable['email']:,}", f"Phone numbers you can use: {usable['phone']:,}",
    }  # fmt: skip


def link(signature: Signature) -> str:
    """The name of the link of a signature; a signer's own is stored under a pseudonym."""
    return LABELS.get(signature.label, "signers' own links")


def test_every_figure_equals_a_recount_of_the_signatures(database: Database, vault: Vault) -> None:
    history = History(database, vault)
    assert {one.status for one in history.signatures} == set(SignatureStatus), "everything happened"
    assert list(history.queries.signatures(PREVIEW(SALESFORCE), (COUNTED, WITHDRAWN))), "also trials"
    assert history.queries.petitions() == (SALESFORCE,)
    history.world.now = NOW
    the_totals_are_right(history)
    for period in ("1d", "7d", "12d", "30d", "90d", "all"):
        the_days_are_right(history, period)
        the_parts_are_right(history, period)
    for period in ("7d", "30d", "all"):
        for part in ("total", "source", "platform"):
            the_chart_is_right(history, period, part)


def test_trends_equal_a_recount_of_the_signatures_of_the_last_days(database: Database, vault: Vault) -> None:
    history, first = History(database, vault, actions=1_000), hour_of(NOW - TRENDS_KEPT)
    drop_trends(database, first)
    recent = [one for one in history.signatures if one.signed_at >= first]
    late = history.chance.sample(sorted(history.standing), len(history.standing) // 2)
    with SqlUnitOfWork(database, vault) as work:  # of which most are older than what is kept
        for who in late:
            Ledger(work, NOW).withdraw(
                work.signers.lock_or_create(Signer(PLATFORMS[who % 3], str(who)), NOW), history.standing[who]
            )
        work.commit()
    gone = {history.standing[who].receipt for who in late}
    recounted = Counter(
        (origin, hour_of(one.signed_at))
        for one in recent
        if one.status is not WITHDRAWN and one.receipt not in gone
        for origin in origins_of(one)
    )
    assert recounted
    with database.reading() as connection:
        rows = connection.execute(sa.select(table(TrendRow))).all()
    assert Counter(row.total for row in rows) == Counter(recounted.values()), "row by row, and none with nothing"
    the_trends_are_right(database, vault, recounted, first)


def the_trends_are_right(
    database: Database, vault: Vault, recounted: Counter[tuple[Origin, dt.datetime]], first: dt.datetime
) -> None:
    """Compare what is read with the recount, for several periods."""
    with SqlUnitOfWork(database, vault) as work:
        for hours in (2, 24, 72):
            start = hour_of(NOW - dt.timedelta(hours=hours))
            for kind in OriginKind:
                days, before = Counter[tuple[dt.date, str]](), Counter[str]()
                for (origin, hour), count in recounted.items():
                    if origin.kind is kind:
                        days[hour.date(), origin.name] += count if hour >= start else 0
                        before[origin.name] += count if hour < start else 0
                now = Counter[str]()
                for (_, name), count in days.items():
                    now[name] += count if count >= FEWEST else 0
                read = work.trends.read(SALESFORCE, kind, start, first)
                assert (+now, days.total(), before.total()) == (read.now, read.total_now, read.total_before)
                assert read.before == {name: before[name] for name in +now if before[name]}


def the_totals_are_right(history: History) -> None:
    """Compare `/count` and `/sources`."""
    totals, told = Counter(one.status for one in history.signatures), history.reads(f"count {SALESFORCE}").splitlines()
    assert set(told) >= {
        f"Counted: {totals[COUNTED]:,}", f"Withdrawn: {totals[WITHDRAWN]:,}",
        f"Signed so far, with those that don't count: {totals.total():,}",
        f"Signed today (UTC): {split(history.within('1d'))}", f"Invalid: {totals[SignatureStatus.INVALID]:,}",
        f"Same email as a counted signature: {totals[SignatureStatus.DUPLICATE]:,}",
        f"Waiting for review: {totals[SignatureStatus.QUARANTINED]:,}",
    }  # fmt: skip
    assert lines(history.signatures, link) <= set(history.reads(f"sources {SALESFORCE}").splitlines())
    assert contacts(history.signatures) <= set(told)


def the_days_are_right(history: History, period: str) -> None:
    """Compare the days of `/stats`."""
    signatures, told = history.within(period), history.reads(f"stats {SALESFORCE} {period}").splitlines()
    assert f"Total: {split(signatures)}" in told
    assert f"Of those, counted: {sum(one.status is COUNTED for one in signatures):,}" in told
    days = {one.signed_at.astimezone(dt.UTC).date() for one in signatures}
    for day in days if len(days) <= 31 else ():
        of_day = [one for one in signatures if one.signed_at.astimezone(dt.UTC).date() == day]
        assert f"{format_date(day, 'long', 'en')}: {split(of_day)}" in told


def the_parts_are_right(history: History, period: str) -> None:
    """Compare the other parts of `/stats`."""
    signatures = history.within(period)

    def told(part: str) -> set[str]:
        return set(history.reads(f"stats {SALESFORCE} {period} {part}").splitlines())

    assert lines(signatures, link) <= told("links")
    assert contacts(signatures) <= told("updates")
    assert lines(signatures, lambda one: REGIONS[one.region]) <= told("regions")
    assert lines(signatures, lambda one: one.platform.capitalize()) <= told("kinds")
    assert lines(signatures, lambda one: LANGUAGES[one.locale]) <= told("kinds")
    hours = Counter(one.signed_at.astimezone(dt.UTC).hour for one in signatures if one.status is COUNTED)
    quarters = (" · ".join(str(hours[hour]) for hour in range(first, first + 6)) for first in range(0, 24, 6))
    assert {line.partition(": ")[2] for line in told("hours")} >= set(quarters)


def the_chart_is_right(history: History, period: str, part: str) -> None:
    """Compare `/chart`: its words, and both ends of its line."""
    signatures, course = history.within(period), course_of(history, f"{period} {part}")
    told = history.reads(f"chart {SALESFORCE} {period} {part}")
    counted = [one for one in history.signatures if one.status is COUNTED]
    assert f": {split(signatures)}" in told
    assert f"Counted: {len(counted):,}" in told
    assert sum(points[-1][1] for _, points in course.series) == len(counted)
    earlier = sum(one.signed_at < course.start for one in counted)
    if period != "all":
        assert sum(points[0][1] for _, points in course.series) == earlier
