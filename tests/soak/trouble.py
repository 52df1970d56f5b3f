"""Random trouble: odd answers, lost connections, kills, outages of the database, a full disk, redeliveries."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping

from tests.bots.discord.odd import ODD as ODD_DISCORD
from tests.bots.telegram.odd_answers import ODD as ODD_TELEGRAM
from tests.soak.stage import Stage

CALLS = ("*", "sendMessage", "editMessageText", "answerCallbackQuery", "getUpdates", "getMe")
ROUTES = (("*", ""), ("POST", "/callback"), ("POST", "/messages"), ("PATCH", ""), ("GET", ""))
CLOSES = (1000, 1001, 1006, 1011, 4000, 4007, 4008, 4009)
PACKETS: tuple[object, ...] = (
    b"", b"\xff", "not JSON", "[]", "null", {}, {"op": 99},
    {"op": 0, "t": "MESSAGE_UPDATE", "s": None, "d": {}},
)  # fmt: skip
RECENT = 30  # updates and interactions that may be delivered again


class Trouble:
    """Makes one kind of trouble after another; `made` counts them."""

    def __init__(self, stage: Stage, chance: random.Random) -> None:
        self._stage, self._chance = stage, chance
        self.made: Counter[str] = Counter()
        self._kinds: Mapping[str, tuple[int, Callable[[], Awaitable[None]]]] = {
            "odd answers of Telegram": (10, self._odd_telegram),
            "odd answers of Discord": (10, self._odd_discord),
            "refusals and hang-ups of Telegram": (10, self._refused_telegram),
            "refusals and hang-ups of Discord": (10, self._refused_discord),
            "broken gateway connections and odd packets": (4, self._broken_gateway),
            "redeliveries": (20, self._redelivery),
            "kills of a process": (4, self._kill),
            "database outages": (2, self._outage),
            "full disks": (2, self._full_disk),
        }

    async def forever(self) -> None:
        """Make trouble until cancelled."""
        names = list(self._kinds)
        while True:
            await asyncio.sleep(self._chance.uniform(0.05, 0.8))
            name = self._chance.choices(names, [weight for weight, _ in self._kinds.values()])[0]
            await self._kinds[name][1]()
            self.made[name] += 1

    def end(self) -> None:
        """Let everything go well from now on, except what is under way."""
        self._stage.telegram._plan.faults.clear()
        self._stage.discord.heal()
        self._stage.discord.gateway.heal()

    async def _odd_telegram(self) -> None:
        answer = ODD_TELEGRAM[self._chance.choice(sorted(ODD_TELEGRAM))]
        self._stage.telegram.answer_next(self._chance.choice(CALLS), answer, self._chance.randint(1, 2))

    async def _odd_discord(self) -> None:
        self._stage.discord.answer_next(*self._chance.choice(ROUTES), self._chance.choice(ODD_DISCORD))

    async def _refused_telegram(self) -> None:
        server, method = self._stage.telegram, self._chance.choice(CALLS)
        acts: list[Callable[[], None]] = [
            lambda: server.fail_next(method, 429, "Too Many Requests: retry after 1", retry_after=1),
            lambda: server.fail_next(method, 500, "Internal Server Error"),
            lambda: server.bad_gateway_next(method, self._chance.randint(1, 3)),
            lambda: server.gateway_timeout_next(method),
            lambda: server.drop_next(method, applied=False),
            lambda: server.drop_next(method, applied=True),
            lambda: server.slow_next(method, self._chance.uniform(0.1, 3.0)),
        ]
        self._chance.choice(acts)()

    async def _refused_discord(self) -> None:
        server, (method, part) = self._stage.discord, self._chance.choice(ROUTES)
        acts: list[Callable[[], None]] = [
            lambda: server.fail_next(method, part, 429, retry_after=0.5),
            lambda: server.fail_next(method, part, 500),
            lambda: server.bad_gateway_next(method, part, self._chance.randint(1, 3)),
            lambda: server.drop_next(method, part, applied=False),
            lambda: server.drop_next(method, part, applied=True),
            lambda: server.slow_next(method, part, self._chance.uniform(0.1, 3.0)),
        ]
        self._chance.choice(acts)()

    async def _broken_gateway(self) -> None:
        gateway = self._stage.discord.gateway
        match self._chance.randrange(3):
            case 0:
                gateway.drop()
            case 1:
                await gateway.hang_up(self._chance.choice(CLOSES))
            case _:
                gateway.post_raw(self._chance.choice(PACKETS))

    async def _redelivery(self) -> None:
        history = list(self._stage.telegram.world.updates.history)[-RECENT:]
        if history:
            self._stage.telegram.redeliver(self._chance.choice(history))
        interactions = list(self._stage.discord.world.interactions.values())[-RECENT:]
        if interactions:
            self._stage.discord.redeliver(self._chance.choice(interactions))

    async def _kill(self) -> None:
        process = self._chance.choice(self._stage.processes)
        await process.kill()
        await asyncio.sleep(self._chance.choice((0.0, self._chance.uniform(0.0, 3.0))))
        process.start()

    async def _outage(self) -> None:
        with self._stage.postgres.away(self._stage.url):
            await asyncio.sleep(self._chance.uniform(0.1, 5.0))

    async def _full_disk(self) -> None:
        with self._stage.disk.full(at_commit=self._chance.random() < 0.5):
            await asyncio.sleep(self._chance.uniform(0.1, 4.0))
