"""`undersign new` makes folders that `undersign check` accepts, from a template and from documents."""

from __future__ import annotations

import sys
from pathlib import Path

import pypandoc
import pytest

from bots.app.documents import read_manuscript
from core.errors import ConfigurationError
from core.petition.loading import read_folder
from tests.command import run

TEXT = """---
title: Keep the elms of Elm Street
---

To the Town Council:

We ask you to prune the *elms*.[^1] Don't fell them [2].

| Tree | Age |
|------|-----|
| Elm  | 80  |

Yours,\\
Ada Lovelace

# Background

The council wants to fell them^3^ now. See [the plan](https://elms.example.org/plan).

2\\. The Courier, “Elms,” May 2, 2026.

3\\. The Courier, “More elms,” May 3, 2026.

[^1]: The Elm Street Courier, “Forty elms to go,” March 2, 2026. <https://courier.example.org/elms>
"""


@pytest.mark.process
@pytest.mark.parametrize("suffix", ["docx", "odt", "html"])
def test_documents_become_petitions(suffix: str, tmp_path: Path) -> None:
    file = tmp_path / f"letter.{suffix}"
    pypandoc.convert_text(TEXT, suffix, format="markdown", outputfile=str(file), extra_args=["--standalone"])
    done = run(tmp_path, "new", "elms", "--from", file.name, "--country", "US", "--organizer", "Neighbors")
    assert done.returncode == 0, done.stderr
    petition = read_folder(tmp_path / "petitions" / "elms").petition
    assert petition is not None
    text = petition.text("en")
    assert (text.title, petition.target, petition.organizer) == (
        "Keep the elms of Elm Street", "the Town Council", "Neighbors",
    )  # fmt: skip
    assert [source.title for source in text.sources] == ["Forty elms to go", "Elms", "More elms"]
    assert text.sources[0].link == "https://courier.example.org/elms"
    assert text.letter.text.endswith("Tree, Age\n\nElm, 80\n\nYours,\nAda Lovelace")
    assert text.background.text == "The council wants to fell them[3] now. See the plan."
    assert run(tmp_path, "check", PETITIONS_DIR="petitions").returncode == 0


@pytest.mark.process
def test_a_template_is_accepted_and_never_overwritten(tmp_path: Path) -> None:
    made = run(tmp_path, "new", "town-trees", PETITIONS_DIR="own")
    assert (made.returncode, made.stderr) == (0, "")
    assert "PETITIONS_DIR=own undersign try --petition town-trees" in made.stdout
    checked = run(tmp_path, "check", PETITIONS_DIR="own")
    assert (checked.returncode, checked.stdout) == (0, "")
    again = run(tmp_path, "new", "town-trees", "--country", "US", PETITIONS_DIR="own")
    assert (again.returncode, "exists already" in again.stderr) == (2, True)
    assert "country =" not in (tmp_path / "own" / "town-trees" / "petition.toml").read_text()
    assert run(tmp_path, "new", "Town Trees").returncode == 2


@pytest.mark.process
def test_a_language_is_taken_in_any_form_and_the_name_of_a_preview_link_is_refused(tmp_path: Path) -> None:
    assert run(tmp_path, "new", "elms", "--language", "pt-br").stdout.startswith(
        "Made petitions/elms, with the text in"
    )
    assert (tmp_path / "petitions" / "elms" / "pt_BR" / "letter.md").exists()
    refused = run(tmp_path, "new", f"draft-{24 * '0'}")
    assert refused.returncode == 2
    assert "preview link: choose another name" in refused.stderr


@pytest.mark.process
def test_guesses_are_said_with_their_lines(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("Caf\xe9\n\nTo the Mayor:\n\nWe ask you.\n\nShare this".encode("cp1252"))
    done = run(tmp_path, "new", "cafe", "--from", "a.txt")
    assert done.returncode == 0
    assert "a.txt: it isn't UTF-8, so it was read as Windows-1252" in done.stderr
    assert "a.txt:7: left out as a part of the page around it: Share this" in done.stderr
    (tmp_path / "empty.txt").write_text("\n \n")
    assert "there are no words in it" in run(tmp_path, "new", "empty", "--from", "empty.txt").stderr


def test_without_the_package_one_sentence_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pypandoc", None)
    (tmp_path / "a.docx").touch()
    with pytest.raises(ConfigurationError, match=r"install pandoc: pip install 'undersign\[new\]'"):
        read_manuscript(tmp_path / "a.docx")


def test_other_formats_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    with pytest.raises(ConfigurationError, match=r"a\.pdf: undersign can't read this format"):
        read_manuscript(tmp_path / "a.pdf")


@pytest.mark.process
def test_a_file_that_only_looks_like_word_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_text("words")
    done = run(tmp_path, "new", "elms", "--from", "a.docx")
    assert done.returncode == 2
    assert "a.docx: this isn't a .docx file, or it's damaged" in done.stderr
