"""`undersign citations` prints a petition's sources for other programs, and in the styles of journals."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
from pathlib import Path

import pytest
from babel.dates import format_date

from bots.app.citation_styles import formatted
from core.errors import ConfigurationError
from core.export.citations import csl_items
from core.petition.date_parts import date_parts
from tests.command import ROOT, UNDERSIGN, environment, run
from tests.world import SALESFORCE, petitions

TEXT = petitions()[SALESFORCE].text("en")


@pytest.mark.process
def test_the_command_prints_the_only_petitions_sources_in_each_format(tmp_path: Path) -> None:
    csl = run(tmp_path, "citations", "--format", "csl")
    assert [item["title"] for item in json.loads(csl.stdout)] == [source.title for source in TEXT.sources]
    assert run(tmp_path, "citations", SALESFORCE, "--format", "bibtex").stdout.count("@article{") == len(TEXT.sources)
    assert run(tmp_path, "citations", SALESFORCE).stdout.count("Gizmodo") == 1


@pytest.mark.process
def test_an_unknown_petition_or_style_gets_a_sentence(tmp_path: Path) -> None:
    nowhere = run(tmp_path, "citations", "nowhere")
    assert nowhere.returncode == 2
    assert "unknown petition 'nowhere'; choose from: salesforce-cbp" in nowhere.stderr
    style = run(tmp_path, "citations", "--format", "text", "--style", "nostyle")
    assert style.returncode == 2
    assert "there's no style 'nostyle'" in style.stderr


@pytest.mark.parametrize("style", ["apa", "ieee", "chicago-notes-bibliography"])
def test_styles_print_the_shipped_sources_as_the_petition_does(style: str) -> None:
    lines = list(formatted(csl_items(SALESFORCE, TEXT), style))
    assert len(lines) == len(TEXT.sources) == 3
    for line, source in zip(lines, TEXT.sources, strict=True):
        assert source.publication in line
        assert source.title.casefold() in line.casefold()
        day = dt.date(*date_parts(source.date, "en"))
        assert all(format_date(day, form, "en") in line for form in ("MMM", "d", "y"))


def test_an_unknown_style_is_named() -> None:
    with pytest.raises(ConfigurationError, match="no style 'nostyle'"):
        list(formatted([], "nostyle"))


@pytest.mark.process
def test_without_citeproc_the_command_says_how_to_get_it(tmp_path: Path) -> None:
    (tmp_path / "citeproc.py").write_text("raise ModuleNotFoundError(name='citeproc')\n")
    path = environment(tmp_path, PYTHONPATH=f"{tmp_path}:{ROOT}")
    done = subprocess.run(
        [*UNDERSIGN, "citations", "--format", "text"],
        env=path,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "pip install 'undersign[citations]'" in done.stderr
