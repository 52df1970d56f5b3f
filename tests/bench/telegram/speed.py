"""Updates a second and what they cost, of the product and of echo bots; calls and actions a signing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from tests.bench.report import Aim, Figure
from tests.bench.rounds import Series, in_turn
from tests.bench.telegram import chats
from tests.bench.telegram.bots import KINDS, OURS_BELOW, STOCK, UNDERSIGN
from tests.bench.telegram.chats import Step, new_chats
from tests.bench.telegram.process import BotProcess, running
from tests.bench.telegram.server import Played
from tests.bench.workbench import SLUG, SQLITE, Place, Workbench

RUSH, CALM = 200, 10  # people who wait for a reply at any moment
WARMING = 6  # visits for each of them beforehand
POLLING = "getUpdates"
RATES = {STOCK: Aim("at least 3", least=3.0), OURS_BELOW: Aim("at least 0.5", least=0.5)}
COSTS = {STOCK: Aim("at most 0.33", most=1 / 3), OURS_BELOW: Aim("at most 2", most=2.0)}
CALLS, ACTIONS = Aim("at most 5", most=5.0), Aim("at most 3", most=3.0)
NOTE = (
    "Each bot is a process of its own that polls a lean server in this one; so many people at once, in different "
    "chats, each of whom goes on after the reply, and is followed by somebody new. Not counted are the visits before "
    "each round, by which a bot opens connections again that lay idle too long (on which httpx spends a second of "
    "CPU). An update is done when every reply to it was received and answered; CPU is the bot's process, all threads. "
    "`typed` is one typed text a chat and one message in return: for Undersign the answer to a question (a "
    "transaction, and the review with its buttons), for the echo bots the same text back. `signing` is all of it: "
    "/start, Sign, the postal code, Confirm, with callback data from the keyboards that the bot sent; its baseline is "
    "the echo bots' `typed` with as many at once. Undersign is the real surface on SQLite with the product's "
    "durability; only its limiter (30 messages a second, 1 in a chat) is opened, which would otherwise be what is "
    "measured. Calls and actions are a new signer's after the first screen."
)


@dataclass
class _Load:
    """One kind of load on one bot: rates and costs, round by round."""

    bot: BotProcess
    steps: Sequence[Step]
    people: int
    at_once: int
    before: Sequence[Step] = ()
    costs: list[float] = field(default_factory=list)

    def rate(self) -> float:
        """Updates a second by people whom the bot has not met; the cost is noted down."""
        self.bot.play(new_chats(WARMING * self.at_once), chats.OPENS, self.at_once)
        people = new_chats(self.people)
        if self.before:
            self.bot.play(people, self.before, self.at_once)
        played, cpu = self.bot.play(people, self.steps, self.at_once)
        self.costs.append(cpu / played.updates)
        return played.rate


def figures(bench: Workbench, runner: asyncio.Runner) -> Iterator[Figure]:
    """Measure; the signatures are counted in the end, so that nothing is measured that did not happen."""
    place = bench.place(SQLITE, "telegram")
    rounds, people = (3, 300) if bench.quick else (5, 600)
    with ExitStack() as stack:
        environment = bench.environment(place.folder)
        found = {kind: stack.enter_context(running(kind, runner, environment, bench.folder)) for kind in KINDS}
        loads = {
            _name("typed", at_once, kind): _typed(bot, people, at_once)
            for at_once in (RUSH, CALM)
            for kind, bot in found.items()
        }
        loads[_name("signing", RUSH)] = _Load(found[UNDERSIGN], chats.SIGNING, people // 2, RUSH)
        rates, costs = _measured(loads, rounds)
        for title, at_once in (("typed", RUSH), ("typed", CALM), ("signing", RUSH)):
            yield from _compared(title, at_once, rates, costs)
        yield from _a_signing(found[UNDERSIGN], people // 2)
    _check(place, signed=people // 2 * (rounds + 2))


def _typed(bot: BotProcess, people: int, at_once: int) -> _Load:
    before = (*chats.OPENS, *chats.BEGINS) if bot.kind == UNDERSIGN else ()
    return _Load(bot, chats.ANSWERS, people, at_once, before)


def _name(title: str, at_once: int, kind: str = UNDERSIGN) -> str:
    return f"{title}, {at_once} at once, {kind}"


def _measured(loads: Mapping[str, _Load], rounds: int) -> tuple[Mapping[str, Series], Mapping[str, Series]]:
    measures: list[Callable[[], float]] = [load.rate for load in loads.values()]
    for measure in measures:
        measure()  # warms up
    for load in loads.values():
        load.costs.clear()
    rates = in_turn("Telegram", rounds, measures)
    costs = [Series(tuple(load.costs)) for load in loads.values()]
    return dict(zip(loads, rates, strict=True)), dict(zip(loads, costs, strict=True))


def _compared(title: str, at_once: int, rates: Mapping[str, Series], costs: Mapping[str, Series]) -> Iterator[Figure]:
    makers = (("updates a second", rates, RATES, _rate), ("CPU an update", costs, COSTS, _milliseconds))
    for words, series, aims, shown in makers:
        for kind, aim in aims.items():
            ours, theirs = series[_name(title, at_once)], series[_name("typed", at_once, kind)]
            ratio = ours.ratio_to(theirs)
            yield Figure(
                f"{title}, {at_once} at once: {words}", shown(ours.middle), kind, shown(theirs.middle), ratio, aim
            )


def _a_signing(bot: BotProcess, people: int) -> Iterator[Figure]:
    signers, after = new_chats(people), (*chats.BEGINS, *chats.ANSWERS, *chats.CONFIRMS)
    bot.play(signers, chats.OPENS, RUSH)
    played, _ = bot.play(signers, after, RUSH)
    calls = _calls(played) / people
    yield Figure("API calls a signing", f"{calls:.2f}", "", "", aim=CALLS, judged=calls)
    yield Figure("actions a signing", f"{len(after)}", "", "", aim=ACTIONS, judged=len(after))


def _calls(played: Played) -> int:
    return sum(number for method, number in played.calls.items() if method != POLLING)


def _check(place: Place, *, signed: int) -> None:
    counted = place.services.queries.tally(SLUG).counted
    if counted != signed:
        raise RuntimeError(f"{signed} people confirmed, and {counted} are counted")


def _rate(number: float) -> str:
    return f"{number:,.0f}/s"


def _milliseconds(number: float) -> str:
    return f"{number * 1e3:.2f} ms"
