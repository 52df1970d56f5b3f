"""Characters that PostgreSQL can't hold are refused with a sentence, on every kind of storage."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.conversation import state as ev
from core.organizer import COMMANDS
from core.organizer.team import JOIN
from core.ports import UnitOfWork
from core.signatures.signature import Signer
from tests.core.organizer.test_commands import Office
from tests.world import SALESFORCE, World

ODD = ("\0", "\ud800", "\udfff", "a\0b")
SENTENCE = "Your command has a character that can't be stored."


@pytest.mark.parametrize("odd", ODD)
def test_organizers_words_are_refused(work: Callable[[], UnitOfWork], odd: str) -> None:
    office = Office(World(work=work))
    for command in COMMANDS:
        for argument in (odd, f"{SALESFORCE} {odd}", f"{SALESFORCE} words {odd} words", f"{odd} {SALESFORCE}"):
            assert SENTENCE in office.reads(f"{command.name} {argument}"), command.name
    assert office.asks(f"{JOIN} {odd}", Signer("test", "Sam", "Sam")) is None


@pytest.mark.parametrize("odd", ODD)
def test_signers_words_are_refused_or_forgotten(work: Callable[[], UnitOfWork], odd: str) -> None:
    world = World(work=work)
    person = world.person("Ada Lovelace")
    person.does(ev.Open(odd), ev.Begin(), ev.Reply(odd), ev.Reply(f"9{odd}0210"), ev.Reply("90210"), ev.Edit("comment"))
    person.does(ev.Reply(f"Because {odd}"))
    assert "character" in person.reads()
    person.does(ev.Reply("Because I care"), ev.Confirm())
    assert world.counted() == 1
