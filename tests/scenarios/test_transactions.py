"""The cost of a signer's command, in transactions."""

from __future__ import annotations

import pytest

from tests.scenarios.discord_stage import DiscordTheatre
from tests.scenarios.stage import Theatre
from tests.world import SALESFORCE, CountedWork


def begun(theatre: Theatre) -> int:
    """The number of transactions begun so far."""
    assert isinstance(theatre.world.work, CountedWork)
    return theatre.world.work.begun


@pytest.mark.parametrize("command", ["/help", "/count", "/sources"])
async def test_a_command_that_a_signer_types_costs_one_transaction(theatre: Theatre, command: str) -> None:
    person = await theatre.person("Ada")
    await person.opens(SALESFORCE)
    before = begun(theatre)
    await person.types(command)
    assert begun(theatre) - before == 1


@pytest.mark.server
@pytest.mark.parametrize("theatre", ["discord"], indirect=True)
@pytest.mark.parametrize("command", ["help", "petition count", "petition sources"])
async def test_a_slash_command_costs_one_transaction(theatre: DiscordTheatre, command: str) -> None:
    dm = (await theatre.person("Ada")).dm
    await dm.command("petition show", petition=SALESFORCE)
    before = begun(theatre)
    await dm.command(command)
    assert begun(theatre) - before == 1
