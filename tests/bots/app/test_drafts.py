"""Drafts and trials on the command line: where they show, and where nobody may find them."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.command import counted, run

SALESFORCE = Path(__file__).parents[3] / "core" / "petitions" / "salesforce-cbp"
FOUR = "Sign\nAda Lovelace\n90210\nConfirm\n"
BOT = {"TELEGRAM_TOKEN": "123456:" + "A" * 35}
TRIAL = "This signature is a trial. It doesn't count, and it will be erased."

pytestmark = [pytest.mark.process, pytest.mark.usefixtures("migrated")]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with a petition and a draft."""
    for slug in ("elms", "oaks"):
        shutil.copytree(SALESFORCE, tmp_path / "own" / slug)
    _write(tmp_path / "own" / "oaks", "draft = true")
    return tmp_path / "own"


def _write(folder: Path, line: str) -> None:
    facts = folder / "petition.toml"
    facts.write_text(facts.read_text().replace("goal =", f"{line}\ngoal ="))


def does(own: Path, *arguments: str, stdin: str = "", **settings: str) -> CompletedProcess[str]:
    return run(own.parent / "data", *arguments, stdin=stdin, PETITIONS_DIR=str(own), **settings)


def test_a_newcomer_signs_for_real_and_a_draft_as_a_trial(own: Path) -> None:
    assert "no. 1" in does(own, "try", "--petition", "elms", stdin=FOUR).stdout
    tried = does(own, "try", "--petition", "oaks", "--count", stdin=FOUR).stdout
    assert "This is a draft" in tried
    assert TRIAL in tried
    rows = json.loads(does(own, "stats", "--json").stdout)["petitions"]
    assert [(row["petition"], row["counted"]) for row in rows] == [("elms", 1)]
    missing = does(own, "export", "--petition", "oaks", "--format", "jsonl")
    assert "unknown petition 'oaks'; choose from: elms" in missing.stderr


def test_a_draft_is_exported_under_no_name(own: Path) -> None:
    does(own, "try", "--petition", "oaks", stdin=FOUR)
    name = re.findall(r"draft-[0-9a-f]{24}", does(own, "drafts", **BOT).stdout)[0]
    for slug in ("oaks", name):
        refused = does(own, "export", "--petition", slug, "--format", "jsonl", "--status", "any")
        assert (refused.returncode != 0, refused.stdout) == (True, "")


def test_the_command_prints_the_preview_links(own: Path) -> None:
    shown = does(own, "drafts", PUBLIC_URL="https://example.org", DISCORD_TOKEN="MTIzNDU2Nzg5MDEyMzQ1Njc4.x.y", **BOT)
    assert re.fullmatch(
        "oaks\n"
        r"  page:      https://example\.org/p/(draft-[0-9a-f]{24})\n"
        r"  Telegram:  send the bot /start \1\n"
        r"  Discord:   /petition sign petition:\1\n"
        r"  terminal:  undersign try --petition oaks\n",
        shown.stdout,
    ), shown.stdout
    facts = own / "oaks" / "petition.toml"
    facts.write_text(facts.read_text().replace("draft = true", "draft = false"))
    assert "there are no drafts" in does(own, "drafts").stderr


def test_in_the_data_of_a_bot_one_signs_as_a_trial_unless_told_otherwise(tmp_path: Path) -> None:
    tried = run(tmp_path, "try", stdin=FOUR, **BOT).stdout
    assert "This is a trial, because a bot is set up here." in tried
    assert TRIAL in tried
    assert "undersign try --count" in tried
    assert counted(tmp_path) == 0
    real = run(tmp_path, "try", "--count", stdin=FOUR, **BOT).stdout
    assert "signature no. 1" in real
    assert "trial" not in real
    assert counted(tmp_path) == 1
    run(tmp_path, "forget", "--expired")  # as a bot does every hour
    assert "This is a trial" in run(tmp_path, "try", stdin="").stdout


def test_organizers_get_real_figures_where_they_only_try(tmp_path: Path) -> None:
    run(tmp_path, "try", "--signer", "ada", "--count", stdin=FOUR, **BOT)
    asked = run(tmp_path, "try", "--signer", "olga", stdin="/count\n", ORGANIZERS="terminal:olga", **BOT).stdout
    assert "Counted: 1" in asked
    lines = "/mysignatures\nWithdraw\nWithdraw my signature\n"
    listed = run(tmp_path, "try", "--signer", "ada", stdin=lines, **BOT).stdout
    assert "signature no. 1" in listed, "what counts can be withdrawn all the same"
    assert counted(tmp_path) == 0, listed


def test_check_refuses_a_folder_that_looks_like_a_preview_link(own: Path) -> None:
    (own / "oaks").rename(own / ("draft-" + 24 * "a"))
    checked = does(own, "check")
    assert checked.returncode == 2
    assert "this name looks like a draft's preview link: choose another" in checked.stdout


def test_drafts_alone_are_enough_to_start(own: Path) -> None:
    _write(own / "elms", "draft = true")
    assert does(own, "check").returncode == 0
    assert json.loads(does(own, "stats", "--json").stdout) == {"petitions": []}
    both = does(own, "try", stdin="").stdout
    assert "Choose one of these 2 petitions" in both
