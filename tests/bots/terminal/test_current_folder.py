"""In the terminal, files and pictures go into the folder that one is in, and over nothing that is there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from bots.delivery.exports import ExportedFile, Exporter, Progress
from core.organizer.export import FileOrder, file_topic
from core.outbox import NewEntry, State
from storage.engine import Database
from storage.schema import upgrade
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.bots.delivery.file_worker import counts
from tests.bots.signers import signatures, store
from tests.scenarios.stage import TerminalPersona, TerminalTheatre
from tests.world import SALESFORCE, World, services_of


@pytest.fixture
def theatre(tmp_path: Path, vault: Vault) -> Iterator[TerminalTheatre]:
    """Where three have signed."""
    database = Database(f"sqlite:///{tmp_path / 'undersign.sqlite3'}")
    upgrade(database)
    world = World(work=lambda: SqlUnitOfWork(database, vault))
    store(world, signatures(3))
    (tmp_path / "here").mkdir()
    yield TerminalTheatre(world, services_of(world, database, vault, "https://x.org"), tmp_path / "here")
    database.close()


async def olga(theatre: TerminalTheatre) -> TerminalPersona:
    """An organizer of tests.world."""
    person = await theatre.person("Olga")
    assert isinstance(person, TerminalPersona)
    await person.opens(SALESFORCE)
    return person


def names(theatre: TerminalTheatre) -> list[str]:
    return sorted(path.name for path in theatre.folder.iterdir() if path.is_file())


async def test_nothing_is_written_over(theatre: TerminalTheatre) -> None:
    person = await olga(theatre)
    for _ in range(2):
        await person.types(f"/export {SALESFORCE} csv")
        assert "1 file, 3 signatures." in person.reads()
        await person.types(f"/link {SALESFORCE} flyer")
        theatre.world.now += dt.timedelta(minutes=1)
    csv = f"{SALESFORCE}-signers-2026-11-23"
    assert names(theatre) == [
        f"{SALESFORCE}-flyer-2.png", f"{SALESFORCE}-flyer.png", f"{csv}-2.csv", f"{csv}.csv",
    ]  # fmt: skip
    assert "QR code of https://x.org/p/salesforce-cbp?source=flyer. Saved:" in person.reads()


async def test_what_somebody_else_ordered_is_left_to_them(theatre: TerminalTheatre) -> None:
    theirs = FileOrder("somebody else", SALESFORCE, "csv", "en")
    with theatre.world.work() as work:
        work.outbox.put([NewEntry(file_topic("terminal"), "theirs", theatre.world.now, asdict(theirs))])
        work.commit()
    person = await olga(theatre)
    await person.types(f"/export {SALESFORCE} jsonl")
    assert names(theatre) == [f"{SALESFORCE}-signers-2026-11-23.jsonl"]
    assert counts(theatre.services, "terminal") == {State.DONE: 1, State.WAITING: 1}


class InterruptedExporter(Exporter):
    """Ctrl-C comes in the midst of it."""

    def make(
        self, petition: str, form: str, locale: str, folder: Path, progress: Progress, largest: int | None = None
    ) -> ExportedFile:
        (folder / "half.csv").write_text("half of it")
        raise KeyboardInterrupt


async def test_what_was_interrupted_is_not_made_later(theatre: TerminalTheatre) -> None:
    person = await olga(theatre)
    exporter = theatre.services.exporter
    broken = InterruptedExporter(exporter.petitions, exporter.catalog, exporter.queries, exporter.clock)
    person._session._saved = replace(person._session._saved, exporter=broken)
    with pytest.raises(KeyboardInterrupt):
        await person.types(f"/export {SALESFORCE} csv")
    assert counts(theatre.services, "terminal") == {State.DEAD: 1}
    assert names(theatre) == []
    assert list((theatre.folder / "workshop").iterdir()) == []
