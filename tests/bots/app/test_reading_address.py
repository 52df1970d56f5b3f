"""`DATABASE_READ_URL` as people meet it: in `/stats` in a chat, `undersign export`, and `undersign check`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.standby import OpenStandby
from storage.engine import ANSWERING, Database
from storage.standby import Standby
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.bots.telegram.private_chats import chat_of
from tests.command import run
from tests.postgres import PostgresServer
from tests.scenarios.stage import TelegramTheatre
from tests.standby import StandbyServer, standby_of
from tests.storage.signers import sign
from tests.world import World, services_of

pytestmark = pytest.mark.process
KEY = "k" * 40
SIGNING = "Sign\nAda Lovelace\n90210\nConfirm\n"


@dataclass(frozen=True)
class Pair:
    """A primary with a standby."""

    primary: PostgresServer
    follower: StandbyServer

    def settings(self, url: str) -> dict[str, str]:
        """The settings of a command that reads from the standby of a database."""
        self.follower.follow()
        return {"DATABASE_URL": url, "DATABASE_READ_URL": self.follower.address(url), "SECRET_KEY": KEY}


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    """Servers of their own."""
    with PostgresServer(durable=False) as primary:
        primary.migrated_database()
        with standby_of(primary) as follower:
            yield Pair(primary, follower)


def test_an_export_says_how_old_it_is(pair: Pair, tmp_path: Path) -> None:
    settings = pair.settings(pair.primary.migrated_database())
    assert "signature no. 1" in run(tmp_path, "try", "--count", stdin=SIGNING, **settings).stdout
    pair.follower.follow()
    export = ("export", "--petition", "salesforce-cbp")
    done = run(tmp_path, *export, **settings)
    assert done.returncode == 0, done.stderr
    assert "Ada Lovelace" in done.stdout
    assert "undersign: These figures are as of " in done.stderr
    with pair.follower.frozen():
        hung = run(tmp_path, *export, **settings)
    assert (hung.returncode, hung.stdout) == (0, done.stdout)
    assert "as of" not in hung.stderr
    assert "reading from the primary instead" in hung.stderr


def test_check_warns_of_a_standby_that_is_behind_and_refuses_one_of_other_data(pair: Pair, tmp_path: Path) -> None:
    url = pair.primary.migrated_database()
    settings = pair.settings(url)
    run(tmp_path, "migrate", **settings)
    assert run(tmp_path, "check", **settings).returncode == 0
    change_schema(url, "0030")
    pair.follower.follow()
    with pair.follower.paused():
        change_schema(url, "0031")
        behind = run(tmp_path, "check", **settings)
    assert behind.returncode == 0, behind.stdout
    warning = "Warning: database: The standby has another schema so far. Figures come from the primary until it has"
    assert warning in behind.stderr
    other = pair.primary.migrated_database()
    pair.follower.follow()
    wrong = run(tmp_path, "check", **{**settings, "DATABASE_READ_URL": pair.follower.address(other)})
    assert wrong.returncode == 2
    assert "DATABASE_READ_URL leads to another database than DATABASE_URL" in wrong.stdout


def change_schema(url: str, revision: str) -> None:
    with closing(Database(url)) as database, database.maintaining() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


async def test_statistics_in_a_chat_say_how_old_they_are(pair: Pair, vault: Vault) -> None:
    with closing(Database(pair.primary.migrated_database())) as database:
        world = World(work=lambda: SqlUnitOfWork(database, vault))
        sign(world)
        pair.follower.follow()
        address = pair.follower.address(database.engine.url.render_as_string(hide_password=False))
        with closing(Standby(database, Database(address, ANSWERING), vault)) as standby:
            assert "These figures are as of " in await told(world, database, vault, standby.open)
            with pair.follower.frozen():
                hung = await told(world, database, vault, standby.open)
    assert "as of" not in hung
    assert "Counted: 1" in hung


async def told(world: World, database: Database, vault: Vault, standby: OpenStandby) -> str:
    """The answer to /stats on Telegram."""
    services = services_of(world, database, vault)
    services = replace(services, organizing=replace(services.organizing, standby=standby))
    async with TelegramTheatre(world, services).playing() as theatre:
        chat = chat_of(theatre, 99, "Olga")
        await chat.send("/start")
        await chat.send("/stats salesforce-cbp")
        return chat.last.text
