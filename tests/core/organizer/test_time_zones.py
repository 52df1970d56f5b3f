"""Organizers in California read their own days and hours, also at 17:30 on the last day, when it is tomorrow in UTC."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from core.conversation import state as ev
from core.petition.petition import UTC
from core.signatures.breakdowns import Facet
from core.signatures.signature import Signature, day_of, hour_of
from tests.core.organizer.test_commands import Office
from tests.core.organizer.test_figures import course_of
from tests.storage.test_reviews import PLAIN
from tests.world import SALESFORCE, World, petitions

CALIFORNIA = ZoneInfo("America/Los_Angeles")
LAST_DAY = dt.date(2026, 11, 23)
HALF_PAST_FIVE = dt.datetime(2026, 11, 23, 17, 30, tzinfo=CALIFORNIA).astimezone(dt.UTC)
ZONE = "(Los Angeles time)"


def office_in(zone: str, closes: dt.date | None = None) -> Office:
    petition = replace(petitions()[SALESFORCE], timezone=zone, closes=closes)
    return Office(World(now=HALF_PAST_FIVE, petitions={SALESFORCE: petition}))


def signs(office: Office, name: str, *, hours_ago: float = 0) -> None:
    office.world.now = HALF_PAST_FIVE - dt.timedelta(hours=hours_ago)
    person = office.world.person(name, "telegram")
    person.does(ev.Open("flyer"), ev.Begin(), ev.Reply("90210"), ev.Confirm())
    office.world.now = HALF_PAST_FIVE


@pytest.fixture
def office() -> Office:
    """Bob signed a day ago at 17:00, Ada today at 15:30, and Cleo at 17:30."""
    office = office_in("America/Los_Angeles", LAST_DAY)
    signs(office, "Bob", hours_ago=24.5)
    signs(office, "Ada", hours_ago=2)
    signs(office, "Cleo")
    return office


def test_the_last_day_is_today_until_midnight_there(office: Office) -> None:
    told = office.reads("stats all").splitlines()
    assert f"Signed today {ZONE}: 2 signed" in told
    assert f"All time: by day {ZONE}" in told
    assert told.index("November 23, 2026: 2 signed") < told.index("November 22, 2026: 1 signed")
    assert told[-1].startswith("Days are in Los Angeles time.")
    assert "Total: 2 signed" in office.reads("stats 1d")
    assert "flyer: 2" in office.reads("stats 1d links").splitlines()
    assert ": 0 · 0 · 0 · 1 · 0 · 1" in office.reads("stats 1d hours"), "from noon on"


def test_the_chart_has_their_days(office: Office) -> None:
    course = course_of(office, "7d")
    assert [(day.isoformat(), count) for day, count in course.days] == [
        ("2026-11-22T00:00:00-08:00", 1), ("2026-11-23T00:00:00-08:00", 2),
    ]  # fmt: skip
    assert course.zone.key == "America/Los_Angeles"
    by_link = course_of(office, "7d source")
    ((_, points),) = by_link.series
    assert points[-1] == (HALF_PAST_FIVE - dt.timedelta(hours=17.5) / 2, 3), "in the middle of what passed of the day"


def test_dates_and_times_are_theirs(office: Office) -> None:
    assert f"Signed: 2026-11-23 17:30 {ZONE}" in office.reads(f"review {SALESFORCE} status=any")
    assert f"Signatures since 2026-11-22 17:00 {ZONE}" in office.reads("trends")
    office.reads(f"goal {SALESFORCE} 50")
    log = office.reads("audit")
    assert log.startswith(f"What organizers did, newest first {ZONE}")
    assert "2026-11-23 17:30 · Olga" in log
    assert office.reads("clock").startswith("The clock reads November 23, 2026")


def test_a_filter_by_day_means_their_day(office: Office) -> None:
    assert "Counted: 2" in office.reads(f"review {SALESFORCE} since=2026-11-23 status=any")
    assert "Counted: 1" in office.reads(f"review {SALESFORCE} until=2026-11-22 status=any")
    assert "matches" not in office.reads(f"export {SALESFORCE} csv since=2026-11-23")
    office.world.now += dt.timedelta(hours=6)
    assert "matches" not in office.reads(f"export {SALESFORCE} csv since=2026-11-23")
    assert "matches" in office.reads(f"export {SALESFORCE} csv since=2026-11-24")


@pytest.mark.parametrize("names", [("UTC", "America/Los_Angeles"), ("Asia/Kathmandu", "UTC")])
def test_what_is_about_no_petition_is_in_the_zone_they_share(names: tuple[str, str]) -> None:
    both = {zone: replace(petitions()[SALESFORCE], slug=zone, timezone=zone) for zone in names}
    office = Office(World(petitions=both))
    office.reads("invite")
    assert office.reads("audit").startswith("What organizers did, newest first (UTC)")


def facets(office: Office) -> set[tuple[str, str, int]]:
    with office.world.work() as work:
        return {
            (facet, value, count)
            for facet in Facet for value, count in work.breakdowns.by_value(SALESFORCE, facet, None)
        }  # fmt: skip


@pytest.mark.parametrize("zones", [("America/Los_Angeles", "Asia/Kathmandu"), ("Pacific/Kiritimati", UTC)])
def test_a_withdrawal_leaves_nothing_behind_after_the_zone_changed(zones: tuple[str, str]) -> None:
    office = office_in(zones[0])
    signs(office, "Ada")
    assert facets(office)
    office.world.petitions[SALESFORCE] = replace(office.world.petitions[SALESFORCE], timezone=zones[1])
    office.world.person("Ada", "telegram").does(ev.Open(), ev.Withdraw())
    assert facets(office) == set()
    with office.world.work() as work:
        for day in (LAST_DAY - dt.timedelta(days=1), LAST_DAY, LAST_DAY + dt.timedelta(days=1)):
            assert work.breakdowns.by_value(SALESFORCE, Facet.LABEL, day) == (), "on no day"
        ((_, tally),) = work.tallies.hours(SALESFORCE, None)
    assert (tally.signed, tally.withdrawn) == (1, 1)


@pytest.mark.parametrize(
    ("zone", "moment", "day", "hour"),
    [
        ("Asia/Kathmandu", "2026-11-23T18:14:59", 23, "2026-11-23T17:15"),
        ("Asia/Kathmandu", "2026-11-23T18:15:00", 24, "2026-11-23T18:15"),
        ("America/St_Johns", "2026-11-23T03:29:00", 22, "2026-11-23T02:30"),
        ("Pacific/Kiritimati", "2026-11-23T10:00:00", 24, "2026-11-23T10:00"),
        ("Australia/Lord_Howe", "2026-06-01T13:30:00", 2, "2026-06-01T13:30"),
        ("America/Los_Angeles", "2026-11-01T08:30:00", 1, "2026-11-01T08:00"),
        ("America/Los_Angeles", "2026-11-01T09:30:00", 1, "2026-11-01T09:00"),
    ],
)
def test_a_signature_has_the_day_and_the_hour_of_the_clocks_there(zone: str, moment: str, day: int, hour: str) -> None:
    signed_at, petition = dt.datetime.fromisoformat(f"{moment}+00:00"), replace(petitions()[SALESFORCE], timezone=zone)
    signature: Signature = replace(PLAIN, signed_at=signed_at, utc_offset=petition.utc_offset(signed_at))
    assert signature.day == petition.day(signed_at)
    assert signature.day.day == day
    assert signature.hour.isoformat(timespec="minutes") == f"{hour}+00:00"
    assert signature.hour == hour_of(signed_at, signature.utc_offset)
    assert day_of(signature.hour, signature.utc_offset) == signature.day
