"""Buttons of organizers' orders: whatever they carry, Telegram can carry them."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from bots.common.callback_data import LONGEST, encode_order
from core.organizer import COMMANDS
from core.organizer.command import CommandLine
from core.organizer.export import FORMATS, Export
from core.petition.petition import LONGEST_SLUG
from tests.core.organizer.test_commands import OLGA, Office
from tests.world import SALESFORCE, TREES, World, petitions


@pytest.mark.parametrize("form", list(FORMATS))
def test_every_format_has_a_button_that_telegram_can_carry(form: str) -> None:
    order = Export("a" * LONGEST_SLUG, form)
    assert len(encode_order(order).encode()) <= LONGEST


@pytest.mark.parametrize("name", [command.name for command in COMMANDS])
@pytest.mark.parametrize("letter", ["x", "🌳"])
def test_a_button_that_asks_which_petition_fits_whatever_it_carries(name: str, letter: str) -> None:
    slug = "a" * LONGEST_SLUG
    shipped = petitions()
    office = Office(World(petitions={slug: replace(shipped[SALESFORCE], slug=slug), TREES: shipped[TREES]}))
    for length in range(LONGEST - LONGEST_SLUG + 6):
        shown = office.service.run(OLGA, CommandLine(name, letter * length))
        assert shown
        for button in itertools.chain.from_iterable(shown.screen.buttons):
            assert button.order
            assert len(encode_order(button.order).encode()) <= LONGEST, (length, button.order)


def test_what_a_button_cannot_carry_is_asked_for_again() -> None:
    office = Office()
    shown = office.asks(f"victory {'x' * LONGEST}")
    assert shown
    orders = [button.order for row in shown.screen.buttons for button in row]
    assert orders == [CommandLine("victory", slug) for slug in office.world.petitions]
