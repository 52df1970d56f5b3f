"""`undersign backup` and `undersign restore` as an operator uses them: the real command, files and pipes."""

from __future__ import annotations

import datetime as dt
import json
import shlex
import shutil
import stat
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import storage.backups
import storage.copying
from bots.app.archives import backup
from bots.common.data_folder import LAST_BACKUP
from core.version import VERSION
from tests.command import EMPTY, UNDERSIGN, ended, environment, run, start, unmeasured
from tests.postgres import PostgresServer

pytestmark = pytest.mark.process

FOUR = "Sign\nAda Lovelace\n90210\nConfirm\n"


def test_a_backup_says_what_it_has_and_which_keys_it_leaves_out(tmp_path: Path) -> None:
    old = tmp_path / "old"
    run(old, "try", stdin=FOUR)
    done = run(old, "backup", "kept.zip")
    assert (done.returncode, done.stdout) == (0, "")
    sentence, where = done.stderr.splitlines()
    assert sentence.startswith("Backed up: 1 signature, ")
    assert where == (
        f"The keys are left out. Keep {old}/secret.key and {old}/petition-keys somewhere else: no archive can be read "
        "without."
    )

    with zipfile.ZipFile(old / "kept.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert manifest["version"] == VERSION
    assert (old / LAST_BACKUP).stat().st_mtime == dt.datetime.fromisoformat(manifest["made_at"]).timestamp()


def test_to_another_machine_and_back(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    run(old, "try", stdin=FOUR)
    run(old, "backup", "kept.zip")
    bare = run(new, "restore", str(old / "kept.zip"))
    assert (bare.returncode, list(new.iterdir())) == (2, [])
    assert bare.stderr.startswith(f"undersign: The archive does not include its key: put the key at {new}/secret.key")
    (new / "secret.key").write_text((old / "secret.key").read_text())
    keyless = run(new, "restore", str(old / "kept.zip"))
    assert keyless.returncode == 2
    assert keyless.stderr.startswith("undersign: The key of the petition salesforce-cbp is missing in ")
    assert not (new / "undersign.sqlite3").exists()
    shutil.copytree(old / "petition-keys", new / "petition-keys", dirs_exist_ok=True)
    back = run(new, "restore", str(old / "kept.zip"))
    assert back.returncode == 0, back.stderr
    assert back.stderr.splitlines()[1] == "salesforce-cbp: 1 counted"
    assert json.loads(run(new, "stats", "--json").stdout)["petitions"][0]["counted"] == 1
    assert stat.S_IMODE((new / "undersign.sqlite3").stat().st_mode) == 0o600

    again = run(new, "restore", str(old / "kept.zip"))
    assert (again.returncode, again.stderr) == (
        2,
        "undersign: The database is not empty. Use --force to replace everything in it.\n",
    )
    assert run(new, "restore", "--force", str(old / "kept.zip")).returncode == 0


def test_through_pipes_and_with_the_key(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    first, second = "1" * 40, "2" * 40
    run(old, "try", stdin=FOUR, SECRET_KEY=f"{second},{first}")
    kept, errors = tmp_path / "kept.zip", tmp_path / "errors"
    keys = environment(old, SECRET_KEY=f"{second},{first}")
    assert ended(start(old, keys, ["backup", "--with-key", "-"], kept, errors)) == 0
    assert "Anyone with the file can read everything" in errors.read_text()
    assert ended(start(tmp_path, environment(new), ["restore", "-"], EMPTY, errors, stdin=kept)) == 0
    assert (new / "secret.key").read_text() == f"{second},{first}\n"
    assert stat.S_IMODE((new / "secret.key").stat().st_mode) == 0o600
    assert sorted(path.name for path in new.iterdir()) == ["petition-keys", "secret.key", "undersign.sqlite3"]
    assert [path.name for path in (new / "petition-keys").iterdir()] == ["salesforce-cbp.1.key"]
    assert json.loads(run(new, "stats", "--json").stdout)["petitions"][0]["counted"] == 1


def test_a_backup_replaces_no_file_unless_it_is_told_to(tmp_path: Path) -> None:
    run(tmp_path, "try", stdin=FOUR)
    (tmp_path / "kept.zip").write_text("the only backup of last year")
    refused = run(tmp_path, "backup", "kept.zip")
    assert refused.returncode == 2
    assert refused.stderr == "undersign: kept.zip already exists. To replace it, add --force.\n"
    assert (tmp_path / "kept.zip").read_text() == "the only backup of last year"
    assert run(tmp_path, "backup", "--force", "kept.zip").returncode == 0
    assert zipfile.is_zipfile(tmp_path / "kept.zip")


def test_a_file_that_appears_during_a_backup_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(tmp_path, "try", stdin=FOUR)
    file = tmp_path / "kept.zip"
    copy_out = storage.copying.copy_out

    def slowly(*arguments: Any) -> Any:
        file.write_text("of another process")
        return copy_out(*arguments)

    monkeypatch.setattr(storage.backups, "copy_out", slowly)
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(backup, ["kept.zip"])
    assert str(done.exception) == "kept.zip already exists. To replace it, add --force."
    assert file.read_text() == "of another process"
    assert CliRunner().invoke(backup, ["kept.zip", "--force"]).exit_code == 0
    assert zipfile.is_zipfile(file)


def test_a_backup_on_a_full_disk_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    run(tmp_path, "try", stdin=FOUR)
    before = sorted(tmp_path.iterdir())
    errors = tmp_path.with_suffix(".errors")
    assert ended(start(tmp_path, environment(tmp_path), ["backup", "-"], Path("/dev/full"), errors)) == 1
    assert errors.read_text() == "undersign: The backup can't be written to the output: No space left on device.\n"
    # Python would leave half of a compiled module behind, and no process could import it anymore.
    limited = f"export PYTHONDONTWRITEBYTECODE=1; ulimit -f 16; exec {shlex.join(UNDERSIGN)} backup kept.zip"
    done = subprocess.run(
        ["/bin/sh", "-c", limited],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=unmeasured(environment(tmp_path)),
    )
    assert done.returncode == 1
    assert done.stderr.startswith("undersign: The database cannot be copied: ")
    assert len(done.stderr.splitlines()) == 1
    assert sorted(path for path in tmp_path.iterdir() if path.suffix not in (".sqlite3-wal", ".sqlite3-shm")) == before


def test_a_backup_whose_time_cannot_be_recorded_is_complete(tmp_path: Path) -> None:
    run(tmp_path, "try", stdin=FOUR)
    (tmp_path / LAST_BACKUP).symlink_to(tmp_path / "nowhere" / "file")
    done = run(tmp_path, "backup", "kept.zip")
    assert (done.returncode, zipfile.is_zipfile(tmp_path / "kept.zip")) == (0, True)
    assert done.stderr.splitlines()[0] == (
        f"The time of this backup can't be recorded in {tmp_path}, so alerts may call it old: "
        "No such file or directory."
    )


def test_nothing_to_back_up_or_no_archive_is_one_sentence(tmp_path: Path) -> None:
    assert run(tmp_path, "backup", "kept.zip").stderr == (
        f"undersign: There's no database at {tmp_path}/undersign.sqlite3. Check DATA_DIR.\n"
    )
    assert not (tmp_path / LAST_BACKUP).exists()
    (tmp_path / "letter.txt").write_text("Dear reader")
    done = run(tmp_path, "restore", "letter.txt", SECRET_KEY="k" * 40)
    assert done.stderr == "undersign: The archive is damaged or incomplete: nothing was changed.\n"


def test_postgresql_by_its_own_programs(tmp_path: Path, postgres: PostgresServer) -> None:
    settings = {"DATABASE_URL": postgres.new_database(), "SECRET_KEY": "k" * 40}
    programs = {"PATH": str(postgres.programs)}
    empty = run(tmp_path, "backup", "kept.zip", **settings, **programs)
    assert empty.stderr == "undersign: The database is empty: there is nothing to back up.\n"
    run(tmp_path, "try", "--count", stdin=FOUR, **settings)
    missing = run(tmp_path, "backup", "kept.zip", **settings, PATH=str(tmp_path))
    assert (missing.returncode, missing.stderr) == (
        2,
        "undersign: pg_dump is missing: install PostgreSQL's client programs (on Debian: postgresql-client).\n",
    )
    done = run(tmp_path, "backup", "kept.zip", **settings, **programs)
    assert (done.returncode, "Keep SECRET_KEY and " in done.stderr) == (0, True), done.stderr
    refused = run(tmp_path, "restore", "kept.zip", **settings, **programs)
    assert "Use --force to replace everything" in refused.stderr
    elsewhere = {**settings, "DATABASE_URL": postgres.new_database()}
    back = run(tmp_path, "restore", "kept.zip", **elsewhere, **programs)
    assert (back.returncode, "salesforce-cbp: 1 counted" in back.stderr) == (0, True), back.stderr
    assert "You signed on" in run(tmp_path, "try", "--count", stdin="", **elsewhere).stdout


def test_migrate_seals_again_on_request(tmp_path: Path) -> None:
    first, second = "1" * 40, "2" * 40
    run(tmp_path, "try", stdin=FOUR, SECRET_KEY=first)
    rotated = {"SECRET_KEY": f"{second},{first}"}
    run(tmp_path, "migrate", **rotated)
    assert [path.name for path in (tmp_path / "petition-keys").iterdir()] == ["salesforce-cbp.1.key"]
    done = run(tmp_path, "migrate", "--reseal", **rotated)
    assert (done.returncode, done.stderr) == (0, "The database is up to date.\n")
    (tmp_path / "petition-keys" / "salesforce-cbp.1.key").unlink()
    missing = run(tmp_path, "export", "--petition", "salesforce-cbp", **rotated)
    assert missing.returncode == 2, "it still makes the fingerprints"
    (tmp_path / "petition-keys" / "destroyed").write_text(missing.stderr.split('"')[1])
    assert "Ada Lovelace" in run(tmp_path, "export", "--petition", "salesforce-cbp", **rotated).stdout
