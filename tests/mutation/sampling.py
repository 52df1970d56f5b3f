"""A sample of places, the same for the same seed and source: one of each module before a second one of any.

Each module has its turn by a number drawn for its name, so a new module displaces one place of the sample at most.
"""

from __future__ import annotations

import random
from pathlib import Path

from tests.mutation.places import Place, places_in

PACKAGES = ("core", "bots", "storage")


def modules(root: Path, only: str = "") -> dict[str, str]:
    """The source of every module of the product, by its path; with `only`, of those at or below that path."""
    paths = sorted(path for package in PACKAGES for path in (root / package).rglob("*.py"))
    names = {path.relative_to(root).as_posix(): path for path in paths}
    wanted = only.rstrip("/")
    return {
        name: path.read_text(encoding="utf-8")
        for name, path in names.items()
        if not wanted or name == wanted or name.startswith(f"{wanted}/")
    }


def sample(sources: dict[str, str], count: int, seed: int) -> list[Place]:
    """So many places; a change of one module moves no place of another."""
    queues = {name: _shuffled(name, source, seed) for name, source in sources.items()}
    order = sorted(sources, key=lambda name: random.Random(f"turn of {name}, {seed}").random())
    places: list[Place] = []
    while len(places) < count and any(queues.values()):
        places += [queues[name].pop() for name in order if queues[name]]
    return places[:count]


def _shuffled(name: str, source: str, seed: int) -> list[Place]:
    """A module's places at random, one of each line before a second one of any."""
    chance = random.Random(f"{seed}:{name}")
    by_line: dict[int, list[Place]] = {}
    for place in places_in(name, source):
        by_line.setdefault(place.lines[0], []).append(place)
    lines = list(by_line.values())
    for some in lines:
        chance.shuffle(some)
    rounds: list[Place] = []
    while lines:
        chance.shuffle(lines)
        rounds += [some.pop() for some in lines]
        lines = [some for some in lines if some]
    return rounds[::-1]
