"""Organizers' decisions: paused, closed, won; and what a supporter then sees."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from core.conversation import state as ev
from core.petition.petition import Decision, PetitionStatus
from tests.core.services.test_signing import SIGNING, signed
from tests.world import NOW, SALESFORCE, World, petitions


def decide(world: World, status: PetitionStatus, words: str = "", goal: int | None = None) -> None:
    with world.work() as work:
        work.decisions.save(SALESFORCE, Decision(status, goal, words, world.now))
        work.commit()


def test_a_pause_costs_nobody_an_answer() -> None:
    world = World()
    ada = world.person("Ada")
    ada.does(*SIGNING[:2])
    decide(world, PetitionStatus.PAUSED)
    ada.does(ev.Confirm())
    assert "you haven't lost anything" in ada.reads()
    assert world.counted() == 0
    ben = world.person("Ben")
    assert "Signing is paused" in ben.reads()
    ben.does(ev.Begin())
    assert "Please come back later" in ben.reads()
    decide(world, PetitionStatus.OPEN)
    ada.does(ev.Confirm())
    assert world.counted() == 1


def test_a_closed_petition_says_so_and_since_when() -> None:
    world = World()
    ada = world.person("Ada")
    ada.does(*SIGNING[:2])
    decide(world, PetitionStatus.CLOSED)
    ada.does(ev.Confirm())
    assert "Signing closed on November 23, 2026." in ada.reads()
    assert ada.reads().count("Signing closed") == 1
    assert world.counted() == 0


def test_a_victory_is_told_to_everybody_in_the_organizers_words() -> None:
    world = World()
    ada = signed(world, "Ada")
    decide(world, PetitionStatus.VICTORY, "The contract is canceled. Thank you!")
    for person in (ada, world.person("Ben")):
        person.does(ev.Open())
        assert "Victory!\nThe contract is canceled. Thank you!" in person.reads()
    ada.does(ev.Open())
    assert "You signed on" in ada.reads()


def test_a_goal_that_was_set_is_shown() -> None:
    world = World()
    decide(world, PetitionStatus.OPEN, goal=123_456)
    assert "123456" in world.person("Ada").reads() or "123,456" in world.person("Ada").reads()


def test_closing_begins_the_time_after_which_personal_data_must_be_gone() -> None:
    petition = petitions()[SALESFORCE]
    closed = petition.with_decision(Decision(PetitionStatus.CLOSED, since=NOW))
    assert not closed.retention_is_over(NOW)
    assert closed.retention_is_over(NOW + dt.timedelta(days=petition.retention_days + 1))
    assert petition.with_decision(Decision(PetitionStatus.PAUSED, since=NOW)).closed_on == petition.closes


@pytest.mark.parametrize("closed", ["2027-06-30T00:00:00+00:00", "2027-07-01T01:30:00+02:00"])
def test_personal_data_is_kept_through_the_last_day_of_retention(closed: str) -> None:
    """Days are counted in UTC, in which both moments of closing lie on June 30."""
    decision = Decision(PetitionStatus.CLOSED, since=dt.datetime.fromisoformat(closed))
    petition = replace(petitions()[SALESFORCE], closes=None, retention_days=180).with_decision(decision)
    last = dt.datetime(2027, 12, 27, 23, 59, 59, tzinfo=dt.UTC)
    east, west = dt.timezone(dt.timedelta(hours=14)), dt.timezone(-dt.timedelta(hours=12))
    for zone in (dt.UTC, east, west):
        assert not petition.retention_is_over(last.astimezone(zone))
        assert petition.retention_is_over((last + dt.timedelta(seconds=1)).astimezone(zone))


@pytest.mark.parametrize(("closes", "days"), [(dt.date(2027, 6, 1), 0), (dt.date(2028, 6, 1), 29)])
def test_retention_counts_from_the_earlier_of_the_date_and_the_decision(closes: dt.date, days: int) -> None:
    decision = Decision(PetitionStatus.CLOSED, since=dt.datetime(2027, 6, 30, tzinfo=dt.UTC))
    petition = replace(petitions()[SALESFORCE], closes=closes, retention_days=30).with_decision(decision)
    over = dt.datetime(2027, 7, 2, tzinfo=dt.UTC) + dt.timedelta(days=days)
    assert petition.retention_is_over(over)
    assert not petition.retention_is_over(over - dt.timedelta(days=1))
