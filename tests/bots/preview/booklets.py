"""Previews drawn for tests, and what a reader finds in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from pathlib import Path

from bots.preview.booklet import draw
from core.petition.petition import Petition
from storage.engine import Database
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.databases import migrated_sqlite
from tests.world import World, services_of

VAULT = Vault(["k" * 32])


@contextmanager
def empty_database(folder: Path) -> Iterator[Database]:
    """A database in a file, with nothing in it."""
    database = migrated_sqlite(folder)
    try:
        yield database
    finally:
        database.close()


def booklet(database: Database, *petitions: Petition, only: Sequence[str] = (), **settings: object) -> str:
    """The preview of the first of some petitions, in every language or `only` in some, with some `settings`."""
    world = World(lambda: SqlUnitOfWork(database, VAULT), petitions={one.slug: one for one in petitions})
    services = services_of(world, database, VAULT)
    services = replace(services, settings=services.settings.model_copy(update=settings))
    return draw(services, petitions[0], lambda *_: None, only)


def chapters(html: str) -> dict[tuple[str, str], str]:
    """The HTML of each surface in each language, with the pages in frames as they are loaded."""
    found: dict[tuple[str, str], str] = {}
    for piece in html.partition("<main>")[2].split('<section class="chapter ')[1:]:
        surface, language = re.findall(r'data-(?:surface|language)="([^"]*)"', piece)[:2]
        found[surface, language] = re.sub(r'srcdoc="([^"]*)"', lambda frame: f">{unescape(frame[1])}", piece)
    return found


def words(html: str) -> str:
    """The words that a reader sees, with single blanks."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL))).split())


def titles(html: str) -> list[str]:
    """The titles of the screens in a chapter."""
    return re.findall(r"<h4>\d+\. ([^<]*)</h4>\n<div class=\"drawing", html)
