"""`undersign sources`: the last results without a request, and links that a person accepts."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from bots.app.source_commands import _print
from bots.app.source_finding import find_links
from core.petition.loading import read_folder
from core.petition.source import Source
from core.sources.checks import LinkState, PassageState, SourceCheck
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.command import run
from tests.core.sources.test_proposals import BOOKMARKS, GIZMODO
from tests.databases import migrated_sqlite
from tests.world import NOW, SALESFORCE, TREES, World, services_of

KEY = "a key of forty characters for this one test"
PETITIONS = Path(__file__).parents[2] / "petitions"
SHIPPED = Path(__file__).parents[3] / "core" / "petitions"


def linked() -> list[Source]:
    """The sources of the test petition that have a link."""
    petition = read_folder(PETITIONS / TREES).petition
    assert petition
    return [source for source in petition.text("en").sources if source.link]


def keep(folder: Path, *checks: SourceCheck) -> None:
    with closing(migrated_sqlite(folder)) as database, SqlUnitOfWork(database, Vault([KEY])) as work:
        for check in checks:
            work.source_checks.save(TREES, check)
        work.commit()


@pytest.mark.process
@pytest.mark.parametrize(
    ("state", "passage", "code", "words"),
    [
        (LinkState.ALIVE, PassageState.NOT_GIVEN, 0, "the page is there"),
        (LinkState.MOVED, PassageState.NOT_GIVEN, 0, "has moved to"),
        (LinkState.GONE, PassageState.NOT_GIVEN, 1, "doesn't exist"),
        (LinkState.ALIVE, PassageState.MISSING, 1, "weren't found"),
    ],
)
def test_the_last_results_are_shown_without_a_request(
    tmp_path: Path, state: LinkState, passage: PassageState, code: int, words: str
) -> None:
    source = linked()[0]
    check = SourceCheck(source.key, source.link or "", NOW, state, quote=source.quote, passage=passage)
    keep(tmp_path, replace(check, final_link="https://new.example/elms" if state is LinkState.MOVED else ""))
    settings = {"SECRET_KEY": KEY, "PETITIONS_DIR": str(PETITIONS)}
    done = run(tmp_path, "sources", TREES, "--last", COLUMNS="300", **settings)
    assert done.returncode == code, done.stderr
    assert words in " ".join(done.stdout.split())
    search = 'No link: search for "Survey of street trees" "Town Council"'
    assert f"[1] Town Council, “Survey of street trees”, January 2026 {search}" in " ".join(done.stdout.split())
    (petition,) = json.loads(run(tmp_path, "sources", "--last", TREES, "--json", **settings).stdout)["petitions"]
    assert petition["sources"][source.number - 1]["state"] == state.value


@pytest.mark.process
def test_a_petition_that_does_not_let_the_checker_look_is_asked_about_first(tmp_path: Path) -> None:
    done = run(tmp_path, "sources", TREES, PETITIONS_DIR=str(PETITIONS), stdin="n\n")
    assert done.returncode == 1
    assert "Publishers see the visits" in done.stderr


def accept(folder: Path, answers: str, *, is_person: bool = True) -> str:
    (folder / "bookmarks.html").write_text(BOOKMARKS, encoding="utf-8")
    shutil.copytree(SHIPPED, folder / "petitions", dirs_exist_ok=True)

    @click.command()
    def command() -> None:
        find_links(folder / "petitions", SALESFORCE, folder / "bookmarks.html", is_person=is_person)

    done = CliRunner().invoke(command, input=answers)
    assert done.exit_code == 0, done.output
    return done.output


def test_a_link_is_written_only_if_a_person_accepts_it(tmp_path: Path) -> None:
    folder = tmp_path / "petitions" / SALESFORCE
    for answers, is_person in (("", False), ("n\n", True)):
        said = accept(tmp_path, answers, is_person=is_person)
        assert GIZMODO in said
        petition = read_folder(folder).petition
        assert petition
        assert petition.text("en").sources[0].link is None
    said = accept(tmp_path, "y\n")
    assert "makes a new version" in said
    assert "\n  +[^1]: Gizmodo" in said
    petition = read_folder(folder).petition
    assert petition
    assert [source.link for source in petition.text("en").sources] == [GIZMODO, None, None]
    assert "the title in the file" not in accept_again(tmp_path), "it has a link now"


def accept_again(folder: Path) -> str:
    @click.command()
    def command() -> None:
        find_links(folder / "petitions", SALESFORCE, folder / "bookmarks.html", is_person=True)

    return CliRunner().invoke(command).output


def test_every_kind_of_note_is_printed_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    link = f"https://courier.example.org/{'elms-' * 40}"
    notes = (Source(1, "", "Elms", "", link, "", ()), Source(2, "Courier", "Oaks", "", None, "", ()))
    world = World()
    petition = world.petitions[TREES]
    world.petitions[TREES] = replace(petition, texts={"en": replace(petition.text("en"), sources=notes)})
    with closing(migrated_sqlite(tmp_path)) as database:
        _print(services_of(world, database, Vault([KEY])), world.petitions[TREES], {})
    printed = capsys.readouterr().out
    assert link in "".join(printed.split()), "folded, not cut off"
    assert "[1] Elms " in printed
    assert "[2] Courier, “Oaks” " in printed
    assert printed.count("Not checked yet") == 1
