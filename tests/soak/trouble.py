"""Random trouble: odd answers, lost connections, kills, redeliveries, and what the database suffers."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

from tests.bots.discord.odd import ODD as ODD_DISCORD
from tests.bots.telegram.odd_answers import ODD as ODD_TELEGRAM
from tests.patience import load, until
from tests.soak.databases import Kind
from tests.soak.processes import WatchedProcess
from tests.soak.stage import Stage

CALLS = ("*", "sendMessage", "editMessageText", "answerCallbackQuery", "getUpdates", "getMe")
ROUTES = (("*", ""), ("POST", "/callback"), ("POST", "/messages"), ("PATCH", ""), ("GET", ""))
CLOSES = (1000, 1001, 1006, 1011, 4000, 4007, 4008, 4009)
PACKETS: tuple[object, ...] = (
    b"", b"\xff", "not JSON", "[]", "null", {}, {"op": 99},
    {"op": 0, "t": "MESSAGE_UPDATE", "s": None, "d": {}},
)  # fmt: skip
PENDING = 6  # faults of each platform that wait for their call; more would keep a process from ever starting
SIGNERS = 3  # of the petition whose folder is taken away, before it is
RECENT = 30  # updates and interactions that may be delivered again


class Trouble:
    """Makes one kind of trouble after another; `made` counts them.

    The first round has every kind once, in a random order, so that even a short soak has them all.
    """

    def __init__(self, stage: Stage, chance: random.Random) -> None:
        self._stage, self._chance = stage, chance
        self._kinds: Mapping[str, Kind] = {
            "odd answers of Telegram": (10, self._odd_telegram),
            "odd answers of Discord": (10, self._odd_discord),
            "refusals and hang-ups of Telegram": (10, self._refused_telegram),
            "refusals and hang-ups of Discord": (10, self._refused_discord),
            "broken gateway connections and odd packets": (4, self._broken_gateway),
            "redeliveries": (20, self._redelivery),
            "kills of a process": (4, self._kill),
            "changes between polling and webhook": (1, self._other_inlet),
            "removals and returns of a petition": (1, self._other_petitions),
            "backups": (4, self._backup),
            **stage.database.kinds,
        }
        self.made = Counter(dict.fromkeys(self._kinds, 0))
        self.ending = False

    async def goes_on(self) -> None:
        """Make trouble until it is `ending`; then let everything go well, except the calls that are under way."""
        for name in self._names():
            if self.ending:
                break
            await asyncio.sleep(self._chance.uniform(0.05, 0.8) * load())  # processes start slowly on a busy machine
            self.made[name] += await self._kinds[name][1](self._chance) is not False
            self._forget_faults(but=PENDING)
        self._forget_faults(but=0)
        self._stage.discord.gateway.heal()

    def _forget_faults(self, *, but: int) -> None:
        """Drop the oldest faults that no call has met."""
        for plan in (self._stage.telegram._plan, self._stage.discord._plan):
            plan.faults = plan.faults[len(plan.faults) - min(but, len(plan.faults)) :]

    def _names(self) -> Iterator[str]:
        """Every kind once, then rounds in which each comes as often as its weight says."""
        round_ = list(self._kinds)
        while True:
            self._chance.shuffle(round_)
            yield from round_
            round_ = [name for name, (weight, _) in self._kinds.items() for _ in range(weight)]

    async def _odd_telegram(self, chance: random.Random) -> None:
        answer = ODD_TELEGRAM[chance.choice(sorted(ODD_TELEGRAM))]
        self._stage.telegram.answer_next(chance.choice(CALLS), answer, chance.randint(1, 2))

    async def _odd_discord(self, chance: random.Random) -> None:
        self._stage.discord.answer_next(*chance.choice(ROUTES), chance.choice(ODD_DISCORD))

    async def _refused_telegram(self, chance: random.Random) -> None:
        server, method = self._stage.telegram, chance.choice(CALLS)
        acts: list[Callable[[], None]] = [
            lambda: server.fail_next(method, 429, "Too Many Requests: retry after 1", retry_after=1),
            lambda: server.fail_next(method, 500, "Internal Server Error"),
            lambda: server.bad_gateway_next(method, chance.randint(1, 3)),
            lambda: server.gateway_timeout_next(method),
            lambda: server.drop_next(method, applied=False),
            lambda: server.drop_next(method, applied=True),
            lambda: server.slow_next(method, chance.uniform(0.1, 3.0)),
        ]
        chance.choice(acts)()

    async def _refused_discord(self, chance: random.Random) -> None:
        server, (method, part) = self._stage.discord, chance.choice(ROUTES)
        acts: list[Callable[[], None]] = [
            lambda: server.fail_next(method, part, 429, retry_after=0.5),
            lambda: server.fail_next(method, part, 500),
            lambda: server.bad_gateway_next(method, part, chance.randint(1, 3)),
            lambda: server.drop_next(method, part, applied=False),
            lambda: server.drop_next(method, part, applied=True),
            lambda: server.slow_next(method, part, chance.uniform(0.1, 3.0)),
        ]
        chance.choice(acts)()

    async def _broken_gateway(self, chance: random.Random) -> None:
        gateway = self._stage.discord.gateway
        match chance.randrange(3):
            case 0:
                gateway.drop()
            case 1:
                await gateway.hang_up(chance.choice(CLOSES))
            case _:
                gateway.post_raw(chance.choice(PACKETS))

    async def _redelivery(self, chance: random.Random) -> None:
        history = list(self._stage.telegram.world.updates.history)[-RECENT:]
        if history:
            self._stage.telegram.redeliver(chance.choice(history))
        interactions = list(self._stage.discord.world.interactions.values())[-RECENT:]
        if interactions:
            self._stage.discord.redeliver(chance.choice(interactions))

    async def _kill(self, chance: random.Random) -> None:
        await self._restart(chance.choice(self._stage.processes), chance)

    async def _other_inlet(self, chance: random.Random) -> None:
        """Kill the process that Telegram's updates reach; the next one gets them in the other way."""
        process = self._stage.telegram_process
        process.also = {} if process.also else self._stage.by_webhook
        await self._restart(process, chance)

    async def _other_petitions(self, chance: random.Random) -> bool:
        """Take a petition's folder away once people have signed it, or put it back; the bot is down or runs on."""
        petitions, processes = self._stage.petitions, self._stage.processes
        with suppress(TimeoutError):
            await until(lambda: self.ending or petitions.signers >= SIGNERS)
        if petitions.signers < SIGNERS:
            return False
        if chance.random() < 0.5:
            await asyncio.gather(*(process.kill() for process in processes))
        if petitions.is_there:
            petitions.take_away()
        else:
            petitions.put_back()
        await asyncio.gather(*(self._restart(process, chance) for process in processes))
        return True

    async def _backup(self, _: random.Random) -> bool:
        file = self._stage.backups / f"undersign-{self.made['backups']}.zip"
        return (await self._stage.command("backup", str(file))).returncode == 0

    async def _restart(self, process: WatchedProcess, chance: random.Random) -> None:
        await process.kill()
        await asyncio.sleep(chance.choice((0.0, chance.uniform(0.0, 3.0))))
        process.start()
