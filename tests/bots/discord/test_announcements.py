"""Announcements and milestones on Discord: what arrives, what its buttons do, and what Discord may answer."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest

from bots.common.refusal import SurfaceRefused
from bots.delivery.handling import Later
from bots.discord.connection import DiscordEndpoint
from bots.discord.messenger import connected
from core.conversation.screen import Line, Screen, View
from core.errors import ConfigurationError
from core.outbox import State
from core.signatures.signature import Signer
from tests.bots.discord.odd import EMPTY, GARBLED
from tests.deliveries import announce, deliver, reasons
from tests.discord_server import Answer
from tests.discord_server.people import Person
from tests.discord_server.views import ChannelView
from tests.patience import patience, until
from tests.scenarios.discord_stage import UNNAMED, DiscordTheatre
from tests.world import SALESFORCE

TOPIC = "announce.discord"
HELLO = View(Screen((Line("Hello"),)), "en")


async def delivered(theatre: DiscordTheatre) -> None:
    place = DiscordEndpoint(theatre.server.base_url)
    async with connected(theatre.services, theatre.server.token, place) as messenger:
        await deliver(theatre.world.signing, messenger)


async def agreed(theatre: DiscordTheatre, number: int = 700, name: str = "Suzie") -> tuple[Person, ChannelView]:
    person = theatre.server.person(number, name)
    theatre.guild.join(person)
    view = person.in_channel(theatre.channel)
    await view.command("petition sign", petition=SALESFORCE)
    await view.submit({"Postal code": "90210", **UNNAMED})
    await view.press("Updates here")
    await view.press("Confirm")
    return person, person.dm()


def outcomes(theatre: DiscordTheatre, topic: str = TOPIC) -> dict[str, int]:
    with theatre.world.work() as work:
        return reasons(work, topic)


async def test_an_announcement_arrives_and_is_stopped_weeks_later(theatre: DiscordTheatre) -> None:
    _, dm = await agreed(theatre)
    announce(theatre.world)
    await delivered(theatre)
    assert "Come on **Friday**!" in dm.last.as_text()
    assert "because you signed" in dm.last.as_text()
    theatre.world.now += dt.timedelta(weeks=6)
    await theatre.restart()
    arrived, words = dm.last, dm.last.as_text()
    await dm.press_on(arrived, "Stop updates")
    assert "You won't get any more updates about this petition." in dm.last.as_text().replace("\\", "")
    assert arrived.as_text() == words, "it stays, with its buttons"
    announce(theatre.world, "Again")
    await delivered(theatre)
    assert outcomes(theatre) == {"done": 1}


async def test_closed_direct_messages_stop_announcements_until_the_person_returns(theatre: DiscordTheatre) -> None:
    person, dm = await agreed(theatre)
    person.close_dms()
    announce(theatre.world)
    await delivered(theatre)
    assert outcomes(theatre) == {"Blocked": 1}
    announce(theatre.world, "More")
    await delivered(theatre)
    assert outcomes(theatre) == {"Blocked": 1}, "there was nobody to send to"
    person.open_dms()
    await person.in_channel(theatre.channel).command("petition show", petition=SALESFORCE)
    announce(theatre.world, "Welcome back")
    await delivered(theatre)
    assert "Welcome back" in dm.last.as_text()


@pytest.mark.parametrize(
    ("path", "status", "code", "outcome"),
    [
        ("/messages", 403, 50007, {"Blocked": 1}),
        ("/users/@me/channels", 400, 50033, {"Blocked": 1}),
        ("/users/@me/channels", 404, 10013, {"Blocked": 1}),
        ("/messages", 403, 50278, {"Blocked": 1}),
        ("/messages", 400, 50035, {"Code50035": 1}),
        ("/messages", 400, 200000, {"Code200000": 1}),
        ("/messages", 403, 40004, {}),
        ("/messages", 403, 40006, {}),
        ("/users/@me/channels", 400, 40003, {}),
        ("/users/@me/channels", 401, 0, {}),
        ("/users/@me/channels", 503, 0, {}),
    ],
)
async def test_refusals_are_final_or_come_again(
    theatre: DiscordTheatre, path: str, status: int, code: int, outcome: dict[str, int]
) -> None:
    _, dm = await agreed(theatre)
    announce(theatre.world)
    theatre.server.fail_next("POST", path, status, code, "refused")
    await delivered(theatre)
    assert outcomes(theatre) == outcome
    theatre.world.now += dt.timedelta(minutes=2)
    await delivered(theatre)
    assert outcomes(theatre) == (outcome or {"done": 1})
    assert len(dm.messages) == (0 if outcome else 1)


@pytest.mark.parametrize("odd", [*GARBLED, *EMPTY], ids=str)
async def test_odd_answers_before_the_post_are_waited_out(theatre: DiscordTheatre, odd: Answer) -> None:
    _, dm = await agreed(theatre)
    announce(theatre.world)
    theatre.server.answer_next("POST", "/users/@me/channels", odd)
    await delivered(theatre)
    assert outcomes(theatre) == {}
    theatre.world.now += dt.timedelta(minutes=2)
    await delivered(theatre)
    assert outcomes(theatre) == {"done": 1}
    assert len(dm.messages) == 1


@pytest.mark.parametrize("odd", [*GARBLED[:12], *EMPTY], ids=str)
async def test_an_odd_answer_to_the_post_leaves_it_in_doubt(theatre: DiscordTheatre, odd: Answer) -> None:
    await agreed(theatre)
    announce(theatre.world)
    theatre.server.answer_next("POST", "/messages", odd)
    await delivered(theatre)
    with theatre.world.work() as work:
        assert work.outbox.counts(TOPIC) == {State.DOUBTFUL: 1}


async def test_a_message_that_may_have_arrived_is_never_sent_again(theatre: DiscordTheatre) -> None:
    _, dm = await agreed(theatre)
    announce(theatre.world)
    theatre.server.drop_next("POST", "/messages", applied=True)
    await delivered(theatre)
    theatre.world.now += dt.timedelta(hours=2)
    await delivered(theatre)
    assert len(dm.messages) == 1
    with theatre.world.work() as work:
        assert work.outbox.counts(TOPIC) == {State.DOUBTFUL: 1}


async def test_a_message_lost_before_the_post_is_sent_again(
    theatre: DiscordTheatre,
) -> None:
    _, dm = await agreed(theatre)
    announce(theatre.world)
    theatre.server.drop_next("POST", "/users/@me/channels", applied=False)
    await delivered(theatre)
    theatre.world.now += dt.timedelta(seconds=5)
    await delivered(theatre)
    assert len(dm.messages) == 1
    (call,) = theatre.server.calls("POST", "/messages")
    assert call.params["enforce_nonce"] is True


@pytest.mark.parametrize("part", ["/users/@me/channels", "/messages"])
async def test_a_worker_learns_from_any_call_that_the_token_is_taken_back(theatre: DiscordTheatre, part: str) -> None:
    await agreed(theatre)
    announce(theatre.world)
    place = DiscordEndpoint(theatre.server.base_url)
    async with connected(theatre.services, theatre.server.token, place) as messenger, patience():
        refusal = asyncio.create_task(messenger.until_refused())
        theatre.server.answer_next("POST", part, Answer(b"<html>401 of a proxy</html>", 401))
        await deliver(theatre.world.signing, messenger)
        assert not refusal.done(), "only Discord itself can say so"
        announce(theatre.world, "Once more")
        theatre.server.fail_next("POST", part, 401, 0, "401: Unauthorized")
        await deliver(theatre.world.signing, messenger)
        with pytest.raises(SurfaceRefused, match="Discord refuses DISCORD_TOKEN"):
            await refusal


async def test_a_wrong_token_is_reported_at_once(theatre: DiscordTheatre) -> None:
    wrong = connected(theatre.services, theatre.server.token[:-3] + "xyz", DiscordEndpoint(theatre.server.base_url))
    with pytest.raises(ConfigurationError, match="Discord refuses DISCORD_TOKEN"):
        async with wrong:
            pass


@pytest.mark.parametrize("where", ["before its turn", "while the private chat is opened"])
async def test_a_worker_that_stops_before_the_message_goes_out_has_sent_nothing(
    theatre: DiscordTheatre, where: str
) -> None:
    person, _ = await agreed(theatre)
    before = len(theatre.server.calls("POST", "/messages"))
    async with connected(theatre.services, theatre.server.token, DiscordEndpoint(theatre.server.base_url)) as messenger:
        if where == "before its turn":
            await messenger._few.acquire()
            await messenger._few.acquire()
        theatre.server.slow_next("POST", "/users/@me/channels", seconds=0.5)
        task = asyncio.create_task(messenger.to_person(Signer("discord", str(person.id)), HELLO, 1))
        if where == "while the private chat is opened":
            await until(lambda: theatre.server._api.in_flight > 0)
        else:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(Later):
            await task
    assert len(theatre.server.calls("POST", "/messages")) == before
