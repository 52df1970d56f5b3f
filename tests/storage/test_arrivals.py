"""Reading ahead: the calls that ask for it next get the rows that they would have read themselves."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from core.conversation import state as ev
from core.conversation.state import Conversation
from core.petition.petition import Decision, PetitionStatus
from core.platforms import Platform
from core.signatures.consent import words_digest
from core.signatures.parts import ALL_PARTS
from core.signatures.quarantine import Signal
from core.signatures.signature import Outcome, SignatureStatus, Signer
from storage.engine import Database
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.statements import watched
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


def test_what_signing_reads_ahead_is_forgotten_when_it_changes(database: Database, vault: Vault) -> None:
    world = sql_world(database, vault)
    sign(world)
    digest = words_digest("These words.")
    with SqlUnitOfWork(database, vault) as work:
        work.signatures.read_ahead(SALESFORCE, digest)
        work.signals.set_threshold(Signal.BURST, 7)
        assert work.signals.thresholds() == {Signal.BURST: 7}
        work.signatures.read_ahead(SALESFORCE, digest)
        work.tallies.add(SALESFORCE, SignatureStatus.COUNTED, 1)
        assert work.tallies.of(SALESFORCE).counted == 2
        assert work.words.keep("These words.") == digest
        assert work.words.of(digest) == "These words.", "they weren't stored before"
        work.signatures.read_ahead(SALESFORCE, digest)
        assert work.words.keep("These words.") == digest
        work.signatures.read_ahead(TREES, digest)
        assert work.tallies.of(TREES).counted == 0
        assert work.tallies.of(SALESFORCE).counted == 2, "a count of another petition isn't taken for this one's"


def test_holders_read_with_the_lock_are_those_of_the_mailboxes(database: Database, vault: Vault) -> None:
    world = sql_world(database, vault)
    sign(world, "1", mail="ada@example.org")
    with SqlUnitOfWork(database, vault) as work:
        assert work.tallies.lock(SALESFORCE, ALL_PARTS, ["ben@example.org", "ada@example.org"]) == 1
        ben, ada = work.signatures.holders(SALESFORCE, ["ben@example.org", "ada@example.org"])
        assert ben is None
        assert ada
        work.tallies.lock(SALESFORCE, ALL_PARTS, ["ben@example.org"])
        assert work.signatures.holders(SALESFORCE, ["ada@example.org"]) != (None,), "other mailboxes are read again"


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)  # on SQLite, only one transaction writes at a time
def test_a_person_who_is_created_between_lock_and_read_is_locked(database: Database, vault: Vault) -> None:
    world = sql_world(database, vault)
    sign(world)
    ada, met = Signer(Platform.TELEGRAM, "77", "Ada"), list[str]()

    def meet(statement: str, _: object) -> None:
        if "EXISTS" in statement and not met:
            met.append(statement)
            with SqlUnitOfWork(database, vault) as other:
                other.signers.lock_or_create(ada, world.now)
                other.commit()

    with watched(database, meet), SqlUnitOfWork(database, vault) as work:
        assert work.signers.find(ada)
        with ThreadPoolExecutor() as threads:
            waiting = threads.submit(world.signing.profile, ada)
            until_waiting(database)
            work.commit()
            waiting.result()


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
