"""For those who watch: alive, ready, and figures in which nobody can be found."""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp.test_utils import make_mocked_request

from bots.app import monitor, sealed_rows
from bots.app.monitor import Monitor
from bots.app.sealed_rows import SealedRows, keep_resealing
from bots.common.service_threads import ServiceThreads
from core.errors import StorageUnavailableError
from core.outbox import NewEntry, Topic
from storage.engine import Database
from storage.queries import SqlQueries
from storage.repositories.outbox import SqlOutboxFigures
from storage.vault import Vault
from tests.bots.figures import figure
from tests.bots.web.site import Site, served
from tests.patience import limit, until
from tests.world import SALESFORCE


@pytest.fixture
async def site(tmp_path: Path, vault: Vault) -> AsyncIterator[Site]:
    """A web front that is watched."""
    async with served(tmp_path, vault) as site:
        yield site


async def test_alive_and_ready_and_nothing_of_it_for_the_public(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monitor, "ONE_LOOK", 0.0)
    assert (await site.get(f"{site.watch}/healthz"))[:2] == (200, "alive\n")
    assert (await site.get(f"{site.watch}/readyz"))[:2] == (200, "ready\n")
    for path in ("/healthz", "/readyz", "/metrics"):
        assert (await site.get(path))[0] == 404
    with site.database_away():
        assert (await site.get(f"{site.watch}/healthz"))[0] == 200
        assert (await site.get(f"{site.watch}/readyz"))[:2] == (503, "the database does not answer\n")
        assert (await site.get(f"/p/{SALESFORCE}"))[0] == 200
        assert "undersign_database_up 0.0" in await site.page(f"{site.watch}/metrics")
    assert (await site.get(f"{site.watch}/readyz"))[0] == 200


async def test_what_is_down_is_a_line_and_asked_for_alone_a_503(site: Site) -> None:
    health = site.services.supervisor.health
    health.add("retention", essential=False).down("KeyError")
    health.add("discord").stop("Discord refuses DISCORD_TOKEN.")
    assert (await site.get(f"{site.watch}/readyz?surface=web"))[:2] == (200, "ready\nweb: up for 0 s\n")
    status, text, _ = await site.get(f"{site.watch}/readyz")
    assert status == 200
    head, *lines = text.splitlines()
    assert head == "ready"
    assert sorted(lines) == [
        "discord: stopped for 0 s: Discord refuses DISCORD_TOKEN.", "retention: down for 0 s: KeyError"
    ]  # fmt: skip
    status, text, _ = await site.get(f"{site.watch}/readyz?surface=discord")
    assert (status, text.splitlines()[0]) == (503, "nothing that should run works")
    assert (await site.get(f"{site.watch}/readyz?surface=retention"))[:2] == (
        404, "this process runs web, discord, but not that\n"
    )  # fmt: skip
    health.components["web"].down("OSError")
    status, text, _ = await site.get(f"{site.watch}/readyz")
    assert (status, text.splitlines()[0]) == (503, "nothing that should run works")
    figures = await site.page(f"{site.watch}/metrics")
    for name, value in (("web", 0), ("discord", 0), ("retention", 0)):
        assert figure(figures, "undersign_component_up", component=name) == value
    health.components["web"].up()
    assert figure(await site.page(f"{site.watch}/metrics"), "undersign_component_up", component="web") == 1


async def test_a_database_that_hangs_holds_up_nobody_who_asks(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    released, look = threading.Event(), SqlQueries.outbox

    def hangs(queries: SqlQueries) -> AbstractContextManager[SqlOutboxFigures]:
        released.wait(limit())
        return look(queries)

    assert monitor.PROBE_SECONDS < 1, "so it answers within a second"
    monkeypatch.setattr(monitor, "PROBE_SECONDS", 0.05)
    monkeypatch.setattr(SqlQueries, "outbox", hangs)
    try:
        assert (await site.get(f"{site.watch}/healthz"))[0] == 200
        assert (await site.get(f"{site.watch}/readyz"))[:2] == (503, "the database does not answer\n")
        assert "undersign_database_up 0.0" in await site.page(f"{site.watch}/metrics")
    finally:
        released.set()


@pytest.mark.parametrize("error", [StorageUnavailableError("a name"), MemoryError("a name"), ValueError("a name")])
async def test_not_ready_whatever_the_database_raises(
    site: Site, monkeypatch: pytest.MonkeyPatch, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: Database) -> None:
        raise error

    monkeypatch.setattr(Database, "probe", fail)
    assert (await site.get(f"{site.watch}/readyz"))[0] == 503
    assert "a name" not in caplog.text


async def test_rows_that_no_key_opens_are_named_at_start_and_while_it_is_ready(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    pages = iter([(), ("signatures 1",), tuple(f"signers {number}" for number in range(6))])
    sealed = SealedRows(lambda: pages)
    looking = asyncio.create_task(sealed.run())
    await until(lambda: "No key" in caplog.text)
    await asyncio.sleep(0)
    assert not looking.done(), "a component that ends would be started again"
    looking.cancel()
    sentence = "No key opens 7 rows: signatures 1, signers 0, signers 1, signers 2, signers 3, ..."
    assert sentence in caplog.text
    with closing(ServiceThreads(1)) as threads:
        answer = await Monitor(site.services, threads, sealed).readyz(make_mocked_request("GET", "/readyz"))
    assert (answer.status, answer.text) == (200, f"ready\n{sentence}.\n")


async def test_a_look_at_sealed_rows_that_fails_is_repeated(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failures = iter([StorageUnavailableError("a name"), ValueError("a name")])

    def pages() -> Iterator[tuple[str, ...]]:
        yield ("signatures 1",)
        for failure in failures:
            raise failure

    monkeypatch.setattr(sealed_rows, "AGAIN", 0.0)
    looking = asyncio.create_task(SealedRows(pages).run())
    await until(lambda: "opens 1 row: signatures 1." in caplog.text)
    looking.cancel()
    assert "StorageUnavailableError" in caplog.text
    assert "ValueError" in caplog.text
    assert "a name" not in caplog.text


async def test_old_rows_are_sealed_again_whatever_fails_at_first(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failures = iter([StorageUnavailableError("a name")])

    def pages() -> Iterator[int]:
        yield 500
        for failure in failures:
            raise failure
        yield 20

    caplog.set_level("INFO")
    monkeypatch.setattr(sealed_rows, "AGAIN", 0.0)
    resealing = asyncio.create_task(keep_resealing(pages))
    await until(lambda: "checked 520 rows" in caplog.text)
    resealing.cancel()
    assert "could not seal old rows again yet: StorageUnavailableError" in caplog.text


async def test_rows_are_looked_at_again_only_after_an_hour() -> None:
    looks = []

    def pages() -> Iterator[int]:
        looks.append("a look")
        return iter(())

    resealing = asyncio.create_task(keep_resealing(pages))
    await until(lambda: bool(looks))
    for _ in range(20):
        await asyncio.to_thread(bool)  # each look takes one turn of a thread
    resealing.cancel()
    assert len(looks) == 1


@dataclass
class Watch:
    """Counts the requests for readiness and the looks at the database, and holds looks back unless `answer` is set."""

    answer: threading.Event = field(default_factory=threading.Event)
    looks: int = 0
    requests: int = 0


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    """Nothing is held back yet, and nothing takes too long."""
    watch, look, ask = Watch(), SqlQueries.outbox, Monitor._is_ready

    def held_back(queries: SqlQueries) -> AbstractContextManager[SqlOutboxFigures]:
        watch.looks += 1
        watch.answer.wait(limit())
        return look(queries)

    async def noted(watched: Monitor) -> bool:
        watch.requests += 1
        return await ask(watched)

    monkeypatch.setattr(SqlQueries, "outbox", held_back)
    monkeypatch.setattr(Monitor, "_is_ready", noted)
    monkeypatch.setattr(monitor, "PROBE_SECONDS", limit())
    watch.answer.set()
    return watch


async def test_one_look_answers_also_who_asks_a_little_later(
    site: Site, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(monitor, "ONE_LOOK", limit())
    for _ in range(2):
        assert (await site.get(f"{site.watch}/readyz"))[0] == 200
    assert watch.looks == 1


async def test_one_look_answers_a_crowd_that_asks_while_it_lasts(
    site: Site, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(monitor, "ONE_LOOK", 0.0)
    watch.answer.clear()
    asking = [asyncio.create_task(site.get(f"{site.watch}/readyz")) for _ in range(20)]
    try:
        await until(lambda: watch.requests == 20, "all twenty ask")
    finally:
        watch.answer.set()
    answers = await asyncio.gather(*asking)
    assert {status for status, _, _ in answers} == {200}
    assert watch.looks == 1


async def test_figures_of_requests_signatures_and_the_outbox(site: Site) -> None:
    await site.counts(5)
    await site.get(f"/p/{SALESFORCE}?source=secret")
    await site.get(f"/p/{SALESFORCE}/count.json")
    await site.get("/secret")
    with site.world.work() as work:
        work.outbox.put(
            [NewEntry(Topic("letters", repeat=True), "secret@example.org", site.world.now, {"to": "secret"})]
        )
        work.commit()
    site.world.now += dt.timedelta(seconds=90)
    text = await site.page(f"{site.watch}/metrics")
    for name, labels, value in (
        ("undersign_http_requests_total", {"route": "petition", "status": "200"}, 1),
        ("undersign_http_requests_total", {"route": "count", "status": "200"}, 1),
        ("undersign_http_requests_total", {"route": "nowhere", "status": "404"}, 1),
        ("undersign_http_seconds_count", {"route": "nowhere"}, 1),
        ("undersign_signatures", {"petition": SALESFORCE, "status": "counted"}, 5),
        ("undersign_outbox_depth", {"topic": "letters"}, 1),
        ("undersign_outbox_oldest_seconds", {"topic": "letters"}, 90),
        ("undersign_database_up", {}, 1),
    ):
        assert figure(text, name, **labels) == value, name
    assert "secret" not in text
