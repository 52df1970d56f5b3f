"""`undersign forget WHO`: finds a person by what they wrote, shows what would go, asks, and erases it."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from core.petition.loading import PETITIONS
from tests.command import run
from tests.world import SALESFORCE

pytestmark = [pytest.mark.process, pytest.mark.usefixtures("migrated")]

KEY, LOST = "a key of at least thirty-two characters", "a lost key of thirty-two characters"


def signs(folder: Path, account: str, name: str, mail: str, *, confirms: bool = True, keys: str = KEY) -> None:
    lines = f"Sign\n{name}\n90210\nEdit\nAdd: Email\n{mail}\n" + ("Confirm\n" if confirms else "")
    signed = run(folder, "try", "--signer", account, stdin=lines, SECRET_KEY=keys)
    assert ("Receipt:" in signed.stdout) is confirms, signed.stdout


def forget(folder: Path, *arguments: str, stdin: str = "") -> CompletedProcess[str]:
    return run(folder, "forget", *arguments, stdin=stdin, SECRET_KEY=KEY)


def accounts(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "undersign.sqlite3")) as database:
        return int(database.execute("SELECT count(*) FROM signers").fetchone()[0])


def log(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "undersign.sqlite3")) as database:
        return [what for (what,) in database.execute("SELECT what FROM deeds ORDER BY id")]


@pytest.fixture
def household(tmp_path: Path) -> Path:
    """A folder in which two people with one address and one other person signed."""
    signs(tmp_path, "ada", "Ada Lovelace", "ada@example.org")
    signs(tmp_path, "ben", "Ben Lovelace", "ADA@Example.org")
    signs(tmp_path, "cem", "Cem", "cem@example.org")
    return tmp_path


def test_one_of_a_household_is_chosen(household: Path) -> None:
    looked = forget(household, "ada@example.org", "--dry-run")
    assert looked.returncode == 0
    assert "1. terminal, first seen 20" in looked.stdout
    assert "   name: Ada Lovelace\n   salesforce-cbp: signed 20" in looked.stdout
    assert "   name: Ben Lovelace\n" in looked.stdout
    assert "Cem" not in looked.stdout
    assert "several accounts match" in forget(household, "ada@example.org", "--yes").stderr
    assert forget(household, "ada@example.org", stdin="3\n").returncode == 1
    assert accounts(household) == 3
    erased = forget(household, "ada@example.org", stdin="2\n")
    assert "Erased 1 signature and everything else about this account." in erased.stdout
    rest = forget(household, "ada@example.org", "--yes")
    assert "name:" not in rest.stdout, "there is nothing to tell apart"
    assert rest.returncode == 0
    assert accounts(household) == 1
    assert log(household) == ["erase do salesforce-cbp"] * 2


def test_by_a_name_in_another_spelling(household: Path) -> None:
    kept = forget(household, "lovelace, ADÁ", stdin="n\n")
    assert kept.returncode == 1
    assert "1. terminal" in kept.stdout
    assert "Lovelace" not in kept.stdout
    assert forget(household, "lovelace, ADÁ", stdin="y\n").returncode == 0
    nobody = forget(household, "Ada Lovelace", "--yes")
    assert nobody.returncode == 1
    assert "found nobody under 'Ada Lovelace' in " in nobody.stderr
    assert "search by email address" in nobody.stderr
    assert "nothing is stored" not in nobody.stderr
    stats = json.loads(run(household, "stats", "--json", SECRET_KEY=KEY).stdout)["petitions"][0]
    assert (stats["counted"], stats["withdrawn"]) == (2, 1)


def test_unfinished_answers_are_found(tmp_path: Path) -> None:
    signs(tmp_path, "ada", "Ada Lovelace", "ada@example.org", confirms=False)
    erased = forget(tmp_path, "ada@example.org", "--yes")
    assert "   salesforce-cbp: unfinished answers\n" in erased.stdout
    assert accounts(tmp_path) == 0


def test_rows_that_no_key_opens_are_named_and_not_erased(tmp_path: Path) -> None:
    signs(tmp_path, "ada", "Ada Lovelace", "ada@example.org")
    signs(tmp_path, "ben", "Ben", "ben@example.org", keys=f"{LOST},{KEY}")
    nobody = forget(tmp_path, "Ben", "--yes")
    assert nobody.returncode == 1
    assert "no key opens 3 rows, which may be about this person too." in nobody.stderr
    assert "found nobody under 'Ben' in 6 accounts, unfinished answers, and signatures" in nobody.stderr
    sealed = forget(tmp_path, "ben@example.org", "--yes")
    assert sealed.returncode == 1
    assert "opens all of this account's data, so nothing was erased." in sealed.stderr
    assert run(tmp_path, "forget", "ben@example.org", "--yes", SECRET_KEY=f"{LOST},{KEY}").returncode == 0
    assert accounts(tmp_path) == 1


def test_what_was_erased_is_wiped_although_another_account_could_not_be(tmp_path: Path) -> None:
    signs(tmp_path, "ada", "Ada Lovelace", "ada@example.org")
    signs(tmp_path, "ben", "Ada Lovelace", "ben@example.org")
    with closing(sqlite3.connect(tmp_path / "undersign.sqlite3")) as reader:
        with reader:
            reader.execute("UPDATE signers SET sealed = x'0102' WHERE id = 2")
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM signers").fetchall()
        done = forget(tmp_path, "Ada Lovelace", stdin="1 2\n")
    assert done.returncode == 1
    assert "Erased 1 signature and everything else about this account." in done.stdout
    assert "so nothing was erased. Add the missing key, then try again." in done.stderr
    assert "its files still hold traces of what was erased" in done.stderr, "it tried to wipe them"
    assert accounts(tmp_path) == 1


def test_a_petition_that_cannot_be_erased_yet_is_named(tmp_path: Path) -> None:
    signs(tmp_path, "ada", "Ada Lovelace", "ada@example.org")
    with closing(sqlite3.connect(tmp_path / "undersign.sqlite3")) as database, database:
        database.execute("UPDATE petitions SET erasure_at = '2020-02-02 00:00:00.000000'")
        facts = ("salesforce-cbp", "closed", "", "2020-01-01 00:00:00.000000")
        database.execute("INSERT INTO decisions (petition, status, words, since) VALUES (?, ?, ?, ?)", facts)
        database.execute("CREATE TRIGGER no BEFORE UPDATE ON signatures BEGIN SELECT RAISE(ABORT, 'Ada'); END")
    done = forget(tmp_path, "--expired")
    assert (done.returncode, done.stdout) == (1, "")
    assert "could not erase salesforce-cbp yet (IntegrityError). Run `undersign forget --expired` again" in done.stderr
    assert "Ada" not in done.stderr


@pytest.mark.parametrize(("who", "expected"), [("@ada", "An @name isn't stored"), ("...", "WHO must be")])
def test_words_that_lead_nowhere_are_wrong_usage(tmp_path: Path, who: str, expected: str) -> None:
    refused = forget(tmp_path, who)
    assert refused.returncode == 2
    assert expected in refused.stderr


def test_a_petition_of_an_older_version_is_named_and_erased_on_demand(tmp_path: Path) -> None:
    folder, petitions = tmp_path / "bot", tmp_path / "petitions"
    for slug in ("kept", "gone"):
        shutil.copytree(PETITIONS / SALESFORCE, petitions / slug)

    def does(*arguments: str, stdin: str = "") -> CompletedProcess[str]:
        return run(folder, *arguments, stdin=stdin, SECRET_KEY=KEY, PETITIONS_DIR=str(petitions))

    does("try", "--petition", "gone", "--signer", "ada", stdin="Sign\nAda Lovelace\n90210\nConfirm\n")
    assert "isn't gone" in does("forget", "--petition", "gone").stderr
    shutil.rmtree(petitions / "gone")
    with closing(sqlite3.connect(folder / "undersign.sqlite3")) as database, database:
        database.execute("DELETE FROM petitions")  # as older versions, which stored no retention
    for arguments in (("check",), ("stats",)):
        said = " ".join(does(*arguments).stderr.split())
        assert "gone: its folder is gone and its retention period is unknown" in said
        assert "erase it now with `undersign forget --petition gone`" in said
    assert "no personal data is stored" in does("forget", "--petition", "other").stderr
    assert does("forget", "--petition", "gone", "--dry-run").stdout.startswith("gone: 1 signature with personal data.")
    assert does("forget", "--petition", "gone", stdin="n\n").returncode == 1
    assert list((folder / "petition-keys").glob("gone.*.key"))
    done = does("forget", "--petition", "gone", stdin="y\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert "gone: erased the personal data of 1 signature." in done.stdout
    assert not list((folder / "petition-keys").glob("gone.*.key"))
    assert "gone" not in does("check").stderr
