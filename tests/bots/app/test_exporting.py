"""`undersign export`: what is in the files, who may read them, and what is said if nothing matches."""

from __future__ import annotations

import csv
import io
import json
import stat
from pathlib import Path

import pytest

from tests.bots.app.signing_people import signed_with_mail
from tests.command import run

pytestmark = [pytest.mark.process, pytest.mark.usefixtures("migrated")]


def test_export_hides_contacts_and_defuses_formulas(tmp_path: Path) -> None:
    signed_with_mail(tmp_path, "ada", "Ada", "ada@example.org", updates=True)
    signed_with_mail(tmp_path, "ben", "Ben", "ben@example.org", updates=False)
    done = run(tmp_path, "export", "--petition", "salesforce-cbp")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [(row["full_name"], row["email"], row["source"]) for row in rows] == [
        ("Ada", "ada@example.org", "elm-club"),
        ("Ben", "", "elm-club"),
    ]
    assert rows[0]["comment"] == "'=1+1"
    lines = run(tmp_path, "export", "--petition", "salesforce-cbp", "--format", "jsonl", "--all-contacts").stdout
    assert [json.loads(line)["email"] for line in lines.splitlines()] == ["ada@example.org", "ben@example.org"]
    run(tmp_path, "export", "--petition", "salesforce-cbp", "--output", str(tmp_path / "signers.csv"))
    assert stat.S_IMODE((tmp_path / "signers.csv").stat().st_mode) == 0o600
    assert (tmp_path / "signers.csv").read_text() == done.stdout


def test_export_says_what_would_match(tmp_path: Path) -> None:
    signed_with_mail(tmp_path, "ben", "Ben", "ben@example.org", updates=False)
    export = ("export", "--petition", "salesforce-cbp", "--output", "signers.csv")
    mistyped = run(tmp_path, *export, "--label", "elm-clup")
    assert mistyped.returncode == 2
    words = "No signature matches label=elm-clup. Instead of label=elm-clup, these would match: label=elm-club (1)."
    assert words in mistyped.stderr
    unwanted = run(tmp_path, *export, "--label", "elm-club", "--format", "actionkit")
    assert unwanted.returncode == 2
    assert "No signature matches, so I didn't make a file. This includes only people who chose" in unwanted.stderr
    assert not (tmp_path / "signers.csv").exists()


def test_export_makes_the_hand_in_and_files_for_campaigning_systems(tmp_path: Path) -> None:
    signed_with_mail(tmp_path, "ada", "Ada", "ada@example.org", updates=True)
    file = tmp_path / "hand-in.pdf"
    run(tmp_path, "export", "--petition", "salesforce-cbp", "--format", "pdf", "--output", str(file))
    assert file.read_bytes().startswith(b"%PDF")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not list(tmp_path.glob(".undersign-*"))
    done = run(tmp_path, "export", "--petition", "salesforce-cbp", "--format", "actionkit")
    assert [row["email"] for row in csv.DictReader(io.StringIO(done.stdout))] == ["ada@example.org"]
