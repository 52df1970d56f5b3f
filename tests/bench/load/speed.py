"""Rates and costs of the product and of plain bots under the same load."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeAlias

from tests.bench.load import UNDERSIGN
from tests.bench.load.process import BotProcess
from tests.bench.load.server import PersonT, StepT
from tests.bench.report import Aim, Figure
from tests.bench.rounds import Series, in_turn
from tests.bench.workbench import SLUG, Place

RUSH, CALM = 200, 10  # people who wait for a reply at any moment
WARMING = 6  # visits for each of them beforehand
Key: TypeAlias = tuple[str, int, str]
"""The action to measure, the number of people at once, and the bot."""


@dataclass
class Load(Generic[PersonT, StepT]):
    """One kind of load on one bot: rates and costs, round by round.

    `visit` is what others do before each round; `before` is what the people themselves do before they are measured.
    """

    bot: BotProcess[PersonT, StepT]
    steps: Sequence[StepT]
    people: int
    at_once: int
    visit: Sequence[StepT]
    before: Sequence[StepT] = ()
    costs: list[float] = field(default_factory=list)

    def rate(self) -> float:
        """Measure steps per second by people new to the bot, and note the CPU seconds of a step."""
        newcomers = self.bot.platform.newcomers
        self.bot.play(newcomers(WARMING * self.at_once), self.visit, self.at_once)
        people = newcomers(self.people)
        if self.before:
            self.bot.play(people, self.before, self.at_once)
        played, cpu = self.bot.play(people, self.steps, self.at_once)
        self.costs.append(cpu / played.steps)
        return played.rate


@dataclass(frozen=True)
class Measurements:
    """Steps a second, and seconds of CPU a step."""

    rates: Mapping[Key, Series]
    costs: Mapping[Key, Series]


def measure_loads(title: str, loads: Mapping[Key, Load[Any, Any]], rounds: int) -> Measurements:
    """All loads in turn, in so many rounds and one before them that is not counted."""
    measures: list[Callable[[], float]] = [load.rate for load in loads.values()]
    for measure in measures:
        measure()  # warms up
    for load in loads.values():
        load.costs.clear()
    rates = in_turn(title, rounds, measures)
    costs = [Series(tuple(load.costs)) for load in loads.values()]
    return Measurements(dict(zip(loads, rates, strict=True)), dict(zip(loads, costs, strict=True)))


@dataclass(frozen=True)
class Comparison:
    """Beside which load of which bots the product's are set, where the ratios should lie, and what a step is called."""

    step: str
    baseline: str
    rates: Mapping[str, Aim]
    costs: Mapping[str, Aim]

    def figures(self, measurements: Measurements, title: str, at_once: int) -> Iterator[Figure]:
        """The lines of one load of the product's."""
        makers = (
            (f"{self.step}s a second", measurements.rates, self.rates, _rate),
            (f"CPU per {self.step}", measurements.costs, self.costs, _milliseconds),
        )
        for words, series, aims, display in makers:
            for kind, aim in aims.items():
                ours, theirs = series[title, at_once, UNDERSIGN], series[self.baseline, at_once, kind]
                yield Figure(
                    f"{title}, {at_once} at once: {words}", display(ours.middle), kind, display(theirs.middle),
                    ours.ratio_to(theirs), aim,
                )  # fmt: skip


def check_counted(place: Place, *, signed: int) -> None:
    """Nothing is measured that did not happen. Raises RuntimeError if not all who confirmed are counted."""
    counted = place.services.queries.tally(SLUG).counted
    if counted != signed:
        raise RuntimeError(f"{signed} people confirmed, and {counted} are counted")


def _rate(number: float) -> str:
    return f"{number:,.0f}/s"


def _milliseconds(number: float) -> str:
    return f"{number * 1e3:.2f} ms"
