"""Workers in processes that are killed at any moment: nothing is lost, and what must not happen twice never does."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

from core.outbox import NewEntry, State, Topic
from storage.engine import Database
from storage.queries import SqlQueries
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.bots.delivery import outbox_process
from tests.bots.delivery.outbox_process import PACE
from tests.command import fork
from tests.conftest import KEY
from tests.effort import scaled
from tests.patience import limit, until_blocking
from tests.world import NOW

CARD, POST = Topic("card", repeat=True), Topic("post", repeat=False)
EACH, WORKERS, KILLS = scaled(5000), 3, scaled(5)
LINE = len("post 1234\n")


class Crew:
    """Some workers, each of them a process, and the file that they write what they handled into."""

    def __init__(self, database: Database, file: Path) -> None:
        self._url, self.file = database.engine.url.render_as_string(hide_password=False), file
        self.workers: dict[str, ForkServerProcess] = {}
        self._hired = 0
        file.touch()

    def hire(self, number: int) -> None:
        """Start some more."""
        for _ in range(number):
            self._hired += 1
            name = f"w{self._hired}"
            self.workers[name] = fork(outbox_process.work, self._url, KEY, str(self.file), name)

    def ready(self) -> list[str]:
        """Those who are at work."""
        return [name for name in self.workers if Path(f"{self.file}.{name}").exists()]

    def lose(self, name: str) -> None:
        """Kill one."""
        worker = self.workers.pop(name)
        worker.kill()
        worker.join()

    def stop(self) -> list[int | None]:
        """Stop all in good order; their exit codes."""
        until_blocking(lambda: len(self.ready()) == len(self.workers))
        for worker in self.workers.values():
            worker.terminate()
        for worker in self.workers.values():
            worker.join(limit())
        return [worker.exitcode for worker in self.workers.values()]

    def handled(self) -> Counter[str]:
        """Number of times that each entry was handled."""
        return Counter(self.file.read_text().splitlines())


@pytest.fixture
def crew(database: Database, tmp_path: Path) -> Iterator[Crew]:
    """Nobody yet; nobody is left behind."""
    crew = Crew(database, tmp_path / "handled")
    yield crew
    for name in list(crew.workers):
        crew.lose(name)


def put(database: Database, vault: Vault, each: int) -> None:
    for start in range(0, each, 1000):
        with SqlUnitOfWork(database, vault) as work:
            for topic in (CARD, POST):
                work.outbox.put(NewEntry(topic, str(n), NOW, {"n": n}) for n in range(start, min(start + 1000, each)))
            work.commit()


def counts(database: Database, vault: Vault) -> dict[str, dict[State, int]]:
    with SqlQueries(database, vault).outbox() as figures:
        return {topic.name: dict(figures.counts(topic.name)) for topic in (CARD, POST)}


def open_entries(database: Database, vault: Vault) -> int:
    return sum(total.get(State.WAITING, 0) + total.get(State.SENDING, 0) for total in counts(database, vault).values())


def test_many_entries_and_workers_that_are_killed(database: Database, vault: Vault, crew: Crew) -> None:
    chance = random.Random(4711)
    put(database, vault, EACH)
    moments = sorted(chance.uniform(0.02, 0.9) * 2 * EACH for _ in range(KILLS))
    crew.hire(WORKERS)
    for moment in moments:
        until_blocking(lambda: crew.file.stat().st_size > moment * LINE and bool(crew.ready()))  # noqa: B023
        time.sleep(chance.uniform(0, 0.05))
        crew.lose(chance.choice(crew.ready()))
        crew.hire(1)
    until_blocking(lambda: not open_entries(database, vault))
    assert crew.stop() == [0] * WORKERS

    states, handled = counts(database, vault), crew.handled()
    assert states["card"] == {State.DONE: EACH}
    assert {handled[f"card {n}"] > 0 for n in range(EACH)} == {True}
    assert max(total for line, total in handled.items() if line.startswith("post")) == 1
    assert set(states["post"]) <= {State.DONE, State.DOUBTFUL}
    assert sum(states["post"].values()) == EACH
    assert states["post"].get(State.DOUBTFUL, 0) <= KILLS * PACE.at_once, "those in flight, and no others"
    unhandled = EACH - sum(1 for line in handled if line.startswith("post"))
    assert unhandled <= states["post"].get(State.DOUBTFUL, 0), "all that is done was handled"
    repeats = sum(handled[f"card {n}"] - 1 for n in range(EACH))
    print(f"{database.engine.dialect.name}: {states['post']}, of those {unhandled} unhandled; {repeats} cards repeated")


def test_a_worker_that_stops_leaves_nothing_in_doubt(database: Database, vault: Vault, crew: Crew) -> None:
    put(database, vault, 1500)
    crew.hire(2)
    until_blocking(lambda: crew.file.stat().st_size > 300 * LINE)
    assert crew.stop() == [0, 0]
    assert not {State.SENDING, State.DOUBTFUL, State.DEAD} & (set(counts(database, vault)["post"]))
    handled = crew.handled()
    assert max(handled.values()) == 1
    for topic, states in counts(database, vault).items():
        assert states.get(State.DONE, 0) == sum(1 for line in handled if line.startswith(topic))
