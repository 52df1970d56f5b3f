"""Files arrive whole, at the organizer who ordered them and nobody else."""

from __future__ import annotations

import csv
import io
import re
import time
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bots.common.progress_bar import OnProgress
from bots.delivery.exports import ExportedFile, Exporter, exporter_of
from bots.delivery.files import FileOrders
from bots.delivery.handling import Later
from bots.telegram.files import TelegramFiles
from core.export.request import FileRequest
from core.organizer.export import FORMATS, file_topic
from core.outbox import ClaimedEntry, NewEntry, State
from core.signatures.signature import Signer
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.bots.delivery.conftest import OLGA
from tests.bots.delivery.file_worker import counts, work_off, worker
from tests.bots.delivery.post_office import working
from tests.bots.signers import sqlite_with
from tests.patience import until
from tests.scenarios.discord_stage import DiscordTheatre
from tests.scenarios.stage import TelegramTheatre
from tests.telegram_server import ChatView
from tests.telegram_server.state import Message
from tests.world import NOW, SALESFORCE, World, services_of

MANY, LARGEST = 100, 15_000


@pytest.fixture
async def theatre(tmp_path: Path, vault: Vault) -> AsyncIterator[TelegramTheatre]:
    """Telegram, with some who have signed."""
    with closing(sqlite_with(MANY, tmp_path)) as database:
        world = World(work=lambda: SqlUnitOfWork(database, vault))
        async with TelegramTheatre(world, services_of(world, database, vault)).playing() as theatre:
            yield theatre


def files_in(chat: ChatView) -> list[Message]:
    return [message for message in chat.messages if "document" in message.extra]


def rows_of(*files: bytes) -> list[dict[str, str]]:
    return [row for file in files for row in csv.DictReader(io.StringIO(file.decode()))]


@pytest.mark.process  # sets type
@pytest.mark.parametrize("form", list(FORMATS))
async def test_each_format_comes_as_a_document(
    theatre: TelegramTheatre, olga: ChatView, form: str, tmp_path: Path
) -> None:
    await olga.send(f"/export {SALESFORCE} {form}")
    await theatre.files_arrive(tmp_path / "files")
    (file,) = files_in(olga)
    assert file.extra["document"]["file_name"].startswith(f"{SALESFORCE}-")
    assert file.extra["document"]["file_name"].endswith(f".{form}" if form in ("pdf", "jsonl", "xlsx") else ".csv")
    assert file.file
    assert file.file.startswith(b"%PDF") == (form == "pdf")
    few = form in ("actionkit", "action_network")
    assert f"1 file, {41 if few else 81} signatures." in olga.last.text
    assert ("chose updates by email" in olga.last.text) == few
    assert list((tmp_path / "files").iterdir()) == [], "nothing is left"


async def test_a_large_export_comes_in_several_files(theatre: TelegramTheatre, olga: ChatView, tmp_path: Path) -> None:
    await olga.send(f"/export {SALESFORCE} csv")
    handler = theatre.file_orders(tmp_path)
    await work_off(theatre.services, replace(handler, post=replace(_post(handler), largest=LARGEST)))
    files = [message.file or b"" for message in files_in(olga)]
    assert len(files) == 4
    assert max(map(len, files)) <= LARGEST
    assert [row["number"] for row in rows_of(*files)] == [str(number) for number in range(1, 82)]
    assert [message.extra["document"]["file_name"][-6:] for message in files_in(olga)] == [
        f"-{n}.csv" for n in range(1, 5)
    ]
    assert olga.last.text == "4 files, 81 signatures."


def _post(handler: FileOrders) -> TelegramFiles:
    assert isinstance(handler.post, TelegramFiles)
    return handler.post


class SlowExporter(Exporter):
    """Takes half a second for nothing, in the midst of it."""

    def make(
        self, request: FileRequest, folder: Path, progress: OnProgress, largest: int | None = None
    ) -> ExportedFile:
        (folder / "half.csv").write_text("half of it")
        for step in range(1, 1000):
            progress(step, 1000)
            if step % 50 == 0:
                time.sleep(0.02)
        return super().make(request, folder, progress, largest)


def slow(theatre: TelegramTheatre, folder: Path) -> FileOrders:
    exporter = exporter_of(theatre.services)
    made = SlowExporter(exporter.petitions, exporter.catalog, exporter.queries, exporter.clock)
    return replace(theatre.file_orders(folder, every=0.05), exporter=made)


async def test_progress_is_one_message(theatre: TelegramTheatre, olga: ChatView, tmp_path: Path) -> None:
    await olga.send(f"/export {SALESFORCE} csv")
    await work_off(theatre.services, slow(theatre, tmp_path))
    words = [message for message in olga.messages if re.fullmatch(r"[\d,]+ of [\d,]+", message.text)]
    assert len(words) == 1
    assert words[0].edits > 1
    assert len(files_in(olga)) == 1


async def test_progress_that_cannot_be_shown_stops_nothing(
    theatre: TelegramTheatre, olga: ChatView, tmp_path: Path
) -> None:
    await olga.send(f"/export {SALESFORCE} csv")
    theatre.server.fail_next("editMessageText", 400, "Bad Request: message to edit not found", times=99)
    await work_off(theatre.services, slow(theatre, tmp_path))
    assert len(files_in(olga)) == 1


async def test_a_worker_that_stops_leaves_the_order_to_another(
    theatre: TelegramTheatre, olga: ChatView, tmp_path: Path
) -> None:
    await olga.send(f"/export {SALESFORCE} csv")
    handler = slow(theatre, tmp_path)
    at_work = worker(theatre.services, handler)
    at_work.pace = replace(at_work.pace, grace=0.05)
    async with working(at_work):
        await until(lambda: any("of 1,000" in message.text for message in olga.messages))
    assert counts(theatre.services, "telegram") == {State.WAITING: 1}
    assert list(tmp_path.glob("tmp*")) == []  # noqa: ASYNC240
    assert files_in(olga) == []
    await theatre.files_arrive(tmp_path)
    assert len(files_in(olga)) == 1


async def test_a_former_organizer_gets_nothing(theatre: TelegramTheatre, tmp_path: Path) -> None:
    sam = theatre.server.person(5, "Sam").private_chat()
    await sam.send("/start")
    with theatre.world.work() as work:
        work.organizers.add(Signer("telegram", "5", "Sam"), NOW)
        work.commit()
    await sam.send(f"/export {SALESFORCE} csv")
    handler = slow(theatre, tmp_path)
    async with working(worker(theatre.services, handler)):
        await until(lambda: any("of 1,000" in message.text for message in sam.messages))
        with theatre.world.work() as work:
            assert work.organizers.remove(work.organizers.all()[0].key)
            work.commit()
        await until(lambda: State.DEAD in counts(theatre.services, "telegram"))
    assert files_in(sam) == []
    with theatre.services.queries.outbox() as figures:
        assert dict(figures.reasons(file_topic("telegram").name)) == {(State.DEAD, "NoOrganizer"): 1}


@pytest.mark.parametrize(("petition", "reason"), [("gone", "NoSuchPetition"), (SALESFORCE, "Forbidden")])
async def test_an_undeliverable_file_is_given_up(
    theatre: TelegramTheatre, olga: ChatView, petition: str, reason: str, tmp_path: Path
) -> None:
    order = {"user_id": str(OLGA), "petition": petition, "form": "csv", "locale": "en"}
    with theatre.world.work() as work:
        work.outbox.put([NewEntry(file_topic("telegram"), "a", NOW, order)])
        work.commit()
    await olga.block_bot()
    await theatre.files_arrive(tmp_path)
    with theatre.services.queries.outbox() as figures:
        assert dict(figures.reasons(file_topic("telegram").name)) == {(State.DEAD, reason): 1}


async def test_an_order_waits_while_the_folder_of_its_petition_has_errors(
    theatre: TelegramTheatre, tmp_path: Path
) -> None:
    broken = replace(exporter_of(theatre.services), petitions={}, broken=frozenset({SALESFORCE}))
    handler = replace(theatre.file_orders(tmp_path), exporter=broken)
    order = {"user_id": str(OLGA), "petition": SALESFORCE, "form": "csv", "locale": "en"}
    with pytest.raises(Later):
        await handler(ClaimedEntry(1, "files.telegram", "k", "", order, NOW, repeat=False, attempts=0, claim=1))


@pytest.fixture
async def discord(tmp_path: Path, vault: Vault) -> AsyncIterator[DiscordTheatre]:
    """Discord, with some who have signed."""
    with closing(sqlite_with(MANY, tmp_path)) as database:
        world = World(work=lambda: SqlUnitOfWork(database, vault))
        async with DiscordTheatre(world, services_of(world, database, vault)).playing() as theatre:
            yield theatre


@pytest.mark.parametrize(("largest", "files"), [(LARGEST, 4), (None, 1)])
async def test_files_come_in_direct_messages_on_discord(
    discord: DiscordTheatre, largest: int | None, files: int, tmp_path: Path
) -> None:
    olga = await discord.person("Olga")
    with discord.world.work() as work:
        work.organizers.add(Signer("discord", str(olga.view.user.id), "Olga"), NOW)
        work.commit()
    await olga.types(f"!export {SALESFORCE} csv")
    assert "I'm making your file" in olga.reads()
    handler = discord.file_orders(tmp_path, every=0.05)
    if largest:
        handler = replace(handler, post=replace(handler.post, largest=largest))  # type: ignore[type-var]
    await work_off(discord.services, handler)
    attachments = [attachment for message in olga.view.messages for attachment in message.attachments]
    assert len(rows_of(*(attachment.content for attachment in attachments))) == 81
    assert len(attachments) == files
    assert olga.reads().startswith(f"{files} file")
    assert "81 signatures." in olga.reads()
    assert all(message.channel.guild is None for message in olga.view.messages), "in nobody else's sight"


async def test_closed_direct_messages_on_discord_end_the_order(discord: DiscordTheatre, tmp_path: Path) -> None:
    olga = await discord.person("Olga")
    with discord.world.work() as work:
        work.organizers.add(Signer("discord", str(olga.view.user.id), "Olga"), NOW)
        work.commit()
    await olga.types(f"!export {SALESFORCE} csv")
    olga.view.user.reachable = False
    await discord.files_arrive(tmp_path)
    with discord.services.queries.outbox() as figures:
        assert dict(figures.reasons(file_topic("discord").name)) == {(State.DEAD, "Forbidden"): 1}
