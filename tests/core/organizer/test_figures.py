"""`/count`, `/stats` and `/chart`: every part of them, in every period, and what their buttons lead to."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bots.common.callback_data import LONGEST, encode_order
from core.conversation import state as ev
from core.conversation.picture import Course
from core.messages import Message
from core.organizer.chart import CHART
from core.organizer.command import CommandLine
from core.organizer.figures import PERIODS
from core.organizer.stats import PARTS, STATS
from core.petition.versions import FIRST, PetitionVersion
from core.services.ledger import Ledger
from core.signatures.review import Query
from tests.core.organizer.test_commands import SAM, Office, text
from tests.world import NOW, SALESFORCE, TREES

NOTE = text(Message("stats.day_note", {"zone": "UTC"}))
SIGNING = (ev.Begin(), ev.Reply("Ada"), ev.Reply("90210"), ev.Confirm())


@pytest.fixture
def office() -> Office:
    return Office()


def signs(office: Office, number: int, label: str = "", code: str = "90210", platform: str = "telegram") -> None:
    person = office.world.person("", platform, f"{platform}{number}")
    person.does(ev.Open(label), ev.Begin(), ev.Reply("Ada"), ev.Reply(code), ev.Confirm())


def course_of(office: Office, argument: str, slug: str = SALESFORCE) -> Course:
    shown = office.asks(f"chart {slug} {argument}")
    assert shown
    (picture,) = shown.screen.pictures
    assert isinstance(picture, Course)
    return picture


def test_count_tells_organizers_what_does_not_count(office: Office) -> None:
    office.world.now -= dt.timedelta(days=1)
    signs(office, 1)
    signs(office, 2)
    office.world.now = NOW
    signs(office, 3)
    office.world.person("", "telegram", "telegram1").does(ev.Withdraw())
    office.world.person("", "telegram", "telegram4").does(ev.Begin())
    assert office.reads(f"count {SALESFORCE}").splitlines()[1:] == [
        "Counted: 2", "Signed so far, with those that don't count: 3", "Signed today (UTC): 1 signed",
        "Next goal: 1,000", "Started but not finished: 1",
        "Same email as a counted signature: 0", "Waiting for review: 0", "Invalid: 0", "Withdrawn: 1",
        "Want updates: 0", "Email addresses you can use: 0",
    ]  # fmt: skip
    assert office.reads("count").count("Counted: ") == 2, "all petitions, where none is named"
    assert office.asks("count", SAM) is None


def test_every_button_of_stats_leads_to_a_part_that_fits_behind_it(office: Office) -> None:
    longest = "a" * 30
    for command, arguments in (
        (STATS, [f"{period} {part}" for period in PERIODS for part in PARTS]),
        (CHART, ["all platform dark"]),
    ):
        for argument in arguments:
            assert len(encode_order(CommandLine(command.name, f"{longest} {argument}")).encode()) <= LONGEST
    signs(office, 1)
    seen, waiting = set(), {f"stats {SALESFORCE} 7d", f"chart {SALESFORCE}"}
    while waiting:
        line = waiting.pop()
        seen.add(line)
        shown = office.asks(line)
        assert shown
        assert shown.screen.parts
        orders = [button.order for row in shown.screen.buttons for button in row]
        assert all(orders)
        waiting |= {f"{order.name} {order.argument}" for order in orders if order} - seen
    assert len([line for line in seen if line.startswith("stats")]) == len(PERIODS) * len(PARTS)
    assert len([line for line in seen if line.startswith("chart")]) == 1 + len(PERIODS) * 3 * 2


def test_all_days_of_a_month_are_listed(office: Office) -> None:
    for number in range(20):
        signs(office, number)
        office.world.now += dt.timedelta(days=1)
    office.world.now -= dt.timedelta(days=1)
    told = office.reads(f"stats {SALESFORCE} 30d").splitlines()
    assert len([line for line in told if line.endswith("2026: 1 signed")]) == 20, "every day"
    assert "Total: 7 signed" in office.reads(f"stats {SALESFORCE} 7d").splitlines(), "today and the six days before"


def test_days_beyond_a_screen_are_told_by_week_and_weeks_by_month(office: Office) -> None:
    start = office.world.now
    for number in range(60):
        office.world.now = start + dt.timedelta(days=number)
        signs(office, number)
    told = office.reads(f"stats {SALESFORCE} 90d").splitlines()
    assert "Last 90 days: by week (UTC)" in told
    assert "Total: 60 signed" in told
    weeks = [line for line in told if line.startswith("week of ")]
    assert weeks[0] == "week of January 18, 2027: 4 signed"
    assert weeks[-1] == "week of November 23, 2026: 7 signed"
    assert len(weeks) == 9
    for number in range(10, 45):
        office.world.now = start + dt.timedelta(weeks=number)
        signs(office, 100 + number)
    assert "month from December 1, 2026: 31 signed" in office.reads(f"stats {SALESFORCE} all").splitlines()


def test_hours_stand_in_four_lines(office: Office) -> None:
    for number, hours in enumerate((0, 0, 3, 12)):
        office.world.now = NOW + dt.timedelta(hours=hours)
        signs(office, number)
    assert office.reads(f"stats {SALESFORCE} all hours").splitlines()[2:] == [
        "0:00–5:59: 1 · 0 · 0 · 0 · 0 · 0", "6:00–11:59: 0 · 0 · 0 · 0 · 0 · 0",
        "12:00–17:59: 2 · 0 · 0 · 1 · 0 · 0", "18:00–23:59: 0 · 0 · 0 · 0 · 0 · 0", NOTE,
    ]  # fmt: skip
    assert "12:00–17:59: 2 · 0 · 0 · 1 · 0 · 0" in office.reads(f"stats {SALESFORCE} 7d hours")


def test_regions_beyond_ten_come_to_one_line(office: Office) -> None:
    codes = ("90210", "90210", "10001", "60601", "33101", "98101", "73301", "02108", "20500", "30301", "80202", "97201")
    for number, code in enumerate(codes):
        signs(office, number, code=code)
    told = office.reads(f"stats {SALESFORCE} all regions").splitlines()[2:-1]
    assert told[0] == "CA, United States: 2"
    assert len(told) == 11
    assert told[-1] == "other regions: 1"
    office.world.now += dt.timedelta(days=40)
    assert "Nobody signed in this period." in office.reads(f"stats {SALESFORCE} 7d regions")


def test_links_are_told_by_period_and_signers_own_as_one(office: Office) -> None:
    for number, label in enumerate(("rabcdefghijkl", "rzzzzzzzzzzzz", "newsletter", "g0123456789ab", "")):
        signs(office, number, label)
    office.world.now += dt.timedelta(days=10)
    signs(office, 9, "newsletter")
    rows = ["newsletter: 2", "an unknown community: 1", "signers' own links: 2", "no link: 1"]
    assert office.reads(f"stats {SALESFORCE} all links").splitlines()[2:] == [*rows, NOTE]
    assert office.reads(f"sources {SALESFORCE}").splitlines()[1:] == rows
    assert office.reads(f"stats {SALESFORCE} 7d links").splitlines()[2:] == [
        "newsletter: 1", "signers' own links: 0", "no link: 0", NOTE,
    ]  # fmt: skip


def test_versions_say_which_is_the_present_one(office: Office) -> None:
    signs(office, 1)
    told = office.reads(f"stats {SALESFORCE} 7d kinds")
    assert "Telegram: 1" in told
    assert "English: 1" in told
    digest = office.world.petitions[SALESFORCE].text("en").digest
    assert f"version {digest[:8]} (current): 1" in told


def test_versions_of_several_languages_and_of_the_old_format_say_so(office: Office) -> None:
    petition = office.world.petitions[TREES]
    old = petition.text("es").first_form
    assert old
    for number, (locale, digest) in enumerate((("en", ""), ("es", ""), ("es", old.digest), ("es", "0" * 64))):
        text = petition.text(locale)
        changed = replace(text, digest=digest or text.digest)
        office.world.petitions[TREES] = replace(petition, texts={**petition.texts, locale: changed})
        person = replace(office.world.person(f"Person {number}", language=locale), petition=TREES)
        answers = {"who": "Ada Lovelace", "country": "US", "code": "90210", "role": "tenant"}
        person.does(ev.Begin(), ev.Answer(answers), ev.Confirm())
    office.world.petitions[TREES] = petition
    with office.world.work() as work:
        work.versions.remember(PetitionVersion(TREES, "0" * 64, "es", FIRST, "", NOW))
        work.commit()
    told = office.reads(f"stats {TREES} 7d kinds")
    for language, digest in (("English", petition.text("en").digest), ("Spanish", petition.text("es").digest)):
        assert f"version {digest[:8]} (current), {language}: 1" in told
    assert f"version {old.digest[:8]} (current words, old format), Spanish: 1" in told
    assert "version 00000000 (earlier, old format), Spanish: 1" in told


def test_what_was_read_is_a_share_of_those_who_signed(office: Office) -> None:
    office.world.person("", "telegram", "reader").does(ev.Open(), ev.TurnPage(0), ev.ShowSource(2), *SIGNING)
    for number in range(3):
        signs(office, number)
    few = "Fewer than 5 people have signed so far. To protect them, what they opened doesn't appear yet."
    assert office.reads(f"stats {SALESFORCE} reading").splitlines()[2] == few, "nobody learns what one person read"
    signs(office, 3)
    told = office.reads(f"stats {SALESFORCE} reading").splitlines()[2:]
    assert told[0] == "The text: 20%"
    assert [line.rsplit(" ", 1)[1] for line in told[1:4]] == ["0%", "20%", "0%"]
    assert told[4] == "Based on the 5 people who have signed here so far."


def test_a_chart_begins_with_the_first_signature_and_ends_now(office: Office) -> None:
    assert "There's nothing to draw yet" in office.reads(f"chart {SALESFORCE}")
    signs(office, 1)
    course = course_of(office, "30d")
    assert (course.end, course.end - course.start) == (NOW, dt.timedelta(minutes=10))
    assert [points[-1] for _, points in course.series] == [(NOW, 1)]
    office.world.now += dt.timedelta(days=2)
    signs(office, 2)
    course = course_of(office, "7d")
    assert course.start == NOW
    ((name, points),) = course.series
    assert text(name) == "Counted"
    assert points == ((NOW, 0), (NOW + dt.timedelta(minutes=30), 1), (office.world.now, 2))
    assert text(course.headline) == "2 signatures count"
    midnight = NOW.replace(hour=0)
    assert course.days == ((midnight, 1), (midnight + dt.timedelta(days=2), 1))
    assert (course.goal, course.dark, text(course.period)) == (1000, False, "Last 7 days: 2 signed (UTC)")


def test_a_later_decision_changes_the_day_of_signing_and_never_today(office: Office) -> None:
    for number in range(4):
        signs(office, number)
    office.world.now += dt.timedelta(days=9)
    signs(office, 4)
    office.world.person("", "telegram", "telegram0").does(ev.Withdraw())
    with office.world.work() as work:
        Ledger(work, office.world.now).invalidate(Query(SALESFORCE, until=NOW))
        work.commit()
    assert "Signed today (UTC): 1 signed" in office.reads(f"count {SALESFORCE}").splitlines()
    told = office.reads(f"stats {SALESFORCE} 30d").splitlines()
    assert "Total: 5 signed, 1 of them withdrawn, and 3 don't count" in told
    assert "Of those, counted: 1" in told
    assert "December 2, 2026: 1 signed" in told
    assert "November 23, 2026: 4 signed, 1 of them withdrawn, and 3 don't count" in told
    assert told[-1] == NOTE
    course = course_of(office, "7d")
    assert (text(course.headline), text(course.period)) == ("1 signature counts", "Last 7 days: 1 signed (UTC)")
    assert f"Last 7 days: 1 signed\n{NOTE}" in office.reads(f"chart {SALESFORCE} 7d").replace("Next goal: 1,000\n", "")


def test_what_came_before_the_period_is_where_the_line_begins(office: Office) -> None:
    for number in range(3):
        signs(office, number)
    office.world.now += dt.timedelta(days=60)
    signs(office, 3)
    for part in ("total", "source", "platform"):
        course = course_of(office, f"7d {part} dark")
        assert course.dark
        assert course.start == dt.datetime(2027, 1, 16, tzinfo=dt.UTC)
        ((_, points),) = course.series
        assert points[0] == (course.start, 3)
        assert points[-1][1] == 4


def test_a_chart_by_source_names_five_and_adds_up_the_others(office: Office) -> None:
    for number in range(9):
        for person in range(9 - number):
            signs(office, 100 * number + person, f"label{number}")
    signs(office, 9999, "rabcdefghijkl")
    office.world.now += dt.timedelta(days=3)
    signs(office, 9998, "label0")
    course = course_of(office, "all source")
    assert [(text(name), points[-1][1]) for name, points in course.series] == [
        ("label0", 10), ("label1", 8), ("label2", 7), ("label3", 6), ("label4", 5), ("other links", 11),
    ]  # fmt: skip
    assert sum(points[-1][1] for _, points in course.series) == office.world.counted()


def test_a_chart_by_platform_adds_up_to_the_count(office: Office) -> None:
    for number, platform in enumerate(("telegram", "telegram", "discord", "terminal")):
        signs(office, number, platform=platform)
    office.world.person("", "telegram", "telegram0").does(ev.Withdraw())
    course = course_of(office, "all platform")
    assert {text(name): points[-1][1] for name, points in course.series} == {"Telegram": 1, "Discord": 1, "Terminal": 1}


def test_figures_of_another_petition_stay_there(office: Office) -> None:
    signs(office, 1)
    assert "Counted: 0" in office.reads(f"stats {TREES} all")
    assert "There's nothing to draw yet" in office.reads(f"chart {TREES}")


def test_looking_at_figures_is_no_deed(office: Office) -> None:
    for line in ("count", f"stats {SALESFORCE} all links", f"chart {SALESFORCE}"):
        assert office.asks(line)
    assert "Organizers haven't done anything yet." in office.reads("audit")
