"""The audience of announcements, and milestones: the fake, which counts from scratch, SQLite and PostgreSQL alike."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from core.conversation import state as ev
from core.outbox import NewEntry, State, Topic, dead
from core.outreach.announcement import AnnouncementState, Audience, AudienceCount
from core.outreach.milestones import Follower, Milestone
from core.ports import Person, UnitOfWork
from core.signatures.consent import Consent, ConsentSubject, UpdatesChoice
from core.signatures.review import Query
from core.signatures.signature import SignatureStatus, Signer
from storage.engine import Database
from storage.retention import anonymise_petition
from storage.schema import upgrade
from storage.statements.outreach import RECIPIENTS
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.bots import signers
from tests.databases import migrated_sqlite
from tests.storage.migrations import downgrade
from tests.storage.test_contract import ADA, BEN, met, signature
from tests.world import NOW, SALESFORCE, World, memory

Work = Callable[[], UnitOfWork]


def audience_counts(work: Work, petition: str = "elms") -> set[AudienceCount]:
    with work() as unit:
        return set(unit.announcements.audience_counts(petition))


def sign(work: Work, signer: Signer, receipt: str, **changes: object) -> int:
    person = met(work, signer)
    with work() as unit:
        unit.signatures.add(person, signature(receipt, **{"updates": True, "mailbox": None, **changes}))
        unit.commit()
    return person.id


def test_who_agreed_counts_by_platform_language_and_label_but_not_by_a_signers_own_link(work: Work) -> None:
    for number, label in enumerate(("", "news", "news", "rabcdefghijkl", "g0123456789ab")):
        sign(work, Signer("telegram", str(number)), f"R-{number}", platform="telegram", label=label)
    sign(work, Signer("discord", "1"), "R-8", platform="discord", locale="es")
    sign(work, Signer("discord", "2"), "R-9", updates=False)
    assert audience_counts(work) == {
        AudienceCount("telegram", "en", "", 2), AudienceCount("telegram", "en", "news", 2),
        AudienceCount("telegram", "en", "g0123456789ab", 1), AudienceCount("discord", "es", "", 1),
    }  # fmt: skip
    assert audience_counts(work, "oaks") == set()


def withdraw(unit: UnitOfWork, person: Person) -> None:
    for standing in unit.signatures.standing(person):
        unit.signatures.withdraw(standing, NOW)


def agree(unit: UnitOfWork, person: Person, choice: UpdatesChoice) -> None:
    for standing in unit.signatures.standing(person):
        unit.signatures.set_updates(standing, Consent(ConsentSubject.UPDATES, choice, "telegram", NOW, "en", ""))


CHANGES: dict[str, Callable[[UnitOfWork, Person], object]] = {
    "withdraw": withdraw,
    "updates off": lambda unit, person: agree(unit, person, UpdatesChoice.NO),
    "updates on": lambda unit, person: agree(unit, person, UpdatesChoice.HERE),
    "updates by email": lambda unit, person: agree(unit, person, UpdatesChoice.EMAIL),
    "closed": lambda unit, person: unit.signers.set_reachable(person, reachable=False),
    "open": lambda unit, person: unit.signers.set_reachable(person, reachable=True),
    "anonymise": lambda unit, person: unit.signatures.anonymise(person),
    "invalidate": lambda unit, person: unit.reviews.invalidate(Query("elms", platform=person.signer.platform), NOW),
    "restore": lambda unit, person: unit.reviews.restore(Query("elms", platform=person.signer.platform), NOW),
}
BACK = {"updates off": "updates on", "updates by email": "updates on", "closed": "open"}


def change(work: Work, person: Person, *names: str) -> None:
    with work() as unit:
        for name in names:
            CHANGES[name](unit, person)
        unit.commit()


@pytest.mark.parametrize("name", ["withdraw", "updates off", "updates by email", "closed", "anonymise"])
def test_whoever_is_not_to_be_reached_is_not_counted_nor_listed_and_may_come_back(work: Work, name: str) -> None:
    sign(work, ADA, "R-1")
    sign(work, BEN, "R-2")
    ada, ben = met(work, ADA), met(work, BEN)
    change(work, ada, name, name)
    assert audience_counts(work) == {AudienceCount("test", "en", "", 1)}
    with work() as unit:
        assert [recipient.person for recipient in unit.announcements.recipients("elms", 0, 9)] == [ben.id]
    if name in BACK:
        change(work, ada, BACK[name], BACK[name])
        assert audience_counts(work) == {AudienceCount("test", "en", "", 2)}


def test_only_an_invalidated_signature_is_left_out(work: Work) -> None:
    """A duplicate and one held back are told, so that signers cannot tell their status from it."""
    sign(work, ADA, "R-1")
    sign(work, BEN, "R-2", status=SignatureStatus.DUPLICATE)
    sign(work, Signer("test", "3"), "R-3", status=SignatureStatus.QUARANTINED, label="rabcdefghijkl")
    assert audience_counts(work) == {AudienceCount("test", "en", "", 3)}
    change(work, met(work, ADA), "invalidate")
    assert audience_counts(work) == set()
    with work() as unit:
        assert unit.announcements.recipients("elms", 0, 9) == ()
        unit.reviews.restore(Query("elms", receipt="R-2", status=SignatureStatus.INVALID), NOW)
        unit.commit()
    assert audience_counts(work) == {AudienceCount("test", "en", "", 1)}


def test_a_migrated_database_leaves_out_who_was_invalidated(database: Database, vault: Vault) -> None:
    work: Work = lambda: SqlUnitOfWork(database, vault)  # noqa: E731
    for number, label in enumerate(("", "news", "rabcdefghijkl")):
        sign(work, Signer("test", str(number)), f"R-{number}", label=label)
    with work() as unit:
        unit.reviews.invalidate(Query("elms", receipt="R-1"), NOW)
        unit.reviews.invalidate(Query("elms", receipt="R-2"), NOW)
        unit.commit()
    downgrade(database, "0013", vault)
    before = {AudienceCount("test", "en", "", 2), AudienceCount("test", "en", "news", 1)}
    assert audience_counts(work) == before
    upgrade(database, vault)
    assert audience_counts(work) == {AudienceCount("test", "en", "", 1)}


def test_kept_counts_equal_what_would_be_counted_whatever_happens(database: Database, vault: Vault) -> None:
    works: tuple[Work, ...] = (memory(), lambda: SqlUnitOfWork(database, vault))
    chance, people = random.Random(4711), [Signer(platform, str(n)) for n in range(8) for platform in ("a", "b")]
    for step in range(120):
        who, name, slug = chance.choice(people), chance.choice(["sign", *CHANGES]), chance.choice(["elms", "oaks"])
        label, wanted = chance.choice(["", "news", "rabcdefghijkl"]), chance.random() < 0.7
        for work in works:
            person = met(work, who)
            with work() as unit:
                signed = {standing.petition for standing in unit.signatures.standing(person)}
            if name != "sign":
                change(work, person, name)
            elif slug not in signed and person.reachable:
                more = {"petition": slug, "label": label, "platform": who.platform, "updates": wanted}
                sign(work, who, f"R-{step}", **more)
        for slug in ("elms", "oaks"):
            assert audience_counts(works[0], slug) == audience_counts(works[1], slug), (step, who, name)
    assert audience_counts(works[0]), "something was compared"


def test_recipients_come_page_by_page_in_the_order_of_their_signatures(work: Work) -> None:
    ids = [sign(work, Signer("test", str(number)), f"R-{number}") for number in range(5)]
    people: list[int] = []
    with work() as unit:
        after = 0
        while page := unit.announcements.recipients("elms", after, 2):
            assert len(page) <= 2
            people += [recipient.person for recipient in page]
            after = page[-1].signature
    assert people == ids


def test_a_person_is_found_by_the_number_that_an_entry_has(work: Work) -> None:
    ada = met(work, ADA)
    change(work, ada, "closed")
    with work() as unit:
        stored = unit.signers.get(ada.id)
        assert stored
        assert (stored.signer.user_id, stored.signer.platform, stored.reachable) == ("1", "test", False)
        unit.signers.save(replace(stored, locale="es", reachable=True))
        again = unit.signers.get(ada.id)
        assert again
        assert (again.locale, again.reachable) == ("es", False), "saving is not what opens a closed chat"
        assert unit.signers.get(ada.id + 1000) is None


def test_writing_again_makes_one_reachable(work: Work) -> None:
    world = World(work=work)
    ada = world.person("Ada", "telegram", "1")
    ada.does(ev.Begin(), ev.Reply("90210"), ev.SetUpdates(wanted=True), ev.Confirm())
    change(work, met(work, ada.signer), "closed")
    world.signing.profile(ada.signer)
    assert audience_counts(work, SALESFORCE) == set(), "to be looked up is not to write"
    ada.does(ev.Open())
    assert audience_counts(work, SALESFORCE) == {AudienceCount("telegram", "en", "", 1)}


def test_announcements_come_back_as_they_were_saved(work: Work) -> None:
    with work() as unit:
        first, second = unit.announcements.add("elms", "a\nb", NOW), unit.announcements.add("", "c", NOW)
        changed = replace(
            first, state=AnnouncementState.PAUSED, audience=Audience("es", "news"), after=7, complete=True,
        )  # fmt: skip
        unit.announcements.save(changed)
        unit.commit()
    with work() as unit:
        assert unit.announcements.get(first.id) == unit.announcements.hold(first.id) == changed
        assert unit.announcements.last(9) == (second, changed)
        assert unit.announcements.last(1) == (second,)
        assert unit.announcements.get(999) is None


def test_a_milestone_is_crossed_once(work: Work) -> None:
    for number, new in ((100, True), (100, False), (1000, True)):
        with work() as unit:
            assert unit.milestones.cross(Milestone("elms", number, NOW)) is new
            unit.commit()
    with work() as unit:
        assert unit.milestones.cross(Milestone("oaks", 100, NOW))
        assert [milestone.number for milestone in unit.milestones.crossed()] == [100, 100, 1000]


def test_a_community_follows_in_one_place_until_it_does_not(work: Work) -> None:
    here = Follower("telegram", "-1", "", "g0123456789ab", "en")
    there, other = replace(here, channel="7", locale="es"), replace(here, platform="discord")
    with work() as unit:
        for follower in (here, other, there):
            unit.milestones.follow(follower)
        assert set(unit.milestones.followers()) == {there, other}
        assert unit.milestones.follower("telegram", "-1") == there
        unit.milestones.unfollow("telegram", "-1")
        assert unit.milestones.follower("telegram", "-1") is None
        assert unit.milestones.followers() == (other,)


def test_expired_retention_leaves_nobody_to_be_reached(database: Database, vault: Vault) -> None:
    work: Work = lambda: SqlUnitOfWork(database, vault)  # noqa: E731
    sign(work, ADA, "R-1", status=SignatureStatus.COUNTED)
    sign(work, BEN, "R-2", petition="oaks")
    anonymise_petition(database, vault, "elms")
    assert (audience_counts(work), audience_counts(work, "oaks")) == (set(), {AudienceCount("test", "en", "", 1)})


def test_a_migrated_database_knows_whom_it_reaches_and_keeps_its_totals(database: Database, vault: Vault) -> None:
    work: Work = lambda: SqlUnitOfWork(database, vault)  # noqa: E731
    for number, label in enumerate(("", "news", "rabcdefghijkl")):
        sign(work, Signer("telegram", str(number)), f"R-{number}", platform="telegram", label=label)
    topic = Topic("post", repeat=False)
    with work() as unit:
        unit.outbox.put([NewEntry(topic, "a", NOW), NewEntry(topic, "b", NOW)])
        first, other = unit.outbox.claim("w", ["post"], 9, NOW, dt.timedelta(minutes=1))
        unit.outbox.report([dead(first, "Blocked"), dead(other, "Gone")], NOW)
        unit.commit()
    downgrade(database, "0008", vault)
    upgrade(database, vault)
    assert audience_counts(work) == {AudienceCount("telegram", "en", "", 2), AudienceCount("telegram", "en", "news", 1)}
    with work() as unit:
        assert unit.outbox.counts("post") == {State.DEAD: 2}


def test_a_migrated_database_knows_what_was_crossed(database: Database, vault: Vault) -> None:
    world = World(work=lambda: SqlUnitOfWork(database, vault))
    signers.store(
        world,
        (
            replace(signed, mailbox=None, signed_at=NOW + dt.timedelta(days=place))
            for place, signed in enumerate(signers.signatures(110))
        ),
    )
    signers.withdraw(world, "R-0007")
    downgrade(database, "0010", vault)
    upgrade(database, vault)
    with world.work() as unit:
        assert unit.milestones.crossed() == (Milestone(SALESFORCE, 100, NOW + dt.timedelta(days=100)),)
        assert not unit.milestones.cross(Milestone(SALESFORCE, 100, NOW))


def test_recipients_are_read_from_an_index_of_those_who_agreed(tmp_path: Path) -> None:
    database = migrated_sqlite(tmp_path)
    words = RECIPIENTS.compile(dialect=sqlite.dialect(paramstyle="named"))
    explained = sa.text(f"EXPLAIN QUERY PLAN {words}")
    with database.reading() as connection:
        values = {"slug": "elms", "after": 5, "most": 9, "status_1": "withdrawn", "status_2": "invalid", "param_1": 0}
        rows = connection.execute(explained, values)
        plan = " ".join(str(row[3]) for row in rows)
    database.close()
    assert "signatures_to_update" in plan
    assert "TEMP B-TREE" not in plan, "nothing is sorted"
