"""A thief who has the database but not its key."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
import sqlalchemy as sa

from bots.app.bootstrap import CODE_LETTERS
from core.conversation import state as ev
from core.errors import ConfigurationError
from core.petition.label import PSEUDONYM
from core.signatures.breakdowns import Facet
from storage.engine import Database
from storage.queries import SqlQueries
from storage.schema import upgrade
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.conftest import KEY, rows_of
from tests.storage.migrations import downgrade
from tests.world import SALESFORCE, Talker, World


def world_of(database: Database, vault: Vault) -> World:
    return World(work=lambda: SqlUnitOfWork(database, vault))


def sign(world: World, name: str, label: str = "", code: str = "90210") -> Talker:
    person = world.person(name)
    person.does(ev.Open(label), ev.Begin(), ev.Reply(code), ev.Confirm())
    return person


def own_link(person: Talker) -> str:
    return person.world.signing.profile(person.signer).referrals[SALESFORCE]


def test_rows_do_not_tell_who_brought_which_signer(database: Database, vault: Vault) -> None:
    world = world_of(database, vault)
    ada, ben = sign(world, "Ada"), sign(world, "Ben")
    links = [own_link(ada), own_link(ben)]
    for name, link in (("Cem", links[0]), ("Dee", links[0]), ("Eve", links[1])):
        sign(world, name, link)
    dump = repr(rows_of(database))
    assert "r00000000" not in dump
    for link in links:
        assert link not in dump
    labels = Counter(row["label"] for row in rows_of(database)["signatures"])
    assert sorted(labels.values()) == [1, 2, 2], "only that two came by the same link"
    assert all(PSEUDONYM.fullmatch(str(label)) for label in labels if label)
    queries = SqlQueries(database, vault)
    assert [queries.credited(SALESFORCE, link) for link in links] == [2, 1]
    assert SqlQueries(database, Vault([KEY + "!"])).credited(SALESFORCE, links[0]) == 0, "the key is needed"


def test_a_share_link_stays_the_same_and_looks_like_that_of_a_card(database: Database, vault: Vault) -> None:
    world = world_of(database, vault)
    links = {own_link(sign(world, f"Person {letter}")) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    assert len(links) == 26
    assert own_link(world.person("Person A")) in links
    assert {letter for link in links for letter in link[1:]} == set(CODE_LETTERS.lower())


def test_regions_on_a_quiet_day_are_sealed(database: Database, vault: Vault) -> None:
    world = world_of(database, vault)
    for name, code in (("Ada", "90210"), ("Ben", "90210"), ("Cem", "10001")):
        sign(world, name, code=code)
        world.now += dt.timedelta(days=1)
    stored = [row["value"] for row in rows_of(database)["facets"] if row["facet"] == Facet.REGION]
    assert len(set(stored)) == 3, "the same region on another day looks different"
    assert len({len(str(value)) for value in stored}) == 1
    assert "US-" not in repr(rows_of(database))
    with world.work() as work:
        assert work.breakdowns.by_value(SALESFORCE, Facet.REGION, None) == (("US-CA", 2), ("US-NY", 1))


def test_what_was_stored_before_is_converted_with_the_right_key(database: Database, vault: Vault) -> None:
    world = world_of(database, vault)
    link = own_link(sign(world, "Ada"))
    sign(world, "Ben", link)
    downgrade(database, "0011", vault)
    with database.writing() as connection:
        connection.execute(sa.text("UPDATE signatures SET label = :link WHERE label <> ''"), {"link": link})
        connection.commit()
    assert "'US-CA'" in repr(rows_of(database))
    for wrong, words in ((None, "only with its secret key"), (Vault([KEY + "!"]), "not the one")):
        with pytest.raises(ConfigurationError, match=words):
            upgrade(database, wrong)
    upgrade(database, vault)
    assert "'US-CA'" not in repr(rows_of(database))
    assert link not in repr(rows_of(database))
    assert SqlQueries(database, vault).credited(SALESFORCE, link) == 1
    with world.work() as work:
        assert work.breakdowns.by_value(SALESFORCE, Facet.REGION, None) == (("US-CA", 2),)
