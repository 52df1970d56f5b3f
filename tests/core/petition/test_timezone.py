"""A petition opens and closes at midnight in its own time zone."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from core.conversation.scene import phase_lines, time_left
from core.petition.loading import PETITIONS, check_petitions, load_catalog, read_folder
from core.petition.petition import Decision, PetitionStatus
from core.petition.phase import Phase
from core.petition.retention import Erasure
from tests.world import NOW, SALESFORCE, petitions

PETITION = replace(
    petitions()[SALESFORCE], opens=dt.date(2026, 3, 8), closes=dt.date(2026, 12, 31), timezone="America/Los_Angeles"
)


@pytest.mark.parametrize(
    ("moment", "is_open", "is_over"),
    [
        ("2026-03-08T07:59:59+00:00", False, False),
        ("2026-03-08T08:00:00+00:00", True, False),
        ("2027-01-01T00:30:00+00:00", True, False),
        ("2027-01-01T07:59:59+00:00", True, False),
        ("2027-01-01T08:00:00+00:00", False, True),
    ],
)
def test_it_is_open_from_midnight_to_midnight_there(moment: str, is_open: bool, is_over: bool) -> None:
    now = dt.datetime.fromisoformat(moment)
    assert (PETITION.is_open(now), PETITION.phase(now).is_over) == (is_open, is_over)
    assert (PETITION.phase(now) is Phase.EARLY) is not (is_open or is_over)


def test_its_moments_have_the_offset_of_their_day() -> None:
    assert PETITION.opens_at is not None
    assert PETITION.closes_at is not None
    assert PETITION.opens_at.isoformat() == "2026-03-08T00:00:00-08:00"
    assert PETITION.closes_at.isoformat() == "2027-01-01T00:00:00-08:00"
    assert replace(PETITION, closes=dt.date(2026, 6, 30)).closes_at == dt.datetime(2026, 7, 1, 7, tzinfo=dt.UTC)


def test_retention_follows_its_days() -> None:
    decided = Decision(PetitionStatus.CLOSED, since=dt.datetime(2026, 5, 2, 3, tzinfo=dt.UTC))
    closed = replace(PETITION, decision=decided, retention_days=10)
    assert closed.closed_on == dt.date(2026, 5, 1)
    assert not closed.retention_is_over(dt.datetime(2026, 5, 12, 6, 59, tzinfo=dt.UTC))
    assert closed.retention_is_over(dt.datetime(2026, 5, 12, 7, tzinfo=dt.UTC))
    erasure = Erasure(closed, dt.date(2026, 5, 11), NOW - dt.timedelta(days=365), removed=False)
    assert erasure.begins(NOW) == dt.datetime(2026, 5, 12, 7, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("zone", "locale", "expected"),
    [
        ("America/Los_Angeles", "en", "You can sign through December 31, 2026 (Los Angeles time)."),
        ("Europe/Vienna", "es", "Puedes firmar hasta el 31 de diciembre de 2026 inclusive (hora de Viena)."),
        ("UTC", "en", "You can sign through December 31, 2026 (UTC)."),
    ],
)
def test_people_read_where_the_day_ends(zone: str, locale: str, expected: str) -> None:
    petition, catalog = replace(PETITION, timezone=zone), load_catalog()
    assert [catalog.text(message, locale) for message in time_left(petition)] == [expected]
    late = dt.datetime(2028, 1, 1, tzinfo=dt.UTC)
    [line] = phase_lines(petition, petition.phase(late), late)
    if locale == "en":
        words = catalog.words(line.words, locale)
        assert words == f"Signing closed at the end of December 31, 2026 {expected.rpartition(' 2026 ')[2]}"


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ('"America/Los_Angeles"', ""),
        (
            '"America/Los Angeles"',
            "timezone: 'America/Los Angeles' isn't an IANA time zone. Did",
        ),
        ('"???"', 'Expected: timezone = "America/Los_Angeles"'),
        ("-8", 'put it in quotes: "-8"'),
    ],
)
def test_the_file_names_a_zone(written: str, fault: str, tmp_path: Path) -> None:
    shutil.copytree(PETITIONS / SALESFORCE, tmp_path / SALESFORCE)
    path = tmp_path / SALESFORCE / "petition.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("goal = 1000", f"timezone = {written}\ngoal = 1000"))
    found = [str(each) for each in check_petitions(tmp_path)]
    assert fault in found[0] if fault else found == [], found
    petition = read_folder(tmp_path / SALESFORCE).petition
    assert (petition.timezone if petition else None) == (None if fault else "America/Los_Angeles")
