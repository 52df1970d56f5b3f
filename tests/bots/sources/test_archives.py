"""The nearest copy in an archive that speaks Memento, or answers the availability API; and new copies."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiohttp import ClientTimeout

from bots.sources.archives import ArchiveAddresses
from bots.sources.checker import Checker
from bots.sources.wanted_date import wanted_date
from core.sources.checks import ArchiveCopy, LinkState, SourceCheck
from tests.bots.sources.conftest import Certificates
from tests.bots.sources.test_kinds import NOW, network, source
from tests.patience import patience
from tests.web_archive.kinds import kinds
from tests.web_archive.memento import MementoServer, archiving
from tests.web_archive.replay import ReplayServer

pytestmark = [pytest.mark.server, pytest.mark.process]

HOST = "http://archive.example"
ADDRESSES = ArchiveAddresses(f"{HOST}/web/", f"{HOST}/wayback/available", f"{HOST}/save/")
OLD, NEAR, LATE = (dt.datetime(year, month, 1, tzinfo=dt.UTC) for year, month in ((2017, 1), (2018, 7), (2024, 1)))
LINKS = {kind.name: kind.link for kind in kinds()}
PAGE, GONE, PRIVATE = LINKS["no quoted words"], LINKS["404"], LINKS["a name with a private address"]


@pytest.fixture
async def archive(server: ReplayServer) -> AsyncIterator[MementoServer]:
    """An archive with copies of two pages."""
    made = dict.fromkeys((OLD, NEAR, LATE), 200)
    async with archiving(MementoServer(NOW, {PAGE: dict(made), GONE: dict(made)})) as started:
        server.ports["archive.example"] = started.port
        yield started


class Looking:
    """Looks at sources, with one archive."""

    def __init__(self, server: ReplayServer, certificates: Certificates) -> None:
        self._network = network(server, certificates, ClientTimeout())

    async def at(self, link: str, before: SourceCheck | None = None, *, order_copy: bool = False) -> SourceCheck:
        """Check a source's link."""
        async with patience(), Checker("", lambda: "A1B2", ADDRESSES, self._network) as checker:
            return await checker.check(source(link), before, NOW, order_copy=order_copy)


@pytest.fixture
def looking(server: ReplayServer, certificates: Certificates, archive: MementoServer) -> Looking:  # noqa: ARG001  (must run)
    """The checker."""
    return Looking(server, certificates)


def copy(link: str, made: dt.datetime) -> ArchiveCopy:
    """The archive's copy."""
    return ArchiveCopy(f"{HOST}/web/{made:%Y%m%d%H%M%S}/{link}", made)


async def test_the_copy_nearest_to_the_sources_date_is_found_whatever_the_state(looking: Looking) -> None:
    assert (await looking.at(PAGE)).archive == copy(PAGE, NEAR)
    gone = await looking.at(GONE)
    assert (gone.state, gone.archive) == (LinkState.GONE, copy(GONE, NEAR))


async def test_an_archive_without_a_timegate_is_asked_in_json(looking: Looking, archive: MementoServer) -> None:
    archive.has_timegate = False
    assert (await looking.at(PAGE)).archive == copy(PAGE, NEAR)
    assert [path.partition("?")[0] for path in archive.asked] == [f"/web/{PAGE}", "/wayback/available"]


async def test_an_archive_may_answer_with_a_page_around_the_copy(looking: Looking, archive: MementoServer) -> None:
    archive.is_framed = True
    assert (await looking.at(PAGE)).archive == copy(PAGE, NEAR)


async def test_a_copy_of_an_error_page_is_no_copy(looking: Looking, archive: MementoServer) -> None:
    archive.copies[PAGE] = {NEAR: 404}
    assert (await looking.at(PAGE)).archive is None


async def test_the_last_known_copy_stays_while_the_archive_has_none(looking: Looking, archive: MementoServer) -> None:
    before = await looking.at(PAGE)
    archive.copies.clear()
    assert (await looking.at(PAGE, before)).archive == copy(PAGE, NEAR)
    assert (await looking.at(PAGE, replace(before, link=GONE))).archive is None


async def test_a_copy_is_ordered_only_when_told_and_only_of_a_page_that_is_there(
    looking: Looking, archive: MementoServer
) -> None:
    await looking.at(PAGE)
    await looking.at(GONE, order_copy=True)
    assert not any(path.startswith("/save/") for path in archive.asked)
    assert (await looking.at(PAGE, order_copy=True)).archive == copy(PAGE, NOW)
    assert f"/save/{PAGE}" in archive.asked


async def test_no_archive_hears_of_a_private_address(looking: Looking, archive: MementoServer) -> None:
    assert (await looking.at(PRIVATE, order_copy=True)).state is LinkState.REFUSED
    assert archive.asked == []


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("June 28, 2018", dt.datetime(2018, 6, 29, tzinfo=dt.UTC)),
        ("28 de junio de 2018", dt.datetime(2018, 6, 29, tzinfo=dt.UTC)),
        ("n.d.", NOW),
        ("January 1, 2099", NOW),
        ("December 31, 9999", NOW),
        ("", NOW),
    ],
)
def test_the_wanted_date(written: str, wanted: dt.datetime) -> None:
    assert wanted_date(written, NOW) == wanted
