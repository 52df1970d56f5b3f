"""`undersign preview` writes one file and nothing else, and refuses what `undersign check` refuses, in its words."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from bots.app.previewing import preview
from core.messages import Message
from core.petition.loading import check_petitions, read_folder
from storage.engine import Database
from tests.bots.preview.booklets import booklet, chapters, empty_database, words
from tests.command import run
from tests.core.petition.test_pasted import PASTED, SLUGS, apply, expected
from tests.world import TREES, catalog

PETITIONS = Path(__file__).parents[2] / "petitions"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with empty_database(tmp_path_factory.mktemp("preview")) as database:
        yield database


@pytest.mark.process
def test_it_writes_one_file_and_nothing_else(tmp_path: Path) -> None:
    """Of a draft, as people will see it once it's published."""
    shutil.copytree(PETITIONS / TREES, tmp_path / "petitions" / TREES)
    file = tmp_path / "petitions" / TREES / "petition.toml"
    file.write_text(file.read_text("utf-8").replace("[petition]", "[petition]\ndraft = true"), encoding="utf-8")
    before = set(tmp_path.rglob("*"))
    done = run(tmp_path, "preview", "--output", "trees.html", PETITIONS_DIR="petitions")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert set(tmp_path.rglob("*")) - before == {tmp_path / "trees.html"}
    found = chapters((tmp_path / "trees.html").read_text(encoding="utf-8"))
    assert len(found) == 8
    notice = catalog().text(Message("trial.draft"), "en")
    assert [place for place, chapter in found.items() if notice in words(chapter) or "draft-" in chapter] == []


def refused(folder: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> str:
    """The output of the command when it refuses, and so writes nothing."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PETITIONS_DIR", str(folder))
    done = CliRunner().invoke(preview, arguments)
    assert done.exit_code == 2, done.output
    assert not (folder / "preview.html").exists()
    return done.output


def test_it_asks_which_petition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for slug in ("elms", "oaks"):
        shutil.copytree(PETITIONS / TREES, tmp_path / slug)
    assert "which petition?; choose from: elms, oaks" in refused(tmp_path, monkeypatch)
    assert "unknown petition 'ashes'; choose from: elms, oaks" in refused(tmp_path, monkeypatch, "ashes")


def test_without_any_petition_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "no petitions found" in refused(tmp_path, monkeypatch)


@pytest.mark.parametrize("slug", SLUGS)
def test_pasted_petitions_are_shown_or_refused_as_check_refuses_them(
    slug: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    shutil.copytree(PASTED / slug, tmp_path / slug)
    faults = check_petitions(tmp_path)
    if faults:
        said = refused(tmp_path, monkeypatch, slug)
        assert [str(fault) for fault in faults if str(fault) not in said] == []
    for change in expected(slug).get("fix", []):
        apply(tmp_path / slug, change)
    petition = read_folder(tmp_path / slug).petition
    assert petition is not None
    language = petition.languages[0]
    text = petition.text(language)
    thanks = catalog().text(Message("finished.thanks", {"target": petition.in_language(language).target}), language)
    for (surface, _), chapter in chapters(booklet(database, petition, only=[language])).items():
        shown = words(chapter)
        assert " ".join(text.title.split()) in shown
        assert all(source.title in shown for source in text.sources)
        assert surface == "Web page" or thanks in shown
