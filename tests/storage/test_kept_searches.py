"""Searches for people that organizers may still confirm: retention drops those that found anyone it erases."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest

from core.conversation import state as ev
from core.petition.retention import IDLE
from core.signatures.review import Plan
from core.signatures.search import Wanted
from core.signatures.signature import Signer
from storage.engine import Database
from storage.retention import SqlPersonalData
from storage.vault import Vault
from tests.core.services.test_signing import SIGNING, signed
from tests.storage.signers import sql_world
from tests.world import SALESFORCE, World

PEOPLE = ("Ada", "Ben", "Cleo")


@dataclass
class Searches:
    """A search for each person, kept a month and a day after they came. Only Ada signed, and Cleo has come again."""

    world: World
    data: SqlPersonalData

    def keep(self) -> None:
        with self.world.work() as work:
            for name in PEOPLE:
                (key,) = work.holdings.find(Wanted("", accounts=(Signer("test", name),)))
                work.reviews.keep(name, Plan("", f"found {key}", self.world.now))
            work.commit()

    def kept(self) -> set[str]:
        with self.world.work() as work:
            return {name for name in PEOPLE if work.reviews.take(name)}


@pytest.fixture
def searches(database: Database, vault: Vault) -> Searches:
    world = sql_world(database, vault)
    signed(world, "Ada")
    for name in PEOPLE[1:]:
        world.person(name).does(*SIGNING[:2])
    world.now += IDLE + dt.timedelta(days=1)
    world.person("Cleo").does(ev.TurnPage(1))
    searches = Searches(world, SqlPersonalData(database, vault))
    searches.keep()
    return searches


def test_erasing_idle_accounts_drops_what_found_them(searches: Searches) -> None:
    assert searches.data.clean(searches.world.now) == 1
    assert searches.kept() == {"Ada", "Cleo"}


def test_erasing_a_petition_drops_what_found_its_people(searches: Searches) -> None:
    searches.data.erase(SALESFORCE)
    assert searches.kept() == set()
