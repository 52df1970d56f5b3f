"""`/clock`: confirms the clock as the organizer read it, and nothing else."""

from __future__ import annotations

import datetime as dt

import pytest

from core.petition.retention import AHEAD, HEARTBEAT
from tests.core.organizer.test_commands import Office

DAY = dt.timedelta(days=1)


@pytest.fixture
def office() -> Office:
    """An office whose clock has run well so far."""
    office = Office()
    with office.world.work() as work:
        work.moments.save(HEARTBEAT, office.world.now)
        work.commit()
    return office


def heartbeat(office: Office) -> dt.datetime | None:
    with office.world.work() as work:
        return work.moments.of(HEARTBEAT)


def test_a_clock_that_runs_well_needs_no_confirmation(office: Office) -> None:
    office.world.now += AHEAD
    before = heartbeat(office)
    assert "nothing is wrong with it" in office.reads("clock")
    assert "nothing is wrong with it" in office.reads(f"clock {office.world.now:%Y-%m-%d}")
    assert heartbeat(office) == before


@pytest.mark.parametrize("jump", [AHEAD + DAY, -2 * DAY])
def test_a_clock_that_jumped_is_confirmed_by_a_tap(office: Office, jump: dt.timedelta) -> None:
    office.world.now += jump
    day = f"{office.world.now:%B} {office.world.now.day}, {office.world.now.year}"
    assert f"The server's clock reads {day}, but the newest stored event is from November 23" in office.reads("clock")
    assert heartbeat(office) != office.world.now
    assert "The clock is confirmed" in office.taps("clock", f"Yes, today is {day}")
    assert heartbeat(office) == office.world.now


def test_another_day_than_the_one_shown_is_not_confirmed(office: Office) -> None:
    office.world.now += AHEAD + DAY
    shown = f"clock {office.world.now:%Y-%m-%d}"
    office.world.now += DAY
    for line in (shown, "clock yes", "clock 2027", "clock"):
        assert "Is today" in office.reads(line)
    assert heartbeat(office) != office.world.now
