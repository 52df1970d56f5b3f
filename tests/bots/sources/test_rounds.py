"""`undersign run sources` with the real checker, processes, database, and outbox, on a small web with an archive."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, nullcontext
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

from bots.app import bootstrap
from bots.common.service_threads import ServiceThreads
from bots.common.settings import Settings
from bots.delivery.sending import run_worker
from core.petition.loading import read_folder
from core.sources.checks import ArchiveCopy, Checks, LinkState, PassageState
from tests.bots.sources import checking_process
from tests.bots.sources.checking_process import HOST, Web
from tests.bots.sources.conftest import Certificates
from tests.command import DAYS_FILE
from tests.deliveries import Postbox
from tests.patience import until
from tests.web_archive.kinds import Kind, kinds
from tests.web_archive.memento import MementoServer, archiving
from tests.web_archive.recording import Recorded
from tests.web_archive.replay import ReplayServer

pytestmark = [pytest.mark.process, pytest.mark.server, pytest.mark.usefixtures("migrated")]

SLUG, OLGA = "street-elms", "telegram:99"
NOW = bootstrap.now
CITED = (
    "an article that says what it is", "other words now", "moved to another site", "404",
    "success that says that nothing was found", "a name with a private address", "401",
)  # fmt: skip
COPIED = dt.datetime(2018, 7, 1, tzinfo=dt.UTC)
PETITION = """[petition]
organizer = "Neighbors of Elm Street"
target = "the Town Council"
languages = ["en"]
goal = 100
retention_days = 180
check_sources = true

[[fields]]
name = "who"
kind = "name"
required = true
"""
LETTER = """---
title: "Keep the elms"
summary: "The council must not fell the elms on Elm Street."
---
Keep the elms on Elm Street.
"""


def cited() -> list[Kind]:
    """The kinds of pages that the petition cites."""
    by_name = {kind.name: kind for kind in kinds()}
    return [by_name[name] for name in CITED]


def write_petition(folder: Path) -> None:
    """Write a petition with a source of each kind."""
    text = folder / SLUG / "en"
    text.mkdir(parents=True)
    (folder / SLUG / "petition.toml").write_text(PETITION, encoding="utf-8")
    (text / "letter.md").write_text(LETTER, encoding="utf-8")
    claims = "\n\n".join(f"Claim {number} is so.[^{number}]" for number in range(1, len(CITED) + 1))
    notes = "\n".join(
        f"[^{number}]: The Elm Street Courier, “Elm number {number},” June 28, 2018. <{kind.link}> "
        f'{{quote="{kind.quote}"}}'
        for number, kind in enumerate(cited(), 1)
    )
    (text / "background.md").write_text(f"{claims}\n\n{notes}\n", encoding="utf-8")


@dataclass
class Town:
    """A folder with a petition and a database, the web that it cites, and processes that check it."""

    folder: Path
    server: ReplayServer
    archive: MementoServer
    certificates: Certificates

    def process(self, *arguments: str) -> ForkServerProcess:
        """Start a command."""
        settings = {
            "PETITIONS_DIR": str(self.folder / "petitions"), "ORGANIZERS": OLGA, "PYTHONWARNINGS": "default",
            DAYS_FILE: str(self.folder / "days"),
        }  # fmt: skip
        return checking_process.start(Web(self.server.ports, self.certificates), self.folder, settings, *arguments)

    @asynccontextmanager
    async def checking(self) -> AsyncIterator[ForkServerProcess]:
        """Run the checker, which is killed at the end unless it has ended."""
        process = self.process("run", "sources")
        try:
            yield process
        finally:
            process.kill()
            process.join()

    async def checks_until(self, words: str, count: int = 1) -> None:
        """Run the checker until its log has these words `count` times, and stop it in order."""
        async with self.checking() as process:
            await until(lambda: self.log.count(words) >= count or process.exitcode is not None, words)
            process.terminate()
            await until(lambda: process.exitcode is not None, "the checker has ended")
            assert process.exitcode == 0, self.log

    @property
    def log(self) -> str:
        """The words of all processes so far."""
        file = self.folder / "bot.log"
        return file.read_text(encoding="utf-8") if file.exists() else ""

    def later(self, days: float) -> None:
        """Move the clock of all commands."""
        (self.folder / "days").write_text(str(days), encoding="utf-8")

    def settings(self) -> Settings:
        """The settings of all commands."""
        return Settings(data_dir=self.folder, petitions_dir=self.folder / "petitions", organizers=OLGA)

    def checks(self) -> Checks:
        """The last checks, by the key of the source."""
        with closing(bootstrap.build(self.settings())) as services:
            return services.queries.source_checks().get(SLUG, {})

    async def news(self, count: int) -> list[str]:
        """Let a worker send until the organizer has so many messages."""
        box = Postbox("telegram")
        with closing(bootstrap.build(self.settings())) as services, closing(ServiceThreads(1)) as threads:
            worker = asyncio.create_task(run_worker(services, threads, nullcontext(box)))
            await until(lambda: len(box.got) == count, "the news come")
            worker.cancel()
            await asyncio.wait([worker])
        assert {who for who, _ in box.got} == {OLGA.partition(":")[2]}
        return [news for _, news in box.got]

    def numbered(self) -> dict[str, int]:
        """The numbers of the sources, by their keys."""
        petition = read_folder(self.folder / "petitions" / SLUG).petition
        assert petition
        return {source.key: source.number for source in petition.text("en").sources}

    def asked(self, link: str) -> int:
        """The number of requests for a link."""
        return [each for each, _ in self.server.asked].count(link)


@pytest.fixture
async def town(tmp_path: Path, server: ReplayServer, certificates: Certificates) -> AsyncIterator[Town]:
    """A town whose archive has a copy of the article."""
    write_petition(tmp_path / "petitions")
    made = {cited()[0].link: {COPIED: 200}}
    async with archiving(MementoServer(COPIED, made)) as archive:
        server.ports["archive.example"] = archive.port
        town = Town(tmp_path, server, archive, certificates)
        town.later(0)
        yield town


async def test_a_round_finds_the_state_the_words_and_the_copy_and_organizers_hear_of_a_page_that_dies(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await town.checks_until("checked source", len(CITED))
    checks, numbers = town.checks(), town.numbered()
    found = {numbers[key]: (check.state, check.passage, check.final_link) for key, check in checks.items()}
    wanted = [(LinkState(kind.state), PassageState(kind.passage), kind.final_link) for kind in cited()]
    assert found == dict(enumerate(wanted, 1))
    copies = {numbers[key]: check.archive for key, check in checks.items() if check.archive}
    assert copies == {1: ArchiveCopy(f"{HOST}/web/{COPIED:%Y%m%d%H%M%S}/{cited()[0].link}", COPIED)}
    first = cited()[0].link
    town.server.answers = {**town.server.answers, first: Recorded(first, b"Gone.", "410 Gone")}
    town.later(8)
    await town.checks_until("checked source", 2 * len(CITED))
    monkeypatch.setattr(bootstrap, "now", lambda: NOW() + dt.timedelta(days=8, hours=1))
    at_first, later = await town.news(2)
    assert "the page has moved to new." in at_first
    assert "Elm number 1”," not in at_first, "the page was there"
    assert "Elm number 1”," in later
    assert "the page doesn't exist" in later
    assert "Elm number 2”," not in later, "it was told of before"


async def test_of_two_processes_one_looks_and_another_goes_on_where_one_was_killed(town: Town) -> None:
    third = cited()[2].link
    usual, town.server.answers = town.server.answers, {**town.server.answers, third: Recorded(third, trouble="wait")}
    async with town.checking():
        await until(lambda: town.asked(third) == 1, "the third page keeps the checker waiting")
        other = town.process("sources", SLUG)
        await until(lambda: other.exitcode is not None, "the second checker has ended")
        assert other.exitcode != 0
        assert "another process is checking sources" in " ".join(town.log.split())
    assert len(town.checks()) == 2, "what was found before the end is kept"
    town.server.answers = usual
    town.later(0.01)  # a quarter of an hour, in which the lease has ended
    await town.checks_until("checked source", len(CITED))
    assert len(town.checks()) == len(CITED)
    assert [town.asked(kind.link) for kind in cited()[:2]] == [1, 1]
