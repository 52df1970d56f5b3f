"""Two transactions on a real PostgreSQL never wait for each other: each pair that once could is tried here.

In each test, one transaction holds a lock, another waits for it, and the first goes on to what the second needs next.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
import sqlalchemy as sa

from core.conversation.funnel import BEGAN
from core.conversation.state import Conversation, Stage
from core.errors import StorageUnavailableError
from core.log.records import LogState
from core.outbox import ClaimedEntry, NewEntry
from core.outreach.announcement import TO_PERSON
from core.outreach.cards import Card
from core.signatures.parts import ALL_PARTS, PARTS
from core.signatures.review import Query
from storage.engine import Database
from storage.retention import anonymise_petition, erase_idle_accounts
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.conftest import rows_of
from tests.postgres import PostgresServer
from tests.storage.crowds import Crowd
from tests.world import NOW

LATER = NOW + dt.timedelta(days=400)


@pytest.fixture
def crowd(postgres: PostgresServer, vault: Vault) -> Iterator[Crowd]:
    """People who sign at the same time, and give up after half a minute of waiting for a lock."""
    url = sa.make_url(postgres.migrated_database()).update_query_dict({"options": "-c lock_timeout=30s"})
    with closing(Database(url.render_as_string(hide_password=False))) as database:
        crowd = Crowd(database, vault)
        crowd.begin_at(0)
        yield crowd


def meets(crowd: Crowd, holds: Callable[[SqlUnitOfWork], object], waits: Callable[[], object],
          goes_on: Callable[[SqlUnitOfWork], object]) -> None:  # fmt: skip
    """Let one transaction hold a lock until another waits for it, then go on and commit; neither may fail."""
    with crowd.work() as unit:
        holds(unit)
        unit.connection.settle()
        with crowd.waiting(waits) as other:
            goes_on(unit)
            unit.commit()
            unit.__exit__(None, None, None)
            other.result()


@pytest.mark.parametrize("decision", ["invalidate", "restore"])
def test_a_review_waits_for_a_signer_before_it_holds_the_petition(crowd: Crowd, decision: str) -> None:
    crowd.signs(0)
    meets(
        crowd,
        lambda unit: crowd.person(unit, 0),
        lambda: crowd.decides(decision, Query("elms")),
        lambda unit: crowd.withdraw(unit, 0),
    )
    assert crowd.statuses() == {"R-0": "withdrawn"}
    assert audience(crowd) == 0


@pytest.mark.parametrize("decision", ["invalidate", "restore"])
def test_a_review_does_not_wait_for_who_agreed_to_updates_meanwhile(crowd: Crowd, decision: str) -> None:
    with pytest.raises(StorageUnavailableError, match="could not obtain lock"), crowd.work() as unit:
        unit.reviews.lock_audience(Query("elms"))
        crowd.signs(0)
        unit.tallies.lock("elms", ALL_PARTS)
        with crowd.work() as other:
            crowd.person(other, 0)
            getattr(unit.reviews, decision)(Query("elms"), NOW)
    crowd.decides(decision, Query("elms"))
    assert audience(crowd) == (0 if decision == "invalidate" else 1)


def test_a_review_locks_who_agreed_to_updates_meanwhile(crowd: Crowd) -> None:
    with crowd.work() as unit:
        unit.reviews.lock_audience(Query("elms"))
        crowd.signs(0)
        unit.tallies.lock("elms", ALL_PARTS)
        unit.reviews.invalidate(Query("elms"), NOW)
        with crowd.waiting(lambda: reaches(crowd, 0, reachable=False)) as other:
            unit.commit()
            unit.__exit__(None, None, None)
            other.result()
    assert audience(crowd) == 0


def test_a_signer_with_the_same_part_does_not_wait_for_one_who_comes_back(crowd: Crowd) -> None:
    crowd.signs(0)
    reaches(crowd, 0, reachable=False)
    with crowd.work() as unit:
        unit.signers.set_reachable(crowd.person(unit, 0), reachable=True)
        crowd.signs(PARTS)
        crowd.withdraw(unit, 0)
        unit.commit()
    assert audience(crowd) == 1


def test_an_erasure_waits_for_a_signer_before_it_holds_their_conversation(crowd: Crowd) -> None:
    talks(crowd, 0)
    meets(
        crowd,
        lambda unit: crowd.person(unit, 0),
        lambda: anonymise_petition(crowd.database, crowd.vault, "elms"),
        lambda unit: unit.conversations.save(crowd.person(unit, 0), Conversation("elms", "es"), NOW),
    )
    assert not rows_of(crowd.database)["conversations"]


def test_an_erasure_waits_for_the_log_before_it_holds_signatures(crowd: Crowd) -> None:
    crowd.signs(0)
    with crowd.work() as unit:
        unit.log.create(LogState("elms", "example.org/elms", NOW))
        unit.commit()
    (signature,) = [int(str(row["id"])) for row in rows_of(crowd.database)["signatures"]]
    meets(
        crowd,
        lambda unit: unit.log.lock("elms"),
        lambda: anonymise_petition(crowd.database, crowd.vault, "elms"),
        lambda unit: unit.log.signatures([signature]),
    )


def test_idle_accounts_change_steps_in_the_order_of_their_parts(crowd: Crowd) -> None:
    """The parts of the people's ids, of which the higher one has the lower part."""
    with crowd.work() as unit:
        people = {crowd.person(unit, who).id: who for who in range(2 * PARTS)}
    low = next(person for person in people if person % PARTS == 3)
    talks(crowd, people[low + PARTS])
    talks(crowd, people[low + 1])
    meets(
        crowd,
        lambda unit: unit.breakdowns.move("elms", low, {("", "pending"): 1}),
        lambda: erase_idle_accounts(crowd.database, crowd.vault, LATER),
        lambda unit: unit.breakdowns.move("elms", low + 1, {("", "pending"): 1}),
    )


def test_a_community_that_moves_is_locked_before_its_cards(crowd: Crowd) -> None:
    card = Card("telegram", "-1", "7", "elms", "g0", "en", "", NOW)
    with crowd.work() as unit:
        unit.cards.community("telegram", "-1", "g0")
        unit.cards.save(card)
        unit.commit()

    def move() -> None:
        with crowd.work() as unit:
            unit.cards.move("telegram", "-1", "-100")
            unit.commit()

    meets(
        crowd,
        lambda unit: unit.cards.set_members_post("telegram", "-1", allowed=False),
        move,
        lambda unit: unit.cards.save(card),
    )


def _renew(unit: SqlUnitOfWork, entries: list[ClaimedEntry]) -> None:
    unit.outbox.renew("worker", entries, LATER)


def _erase(unit: SqlUnitOfWork, entries: list[ClaimedEntry]) -> None:
    person = unit.signers.get(1)
    assert person
    assert entries
    unit.signers.erase(person)


def _cancel(unit: SqlUnitOfWork, entries: list[ClaimedEntry]) -> None:
    unit.outbox.cancel(entries[0].topic, "group")


@pytest.mark.parametrize("change", [_renew, _erase, _cancel])
def test_entries_of_the_outbox_are_locked_in_the_order_of_their_ids(
    crowd: Crowd, change: Callable[[SqlUnitOfWork, list[ClaimedEntry]], None]
) -> None:
    topic = TO_PERSON["telegram"]
    with crowd.work() as unit:
        unit.outbox.put(NewEntry(topic, key, NOW, group="group", person=1) for key in "ab")
        unit.commit()
    with crowd.work() as unit:
        entries = sorted(unit.outbox.claim("worker", [topic.name], 2, NOW, dt.timedelta(1)), key=lambda one: one.id)
        unit.commit()
    with crowd.work() as unit:  # the first one's newest version is after the second on its page
        unit.outbox.renew("worker", entries[:1], LATER)
        unit.commit()

    def changes() -> None:
        with crowd.work() as unit:
            change(unit, entries)
            unit.commit()

    meets(
        crowd,
        lambda unit: unit.outbox.begin(entries[:1], LATER),
        changes,
        lambda unit: unit.outbox.begin(entries[1:], LATER),
    )


def audience(crowd: Crowd) -> int:
    with crowd.work() as unit:
        return sum(each.people for each in unit.announcements.audience_counts("elms"))


def reaches(crowd: Crowd, who: int, *, reachable: bool) -> None:
    with crowd.work() as unit:
        unit.signers.set_reachable(crowd.person(unit, who), reachable=reachable)
        unit.commit()


def talks(crowd: Crowd, who: int) -> None:
    with crowd.work() as unit:
        unit.conversations.save(
            crowd.person(unit, who), Conversation("elms", "en", Stage.ANSWERING, furthest=BEGAN), NOW
        )
        unit.commit()
