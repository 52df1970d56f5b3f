"""The public log on the command line and while the bot runs: its key, its check, and what is told if it stops."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import sqlite3
from base64 import b64decode
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import rfc8785

from bots.app.log_keys import origin_of, parse_keys, read_log_keys, save_keys, write_keys
from bots.app.publishing import publish_forever
from bots.common.service_threads import ServiceThreads
from bots.common.settings import Settings
from core.conversation import state as ev
from core.errors import ConfigurationError
from core.log.signed_note import VerifierKey
from core.organizer.outage import outage_topic
from core.signatures.review import Query
from core.signatures.signature import SignatureStatus
from storage.engine import Database
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.command import run
from tests.conftest import KEY, rows_of
from tests.databases import migrated_sqlite
from tests.patience import until
from tests.public_log import LOG_KEY, Press
from tests.storage.test_reviews import does
from tests.world import SALESFORCE, World, petitions, services_of

FOUR = "Sign\nAda Lovelace\n90210\nConfirm\n"


@pytest.mark.process
def test_the_key_is_made_shown_and_replaced(tmp_path: Path) -> None:
    first = run(tmp_path, "log", "key").stdout
    assert first.startswith(f"undersign.invalid/p/{SALESFORCE}+")
    assert (tmp_path / "log.key").stat().st_mode & 0o777 == 0o600
    private = run(tmp_path, "log", "key", "--export").stdout.strip()
    assert private == (tmp_path / "log.key").read_text().strip()
    assert run(tmp_path / "elsewhere", "log", "key", LOG_KEY=private).stdout == first
    both = run(tmp_path, "log", "key", "--replace").stdout.splitlines()
    assert both[1] == first.strip()
    assert both[0] != both[1]
    assert run(tmp_path, "log", "key").stdout.splitlines() == both
    refused = run(tmp_path, "log", "key", "--replace", LOG_KEY=private)
    assert (refused.returncode, private in refused.stderr) == (2, True)
    wrong = run(tmp_path, "log", "key", LOG_KEY="short")
    assert "LOG_KEY is not a key of the public logs" in wrong.stderr


@pytest.mark.process
def test_a_visit_in_the_terminal_publishes_what_is_due(tmp_path: Path) -> None:
    for _ in range(2):
        run(tmp_path, "try", "--petition", SALESFORCE, stdin=FOUR)
        assert "nothing is published yet" in run(tmp_path, "log", "check").stdout
    with closing(sqlite3.connect(tmp_path / "undersign.sqlite3")) as database, database:
        assert database.execute("UPDATE logs SET looked_at = '2026-11-01 12:00:00.000000'").rowcount == 1
    run(tmp_path, "try", "--petition", SALESFORCE, stdin="")
    assert "its sum is 1, from entries 0 to 0. Everything fits." in run(tmp_path, "log", "check").stdout


@pytest.mark.process
def test_the_command_checks_the_log(tmp_path: Path) -> None:
    run(tmp_path, "try", "--petition", SALESFORCE, stdin=FOUR)
    assert "nothing is published yet" in run(tmp_path, "log", "check").stdout
    key = parse_keys(run(tmp_path, "log", "key", "--export").stdout, "")
    press_in(tmp_path, key).publish(petitions()[SALESFORCE])
    assert f"{SALESFORCE}: its sum is 1, from entries 0 to 0. Everything fits." in run(tmp_path, "log", "check").stdout
    with closing(sqlite3.connect(tmp_path / "undersign.sqlite3")) as database, database:
        database.execute("UPDATE log_checkpoints SET number = 2")
    found = run(tmp_path, "log", "check", SALESFORCE)
    assert (found.returncode, "add up to 1, not to 2" in found.stderr) == (1, True)
    assert "unknown petition" in run(tmp_path, "log", "check", "unknown").stderr


@pytest.mark.process
def test_an_auditor_gets_the_lists_of_what_does_not_count(tmp_path: Path) -> None:
    run(tmp_path, "try", "--petition", SALESFORCE, stdin=FOUR)
    early = run(tmp_path, "log", "exclusions", SALESFORCE)
    assert (early.returncode, early.stdout, early.stderr) == (1, "", "undersign: nothing is published yet\n")
    press = press_in(tmp_path, parse_keys(run(tmp_path, "log", "key", "--export").stdout, ""))
    assert does(press.work, "invalidate", Query(SALESFORCE)) == 1
    press.publish(petitions()[SALESFORCE])
    found = run(tmp_path, "log", "exclusions", SALESFORCE)
    lists = json.loads(found.stdout)
    (excluded,) = lists["exclusions"]
    salt, indexes = bytes.fromhex(excluded["salt"]), rfc8785.dumps({"added": [0], "removed": []})
    assert excluded == {
        "entry": 1, "kind": "excluded", "class": "invalidated", "number": 1, "added": [0], "removed": [],
        "entries": hashlib.sha256(salt + indexes).hexdigest(), "salt": salt.hex(),
    }  # fmt: skip
    assert lists["size"] == 2
    assert "Ada" not in found.stdout
    assert found.stderr.endswith("Don't publish it.\n")
    assert run(tmp_path, "log", "exclusions", SALESFORCE, "lists.json").returncode == 0
    assert json.loads((tmp_path / "lists.json").read_text()) == lists
    for name in ("unknown", ""):
        assert "unknown petition" in run(tmp_path, "log", "exclusions", name).stderr


def press_in(folder: Path, keys: tuple[bytes, ...]) -> Press:
    """A publisher on the database of a command."""
    database = Database(f"sqlite:///{folder / 'undersign.sqlite3'}")
    vault = Vault([(folder / "secret.key").read_text().strip()], folder / "petition-keys")
    return Press(lambda: SqlUnitOfWork(database, vault), keys=keys)


def test_a_key_is_written_as_it_is_read(tmp_path: Path) -> None:
    keys = (bytes(32), b"\xff" * 32)
    assert parse_keys(write_keys(keys), "here") == keys
    save_keys(tmp_path / "log.key", keys)
    settings = Settings(data_dir=tmp_path)
    assert read_log_keys(settings, None) == keys
    assert read_log_keys(Settings(data_dir=tmp_path / "empty"), None) == ()
    for wrong in ("", "no key", write_keys([bytes(31)]), "é"):
        with pytest.raises(ConfigurationError, match="here has no key"):
            parse_keys(wrong, "here")


def test_hosts_on_one_postgresql_share_the_key_file(tmp_path: Path) -> None:
    shared = Settings(database_url="postgresql://u:p@host/name", petition_keys_dir=tmp_path, data_dir=Path("own"))
    assert shared.log_key_file == tmp_path / "log.key"


def test_the_origin_is_the_address_of_the_page() -> None:
    trees = replace(petitions()[SALESFORCE], folder="save-trees")
    assert origin_of(Settings(public_url="https://example.org/a+b"), trees) == "example.org/a%2Bb/p/save-trees"
    assert origin_of(Settings(), trees) == "undersign.invalid/p/save-trees"


async def test_a_log_that_is_stopped_is_told_of_and_measured(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:  # fmt: skip
    with closing(migrated_sqlite(tmp_path)) as database, closing(ServiceThreads(1)) as threads:
        vault = Vault([KEY])
        world = World(work=lambda: SqlUnitOfWork(database, vault))
        press = Press(world.work)
        world.person("Ada").does(ev.Begin(), ev.Reply("90210"), ev.Confirm())
        press.publish(world.petitions[SALESFORCE])
        with world.work() as work:
            work.tallies.add(SALESFORCE, SignatureStatus.COUNTED, 1)
            work.commit()
        services = services_of(world, database, vault)
        services = replace(
            services, settings=Settings(telegram_token="123456:" + "A" * 35), publish_logs=press.publisher.run
        )
        press.now = world.now.replace(hour=0, day=world.now.day + 1)
        task = asyncio.create_task(publish_forever(services, threads))
        await until(lambda: rows_of(database)["outbox"] != [])
        task.cancel()
        await asyncio.wait([task])
        with world.work() as work:
            entries = work.outbox.claim("w", [outage_topic("telegram").name], 9, world.now, press.now - world.now)
        assert [entry.payload["component"] for entry in entries] == [f"log-{SALESFORCE}"]
        assert "is stopped" in caplog.text


def test_a_verifier_key_is_the_private_keys_other_half() -> None:
    line = re.sub(r".*\+", "", str(VerifierKey("log", bytes(32))))
    assert b64decode(line)[1:] == bytes(32)
    assert len(LOG_KEY) == 32
