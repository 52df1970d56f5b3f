"""A backup that is older than its public log, restored by the real command: the log isn't continued from there."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bots.app.kept_checkpoints import CheckpointFiles
from core.errors import LogError
from tests.command import run
from tests.world import SALESFORCE

pytestmark = pytest.mark.process

FOUR = "Sign\nAda Lovelace\n90210\nConfirm\n"
FITS = "its sum is {0}, from entries 0 to {1}. Everything fits."


def sign_and_publish(folder: Path, *signers: str) -> str:
    """Sign, publish at the next start as if an hour were over, and return what the check says."""
    for signer in signers:
        assert run(folder, "try", "--signer", signer, stdin=FOUR).returncode == 0
    with closing(sqlite3.connect(folder / "undersign.sqlite3")) as database, database:
        assert database.execute("UPDATE logs SET looked_at = '2026-11-01 12:00:00.000000'").rowcount == 1
    run(folder, "try", "--petition", SALESFORCE, stdin="")
    checked = run(folder, "log", "check", SALESFORCE)
    return checked.stdout + checked.stderr


def test_a_log_is_not_continued_from_an_older_backup(tmp_path: Path) -> None:
    run(tmp_path, "try", "--petition", SALESFORCE, stdin=FOUR)
    run(tmp_path, "try", stdin="")
    assert FITS.format(1, 0) in sign_and_publish(tmp_path)
    assert run(tmp_path, "backup", "kept.zip").returncode == 0
    assert FITS.format(3, 2) in sign_and_publish(tmp_path, "ben", "cem")
    assert run(tmp_path, "restore", "--force", str(tmp_path / "kept.zip")).returncode == 0

    kept = tmp_path / f"log-{SALESFORCE}.checkpoint"
    before = kept.read_text()
    told = run(tmp_path, "log", "check", SALESFORCE)
    refusal = (
        "it has published 3 entries, but the database has only 1, as after restoring an older backup. Restore a newer "
        f"one; if there is none, move {kept} away to go on, and tell people that signatures were lost and that their "
        "earlier proofs no longer fit the log."
    )
    assert (told.returncode, told.stderr) == (1, f"{SALESFORCE}: {refusal}\n")
    stopped = f"{SALESFORCE}: it is stopped: {refusal}\n"
    assert sign_and_publish(tmp_path, "dee", "eve", "fay") == stopped, "more signatures don't make it right"
    assert kept.read_text() == before

    kept.rename(tmp_path / "away")
    assert FITS.format(4, 3) in sign_and_publish(tmp_path)
    assert kept.read_text() != before


def test_a_checkpoint_that_cannot_be_read_or_written_is_named(tmp_path: Path) -> None:
    files = CheckpointFiles(tmp_path)
    assert files.last("elms") == ""
    files.keep("elms", "a note\n")
    assert files.last("elms") == "a note\n"
    assert (tmp_path / "log-elms.checkpoint").stat().st_mode & 0o777 == 0o600
    (tmp_path / "log-oaks.checkpoint").mkdir()
    for act in (lambda: files.last("oaks"), lambda: files.keep("oaks", "a note\n")):
        with pytest.raises(LogError, match=r"log-oaks\.checkpoint can't be"):
            act()
