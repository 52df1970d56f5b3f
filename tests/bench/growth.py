"""Benchmark of common actions with a hundred times as many signatures."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from statistics import median

from core.conversation.screen import Line, View
from core.conversation.state import Answer, Begin, Confirm, Open
from core.messages import Message
from core.petition.form import FieldKind
from core.signatures.signature import SignatureStatus, Signer
from tests.bench.filling import FIRST, filled, has_mailbox
from tests.bench.people import ADDRESS, PLATFORM, newcomer
from tests.bench.report import Aim, Figure, show
from tests.bench.rounds import in_turn, seconds
from tests.bench.workbench import ENGINES, SLUG, Place, Workbench

AIM = Aim("at most 1.1", most=1.1)
SIZES, QUICK_SIZES = (10_000, 1_000_000), (10_000, 100_000)
NOTE = (
    "Times are medians of single calls, each for another of the people who signed. Baseline: the same call in the "
    "same round on a database with fewer signatures."
)
Numbers = Iterator[int]


@dataclass(frozen=True)
class Action:
    """Action to time, and a check that it did what its name says."""

    act: Callable[[], object]
    succeeded: Callable[[], bool] = lambda: True


Prepare = Callable[[Place, Numbers], Action]


def sizes(bench: Workbench) -> tuple[int, int]:
    """Number of signatures in the small and in the large database."""
    return QUICK_SIZES if bench.quick else SIZES


def run(bench: Workbench) -> None:
    """Measure and print."""
    figures = [figure for engine in ENGINES for figure in _of_engine(bench, engine)]
    show("Time of a call as the petition grows", figures, NOTE)


def _of_engine(bench: Workbench, engine: str) -> Iterator[Figure]:
    small, large = sizes(bench)
    places = [(filled(bench, engine, size), _strangers(size)) for size in (small, large)]
    rounds, calls = (5, 40) if bench.quick else (7, 60)
    for title, prepare in ACTIONS.items():
        measures = [partial(_middle_time, prepare, *place, calls) for place in places]
        few, many = in_turn(f"{engine}: {title}", rounds, measures)
        name = f"{engine}, {_short(large)}: {title}"
        yield Figure(name, _time(many.middle), _short(small), _time(few.middle), many.ratio_to(few), AIM)


def _strangers(size: int) -> Numbers:
    """The numbers of the people filled in, in an order of chance; never the same one twice."""
    numbers = list(range(FIRST, FIRST + size))
    random.Random(size).shuffle(numbers)
    return iter(numbers)


def _middle_time(prepare: Prepare, place: Place, who: Numbers, calls: int) -> float:
    times = []
    for _ in range(calls):
        action = prepare(place, who)
        times.append(seconds(action.act))
        if not action.succeeded():
            raise RuntimeError(f"the service did not do what is measured: {prepare.__name__}")
    return median(times)


def _count(place: Place, _: Numbers) -> Action:
    return Action(lambda: place.services.queries.tally(SLUG))


def _cover(place: Place, who: Numbers) -> Action:
    signer = Signer(PLATFORM, str(next(who)))
    return Action(lambda: place.services.signing.handle(signer, Open(), SLUG))


def _second_time(place: Place, who: Numbers) -> Action:
    signer, views = Signer(PLATFORM, str(next(who))), list[View]()

    def succeeded() -> bool:
        first = views[0].screen.parts[0]
        return isinstance(first, Line) and isinstance(first.words, Message) and first.words.key == "finished.already"

    return Action(lambda: views.append(place.services.signing.handle(signer, Begin(), SLUG)), succeeded)


def _second_account(place: Place, who: Numbers) -> Action:
    """Only the confirmation is timed: it is what finds the mailbox counted already."""
    signer, handle = newcomer(), place.services.signing.handle
    values = {FieldKind.NAME: "Ada Lovelace", FieldKind.POSTAL_CODE: "90210"}
    values[FieldKind.EMAIL] = ADDRESS.format(next(number for number in who if has_mailbox(number)))
    fields = place.services.petitions[SLUG].fields
    handle(signer, Begin(), SLUG)
    handle(signer, Answer({field.name: values[field.kind] for field in fields if field.kind in values}), SLUG)
    before = _duplicates(place)
    return Action(lambda: handle(signer, Confirm(), SLUG), lambda: _duplicates(place) == before + 1)


def _duplicates(place: Place) -> int:
    return place.services.queries.tally(SLUG).totals.get(SignatureStatus.DUPLICATE, 0)


def _short(size: int) -> str:
    return f"{size // 1_000_000} million" if size >= 1_000_000 else f"{size // 1000} thousand"


def _time(number: float) -> str:
    return f"{number * 1e3:.2f} ms"


ACTIONS: Mapping[str, Prepare] = {
    "the count": _count,
    "the cover screen": _cover,
    "an account that has signed begins again": _second_time,
    "a counted email from another account": _second_account,
}
