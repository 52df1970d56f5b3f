"""Announcements on Telegram: what arrives, what its buttons do, and what Telegram may answer."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bots.common.refusal import SurfaceRefused
from bots.delivery.handling import Later
from bots.telegram.budgets import Budget, Budgets
from bots.telegram.limiter import Limiter
from bots.telegram.messenger import TelegramMessenger, connected
from core.conversation.screen import Line, Screen, View
from core.errors import ConfigurationError
from core.organizer.announce import LONGEST
from core.signatures.signature import Signer
from tests.bots.telegram.private_chats import signed
from tests.deliveries import announce, deliver, reasons
from tests.patience import patience, until
from tests.scenarios.stage import TelegramTheatre
from tests.telegram_server import TOKEN, ChatView
from tests.world import SALESFORCE

TOPIC = "announce.telegram"


@asynccontextmanager
async def messenger(theatre: TelegramTheatre, limiter: Limiter | None = None) -> AsyncIterator[TelegramMessenger]:
    quick = Limiter(Budgets(Budget(1000, 1000), Budget(1000, 1000), Budget(1000, 1000)))
    async with connected(theatre.services, TOKEN, theatre.server.root, limiter or quick) as messenger:
        yield messenger


async def delivered(theatre: TelegramTheatre) -> None:
    async with messenger(theatre) as sender:
        await deliver(theatre.world.signing, sender)


async def agreed(theatre: TelegramTheatre, number: int = 7, name: str = "Suzie") -> ChatView:
    chat = await signed(theatre, number, name)
    await chat.press("Send me updates")
    return chat


def outcomes(theatre: TelegramTheatre, topic: str = TOPIC) -> dict[str, int]:
    with theatre.world.work() as work:
        return reasons(work, topic)


async def test_an_announcement_arrives_and_is_stopped_weeks_later(theatre: TelegramTheatre) -> None:
    chat = await agreed(theatre)
    announce(theatre.world)
    await delivered(theatre)
    assert chat.last.text.endswith(
        "Come on Friday!\n\nDemand Progress is writing to you because you signed and asked for updates."
    )
    assert {"type": "bold", "offset": chat.last.text.index("Friday"), "length": 6} in chat.last.entities
    arrived = chat.last
    theatre.world.now += dt.timedelta(weeks=6)
    await chat.send("/start")
    await theatre.restart()
    await chat.tap(arrived, "Stop updates")
    assert "You won't get any more updates about this petition." in chat.last.text
    announce(theatre.world, "Again")
    await delivered(theatre)
    assert "Again" not in chat.last.text
    assert outcomes(theatre) == {"done": 1}, "nobody is asked twice who said no"


async def test_the_other_button_leads_to_the_petition(theatre: TelegramTheatre) -> None:
    chat = await agreed(theatre)
    announce(theatre.world)
    await delivered(theatre)
    await chat.press("See the petition")
    assert "A petition to Salesforce CEO" in chat.last.text


async def test_blocking_the_bot_stops_announcements_until_the_person_returns(theatre: TelegramTheatre) -> None:
    chat = await agreed(theatre)
    await chat.block_bot()
    announce(theatre.world)
    await delivered(theatre)
    assert outcomes(theatre) == {"Blocked": 1}
    announce(theatre.world, "More")
    await delivered(theatre)
    assert outcomes(theatre) == {"Blocked": 1}, "there was nobody to send to"
    await chat.unblock_bot()
    await chat.send("/start")
    announce(theatre.world, "Welcome back")
    await delivered(theatre)
    assert "Welcome back" in chat.last.text


@pytest.mark.parametrize(
    ("status", "words", "outcome"),
    [
        (403, "Forbidden: bot was blocked by the user", "Blocked"),
        (403, "Forbidden: user is deactivated", "Blocked"),
        (400, "Bad Request: chat not found", "Blocked"),
        (400, "Bad Request: message is too long", "BadRequest"),
    ],
)
async def test_a_refusal_is_final(theatre: TelegramTheatre, status: int, words: str, outcome: str) -> None:
    await agreed(theatre)
    announce(theatre.world)
    theatre.server.fail_next("sendMessage", status, words)
    await delivered(theatre)
    assert outcomes(theatre) == {outcome: 1}


async def test_a_rate_limit_is_waited_out_and_nobody_is_left_out(theatre: TelegramTheatre) -> None:
    chats = [await agreed(theatre, number, f"Person {chr(60 + number)}") for number in range(7, 13)]
    announce(theatre.world)
    theatre.server.fail_next("sendMessage", 429, "Too Many Requests: retry after 1", retry_after=1, times=2)
    async with messenger(theatre) as sender:
        task = asyncio.create_task(deliver(theatre.world.signing, sender))
        await until(lambda: any(call.status == 429 for call in theatre.server.calls("sendMessage")))
        theatre.world.now += dt.timedelta(seconds=2)
        await task
        theatre.world.now += dt.timedelta(seconds=2)
        await deliver(theatre.world.signing, sender)
    assert outcomes(theatre) == {"done": 6}
    assert all("Friday" in chat.last.text for chat in chats)
    assert all(sum("Friday" in message.text for message in chat.messages) == 1 for chat in chats)


async def test_held_back_messages_wait_in_the_outbox_and_not_in_a_worker(theatre: TelegramTheatre) -> None:
    await agreed(theatre)
    theatre.server.fail_next("sendMessage", 429, "Too Many Requests: retry after 30", retry_after=30)
    async with messenger(theatre) as sender, patience():
        with pytest.raises(Later) as caught:
            await sender.to_person(Signer("telegram", "7"), View(Screen((Line("Hello"),)), "en"), 1)
    assert caught.value.seconds == 30


async def test_a_worker_that_stops_during_a_pause_has_sent_nothing(theatre: TelegramTheatre) -> None:
    await agreed(theatre)
    before = len(theatre.server.calls("sendMessage"))
    async with messenger(theatre) as sender:
        sender._pause_until = asyncio.get_running_loop().time() + 60
        view = View(Screen((Line("Hello"),)), "en")
        task = asyncio.create_task(sender.to_person(Signer("telegram", "7"), view, 1))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(Later):
            await task
    assert len(theatre.server.calls("sendMessage")) == before


async def test_a_worker_that_stops_while_replies_go_first_has_sent_nothing(theatre: TelegramTheatre) -> None:
    await agreed(theatre)
    before = len(theatre.server.calls("sendMessage"))
    slow = Limiter(Budgets(overall=Budget(per_second=0.01, burst=1)))
    async with messenger(theatre, slow) as sender:
        view = View(Screen((Line("Hello"),)), "en")
        await sender.to_person(Signer("telegram", "7"), view, 1)
        task = asyncio.create_task(sender.to_person(Signer("telegram", "7"), view, 2))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(Later):
            await task
    assert len(theatre.server.calls("sendMessage")) == before + 1


async def test_a_message_that_may_have_arrived_is_never_sent_again(theatre: TelegramTheatre) -> None:
    chat = await agreed(theatre)
    announce(theatre.world)
    theatre.server.drop_next("sendMessage", applied=True)
    await delivered(theatre)
    await delivered(theatre)
    assert sum("Friday" in message.text for message in chat.messages) == 1
    assert outcomes(theatre) == {"RequestLost": 1}


async def test_a_message_that_a_gateway_gave_up_on_is_never_sent_again(theatre: TelegramTheatre) -> None:
    chat = await agreed(theatre)
    announce(theatre.world)
    theatre.server.gateway_timeout_next("sendMessage")
    await delivered(theatre)
    await delivered(theatre)
    assert sum("Friday" in message.text for message in chat.messages) == 1
    assert outcomes(theatre) == {"RequestLost": 1}


async def test_a_message_that_surely_did_not_arrive_is_sent_again(theatre: TelegramTheatre) -> None:
    chat = await agreed(theatre)
    announce(theatre.world)
    theatre.server.bad_gateway_next("sendMessage", times=4)  # the limiter's own tries
    async with messenger(theatre) as sender:
        await deliver(theatre.world.signing, sender)
        assert outcomes(theatre) == {}
        theatre.world.now += dt.timedelta(seconds=5)
        await deliver(theatre.world.signing, sender)
    assert sum("Friday" in message.text for message in chat.messages) == 1


async def test_a_token_that_is_taken_back_loses_nothing(theatre: TelegramTheatre) -> None:
    chat = await agreed(theatre)
    announce(theatre.world)
    theatre.server.fail_next("sendMessage", 401, "Unauthorized")
    async with messenger(theatre) as sender:
        await deliver(theatre.world.signing, sender)
        assert outcomes(theatre) == {}
        sender._pause_until = 0
        theatre.world.now += dt.timedelta(minutes=2)
        await deliver(theatre.world.signing, sender)
    assert "Friday" in chat.last.text


async def test_a_worker_learns_from_any_call_that_the_token_is_taken_back(theatre: TelegramTheatre) -> None:
    await agreed(theatre)
    announce(theatre.world)
    async with messenger(theatre) as sender, patience():
        refusal = asyncio.create_task(sender.until_refused())
        await deliver(theatre.world.signing, sender)
        assert not refusal.done()
        announce(theatre.world, "Once more")
        theatre.server.fail_next("sendMessage", 401, "Unauthorized")
        await deliver(theatre.world.signing, sender)
        with pytest.raises(SurfaceRefused, match="Telegram refuses TELEGRAM_TOKEN"):
            await refusal


async def test_a_wrong_token_is_reported_at_once(theatre: TelegramTheatre) -> None:
    wrong = connected(theatre.services, "1:x", theatre.server.root, Limiter())
    with pytest.raises(ConfigurationError, match="Telegram refuses TELEGRAM_TOKEN"):
        async with wrong:
            pass


async def test_the_longest_preview_fits_into_one_message(theatre: TelegramTheatre) -> None:
    chat = theatre.server.person(99, "Olga").private_chat()
    await chat.send(f"/announce\n{SALESFORCE}\n" + "x" * (LONGEST - 4) + "\nend")
    assert "The same announcement on Discord" in chat.last.text
    assert chat.last.text.count("\nend\n") == 2, "once as it is here, once as Discord gets it"
    assert not chat.last.text.endswith("…")


@pytest.mark.parametrize("menus", [True])
async def test_a_new_organizer_has_the_menu_at_once_and_after_a_restart(theatre: TelegramTheatre) -> None:
    with theatre.world.work() as work:
        work.organizers.invite("OLGASCODE", theatre.world.now + dt.timedelta(hours=1))
        work.commit()
    chat = theatre.server.person(8, "Omar", language_code="es").private_chat()
    await chat.send("/start")
    assert "announce" not in chat.menu()
    await chat.send("/join olgascode")
    assert {"announce", "milestone", "sign"} <= set(chat.menu())
    theatre.server.world.commands.clear()
    await theatre.restart()
    await theatre.registered()
    assert "announce" in chat.menu()
