"""pywb, the archive software that many libraries run, serves our WARC, and the checker finds its copies."""

from __future__ import annotations

import datetime as dt
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from aiohttp import ClientTimeout

from bots.sources.archives import ArchiveAddresses
from bots.sources.checker import Checker
from core.sources.checks import ArchiveCopy
from tests.bots.sources.conftest import Certificates
from tests.bots.sources.test_kinds import NOW, network, source
from tests.patience import patience, until
from tests.ports import unused_port
from tests.tools.debian import TOOLS
from tests.web_archive.kinds import kinds, recorded
from tests.web_archive.recording import write_warc
from tests.web_archive.replay import ReplayServer

pytestmark = [pytest.mark.server, pytest.mark.process, pytest.mark.tool("pywb")]

HOST, COLLECTION = "http://archive.example", "elms"
MISSING = "http://none.missing.example/"
ADDRESSES = ArchiveAddresses(f"{HOST}/{COLLECTION}/", MISSING, MISSING)
OLD, NEAR, LATE = (dt.datetime(year, month, 1, tzinfo=dt.UTC) for year, month in ((2017, 1), (2018, 7), (2024, 1)))
COPIED = {kind.name: kind.link for kind in kinds()}["no quoted words"]


@contextmanager
def pywb(folder: Path) -> Iterator[int]:
    """Run pywb with copies of every kind of page, made at three moments; the port."""
    program = TOOLS["pywb"].find()
    assert program
    manager = str(program.with_name("wb-manager"))
    for moment in (OLD, NEAR, LATE):
        file = folder / f"{moment:%Y}.warc.gz"
        answers = recorded() if moment is NEAR else (each for each in recorded() if each.link == COPIED)
        write_warc(file, (replace(answer, at=f"{moment:%Y-%m-%dT%H:%M:%SZ}") for answer in answers))
    subprocess.run([manager, "init", COLLECTION], cwd=folder, check=True, capture_output=True)
    subprocess.run([manager, "add", COLLECTION, *map(str, sorted(folder.glob("*.warc.gz")))], cwd=folder, check=True,
                   capture_output=True)  # fmt: skip
    port = unused_port()
    with subprocess.Popen(
        [str(program), "--bind", "127.0.0.1", "--port", str(port)], cwd=folder,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        try:
            yield port
        finally:
            process.kill()


async def answers(port: int) -> bool:
    """Return True once something listens at the port."""
    async with aiohttp.ClientSession() as session:
        try:
            async with session.get(f"http://127.0.0.1:{port}/"):
                return True
        except aiohttp.ClientError:
            return False


async def test_the_nearest_copy_is_found_in_pywb(
    server: ReplayServer, certificates: Certificates, tmp_path: Path
) -> None:
    with pywb(tmp_path) as port:
        await until(lambda: answers(port), "pywb listens")
        server.ports["archive.example"] = port
        way = network(server, certificates, ClientTimeout())
        async with patience(), Checker("", lambda: "A1B2", ADDRESSES, way) as checker:
            check = await checker.check(source(COPIED), None, NOW)
            late = await checker.check(replace(source(COPIED), date="January 2, 2024"), None, NOW)
            none = await checker.check(source("http://never.example/copied"), None, NOW)
    at = f"{HOST}/{COLLECTION}/%Y%m%d%H%M%Smp_/{COPIED}"
    assert (check.archive, late.archive) == (ArchiveCopy(f"{NEAR:{at}}", NEAR), ArchiveCopy(f"{LATE:{at}}", LATE))
    assert none.archive is None
