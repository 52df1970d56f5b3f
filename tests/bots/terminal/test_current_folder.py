"""In the terminal, files and pictures go into the folder that one is in, and over nothing that is there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from bots.common.progress_bar import OnProgress
from bots.delivery.exports import ExportedFile, Exporter, exporter_of
from core.export.request import FileRequest
from core.organizer.export import FileOrder, file_topic
from core.outbox import NewEntry, State
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.bots.delivery.file_worker import counts
from tests.bots.signers import signatures, store
from tests.databases import migrated_sqlite
from tests.scenarios.stage import TerminalPersona, TerminalTheatre
from tests.world import SALESFORCE, World, services_of


@pytest.fixture
def stage(tmp_path: Path, vault: Vault) -> Iterator[TerminalTheatre]:
    """Terminal on a database with three signatures."""
    database = migrated_sqlite(tmp_path)
    world = World(work=lambda: SqlUnitOfWork(database, vault))
    store(world, signatures(3))
    (tmp_path / "here").mkdir()
    yield TerminalTheatre(world, services_of(world, database, vault, "https://x.org"), tmp_path / "here")
    database.close()


async def olga(stage: TerminalTheatre) -> TerminalPersona:
    """An organizer of tests.world."""
    person = await stage.person("Olga")
    assert isinstance(person, TerminalPersona)
    await person.opens(SALESFORCE)
    return person


def names(stage: TerminalTheatre) -> list[str]:
    return sorted(path.name for path in stage.folder.iterdir() if path.is_file())


async def test_nothing_is_written_over(stage: TerminalTheatre) -> None:
    person = await olga(stage)
    for _ in range(2):
        await person.types(f"/export {SALESFORCE} csv")
        assert "1 file, 3 signatures." in person.reads()
        await person.types(f"/link {SALESFORCE} flyer")
        stage.world.now += dt.timedelta(minutes=1)
    csv = f"{SALESFORCE}-signers-2026-11-23"
    assert names(stage) == [
        f"{SALESFORCE}-flyer-2.png", f"{SALESFORCE}-flyer.png", f"{csv}-2.csv", f"{csv}.csv",
    ]  # fmt: skip
    assert "QR code of https://x.org/p/salesforce-cbp?source=flyer. Saved:" in person.reads()


async def test_files_that_others_ordered_are_left_to_them(stage: TerminalTheatre) -> None:
    theirs = FileOrder("another person", SALESFORCE, "csv", "en")
    with stage.world.work() as work:
        work.outbox.put([NewEntry(file_topic("terminal"), "theirs", stage.world.now, asdict(theirs))])
        work.commit()
    person = await olga(stage)
    await person.types(f"/export {SALESFORCE} jsonl")
    assert names(stage) == [f"{SALESFORCE}-signers-2026-11-23.jsonl"]
    assert counts(stage.services, "terminal") == {State.DONE: 1, State.WAITING: 1}


class InterruptedExporter(Exporter):
    """Ctrl-C comes in the midst of it."""

    def make(
        self, request: FileRequest, folder: Path, progress: OnProgress, largest: int | None = None
    ) -> ExportedFile:
        (folder / "half.csv").write_text("half of it")
        raise KeyboardInterrupt


async def test_an_interrupted_file_is_not_made_later(stage: TerminalTheatre) -> None:
    person = await olga(stage)
    exporter = exporter_of(stage.services)
    broken = InterruptedExporter(exporter.petitions, exporter.catalog, exporter.queries, exporter.clock)
    person._session._saved = replace(person._session._saved, exporter=broken)
    with pytest.raises(KeyboardInterrupt):
        await person.types(f"/export {SALESFORCE} csv")
    assert counts(stage.services, "terminal") == {State.DEAD: 1}
    assert names(stage) == []
    assert list((stage.folder / "workshop").iterdir()) == []


@pytest.mark.parametrize("words", ["/mydata", "My data"])
async def test_a_signers_own_data_is_written_for_its_owner_only(stage: TerminalTheatre, words: str) -> None:
    ada = await stage.person("Ada")
    await ada.opens(SALESFORCE)
    for line in ("Sign", "Ada Lovelace", "90210", "Confirm", "More", "Privacy", words):
        await ada.types(line)
    (name,) = names(stage)
    assert name == "my-data-2026-11-23.html"
    assert "Ada Lovelace" in (stage.folder / name).read_text(encoding="utf-8")
    assert (stage.folder / name).stat().st_mode & 0o777 == 0o600
    assert "Saved: " in ada.reads()
    assert "send /mydata" in ada.reads()
    stage.world.now += dt.timedelta(minutes=1)
    await ada.types("/mydata")
    assert names(stage) == ["my-data-2026-11-23-2.html", "my-data-2026-11-23.html"]


async def test_a_full_disk_gets_an_apology(stage: TerminalTheatre, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = await stage.person("Ada")
    await ada.opens(SALESFORCE)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    await ada.types("/mydata")
    assert "Sorry, we couldn't send the file." in ada.reads()
    assert names(stage) == []
