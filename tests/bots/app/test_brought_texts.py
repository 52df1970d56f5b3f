"""Texts as organizers bring them go through `undersign new` and `undersign check`, and are signed in the terminal."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from core.petition.loading import check_petitions, petition_warnings
from tests.command import counted, run
from tests.core.petition.test_pasted import PASTED, SLUGS, apply, expected
from tests.loading import load_petitions

TEXTS = Path(__file__).parents[2] / "petitions"
CLIENT = TEXTS / "salesforce-cbp.txt"
BROUGHT = {path.name: path for path in [*sorted((TEXTS / "brought").iterdir()), CLIENT]}
LANGUAGES = {"arabic.txt": "ar", "german.txt": "de"}
SOURCES = {
    "law.txt": 0,
    "word-bullets.docx": 1,
    "email.txt": 1,
    "email-quoted.txt": 1,
    "google-docs.md": 1,
    "word.htm": 1,
}
"""The number of sources in each text that doesn't have two; the client's has three."""


def file_of(path: Path, folder: Path) -> Path:
    """A copy of a text; a folder with the parts of a document becomes the document."""
    copy = folder / path.name
    if path.is_file():
        return Path(shutil.copy(path, copy))
    with zipfile.ZipFile(copy, "w") as document:
        for part in sorted(path.rglob("*")):
            if part.is_file():
                document.write(part, str(part.relative_to(path)))
    return copy


def sign(folder: Path, slug: str) -> None:
    """Sign a petition in the terminal, answering what it asks, in the words of its buttons."""
    fields = {field.name for field in load_petitions(folder / "petitions")[slug].fields}
    lines = ["Sign", "Ada Lovelace", *(["US"] if "country" in fields else ()), "Confirm"]
    done = run(folder, "try", "--petition", slug, stdin="\n".join(lines) + "\n", PETITIONS_DIR="petitions")
    assert done.returncode == 0, done.stderr
    assert counted(folder, slug) == 1, done.stdout


@pytest.mark.process
@pytest.mark.usefixtures("migrated")
@pytest.mark.parametrize("name", BROUGHT)
def test_a_text_becomes_a_petition_that_people_can_sign(name: str, tmp_path: Path) -> None:
    file, language = file_of(BROUGHT[name], tmp_path), LANGUAGES.get(name, "en")
    done = run(tmp_path, "new", "elms", "--from", file.name, "--language", language)
    assert done.returncode == 0, done.stderr
    petitions = tmp_path / "petitions"
    assert [str(fault) for fault in (*check_petitions(petitions), *petition_warnings(petitions))] == []
    text = load_petitions(petitions)["elms"].text(language)
    assert len(text.sources) == (3 if BROUGHT[name] == CLIENT else SOURCES.get(name, 2))
    sign(tmp_path, "elms")


@pytest.mark.process
@pytest.mark.usefixtures("migrated")
@pytest.mark.parametrize("slug", SLUGS)
def test_a_pasted_petition_is_signed_after_the_fixes(slug: str, tmp_path: Path) -> None:
    shutil.copytree(PASTED / slug, tmp_path / "petitions" / slug)
    for change in expected(slug).get("fix", []):
        apply(tmp_path / "petitions" / slug, change)
    sign(tmp_path, slug)
