"""One bad petition stops only itself, and `undersign check` reports everything at once."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.command import run

ROOT = Path(__file__).parents[3]
SALESFORCE = ROOT / "core" / "petitions" / "salesforce-cbp"

pytestmark = pytest.mark.process


def own_petition(folder: Path) -> Path:
    """A copy of the shipped petition in English; returns the file with its facts."""
    shutil.copytree(SALESFORCE, folder)
    return folder / "petition.toml"


def test_one_bad_folder_stops_only_itself(tmp_path: Path) -> None:
    own_petition(tmp_path / "own" / "good")
    facts = own_petition(tmp_path / "own" / "bad")
    facts.write_text(facts.read_text().replace("goal =", "gaol ="))
    settings = {"PETITIONS_DIR": str(tmp_path / "own")}
    fault = "petition.toml:5: petition.gaol: there's no key gaol. Did you mean goal?"
    left_out = f"undersign: bad is left out: {facts.parent}/{fault}\n"
    tried = run(tmp_path, "try", "--petition", "good", stdin="", **settings)
    assert (tried.returncode, tried.stderr) == (0, left_out)
    assert "Tell Salesforce to cancel" in tried.stdout
    wrong = run(tmp_path, "try", "--petition", "bad", **settings)
    assert wrong.returncode == 2
    assert f"Invalid value for --petition: bad is left out: {facts.parent}/{fault}" in wrong.stderr
    assert [
        row["petition"] for row in json.loads(run(tmp_path, "stats", "--json", **settings).stdout)["petitions"]
    ] == ["good"]
    checked = run(tmp_path, "check", **settings)
    assert (checked.returncode, checked.stdout) == (2, f"{facts.parent}/{fault}\n")


def test_check_names_the_setting_that_was_meant(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        "TELEGRAM_TOKN=1\nLOG_LEVEL INFO\nPOSTGRES_PASSWORD=x\nMAIL=x\nTEST_DATABASE_URL=x\n"
        "NOTES='two lines:\nLOG_LEVLE=x'\n\n# PUBLIC_ULR=x\nPUBLIC_URL: https://a.example\nexport WEB_PROT=1 # x\n"
    )
    done = run(tmp_path, "check")
    assert done.returncode == 0
    warned = [line for line in done.stderr.splitlines() if line.startswith("Warning: ")]
    assert warned == [
        "Warning: .env:1: there's no setting TELEGRAM_TOKN. Did you mean TELEGRAM_TOKEN?",
        "Warning: .env:2: LOG_LEVEL isn't read: write LOG_LEVEL=..., with an equals sign",
        "Warning: .env:10: PUBLIC_URL isn't read: write PUBLIC_URL=..., with an equals sign",
        "Warning: .env:11: there's no setting WEB_PROT. Did you mean WEB_PORT?",
    ]


def test_faults_and_warnings_of_all_petitions_come_in_one_run(tmp_path: Path) -> None:
    for name in ("all-at-once", "word"):
        shutil.copytree(ROOT / "tests" / "petitions" / "pasted" / name, tmp_path / "own" / name)
    done = run(tmp_path, "check", PETITIONS_DIR=str(tmp_path / "own"), SECRET_KEY="short")
    assert done.returncode == 2
    places = [line.replace(f"{tmp_path}/own/", "").split(": ")[0] for line in done.stdout.splitlines()]
    assert places == [
        "all-at-once/en/background.md:3", "all-at-once/en/background.md:4", "all-at-once/en/background.md:4",
        "all-at-once/en/letter.md:2", "all-at-once/en/letter.md:8", "all-at-once/petition.toml:4",
        "all-at-once/petition.toml:5", "settings",
    ]  # fmt: skip
    assert f"Warning: {tmp_path}/own/word/en/letter.md:12: '•' doesn't make a list" in done.stderr
