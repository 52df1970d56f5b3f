"""Erasing people, checked in the database itself: on request, and when the retention period is over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlmodel import SQLModel

from core.conversation import state as ev
from core.conversation.state import Overlay
from core.outbox import NewEntry, Topic
from core.signatures.signature import SignatureStatus
from core.updates import UPDATES_KEPT
from storage.engine import Database
from storage.queries import SqlQueries
from storage.retention import anonymise_petition, drop_updates
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.conftest import rows_of
from tests.public_log import Press
from tests.storage.signers import sign, sql_world
from tests.world import SALESFORCE, TREES, Talker, World

IMPERSONAL = {
    "announcements",
    "cards",
    "communities",
    "credits",
    "decisions",
    "history",
    "deeds",
    "followers",
    "inline_cards",
    "invites",
    "leases",
    "log_batches",
    "log_changes",
    "log_checkpoints",
    "log_exclusions",
    "log_keys",
    "log_tiles",
    "log_withdrawals",
    "logs",
    "marks",
    "milestones",
    "moments",
    "organizers",
    "petitions",
    "source_checks",
    "updates",
    "versions",
    "outbox_pauses",
    "outbox_totals",
    "plans",
    "signals",
    "thresholds",
    "reach",
    "listed",
}  # of communities, of the database itself, or gone after a day without leading to anybody
PERSONAL = ("signers", "conversations", "outbox", "signals")


def test_details_go_when_nothing_stands_any_more(database: Database, vault: Vault) -> None:
    world = sql_world(database, vault)
    ada = sign(world)
    ada.does(ev.Withdraw())
    with world.work() as work:
        assert work.signers.lock_or_create(ada.signer, world.now).details == {}


def test_forgetting_leaves_nothing(database: Database, vault: Vault) -> None:
    world = sql_world(database, vault)
    ada, ben = sign(world), sign(world, "ben", "Ben", "ben@example.org")
    ada.about(TREES).does(ev.Begin(), ev.Reply("Ada"), ev.Show(Overlay.MORE))
    with SqlUnitOfWork(database, vault) as work:
        for person in (work.signers.lock_or_create(talker.signer, world.now) for talker in (ada, ben)):
            draft = NewEntry(Topic("post", repeat=False), person.signer.user_id, world.now, person=person.id)
            work.outbox.put([draft])
        work.commit()
    Press(world.work).publish(world.petitions[SALESFORCE])
    before = rows_of(database)
    assert set(before) - {"alembic_version"} == set(SQLModel.metadata.tables), "every table is looked at"
    assert all(before[name] for name in SQLModel.metadata.tables if name not in IMPERSONAL), "every table was filled"
    (hers,) = [row for row in before["signatures"] if row["number"] == 1]
    world.signing.forget(ada.signer)
    after = rows_of(database)
    prints = {str(hers[name]) for name in ("receipt", "mailbox", "sealed")}
    sealed = {row["sealed"] for row in before["signers"] if row["id"] == hers["signer_id"]}
    sealed |= {row["sealed"] for row in before["log_links"] if row["signature_id"] == hers["id"]}
    left = {str(value) for rows in after.values() for row in rows for value in row.values()}
    assert not prints & left
    assert not {str(value) for value in sealed} & left
    assert [row["signer_id"] for row in after["conversations"]] == [ids(before, ben, vault)]
    assert len(after["signers"]) == len(after["log_links"]) == 1
    assert [row["signer_id"] for row in after["outbox"]] == [ids(before, ben, vault)]
    tally = SqlQueries(database, vault).tally(SALESFORCE).totals
    assert (tally[SignatureStatus.COUNTED], tally[SignatureStatus.WITHDRAWN]) == (1, 1)


def ids(rows: dict[str, list[dict[str, object]]], person: Talker, vault: Vault) -> object:
    who = vault.fingerprint("signer", person.signer.platform, person.signer.user_id)
    return next(row["id"] for row in rows["signers"] if row["fingerprint"] == who)


def test_retention_erases_the_people_and_keeps_the_count(database: Database, vault: Vault) -> None:
    world = sql_world(database, vault)
    sign(world)
    ben = sign(world, "ben", "Ben", "ben@example.org").about(TREES)
    ben.does(ev.Begin())
    assert anonymise_petition(database, vault, SALESFORCE) == 2
    assert anonymise_petition(database, vault, SALESFORCE) == 0
    after = rows_of(database)
    assert all(row["signer_id"] is row["sealed"] is row["mailbox"] is None for row in after["signatures"])
    assert [row["id"] for row in after["signers"]] == [ids(after, ben, vault)], "needed for the other petition"
    assert SqlQueries(database, vault).tally(SALESFORCE).counted == 2
    assert "Welcome back" not in ben.reads(), "what the signature said of the person is gone too"


def details(world: World, person: Talker) -> Mapping[str, str]:
    """The details that are kept to prefill the person's next form."""
    with world.work() as work:
        return work.signers.lock_or_create(person.signer, world.now).details


def test_retention_forgets_the_details_of_people_whose_signatures_it_erased(database: Database, vault: Vault) -> None:
    world = sql_world(database, vault)
    talking, withdrawn, signed = (sign(world, name, name, f"{name}@example.org") for name in ("Ada", "Ben", "Cleo"))
    elms: list[ev.Event] = [
        ev.Begin(),
        ev.Answer({"who": "A", "country": "US", "code": "90210", "role": "tenant"}),
        ev.Confirm(),
    ]
    talking.about(TREES).does(ev.Begin())
    withdrawn.about(TREES).does(*elms, ev.Withdraw())
    signed.about(TREES).does(*elms)
    assert all(details(world, talker) for talker in (talking, withdrawn, signed))
    anonymise_petition(database, vault, SALESFORCE)
    assert details(world, talking) == {}, "a conversation alone keeps no details"
    assert details(world, withdrawn) == {}, "neither does a signature that was withdrawn"
    assert details(world, signed), "a signature of another petition keeps them"


def test_retention_erases_what_waits_to_be_sent_to_people_it_erased(database: Database, vault: Vault) -> None:
    world = sql_world(database, vault)
    ada, ben = sign(world), sign(world, "ben", "Ben", "ben@example.org")
    ben.about(TREES).does(ev.Begin())
    with SqlUnitOfWork(database, vault) as work:
        for person in (work.signers.lock_or_create(talker.signer, world.now) for talker in (ada, ben)):
            work.outbox.put([NewEntry(Topic("post", repeat=False), person.signer.user_id, world.now, person=person.id)])
        work.commit()
    anonymise_petition(database, vault, SALESFORCE)
    after = rows_of(database)
    assert [row["signer_id"] for row in after["outbox"]] == [ids(after, ben, vault)]


def test_erasing_twice_leaves_only_fingerprints_of_updates_for_two_days(database: Database, vault: Vault) -> None:
    world = World(work=lambda: SqlUnitOfWork(database, vault))
    ada = world.person("Ada")
    signs: tuple[ev.Event, ...] = (ev.Open("elms"), ev.Begin(), ev.Reply("90210"), ev.Confirm())
    for _ in range(2):
        for number, event in enumerate((*signs, ev.Forget(), ev.Forget())):
            world.signing.handle(ada.signer, event, SALESFORCE, update_id=f"telegram-{number}")
    rows = rows_of(database)
    assert {name: rows[name] for name in PERSONAL} == {name: [] for name in PERSONAL}
    assert [(row["signer_id"], row["sealed"]) for row in rows["signatures"]] == [(None, None)]
    assert len(rows["updates"]) == 5, "the second tap was about nobody"
    assert "telegram-" not in repr(rows["updates"])
    drop_updates(database, world.now - UPDATES_KEPT)
    assert len(rows_of(database)["updates"]) == 5
    world.now += UPDATES_KEPT + dt.timedelta(seconds=1)
    drop_updates(database, world.now - UPDATES_KEPT)
    assert rows_of(database)["updates"] == []
