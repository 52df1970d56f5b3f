"""Stories in a Telegram group: people sign where they are, and the others see the card and nothing else."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bots.telegram.budgets import Budgets
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.bots.telegram.groups import configured, member_of, signs_here
from tests.databases import migrated_sqlite
from tests.scenarios.stage import TelegramTheatre
from tests.telegram_server import ApiCall, ChatView, Person
from tests.world import SALESFORCE, TREES, World, petitions, services_of

MEMBERS, SIGNERS = 200, 60
_MENUS = ("My", "getMe")  # of methods that a signer does not cause


@pytest.fixture
async def theatre(tmp_path: Path, vault: Vault) -> AsyncIterator[TelegramTheatre]:
    """Telegram with one petition, and a bot that has shown that it can answer a member alone."""
    with closing(migrated_sqlite(tmp_path)) as database:
        world = World(work=lambda: SqlUnitOfWork(database, vault))
        del world.petitions[TREES]
        async with TelegramTheatre(world, services_of(world, database, vault)).playing() as theatre:
            first = await member_of(theatre, 99, "First Reader")
            await first.press("Read")
            yield theatre


def effort(theatre: TelegramTheatre, since: int) -> list[str]:
    """The methods that were called for signers since then."""
    calls: list[ApiCall] = theatre.server.log[since:]
    names = [call.method for call in calls if call.method != "getUpdates"]
    return [name for name in names if not any(part in name for part in _MENUS)]


async def test_suzie_signs_in_the_group_with_three_actions_and_five_calls(theatre: TelegramTheatre) -> None:
    suzie = await member_of(theatre, 7, "Suzie Q", card=False)
    before = len(theatre.server.log)
    await suzie.press("Sign")
    assert "Your postal code (United States), such as 95014." in suzie.last.text
    await suzie.send("90210", reply_to=suzie.last)
    assert "You must cancel your corporations contract with CBP immediately." in suzie.last.text, "the letter itself"
    assert "Postal code: 90210" in suzie.last.text
    await suzie.press("Confirm")
    assert "Thank you!" in suzie.last.text
    assert effort(theatre, before) == [
        "sendMessage", "answerCallbackQuery", "sendMessage", "editEphemeralMessageText", "answerCallbackQuery",
    ]  # fmt: skip
    assert theatre.world.counted() == 1


async def test_carla_known_already_signs_with_two_actions_and_four_calls(
    theatre: TelegramTheatre,
) -> None:
    carla = await member_of(theatre, 8, "Carla Chan", card=False)
    alone = Person(theatre.server, carla.person).private_chat()
    other = petitions()[TREES]
    theatre.world.petitions[TREES] = other
    await alone.send(f"/start {TREES}")
    await alone.press("Sign")
    await alone.send("United States")
    await alone.send("90210")
    await alone.press("I rent")
    await alone.press("Confirm")
    assert theatre.world.counted(TREES) == 1
    before = len(theatre.server.log)
    await carla.press("Sign")
    assert "Postal code: 90210" in carla.last.text
    await carla.press("Confirm")
    assert "Thank you!" in carla.last.text
    assert effort(theatre, before) == [
        "sendMessage", "answerCallbackQuery", "editEphemeralMessageText", "answerCallbackQuery",
    ]  # fmt: skip
    assert theatre.world.counted() == 1


async def test_ana_reads_first_changes_her_mind_and_withdraws_without_leaving_the_group(
    theatre: TelegramTheatre,
) -> None:
    ana = await member_of(theatre, 9, "Ana Ruiz", card=False)
    ana.person.language_code = "es"
    await ana.press("Read")
    assert "It is time to cancel your contract" in ana.last.text
    await ana.press("Firmar")
    assert "Tu código postal" in ana.last.text
    assert "El grupo no ve" in ana.last.text
    await ana.send("90210", reply_to=ana.last)
    await ana.press("Confirmar")
    await ana.press("Retirar", ana.last)
    await ana.press("Retirar mi firma")
    assert theatre.world.counted() == 0
    assert "Ana" not in "".join(message.text for message in ana.public)


async def test_sixty_of_two_hundred_members_sign_within_a_minute(theatre: TelegramTheatre) -> None:
    """The limits are Telegram's, as far as they are known, and the group sees nothing but the card."""
    theatre.budgets = Budgets()
    await configured(theatre, "auto", "10.3")
    names = [f"Person {_word(number)}" for number in range(MEMBERS)]
    members = [await member_of(theatre, 1000 + number, name, card=False) for number, name in enumerate(names)]
    public = list(members[0].public)
    await members[-1].press("Read")
    theatre.server.limit()
    began = time.monotonic()
    signers = members[:SIGNERS]
    for member in signers:
        await member.press("Sign", public[-1], wait=False)
    await members[0].settle()
    for number, member in enumerate(signers):
        await member.send(f"{90210 + number}", reply_to=member.last, wait=False)
    await members[0].settle()
    for member in signers:
        await member.press("Confirm", wait=False)
    await members[0].settle()
    took = time.monotonic() - began
    assert theatre.world.counted() == SIGNERS
    assert all("Thank you!" in member.last.text for member in signers)
    assert members[0].public == public, "no message to everyone besides the card"
    assert public[-1].edits == 0
    print(f"{SIGNERS} signers of {MEMBERS} members in {took:.1f} s")
    assert took < 60


async def test_if_ephemeral_messages_count_as_the_groups_own_the_rest_sign_in_private(theatre: TelegramTheatre) -> None:
    theatre.budgets = Budgets()
    await configured(theatre, "auto", "10.3")
    names = [f"Person {_word(number)}" for number in range(SIGNERS)]
    members = [await member_of(theatre, 1000 + number, name, card=False) for number, name in enumerate(names)]
    await members[0].press("Read")
    theatre.server.limit(overall=(1000, 1000))
    assert theatre.server.world.rates
    theatre.server.world.rates.ephemeral_as_group = True
    card = members[0].public[-1]
    taps = [await member.tap(card, "Sign", wait=False) for member in members]
    await members[0].settle()
    answered = [tap for tap in taps if not tap.url]
    assert len(answered) >= 20
    assert all(tap.answers for tap in taps), "everyone is answered at once, in the group or by a link"
    assert len(members[0].public) == 2


async def test_the_group_learns_the_total_and_nothing_else(theatre: TelegramTheatre) -> None:
    suzie = await member_of(theatre, 7, "Suzie Q", card=False)
    omar: ChatView = await member_of(theatre, 8, "Omar Elba", card=False)
    before = list(omar.messages)
    await signs_here(suzie)
    assert omar.messages == before
    assert theatre.world.counted(SALESFORCE) == 1


def _word(number: int) -> str:
    """A family name of letters."""
    return "".join(chr(97 + int(digit)) for digit in f"{number:03d}").title()
