"""The real `undersign`, whose checker finds a small web of tests where the internet would be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from aiohttp import ClientTimeout

from bots.app import check_rounds
from bots.services import Services
from bots.sources.archives import ArchiveAddresses
from bots.sources.checker import Checker
from tests.bots.sources.conftest import Certificates
from tests.bots.sources.test_kinds import network
from tests.command import EMPTY, become, environment, fork
from tests.web_archive.replay import ReplayServer

HOST = "http://archive.example"
ADDRESSES = ArchiveAddresses(f"{HOST}/web/", f"{HOST}/wayback/available", f"{HOST}/save/")


@dataclass(frozen=True)
class Web:
    """The servers of the tests, as another process finds them."""

    ports: Mapping[str, int]
    certificates: Certificates

    def open_checker(self, services: Services) -> Checker:
        """A checker of this web, which waits for no site."""
        way = network(ReplayServer({}, dict(self.ports)), self.certificates, ClientTimeout())
        return Checker(services.settings.public_url, services.signing.new_code, ADDRESSES, way)


def start(web: Web, folder: Path, settings: Mapping[str, str], *arguments: str) -> ForkServerProcess:
    """Start the command in a folder; it writes into bot.log there."""
    return fork(_run, web, folder, environment(folder, **settings), arguments)


def _run(web: Web, folder: Path, environ: dict[str, str], arguments: tuple[str, ...]) -> None:
    check_rounds.open_checker = web.open_checker
    become(folder, environ, (EMPTY, folder / "bot.log", folder / "bot.log"), arguments)
