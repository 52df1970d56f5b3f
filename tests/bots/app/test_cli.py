"""The commands of operators: help, exit codes, one sentence for a bad configuration, files that are safe to open."""

from __future__ import annotations

import json
import re
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from bots.app.cli import cli
from bots.app.keyfile import read_or_make_key
from core.errors import ConfigurationError
from core.version import VERSION
from tests.bots.app.signing_people import signed_with_mail
from tests.command import run
from tests.postgres import PostgresServer

pytestmark = pytest.mark.process

FOUR = "Sign\nAda Lovelace\n90210\nConfirm\n"
SALESFORCE = Path(__file__).parents[3] / "core" / "petitions" / "salesforce-cbp"


def test_the_commands_load_no_library_that_only_a_surface_or_a_paper_needs() -> None:
    slow, press = ("aiohttp", "discord", "pypdf", "telegram", "typst"), ("pypdf", "typst")
    code = (
        f"import sys, bots.app.cli; print([name for name in {slow} if name in sys.modules]); "
        f"import bots.app.run; print([name for name in {press} if name in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "[]\n[]\n"


def test_help_teaches(tmp_path: Path) -> None:
    text = run(tmp_path, "--help").stdout
    for command in ("try", "run", "check", "stats", "export", "forget", "migrate"):
        assert f"\n  {command} " in text
    assert "\n    printf 'Sign\\nAda" in run(tmp_path, "try", "--help").stdout


@pytest.mark.parametrize("command", ["", *cli.commands])
def test_help_has_no_traces_of_markup_and_no_summary_that_is_cut(command: str) -> None:
    text = CliRunner().invoke(cli, [*filter(None, [command]), "--help"], terminal_width=80).output
    assert not re.search(r"^ +\[(?:required|default: .*)\]$", text, re.MULTILINE), "a remark on a line of its own"
    assert "\\b" not in text
    assert "\x08" not in text
    if not command:
        assert "..." not in text.partition("Commands:")[2]


def test_it_names_its_version(tmp_path: Path) -> None:
    assert run(tmp_path, "--version").stdout == f"undersign {VERSION}\n"


@pytest.mark.parametrize(
    ("arguments", "settings", "code", "expected"),
    [
        (["nonsense"], {}, 2, "No such command"),
        (["export"], {}, 2, "--petition"),
        (["run"], {}, 2, "Nothing is configured"),
        (["run", "worker"], {}, 2, "TELEGRAM_TOKEN or DISCORD_TOKEN is not set, so worker cannot start"),
        (["run", "telegram", "sources"], {}, 2, "it runs in a process of its own: start `undersign run sources`"),
        (["sources"], {}, 2, "no petition has check_sources = true"),
        (["sources", "gone"], {}, 2, "unknown petition 'gone'"),
        (["sources", "find"], {}, 2, "--from"),
        (["try"], {"LOG_LEVEL": "LOUD"}, 2, "LOG_LEVEL is not a level"),
        (["try"], {"SECRET_KEY": "short"}, 2, "at least 32 characters"),
        (["try"], {"DATABASE_URL": "mysql://x/y"}, 2, "DATABASE_URL"),
        (["try"], {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/x"}, 2, "The database cannot be opened"),
        (["try"], {"DATABASE_URL": "postgresql://x/y", "PETITION_KEYS_DIR": ""}, 2, "Set PETITION_KEYS_DIR"),
        (["try"], {"PETITION_KEYS_DIR": "/proc/nothing"}, 2, "PETITION_KEYS_DIR /proc/nothing is not"),
        (["try"], {"PETITIONS_DIR": "/nowhere"}, 2, "no petitions found"),
        (["try"], {"PUBLIC_URL": "example.org"}, 2, "PUBLIC_URL"),
        (["try"], {"DATA_DIR": "/proc/nothing"}, 2, "cannot be"),
        (["try"], {"DATABASE_URL": "postgresql+psycopg2://x/y"}, 2, "DATABASE_URL"),
        (["check"], {"SECRET_KEY": "short"}, 2, ""),
        (["check"], {"TELEGRAM_TOKEN": "copied-by-half"}, 2, "TELEGRAM_TOKEN is not a bot token. Expected: "),
        (["forget"], {}, 2, "give one of WHO, --expired, and --petition"),
        (["try", "--language", "tlh"], {}, 2, "'tlh' is not available; choose from: en, es"),
        (["try", "--source", "not a label"], {}, 2, "is not a label"),
        (["export", "--petition", "salesforce-cbp", "--output", "no/such/folder"], {}, 1, "No such file or directory"),
        (["export", "--petition", "salesforce-cbp", "--format", "pdf"], {}, 2, "--output"),
        (["export", "--petition", "salesforce-cbp", "--language", "fi"], {}, 2, "has no text in 'fi'; choose from: en"),
        (["export", "--petition", "salesforce-cbp", "--since", "soon"], {}, 2, "'soon' is neither a day"),
        (
            ["export", "--petition", "salesforce-cbp", "--format", "actionkit", "--status", "any"],
            {},
            2,
            "--format actionkit always includes every signature that counts: leave out --status",
        ),
        (["export", "--petition", "gone"], {}, 1, "unknown petition 'gone'"),
        (["forget", "terminal:nobody", "--yes"], {}, 1, "found nobody under 'terminal:nobody'"),
    ],
)
def test_errors_are_one_sentence(
    tmp_path: Path, arguments: list[str], settings: dict[str, str], code: int, expected: str
) -> None:
    done = run(tmp_path, *arguments, **settings)
    assert done.returncode == code
    assert expected in done.stderr
    assert "Traceback" not in done.stderr
    if expected and (code == 1 or settings):
        assert done.stderr.startswith("undersign: ")
        assert done.stderr.count("\n") == 1


def test_settings_come_from_the_file_too(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("LOG_LEVEL=LOUD\n")
    assert "LOG_LEVEL" in run(tmp_path, "check").stderr


def test_check_is_content_or_lists_faults(tmp_path: Path) -> None:
    good = run(tmp_path, "check")
    assert (good.returncode, good.stdout) == (0, "")
    (tmp_path / "own" / "half").mkdir(parents=True)
    bad = run(tmp_path, "check", PETITIONS_DIR=str(tmp_path / "own"))
    assert bad.returncode == 2
    assert bad.stdout.endswith("own/half/petition.toml:1: the file is missing\n")


def test_check_looks_at_settings_too(tmp_path: Path) -> None:
    done = run(tmp_path, "check", SECRET_KEY="short", MAILBOX_RULES="/nowhere")
    assert done.returncode == 2
    assert done.stdout.splitlines()[0] == "settings: SECRET_KEY must have at least 32 characters."
    assert "settings: /nowhere: cannot be read" in done.stdout


def test_keys_in_the_wrong_order_are_refused(tmp_path: Path) -> None:
    first, second = "1" * 40, "2" * 40
    assert run(tmp_path, "migrate", SECRET_KEY=first).returncode == 0
    wrong = run(tmp_path, "stats", SECRET_KEY=f"{first},{second}")
    assert (wrong.returncode, "a new key goes in front" in wrong.stderr) == (2, True)
    assert run(tmp_path, "stats", SECRET_KEY=f"{second},{first}").returncode == 0


def test_what_no_key_opens_is_named_by_check_and_left_out_of_exports(tmp_path: Path) -> None:
    first, second, third = "1" * 40, "2" * 40, "3" * 40
    run(tmp_path, "try", "--signer", "ada", stdin=FOUR, SECRET_KEY=first)
    run(tmp_path, "try", "--signer", "ben", stdin=FOUR, SECRET_KEY=f"{second},{first}")
    whole = run(tmp_path, "check", SECRET_KEY=f"{third},{second},{first}")
    assert (whole.returncode, whole.stdout) == (0, "")
    checked = run(tmp_path, "check", SECRET_KEY=f"{third},{first}")
    assert checked.returncode == 2
    assert checked.stdout.startswith("database: No key opens 3 rows: ")
    assert "signatures 2" in checked.stdout
    lines = ("export", "--petition", "salesforce-cbp", "--format", "jsonl")
    exported = run(tmp_path, *lines, SECRET_KEY=f"{third},{first}")
    assert exported.returncode == 0
    assert len(exported.stdout.splitlines()) == 1
    assert exported.stderr == "undersign: 1 signature is left out: no key opens it.\n"
    paper = ("export", "--petition", "salesforce-cbp", "--format", "pdf", "--output", "names.pdf")
    assert "1 signature is left out" in run(tmp_path, *paper, SECRET_KEY=f"{third},{first}").stderr


def test_two_processes_that_start_at_once_make_one_key(tmp_path: Path) -> None:
    keys = [f"{number}" * 40 for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda key: read_or_make_key(tmp_path / "secret.key", lambda: key), keys))
    assert len(made) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


@pytest.mark.parametrize("spoil", [Path.mkdir, lambda path: path.write_bytes(b"\xff")])
def test_a_key_file_that_cannot_be_read_is_named(tmp_path: Path, spoil: Callable[[Path], object]) -> None:
    spoil(tmp_path / "secret.key")
    with pytest.raises(ConfigurationError, match=r"secret\.key cannot be read"):
        read_or_make_key(tmp_path / "secret.key", lambda: "1" * 40)


def test_the_key_file_is_the_owners_and_must_not_vanish(tmp_path: Path) -> None:
    run(tmp_path, "migrate")
    key = tmp_path / "secret.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    kept = key.read_text()
    key.unlink()
    done = run(tmp_path, "stats")
    assert (done.returncode, key.exists()) == (2, False)
    assert "secret.key is missing" in done.stderr
    wrong = run(tmp_path, "stats", SECRET_KEY="x" * 40)
    assert wrong.returncode == 2
    assert "not the one this database was sealed with" in wrong.stderr
    rotated = run(tmp_path, "stats", SECRET_KEY=f"{'n' * 40},{kept.strip()}")
    assert rotated.returncode == 0


def test_stats(tmp_path: Path) -> None:
    run(tmp_path, "try", stdin=FOUR)
    stats = json.loads(run(tmp_path, "stats", "--json").stdout)
    none = dict.fromkeys(("duplicate", "quarantined", "invalid", "withdrawn"), 0)
    expected = {"petition": "salesforce-cbp", "counted": 1, **none, "goal": 1000}
    assert stats == {"petitions": [expected]}
    assert "salesforce-cbp" in run(tmp_path, "stats").stdout
    elsewhere = run(tmp_path, "stats", PETITIONS_DIR=str(Path(__file__).parents[2] / "petitions"))
    assert "salesforce-cbp: its folder is gone" in elsewhere.stderr


def test_everything_works_on_postgresql_too(tmp_path: Path, postgres: PostgresServer) -> None:
    settings = {"DATABASE_URL": postgres.new_database()}
    signed = run(tmp_path, "try", "--count", stdin=FOUR, **settings)
    assert "signature no. 1" in signed.stdout, signed.stderr
    assert "You signed on" in run(tmp_path, "try", "--count", stdin="", **settings).stdout
    assert json.loads(run(tmp_path, "stats", "--json", **settings).stdout)["petitions"][0]["counted"] == 1
    exported = run(tmp_path, "export", "--petition", "salesforce-cbp", "--format", "jsonl", **settings).stdout
    assert json.loads(exported)["full_name"] == "Ada Lovelace"
    assert run(tmp_path, "forget", json.loads(exported)["receipt"], "--yes", **settings).returncode == 0
    assert json.loads(run(tmp_path, "stats", "--json", **settings).stdout)["petitions"][0]["counted"] == 0
    assert not (tmp_path / "undersign.sqlite3").exists()


def test_forget_by_receipt_and_by_account(tmp_path: Path) -> None:
    signed_with_mail(tmp_path, "ada", "Ada", "ada@example.org", updates=True)
    signed_with_mail(tmp_path, "ben", "Ben", "ben@example.org", updates=True)
    lines = run(tmp_path, "export", "--petition", "salesforce-cbp", "--format", "jsonl").stdout.splitlines()
    receipt = json.loads(lines[0])["receipt"]
    kept = run(tmp_path, "forget", receipt.lower(), stdin="n\n")
    assert kept.returncode == 1
    assert run(tmp_path, "forget", receipt.lower(), "--yes").returncode == 0
    assert run(tmp_path, "forget", "terminal:ben", stdin="y\n").returncode == 0
    stats = json.loads(run(tmp_path, "stats", "--json").stdout)["petitions"][0]
    assert (stats["counted"], stats["withdrawn"]) == (0, 2)
    assert run(tmp_path, "export", "--petition", "salesforce-cbp", "--format", "jsonl").stdout == ""


def _own_petition(folder: Path) -> Path:
    """A copy of the shipped petition in English; returns the file with its facts."""
    folder.mkdir(parents=True)
    (folder / "en").symlink_to(SALESFORCE / "en")
    facts = folder / "petition.toml"
    facts.write_text((SALESFORCE / "petition.toml").read_text())
    return facts


def test_expired_data_is_erased_on_demand(tmp_path: Path) -> None:
    facts = _own_petition(tmp_path / "own" / "over")
    settings = {"PETITIONS_DIR": str(tmp_path / "own")}
    run(tmp_path, "try", stdin=FOUR, **settings)
    assert run(tmp_path, "forget", "--expired", "--dry-run", **settings).stdout == "Nothing is due.\n"
    facts.write_text(facts.read_text().replace("2027-12-31", "2020-01-01"))
    before = run(tmp_path, "export", "--petition", "over", "--format", "jsonl", **settings).stdout
    assert json.loads(before)["full_name"] == "Ada Lovelace", "nothing is erased in passing"
    looked = run(tmp_path, "forget", "--expired", "--dry-run", **settings)
    assert looked.stdout.startswith("1 signature: over: the last day of its retention period is 20")
    announced = run(tmp_path, "forget", "--expired", **settings)
    assert announced.stdout == "", "a slip must not erase anything"
    assert "If that is wrong, correct closes or retention_days" in announced.stderr
    checked = run(tmp_path, "check", **settings)
    assert checked.returncode == 0
    assert "Warning: over: the last day of its retention period is 20" in checked.stderr
    with closing(sqlite3.connect(tmp_path / "undersign.sqlite3")) as database, database:
        database.execute("UPDATE petitions SET erasure_at = '2026-01-01 00:00:00.000000'")
    erased = run(tmp_path, "forget", "--expired", **settings)
    assert erased.stdout == "over: the retention period is over; erased the personal data of 1 signature.\n"
    assert run(tmp_path, "forget", "--expired", "--dry-run", **settings).stdout == "Nothing is due.\n"
    done = run(tmp_path, "try", stdin="", **settings)
    assert "Signing closed at the end of January 1, 2020 (UTC)." in done.stdout
    assert "You are signature no." not in done.stdout
    row = json.loads(run(tmp_path, "export", "--petition", "over", "--format", "jsonl", **settings).stdout)
    assert (row["full_name"], row["receipt"]) == ("", "erased-1")
    assert json.loads(run(tmp_path, "stats", "--json", **settings).stdout)["petitions"][0]["counted"] == 1
