"""Backups of real databases: snapshots taken while others write, restored completely or not at all."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import sys
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import storage.copying
from core.errors import ConfigurationError
from core.signatures.signature import SignatureStatus
from storage.archive import open_archive
from storage.backups import Backups
from storage.engine import Database
from storage.queries import SqlQueries
from storage.schema import upgrade
from storage.vault import Vault
from tests.conftest import KEY, rows_of
from tests.leaks import leaked
from tests.patience import limit
from tests.postgres import PostgresServer, newest_programs
from tests.storage.archives import Keep, changed, counted, restored, silent
from tests.storage.migrations import downgrade
from tests.storage.signers import SECRETS, sign, sql_world
from tests.world import NOW, SALESFORCE, World

pytestmark = [pytest.mark.process, pytest.mark.usefixtures("programs")]  # pg_dump, psql


@pytest.fixture
def keep(database: Database, vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Keep:
    """Backups of the database, with another key or watcher where that is wanted; SQLite in many small steps."""
    monkeypatch.setattr(storage.copying, "_PAGES", 8)

    def made(key: str = "", watch: Callable[[str, int, int], None] = silent, of: Database | None = None) -> Backups:
        return Backups(of or database, Vault([key]) if key else vault, tmp_path, watch)

    return made


@pytest.fixture
def world(database: Database, vault: Vault) -> World:
    """People who talk to the database."""
    return sql_world(database, vault)


@pytest.fixture
def archive(keep: Keep, world: World, tmp_path: Path) -> Path:
    """An archive of two signatures, of which one was withdrawn by way of erasing."""
    sign(world)
    world.signing.forget(sign(world, "user-2", "Ben Lovelace", "ben@example.org").signer)
    keep().write(tmp_path / "kept.zip", [], "1.2.3", NOW)
    return tmp_path / "kept.zip"


def test_everything_comes_back(keep: Keep, database: Database, world: World, archive: Path) -> None:
    before = rows_of(database)
    sign(world, "user-3", "Cem", "cem@example.org")
    assert rows_of(database) != before
    manifest = restored(keep(), archive, force=True)
    assert rows_of(database) == before
    assert manifest.counts == {SALESFORCE: {"counted": 1, "withdrawn": 1}}
    assert (manifest.version, manifest.made_at) == ("1.2.3", NOW)


def test_an_empty_database_takes_it(
    keep: Keep, database: Database, vault: Vault, archive: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    address = f"sqlite:///{tmp_path / 'other'}"
    if not database.is_sqlite:
        address = request.getfixturevalue("postgres").new_database()
    other = Database(address)
    restored(keep(of=other), archive)
    assert rows_of(other) == rows_of(database)
    [signature] = SqlQueries(other, vault).signatures(SALESFORCE, (SignatureStatus.COUNTED,))
    assert signature.answers["full_name"] == "Ada Lovelace"
    other.close()


def test_it_is_of_one_moment_while_somebody_signs(keep: Keep, database: Database, vault: Vault, tmp_path: Path) -> None:
    world, stop, signed = sql_world(database, vault), threading.Event(), threading.Semaphore(0)
    when_first_seen: list[int] = []

    def sign_on() -> None:
        for number in range(10_000):
            if stop.is_set():
                return
            sign(world, f"user-{number}", "Ada Sims", f"person{number}@example.org")
            signed.release()

    def watch(*_: object) -> None:
        if not when_first_seen:
            when_first_seen.append(counted(database))
        if len(when_first_seen) < 6:
            when_first_seen.append(0)
            assert signed.acquire(timeout=limit()), "nobody could sign during the backup"

    writer = threading.Thread(target=sign_on)
    writer.start()
    assert signed.acquire(timeout=limit())
    try:
        made = keep(watch=watch).write(tmp_path / "kept.zip", [], "1.2.3", NOW)
    finally:
        stop.set()
        writer.join()
    restored(keep(), tmp_path / "kept.zip", force=True)
    assert 1 <= made.counts[SALESFORCE]["counted"] <= when_first_seen[0]
    assert made.counts[SALESFORCE]["counted"] == counted(database) == world.counted()


def test_nobody_reads_it_without_the_key(keep: Keep, archive: Path, tmp_path: Path) -> None:
    def all_of(path: Path) -> list[bytes]:
        with zipfile.ZipFile(path) as file:
            assert file.testzip() is None
            return [file.read(name) for name in file.namelist()]

    assert archive.stat().st_mode & 0o777 == 0o600
    assert not [secret for content in all_of(archive) for secret in leaked((*SECRETS, KEY), content)]
    keep().write(tmp_path / "with.zip", ["new key", "old key"], "1.2.3", NOW)
    assert b"new key,old key" in b"".join(all_of(tmp_path / "with.zip"))
    with open_archive(tmp_path / "with.zip") as brought, open_archive(archive) as bare:
        assert (brought.keys, bare.keys) == (["new key", "old key"], [])


def test_a_backup_with_a_wrong_key_is_refused(keep: Keep, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="not the one this database was sealed with"):
        keep("another key, also of thirty-two characters").write(tmp_path / "kept.zip", [], "1.2.3", NOW)
    assert [path.name for path in tmp_path.iterdir() if "kept" in path.name or "copy-" in path.name] == []


def test_what_does_not_fit_changes_nothing(keep: Keep, database: Database, world: World, archive: Path) -> None:
    sign(world, "user-3", "Cem", "cem@example.org")
    before = rows_of(database)
    other = "postgresql" if database.is_sqlite else "sqlite"
    short = archive.with_name("short.zip")
    short.write_bytes(archive.read_bytes()[:-2000])
    spoilt = archive.with_name("spoilt.zip")
    content = bytearray(archive.read_bytes())
    middle = slice(len(content) // 2, len(content) // 2 + 16)  # a single bit may point at the same words elsewhere
    content[middle] = bytes(byte ^ 0xFF for byte in content[middle])
    spoilt.write_bytes(content)
    for path, force, key, sentence in (
        (archive, False, "", "The database is not empty. Use --force"),
        (archive, True, "another key, also of thirty-two characters", "not the one this database was sealed"),
        (changed(archive, revision="9999", version="9.1.0"), True, "", r"written by Undersign 9\.1\.0, and this is"),
        (changed(archive, engine=other), True, "", f"The archive is from {other}"),
        (changed(archive, format=2, version="9.1.0"), True, "", r"written by Undersign 9\.1\.0, and this is"),
        (changed(archive, format=0), True, "", "not made by `undersign backup`"),
        (changed(archive, counts={SALESFORCE: {"counted": 7}}), True, "", "counts in the archive do not match"),
        (changed(archive, cut=-9000), True, "", "damaged" if database.is_sqlite else "pg_restore failed, and nothing"),
        (short, True, "", "damaged or incomplete"),
        (spoilt, True, "", "damaged or incomplete"),
    ):
        refusal = ""
        try:
            restored(keep(key), path, force=force)
        except ConfigurationError as error:
            refusal = str(error)
        assert re.search(sentence, refusal), (path.name, sentence, refusal)
        assert rows_of(database) == before, sentence


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # only the manifest differs
def test_an_archive_that_names_no_version_still_restores(keep: Keep, database: Database, archive: Path) -> None:
    before = rows_of(database)
    nameless = archive.with_name("nameless.zip")
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(nameless, "w") as new:
        claims = json.loads(old.read("manifest.json"))
        assert claims.pop("version") == "1.2.3"
        new.writestr("manifest.json", json.dumps(claims))
        new.writestr("database", old.read("database"))
    assert restored(keep(), nameless, force=True).version == ""
    assert rows_of(database) == before


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # on PostgreSQL it is psql's one transaction
def test_a_restore_that_breaks_off_changes_nothing(keep: Keep, database: Database, world: World, archive: Path) -> None:
    sign(world, "user-3", "Cem", "cem@example.org")
    before, steps = rows_of(database), []

    def break_off(step: str, *_: int) -> None:
        steps.append(step)
        if steps.count("Restoring") == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restored(keep(watch=break_off), archive, force=True)
    assert rows_of(database) == before


def test_an_older_archive_replaces_a_newer_schema_and_is_migrated(
    keep: Keep, database: Database, vault: Vault, world: World, tmp_path: Path
) -> None:
    sign(world)
    downgrade(database, "0004", vault)
    keep().write(tmp_path / "old.zip", [], "0.0.1", NOW)
    upgrade(database, vault)
    before = rows_of(database)
    sign(world, "user-3", "Cem", "cem@example.org")
    assert rows_of(database) != before
    assert restored(keep(), tmp_path / "old.zip", force=True).revision == "0004"
    assert rows_of(database) == before


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_an_archive_that_does_not_fit_on_the_disk_leaves_nothing(
    keep: Keep, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign(world)
    # Python would leave half of a compiled module behind.
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = sorted(tmp_path.iterdir())

    def fill_up(step: str, *_: int) -> None:
        if step == "Compressing":
            resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))

    try:
        with pytest.raises(OSError, match="too large"):
            keep(watch=fill_up).write(tmp_path / "kept.zip", [], "1.2.3", NOW)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_what_newer_programs_set_and_the_server_does_not_know_is_left_out(
    keep: Keep, database: Database, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer, before = tmp_path / "newer", rows_of(database)
    newer.mkdir()
    program = newer / "pg_restore"
    program.write_text(
        f"""#!/bin/sh
{shutil.which("pg_restore")} "$@" || exit
for argument; do case $argument in --file=*) script=${{argument#--file=}};; esac; done
{{ echo "SET brand_new_timeout = 0;"; cat "$script"; }} > "$script.new" && mv "$script.new" "$script"
"""
    )
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{newer}{os.pathsep}{os.environ['PATH']}")
    restored(keep(), archive, force=True)
    assert rows_of(database) == before


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_the_newest_programs_serve_whatever_server_takes_part(
    keep: Keep, database: Database, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With `--postgres-bin`, the server is older than the package's programs."""
    monkeypatch.setenv("PATH", f"{newest_programs()}{os.pathsep}{os.environ['PATH']}")
    sign(world)
    before = rows_of(database)
    keep().write(tmp_path / "kept.zip", [], "1.2.3", NOW)
    sign(world, "user-3", "Cem", "cem@example.org")
    restored(keep(), tmp_path / "kept.zip", force=True)
    assert rows_of(database) == before


def test_programs_get_the_options_that_the_operator_set_and_no_new_ones(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    address = postgres.new_database()
    database = Database(f"{address}{'&' if '?' in address else '?'}channel_binding=disable")
    with database.reading() as connection:
        given = storage.copying._tools(connection, tmp_path)._address
    database.close()
    assert "channel_binding=disable" in given
    assert "sslcertmode" not in given, "older programs refuse it"
