"""What organizers decide: paused, closed, won; and what a supporter then sees."""

from __future__ import annotations

import datetime as dt

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
    assert "Nothing that you gave is lost" in ada.reads()
    assert world.counted() == 0
    ben = world.person("Ben")
    assert "Signing is paused" in ben.reads()
    ben.does(ev.Begin())
    assert "please come back later" in ben.reads()
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
    decide(world, PetitionStatus.VICTORY, "The contract is cancelled. Thank you!")
    for person in (ada, world.person("Ben")):
        person.does(ev.Open())
        assert "Victory!\nThe contract is cancelled. Thank you!" in person.reads()
    ada.does(ev.Open())
    assert "You signed on" in ada.reads()


def test_a_goal_that_was_set_is_shown() -> None:
    world = World()
    decide(world, PetitionStatus.OPEN, goal=123_456)
    assert "123456" in world.person("Ada").reads() or "123,456" in world.person("Ada").reads()


def test_closing_begins_the_time_after_which_personal_data_must_be_gone() -> None:
    petition = petitions()[SALESFORCE]
    closed = petition.decided(Decision(PetitionStatus.CLOSED, since=NOW))
    assert not closed.retention_is_over(NOW)
    assert closed.retention_is_over(NOW + dt.timedelta(days=petition.retention_days + 1))
    assert petition.decided(Decision(PetitionStatus.PAUSED, since=NOW)).closed_on == petition.closes
