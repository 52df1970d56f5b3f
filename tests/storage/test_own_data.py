"""Reading everything about one signer, from every storage."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import sqlalchemy as sa

from core.conversation.state import Conversation, Stage
from core.conversation.stored_data import StoredAccount, StoredConversation, StoredEntry
from core.outbox import NewEntry, Topic, done
from core.signatures.signature import SignatureStatus
from storage.engine import Database
from storage.tables import ConversationRow, OutboxRow, SignatureRow, table
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.storage.test_contract import ADA, BEN, Work, met, signature
from tests.world import NOW

LATER = NOW + dt.timedelta(hours=2)
TOPIC = Topic("files.test", repeat=True)


def store(work: Work) -> int:
    """Store something of every kind about Ada, and the same about Ben; returns Ada's id."""
    ids = []
    for number, signer in enumerate((ADA, BEN)):
        person = replace(met(work, signer), locale="es", focus="oaks", details={"name": signer.name}, seen=("7", "8"))
        person = replace(person, reads_whole=False)
        with work() as unit:
            unit.signers.save(person)
            unit.signers.set_reachable(person, reachable=False)
            for petition in ("elms", "oaks"):
                new = signature(f"{petition}-{number}", petition=petition, label="news", region="US-CA", mailbox=None)
                unit.signatures.add(person, replace(new, answers={"who": signer.name}))
                unit.conversations.save(person, Conversation(petition, "es", answers={"who": signer.name}), LATER)
            (elms, _) = unit.signatures.standing(person)
            unit.signatures.withdraw(elms, LATER)
            unit.outbox.put([NewEntry(TOPIC, f"key {number}", LATER, {"form": signer.name}, person=person.id)])
            unit.commit()
        ids.append(person.id)
    return ids[0]


def test_everything_about_one_person_is_read_and_nothing_about_another(work: Work) -> None:
    ada = store(work)
    with work() as unit:
        stored = unit.own_data.of(ada)
    assert stored.account == StoredAccount("test", "1", NOW, "es", "oaks", False, {"name": "Ada"}, ("7", "8"), False)
    elms, oaks = stored.signatures
    assert (elms.signature.status, elms.changed_at) == (SignatureStatus.WITHDRAWN, LATER)
    assert (dict(elms.signature.answers), elms.signature.region) == ({}, "")
    assert (dict(oaks.signature.answers), oaks.signature.region) == ({"who": "Ada"}, "US-CA")
    assert (oaks.signature.label, oaks.signature.receipt, oaks.changed_at) == ("news", "oaks-0", NOW)
    assert stored.conversations == tuple(
        StoredConversation(
            petition, Stage.READING.value, LATER, Conversation(petition, "es", answers={"who": "Ada"})
        )
        for petition in ("elms", "oaks")
    )  # fmt: skip
    assert stored.entries == (StoredEntry(TOPIC.name, LATER, {"form": "Ada"}),)
    assert stored.petitions == {"elms", "oaks"}
    assert "Ben" not in repr(stored)


def test_entries_that_ended_belong_to_nobody(work: Work) -> None:
    ada = store(work)
    with work() as unit:
        claimed = unit.outbox.claim("worker", [TOPIC.name], 9, LATER, dt.timedelta(minutes=1))
        unit.outbox.begin(claimed, LATER)
        unit.outbox.report([done(entry) for entry in claimed], LATER)
        assert unit.own_data.of(ada).entries == ()


def test_what_no_key_opens_is_named_as_unreadable(database: Database, vault: Vault) -> None:
    ada = store(lambda: SqlUnitOfWork(database, vault))
    sealed = Vault(["another key, also of thirty-two characters or more"]).seal({})
    with SqlUnitOfWork(database, vault) as unit:
        for target in (table(ConversationRow), table(SignatureRow), table(OutboxRow)):
            unit.connection.execute(sa.update(target).where(target.c.sealed.is_not(None)).values(sealed=sealed))
        stored = unit.own_data.of(ada)
    assert [one.is_readable for one in stored.signatures] == [True, False], "a withdrawn one has nothing sealed"
    assert [one.conversation for one in stored.conversations] == [None, None]
    assert [one.payload for one in stored.entries] == [None]
