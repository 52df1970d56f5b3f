"""After thousands of random signings, withdrawals, and reviews, every figure equals a recount of the signatures.

Signers also change their minds about updates, and erase themselves.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable

import sqlalchemy as sa
from babel.dates import format_date, get_timezone_location

from core.services.ledger import Ledger
from core.signatures.breakdowns import Facet, facets_of
from core.signatures.origins import Origin, OriginKind
from core.signatures.signature import Signature, SignatureStatus, Signer, hour_of
from core.signatures.trends import FEWEST, TRENDS_KEPT, origins_of
from storage.engine import Database
from storage.retention import drop_trends
from storage.tables import TrendRow, table
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.core.organizer.test_figures import course_of
from tests.core.petition.test_collection import PREVIEW
from tests.storage.history import LABELS, LANGUAGES, PLATFORMS, REGIONS, History
from tests.world import NOW

COUNTED, WITHDRAWN = SignatureStatus.COUNTED, SignatureStatus.WITHDRAWN


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
    first, *_ = history.petitions
    assert {one.status for each in history.signatures.values() for one in each} == set(SignatureStatus)
    assert {one.status for one in history.stored(PREVIEW(first))} >= {COUNTED, WITHDRAWN}, "also trials"
    assert set(history.queries.petitions()) == set(history.petitions)
    history.world.now = NOW
    for number, slug in enumerate(history.petitions):
        the_rows_are_right(history, slug)
        the_totals_are_right(history, slug)
        for period in ("1d", "7d", "12d", "30d", "90d", "all"):
            the_days_are_right(history, slug, period)
        for period in (("1d", "7d", "12d", "30d", "90d")[number], "all"):
            the_parts_are_right(history, slug, period)
        for part in ("source", "total", "platform"):
            the_chart_is_right(history, slug, ("7d", "30d", "all")[number % 3], part)


def test_trends_equal_a_recount_of_the_signatures_of_the_last_days(database: Database, vault: Vault) -> None:
    history, first = History(database, vault, 1_000, ["Asia/Kathmandu"]), hour_of(NOW - TRENDS_KEPT)
    drop_trends(database, first)
    recent = [one for one in history.signatures["kathmandu"] if one.hour >= first]
    late = history.chance.sample(sorted(history.standing), len(history.standing) // 2)
    with SqlUnitOfWork(database, vault) as work:  # of which most are older than what is kept
        for who in late:
            Ledger(work, NOW).withdraw(
                work.signers.lock_or_create(Signer(PLATFORMS[who % 3], str(who)), NOW), history.standing[who]
            )
        work.commit()
    gone = {history.standing[who].receipt for who in late}
    recounted = Counter(
        (origin, one.hour)
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
                read = work.trends.read("kathmandu", kind, start, first)
                assert (+now, days.total(), before.total()) == (read.now, read.total_now, read.total_before)
                assert read.before == {name: before[name] for name in +now if before[name]}


def the_rows_are_right(history: History, slug: str) -> None:
    """Compare what is stored for each day and each hour on the petition's clocks."""
    signatures, facets = history.signatures[slug], (Facet.LABEL, Facet.VERSION, Facet.UPDATES)
    counted = [(one, facets_of(one)) for one in signatures if one.status is COUNTED]
    by_day = Counter((facet, history.local(one).date(), of[facet]) for one, of in counted for facet in facets)
    by_hour = Counter((f"{history.local(one):%m-%d %H %z}", one.platform, one.locale, one.status) for one in signatures)
    with history.world.work() as work:
        stored = {
            (facet, day, value): count
            for facet in facets
            for day, value, count in work.breakdowns.by_day(slug, facet, [one[2] for one in by_day], None)
        }
        hours = work.tallies.history(slug, None)
    assert {key: count for key, count in stored.items() if count} == by_day
    clock = history.petitions[slug].zone
    assert {(f"{one.hour.astimezone(clock):%m-%d %H %z}", one.platform, one.locale, one.status): one.count
            for one in hours} == by_hour  # fmt: skip


def the_totals_are_right(history: History, slug: str) -> None:
    """Compare `/count` and `/sources`."""
    signatures, told = history.signatures[slug], history.reads(f"count {slug}").splitlines()
    totals, zone = Counter(one.status for one in signatures), history.petitions[slug].timezone
    where = zone if zone == "UTC" else f"{get_timezone_location(zone, locale='en', return_city=True)} time"
    assert set(told) >= {
        f"Counted: {totals[COUNTED]:,}", f"Withdrawn: {totals[WITHDRAWN]:,}",
        f"Signed so far, with those that don't count: {totals.total():,}",
        f"Signed today ({where}): {split(history.within(slug, '1d'))}", f"Invalid: {totals[SignatureStatus.INVALID]:,}",
        f"Same email as a counted signature: {totals[SignatureStatus.DUPLICATE]:,}",
        f"Waiting for review: {totals[SignatureStatus.QUARANTINED]:,}",
    }  # fmt: skip
    assert lines(signatures, link) <= set(history.reads(f"sources {slug}").splitlines())
    assert contacts(signatures) <= set(told)


def the_days_are_right(history: History, slug: str, period: str) -> None:
    """Compare the days of `/stats`."""
    signatures, told = history.within(slug, period), history.reads(f"stats {slug} {period}").splitlines()
    if not signatures:
        return
    assert f"Total: {split(signatures)}" in told
    assert f"Of those, counted: {sum(one.status is COUNTED for one in signatures):,}" in told
    days = {history.local(one).date() for one in signatures}
    for day in days if len(days) <= 31 else ():
        of_day = [one for one in signatures if history.local(one).date() == day]
        assert f"{format_date(day, 'long', 'en')}: {split(of_day)}" in told


def the_parts_are_right(history: History, slug: str, period: str) -> None:
    """Compare the other parts of `/stats`."""
    signatures = history.within(slug, period)

    def told(part: str) -> set[str]:
        return set(history.reads(f"stats {slug} {period} {part}").splitlines())

    kinds = told("kinds")
    assert lines(signatures, link) <= told("links")
    assert contacts(signatures) <= told("updates")
    assert lines(signatures, lambda one: REGIONS[one.region]) <= told("regions")
    assert lines(signatures, lambda one: one.platform.capitalize()) <= kinds
    assert lines(signatures, lambda one: LANGUAGES[one.locale]) <= kinds
    hours = Counter(history.local(one).hour for one in signatures if one.status is COUNTED)
    quarters = (" · ".join(str(hours[hour]) for hour in range(first, first + 6)) for first in range(0, 24, 6))
    assert {line.partition(": ")[2] for line in told("hours")} >= set(quarters)


def the_chart_is_right(history: History, slug: str, period: str, part: str) -> None:
    """Compare `/chart`: its words, both ends of its line, and its days."""
    signatures, course = history.within(slug, period), course_of(history, f"{period} {part}", slug)
    told = history.reads(f"chart {slug} {period} {part}")
    counted = [one for one in history.signatures[slug] if one.status is COUNTED]
    assert f": {split(signatures)}" in told
    assert f"Counted: {len(counted):,}" in told
    assert sum(points[-1][1] for _, points in course.series) == len(counted)
    days = Counter(history.local(one).date() for one in signatures)
    assert {(day.date(), count) for day, count in course.days} == set(days.items())
    earlier = sum(one.signed_at < course.start for one in counted)
    if period != "all":
        assert sum(points[0][1] for _, points in course.series) == earlier
