"""Kills a publisher again and again: `python -m tests.log_kills --kills 300 [--engine sqlite]`.

A process signs, withdraws, erases, reviews and publishes at random until it is killed. After each kill, the log is read
as a stranger would: its entries must begin with those of every checkpoint before, and add up. Nothing may be lost,
doubled, or reordered after a checkpoint. At the end, every signature must have exactly one entry.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

from core.ports import UnitOfWork
from core.services.log_check import LogCheck
from core.signatures.review import Query
from core.signatures.signature import Signer
from storage.engine import Database
from storage.schema import check_key, upgrade
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.command import fork
from tests.patience import until_blocking
from tests.postgres import PostgresServer
from tests.public_log import Press, Published, read_log
from tests.storage.test_reviews import does, signs, withdraws
from tests.world import NOW

KEY = "a key of the kills, of thirty-two characters"
_CHUNK = 3  # entries in a transaction, so that a batch has many
_LONGEST = 0.5  # seconds until a process is killed


@dataclass(frozen=True)
class Ground:
    """The database of all processes."""

    url: str
    folder: Path

    def vault(self) -> Vault:
        """Its keys."""
        return Vault([KEY], self.folder / "petition-keys")


def publish_until_killed(ground: Ground, seed: int) -> None:
    """Do things at random, forever."""
    vault, chance = ground.vault(), random.Random(seed)
    with closing(Database(ground.url)) as database:

        def work() -> UnitOfWork:
            return SqlUnitOfWork(database, vault)

        press = press_on(work)
        (ground.folder / f"ready-{seed}").touch()
        names: list[str] = []
        while True:
            names = _do_something(press, chance, names, seed)


def press_on(work: Callable[[], UnitOfWork]) -> Press:
    """A publisher with real chance and small transactions."""
    press = Press(work)
    press.publisher.chance, press.publisher.chunk = os.urandom, _CHUNK
    return press


def _do_something(press: Press, chance: random.Random, names: list[str], seed: int) -> list[str]:
    work, name = press.work, f"{seed}-{len(names)}"
    match chance.choices(("sign", "withdraw", "erase", "invalidate", "restore", "publish"), (8, 2, 2, 1, 1, 3))[0]:
        case "sign":
            signs(work, name, mailbox=f"{chance.randrange(40)}@example.org", reason=chance.choice(["", "", "burst"]))
            return [*names, name]
        case "withdraw" if names:
            withdraws(work, chance.choice(names))
        case "erase" if names:
            with work() as unit:
                unit.signatures.anonymise(unit.signers.lock_or_create(Signer("test", chance.choice(names)), NOW))
                unit.commit()
        case "invalidate" | "restore" as what if names:
            does(work, what, Query("elms", receipt=f"R-{chance.choice(names)}"))
        case "publish":
            press.publish()
    return names


@dataclass
class Witness:
    """Remembers what was public, and finds what went wrong since."""

    before: Published | None = None
    batches: int = 0
    unfinished: int = 0
    faults: list[str] = field(default_factory=list)

    def look(self, work: Callable[[], UnitOfWork]) -> None:
        """Read the log, and compare it with the last time."""
        try:
            with work() as unit:
                now = read_log(unit.log)
                self.unfinished += unit.log.batch("elms") is not None
                self.batches = len(unit.log.checkpoints("elms"))
                self.faults += LogCheck(unit.log, "elms", unit.tallies.of("elms")).differences()
        except AssertionError as error:
            self.faults.append(f"the log can't be recomputed: {error}")
            return
        if self.before and (not now or now.entries[: len(self.before.entries)] != self.before.entries):
            self.faults.append("entries before a checkpoint were lost or reordered")
        self.before = now or self.before

    def look_at_the_end(self, work: Callable[[], UnitOfWork]) -> None:
        """Publish the rest, and compare the entries with the signatures."""
        press = press_on(work)
        press.publish()
        press.publish()
        self.look(work)
        kinds = self.before.kinds if self.before else Counter[str]()
        with work() as unit:
            tally = unit.tallies.of("elms")
        if (kinds["received"], kinds["withdrawn"]) != (tally.signed, tally.withdrawn):
            self.faults.append(f"{dict(kinds)} isn't {tally.signed} received and {tally.withdrawn} withdrawn")


def run(kills: int, ground: Ground) -> Witness:
    """Kill a publisher so many times."""
    vault, witness = ground.vault(), Witness()
    with closing(Database(ground.url)) as database:
        upgrade(database)
        check_key(database, vault)
    for seed in range(kills):
        process = fork(publish_until_killed, ground, seed)
        until_blocking((ground.folder / f"ready-{seed}").exists)
        time.sleep(random.Random(seed).uniform(0.0, _LONGEST))
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
        with closing(Database(ground.url)) as database:
            witness.look(lambda database=database: SqlUnitOfWork(database, vault))  # type: ignore[misc]
    with closing(Database(ground.url)) as database:
        witness.look_at_the_end(lambda: SqlUnitOfWork(database, vault))
    return witness


def main() -> None:
    """Kill as often as asked, and say what was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.log_kills", description="Kills a publisher of a log.")
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    arguments = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="log-kills-")))
        url = f"sqlite:///{folder / 'undersign.sqlite3'}"
        if arguments.engine == "postgresql":
            url = stack.enter_context(PostgresServer(folder)).new_database()
        witness = run(arguments.kills, Ground(url, folder))
    entries = len(witness.before.entries) if witness.before else 0
    print(
        f"{arguments.kills} kills on {arguments.engine}, {witness.unfinished} of them within a batch; "
        f"{entries} entries in {witness.batches} batches; lost, doubled, or reordered: {len(witness.faults)}"
    )
    for fault in witness.faults[:10]:
        print(f"  {fault}")
    sys.exit(1 if witness.faults else 0)


if __name__ == "__main__":
    main()
