"""A petition whose folder is gone answers those who signed it or talked about it, and nobody else."""

from __future__ import annotations

from core.conversation import state as ev
from core.conversation.state import Overlay
from core.petition.retention import PetitionRecord
from tests.world import SALESFORCE, TREES, Talker, World, petitions

TITLE = petitions()[SALESFORCE].text("en").title


def gone(world: World, *, recorded: bool = True) -> None:
    """Remove the petition's folder; its record is stored unless no process ever loaded it."""
    with world.work() as work:
        if recorded:
            work.records.remember(PetitionRecord.of(petitions()[SALESFORCE], world.now))
        work.commit()
    del world.petitions[SALESFORCE]


def asks_to_withdraw(person: Talker) -> str:
    person.about(SALESFORCE).does(ev.Show(Overlay.WITHDRAW))
    asking = person.about(SALESFORCE)
    asking.does(ev.Show(Overlay.WITHDRAW))
    return asking.reads()


def test_a_signer_can_withdraw() -> None:
    world = World()
    ada = world.person("Ada")
    ada.does(ev.Begin(), ev.Reply("90210"), ev.Confirm())
    gone(world)
    assert "Withdraw" in asks_to_withdraw(ada)


def test_who_only_talked_about_it_is_still_answered_about_it() -> None:
    world = World()
    ada = world.person("Ada")
    ada.does(ev.Open(), ev.Begin())
    gone(world)
    assert "no petition by that name" not in asks_to_withdraw(ada)


def test_nobody_else_learns_of_it() -> None:
    world = World()
    ben, cem = world.person("Ben"), world.person("Cem")
    ben.about(TREES).does(ev.Open(), ev.Begin())
    gone(world)
    for person in (ben, cem):
        assert "no petition by that name" in asks_to_withdraw(person)
        assert TITLE not in asks_to_withdraw(person)


def test_one_that_was_never_recorded_is_unknown_even_to_who_talked_about_it() -> None:
    world = World()
    ada = world.person("Ada")
    ada.does(ev.Open(), ev.Begin())
    gone(world, recorded=False)
    assert "no petition by that name" in asks_to_withdraw(ada)
