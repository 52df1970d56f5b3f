"""A petition's folder gets another name: with `formerly`, everything goes on; without, a hint says so."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.command import run

SALESFORCE = Path(__file__).parents[3] / "core" / "petitions" / "salesforce-cbp"
FOUR = "Sign\nAda Lovelace\n90210\nConfirm\n"

pytestmark = pytest.mark.process


def test_everything_goes_on_under_the_new_name_and_back(tmp_path: Path) -> None:
    own, data = tmp_path / "own", tmp_path / "data"
    shutil.copytree(SALESFORCE, own / "save-trees")

    def does(*arguments: str, stdin: str = "") -> CompletedProcess[str]:
        return run(data, *arguments, stdin=stdin, PETITIONS_DIR=str(own))

    def stats() -> list[tuple[str, int]]:
        rows = json.loads(does("stats", "--json").stdout)["petitions"]
        return [(row["petition"], row["counted"]) for row in rows]

    does("try", "--signer", "ada", stdin=FOUR)
    does("try", "--signer", "ben", stdin="Sign\nBen Lovelace\n")
    (own / "save-trees").rename(own / "trees")
    hint = 'If you renamed its folder to trees, write formerly = ["save-trees"] in the petition.toml there.'
    assert hint in does("check").stderr
    facts = own / "trees" / "petition.toml"
    facts.write_text(facts.read_text().replace("goal =", 'formerly = ["save-trees"]\ngoal ='))
    assert hint not in does("check").stderr
    assert stats() == [("trees", 1)]
    for name in ("trees", "save-trees"):
        assert "You signed on" in does("try", "--petition", name, "--signer", "ada").stdout
        exported = does("export", "--petition", name, "--format", "jsonl").stdout
        assert json.loads(exported)["full_name"] == "Ada Lovelace"
    assert "no. 2" in does("try", "--petition", "trees", "--signer", "ben", stdin="Sign\n90210\nConfirm\n").stdout
    assert [path.name for path in (data / "petition-keys").iterdir()] == ["save-trees.1.key"]
    assert stats() == [("trees", 2)]
    facts.write_text(facts.read_text().replace('formerly = ["save-trees"]\n', ""))
    (own / "trees").rename(own / "save-trees")
    assert stats() == [("save-trees", 2)], "nothing was moved, so the way back is as easy"


def test_what_was_signed_before_the_hint_was_followed_stays_with_the_most(tmp_path: Path) -> None:
    own = tmp_path / "own"
    shutil.copytree(SALESFORCE, own / "trees")
    run(tmp_path, "try", stdin=FOUR, PETITIONS_DIR=str(own))
    facts = own / "trees" / "petition.toml"
    facts.write_text(facts.read_text().replace("goal =", 'formerly = ["oaks"]\ngoal ='))
    row = json.loads(run(tmp_path, "stats", "--json", PETITIONS_DIR=str(own)).stdout)["petitions"][0]
    assert (row["petition"], row["counted"]) == ("trees", 1), "a name that only old links have"
