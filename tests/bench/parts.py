"""Confirmations a second of one petition from several processes, beside the same with its counts in one part."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from itertools import count
from pathlib import Path

from bots.app.bootstrap import build
from bots.common.settings import Settings
from core.signatures.parts import PARTS
from core.signatures.signature import SignatureStatus
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.bench.report import Aim, Figure, show
from tests.bench.rounds import in_turn, seconds
from tests.bench.workbench import CROWD, SLUG, Workbench
from tests.postgres import PostgresServer

AIM = Aim("at least 3", least=3.0)
PROCESSES = 4
DELAY = 5  # milliseconds
FAR = 20_000  # signatures before, with no milestone near
_SLOW = {"commit_delay": str(DELAY * 1000), "commit_siblings": "0"}
_numbers = count(1)
NOTE = (
    f"{PROCESSES} processes confirm as fast as they can, and PostgreSQL adds {DELAY} ms to each commit, as a disk or a "
    "standby far away would. Baseline: the same processes with all counts in one part, so each signer waits for the "
    "commit of the one before."
)


def run(bench: Workbench) -> None:
    """Measure and print."""
    with PostgresServer(bench.folder, settings=_SLOW) as server:
        url = server.migrated_database()
        _prepare(bench, url)
        rounds, people = (3, 40) if bench.quick else (5, 100)
        measures = [partial(_rate, bench, url, parts, people) for parts in (PARTS, 1)]
        many, one = in_turn("one petition", rounds, measures)
    title = f"PostgreSQL, one petition, {PROCESSES} processes"
    ratio = many.ratio_to(one)
    figure = Figure(title, f"{many.middle:.0f}/s", "one part", f"{one.middle:.0f}/s", ratio, AIM)
    show("Signers of one petition at the same time", [figure], NOTE)


def _prepare(bench: Workbench, url: str) -> None:
    """Write the keys, and a count with no milestone near."""
    settings = Settings(
        _env_file=None, data_dir=_folder(bench), database_url=url, secret_key=None, petitions_dir=bench.petitions,
        petition_keys_dir=_folder(bench) / "petition-keys",
    )  # fmt: skip
    with closing(build(settings, CROWD)) as services:
        vault = Vault([(_folder(bench) / "secret.key").read_text("ascii").strip()], settings.petition_keys)
        with SqlUnitOfWork(services.database, vault) as work:  # type: ignore[arg-type]
            work.tallies.add(SLUG, SignatureStatus.COUNTED, FAR)
            work.commit()


def _folder(bench: Workbench) -> Path:
    return bench.folder / "parts"


def _rate(bench: Workbench, url: str, parts: int, people: int) -> float:
    with ExitStack() as stack:
        signers = [stack.enter_context(_process(bench, url, parts, people)) for _ in range(PROCESSES)]

        def confirm() -> None:
            for process in signers:
                assert process.stdin
                process.stdin.write("\n")
                process.stdin.flush()
            for process in signers:
                _expect(process, "signed")

        return PROCESSES * people / seconds(confirm)


@contextmanager
def _process(bench: Workbench, url: str, parts: int, people: int) -> Iterator[subprocess.Popen[str]]:
    """A process whose people are about to confirm."""
    arguments = (url, _folder(bench), bench.petitions, parts, next(_numbers), people)
    command = [sys.executable, "-m", "tests.bench.parts_process", *map(str, arguments)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        _expect(process, "ready")
        yield process


def _expect(process: subprocess.Popen[str], word: str) -> None:
    assert process.stdout
    if process.stdout.readline().strip() != word:
        raise RuntimeError(f"a process of the benchmark failed before it was {word}")
