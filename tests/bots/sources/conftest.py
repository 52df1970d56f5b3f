"""A small web for the checker: the replayed kinds of pages, and everything of the network that tests replace."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.command import start_server
from tests.web_archive.kinds import recorded
from tests.web_archive.recording import Recorded, read_warc, write_warc
from tests.web_archive.replay import ReplayServer, make_certificate, replaying

Certificates = tuple[Path, Path]


@pytest.fixture(scope="session")
def web(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Recorded]:
    """The recorded answers, from a WARC file."""
    file = tmp_path_factory.mktemp("web") / "kinds.warc.gz"
    write_warc(file, recorded())
    return read_warc(file)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory, web: dict[str, Recorded]) -> Certificates:
    """A certificate for every host, and one that has ended."""
    folder = tmp_path_factory.mktemp("certificates")
    hosts = {link.split("/")[2] for link in web}
    now = dt.datetime.now(dt.UTC)
    return (
        make_certificate(folder, hosts, now + dt.timedelta(days=1)),
        make_certificate(folder, hosts, now - dt.timedelta(days=1)),
    )


@pytest.fixture
async def server(web: dict[str, Recorded], certificates: Certificates) -> AsyncIterator[ReplayServer]:
    """Servers of the recorded answers; processes to read them in are forked off the server of all tests."""
    start_server()
    async with replaying(web, *certificates) as started:
        yield started
