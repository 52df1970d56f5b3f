"""Trials are erased with everything about them: soon after the petition is published, and old ones of a draft."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from core.conversation import state as ev
from core.petition.retention import PUBLISHED_KEPT, TRIALS_KEPT
from storage.engine import Database
from storage.retention import SqlPersonalData
from storage.vault import Vault
from tests.conftest import rows_of
from tests.core.petition.test_collection import collected
from tests.core.services.test_trials import DRAFT, signs
from tests.storage.signers import sql_world
from tests.world import NOW, SALESFORCE, TREES, World, services_of

SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def world(database: Database, vault: Vault) -> World:
    """Ada tried the draft and signed the other petition; Ben only tried, and Cleo began to try."""
    world = sql_world(database, vault)
    world.signing = replace(world.signing, petitions=collected())
    ada, cleo = world.person("Ada").about(DRAFT), world.person("Cleo").about(DRAFT)
    signs(ada)
    ada.about(SALESFORCE).does(ev.Begin(), ev.Answer({"postal_code": "90210"}), ev.Confirm())
    signs(world.person("Ben").about(DRAFT))
    cleo.does(ev.Open(), ev.Begin())
    return world


def left(database: Database) -> set[str]:
    """The tables that say anything about the draft, without the names of its keys."""
    tables = rows_of(database)
    return {name for name, rows in tables.items() for row in rows if DRAFT in map(str, row.values())}


def test_the_trials_of_a_draft_are_kept_while_people_try_it(database: Database, vault: Vault, world: World) -> None:
    data = SqlPersonalData(database, vault)
    assert data.erase_trials([DRAFT], NOW + TRIALS_KEPT) == 0
    assert {"signatures", "conversations", "steps"} <= left(database)
    assert data.erase_trials([DRAFT], NOW + TRIALS_KEPT + SECOND) == 2
    assert left(database) <= {"signers"}, "only the petition that Ada talked about last"
    assert len(rows_of(database)["signers"]) == 1
    assert world.counted() == 1


def test_after_publication_they_go_within_hours_and_testers_sign_for_real(
    database: Database, vault: Vault, world: World
) -> None:
    world.signing = replace(world.signing, petitions=collected(draft=False))
    retention = services_of(world, database, vault).retention
    ben = world.person("Ben").about(TREES)
    assert "You are signature no. 1." in signs(ben)
    world.now += PUBLISHED_KEPT
    retention.run()
    assert "signatures" in left(database)
    world.now += SECOND
    retention.run()
    assert left(database) <= {"signers"}
    assert {row["petition"] for row in rows_of(database)["signatures"]} == {SALESFORCE, TREES}
    assert vault.petition_keys
    assert DRAFT not in vault.petition_keys.ids()
    ben.does(ev.Show(ev.Overlay.SIGNATURES))
    assert "You've signed 1 petition." in ben.reads()


def test_a_draft_can_be_tried_again_after_its_trials_were_erased(
    database: Database, vault: Vault, world: World
) -> None:
    SqlPersonalData(database, vault).erase_trials([DRAFT], NOW + TRIALS_KEPT + SECOND)
    assert "This signature is a trial." in signs(world.person("Ben").about(DRAFT))


def test_a_petition_that_becomes_a_draft_again_keeps_its_signatures(
    database: Database, vault: Vault, world: World
) -> None:
    world.signing = replace(world.signing, petitions=collected(draft=False))
    retention = services_of(world, database, vault).retention
    retention.remember()
    ben = world.person("Ben").about(TREES)
    signs(ben)
    world.signing = replace(world.signing, petitions=collected())
    retention = services_of(world, database, vault).retention
    assert retention.has_folder(TREES)
    assert retention.removed() == ()
    ben.about("").does(ev.Show(ev.Overlay.SIGNATURES))
    ben.does(ev.Show(ev.Overlay.WITHDRAW), ev.Withdraw())
    assert world.counted(TREES) == 0
