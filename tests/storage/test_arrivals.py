"""Reading ahead: the calls that ask for it next get the rows that they would have read themselves."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from core.conversation import state as ev
from core.conversation.state import Conversation
from core.petition.petition import Decision, PetitionStatus
from core.signatures.signature import Outcome
from storage.engine import Database
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.storage.signers import sign, sql_world
from tests.storage.test_unreadable_accounts import until_waiting
from tests.world import SALESFORCE, TREES


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)  # on SQLite, only one transaction writes at a time
def test_a_tap_that_waits_sees_the_conversation_after_the_other_tap(database: Database, vault: Vault) -> None:
    world = sql_world(database, vault)
    ada = world.person("Ada", user_id="1")
    ada.does(ev.Begin())
    with ThreadPoolExecutor() as threads:
        with SqlUnitOfWork(database, vault) as work:
            world.signing.handle_in(work, ada.signer, ev.Reply("90210"), SALESFORCE)
            confirming = threads.submit(world.signing.handle, ada.signer, ev.Confirm(), SALESFORCE)
            until_waiting(database)
            work.commit()
        view = confirming.result()
    assert view.outcome is not None
    assert view.outcome.outcome is Outcome.SIGNED


def test_what_the_transaction_writes_is_read_again(database: Database, vault: Vault) -> None:
    world = sql_world(database, vault)
    ada = sign(world)
    with SqlUnitOfWork(database, vault) as work:
        person = work.signers.find(ada.signer, petition=SALESFORCE)
        assert person
        changed = Conversation(SALESFORCE, "es")
        work.conversations.save(person, changed, world.now)
        assert work.conversations.get(person, SALESFORCE) == changed
        work.decisions.save(SALESFORCE, Decision(PetitionStatus.PAUSED, since=world.now))
        assert work.decisions.of(SALESFORCE).status is PetitionStatus.PAUSED
        (signature,) = work.signatures.standing(person)
        work.signatures.withdraw(signature, world.now)
        assert work.signatures.standing(person) == ()


def test_nothing_read_ahead_outlives_its_transaction(database: Database, vault: Vault) -> None:
    world = sql_world(database, vault)
    ada = sign(world)
    with database.together():
        with SqlUnitOfWork(database, vault) as work:
            work.decisions.save(SALESFORCE, Decision(PetitionStatus.CLOSED, since=world.now))
            assert work.signers.find(ada.signer, petition=SALESFORCE), "and what it reads ahead is rolled back"
        with SqlUnitOfWork(database, vault) as work:
            assert work.decisions.of(SALESFORCE).status is PetitionStatus.OPEN


def test_a_conversation_about_another_petition_is_not_taken_for_this_one(database: Database, vault: Vault) -> None:
    world = sql_world(database, vault)
    ada = sign(world)
    ada.about(TREES).does(ev.Begin())
    with SqlUnitOfWork(database, vault) as work:
        person = work.signers.find(ada.signer, petition=SALESFORCE)
        assert person
        for slug in (TREES, SALESFORCE):
            found = work.conversations.get(person, slug)
            assert found
            assert found.petition == slug
