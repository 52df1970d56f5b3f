"""Signers of one petition don't wait for each other on PostgreSQL, and every count is exact all the same."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace

import pytest
import sqlalchemy as sa

from core.conversation import state as ev
from core.errors import StorageUnavailableError
from core.outreach.milestones import CROSSED
from core.services.ledger import Ledger
from core.signatures.parts import ALL_PARTS, MARGIN, PARTS, part_of
from core.signatures.quarantine import Thresholds
from core.signatures.review import Query
from core.signatures.signature import SignatureStatus, Signer
from storage.engine import Database
from storage.schema import upgrade
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.conftest import rows_of
from tests.effort import scaled
from tests.postgres import PostgresServer
from tests.storage.crowds import PLAIN, Crowd, repeated
from tests.storage.migrations import downgrade
from tests.world import NOW, SALESFORCE, World

COUNTED, DUPLICATE, WITHDRAWN = SignatureStatus.COUNTED, SignatureStatus.DUPLICATE, SignatureStatus.WITHDRAWN
FAR = 300  # signatures, with no milestone near
THOUSAND = 1000


@pytest.fixture
def crowd(postgres: PostgresServer, vault: Vault) -> Iterator[Crowd]:
    with closing(Database(postgres.migrated_database())) as database:
        yield Crowd(database, vault)


def test_confirmations_share_no_row(postgres: PostgresServer, vault: Vault) -> None:
    """Each is held open until all have signed, so that a shared row would make one wait for another in vain."""
    url = sa.make_url(postgres.migrated_database()).update_query_dict({"options": "-c lock_timeout=3s"})
    with closing(Database(url.render_as_string(hide_password=False))) as database, ExitStack() as stack:
        world = World(work=lambda: SqlUnitOfWork(database, vault), thresholds=Thresholds(too_fast=0))
        people = [world.person("Ada", user_id=str(number)) for number in range(4)]
        for number, person in enumerate(people):
            person.does(ev.Open("g0123456789ab"), ev.Begin(), ev.Reply("90210"), ev.Edit("email"))
            person.does(ev.Reply(f"ada{number}@example.org"))
        people.pop(0).does(ev.Confirm())  # the words that all of them read are stored once
        with world.work() as unit:
            unit.tallies.add(SALESFORCE, COUNTED, FAR)
            unit.commit()
        units = [stack.enter_context(world.work()) for _ in people]
        for unit, person in zip(units, people, strict=True):
            world.signing.handle_in(unit, person.signer, ev.Confirm(), SALESFORCE)
        for unit in reversed(units):
            unit.commit()
        assert world.counted() == FAR + 4
        signals = rows_of(database)["signals"]
    assert {str(row["signal"]) for row in signals} == {"burst", "same_name"}
    assert len({row["part"] for row in signals}) == 4


def test_signers_share_no_row_of_any_count(crowd: Crowd) -> None:
    crowd.begin_at(FAR)
    with crowd.work() as one, crowd.work() as two:
        crowd.sign(one, 0)
        crowd.sign(two, 1)
        two.commit()
        one.commit()
    rows = rows_of(crowd.database)
    for name in ("tallies", "credits", "history", "facets", "trends", "reach"):
        assert len({row["part"] for row in rows[name]}) >= 2, name
    assert crowd.numbers() == [FAR + 1, FAR + 1], "two who sign at the same moment may get the same number"
    with crowd.work() as unit:
        assert unit.tallies.credited("elms", "elmclub") == 2
        assert [each.people for each in unit.announcements.audience_counts("elms")] == [2]


@pytest.mark.parametrize("commits", [True, False], ids=["signs", "fails"])
def test_a_mailbox_counts_once_although_its_signers_have_different_parts(crowd: Crowd, commits: bool) -> None:
    crowd.begin_at(FAR)
    with crowd.work() as first:
        crowd.sign(first, 0, "ada@example.org")
        with crowd.waiting(lambda: crowd.signs(1, "ada@example.org")) as second:
            if commits:
                first.commit()
            first.__exit__(None, None, None)
            second.result()
    assert crowd.statuses() == ({"R-0": COUNTED, "R-1": DUPLICATE} if commits else {"R-1": COUNTED})
    assert crowd.tally() == ({COUNTED: FAR + 1, DUPLICATE: 1} if commits else {COUNTED: FAR + 1})


@pytest.mark.parametrize("review", [True, False], ids=["invalidated", "withdrawn"])
def test_a_duplicate_that_is_being_signed_counts_when_the_first_goes(crowd: Crowd, review: bool) -> None:
    crowd.begin_at(FAR)
    crowd.signs(0, "ada@example.org")

    def go() -> None:
        if review:
            crowd.decides("invalidate", Query("elms", receipt="R-0"))
        else:
            crowd.withdraws(0)

    with crowd.work() as unit:
        crowd.sign(unit, 1, "ada@example.org")
        with crowd.waiting(go) as gone:
            unit.commit()
            unit.__exit__(None, None, None)
            gone.result()
    assert crowd.statuses() == {"R-0": "invalid" if review else WITHDRAWN, "R-1": COUNTED}


def test_a_signer_waits_for_the_withdrawal_of_the_first(crowd: Crowd) -> None:
    crowd.begin_at(FAR)
    crowd.signs(0, "ada@example.org")
    with crowd.work() as unit:
        crowd.withdraw(unit, 0)
        with crowd.waiting(lambda: crowd.signs(1, "ada@example.org")) as second:
            unit.commit()
            unit.__exit__(None, None, None)
            second.result()
    assert crowd.statuses() == {"R-0": WITHDRAWN, "R-1": COUNTED}
    assert crowd.tally() == {COUNTED: FAR + 1, WITHDRAWN: 1}


def test_a_milestone_that_came_near_while_a_signer_waited_needs_all_parts(crowd: Crowd) -> None:
    crowd.begin_at(THOUSAND - MARGIN - PARTS)
    with crowd.work() as first:
        crowd.sign(first, 0)
        with crowd.waiting(lambda: crowd.signs(PARTS)) as second:  # the same part
            with crowd.work() as others:
                others.tallies.add("elms", COUNTED, MARGIN, part=2)  # another part than theirs
                others.commit()
            first.commit()
            first.__exit__(None, None, None)
            with pytest.raises(StorageUnavailableError, match="near"):
                second.result()
    assert list(crowd.statuses()) == ["R-0"]
    crowd.signs(PARTS)
    assert crowd.numbers()[-1] == THOUSAND - PARTS + 2


@pytest.mark.parametrize("margin", [PARTS, MARGIN])
def test_a_crowd_crosses_a_milestone_exactly_once(crowd: Crowd, margin: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the small margin, many learn only under their lock that the milestone is near."""
    monkeypatch.setattr("core.services.ledger.MARGIN", margin)
    people, before = scaled(96), THOUSAND - margin - 24
    crowd.begin_at(before)

    most = max(people, margin + 48)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda who: repeated(crowd.signs, who), range(most)))
    rows = rows_of(crowd.database)
    assert [row["number"] for row in rows["milestones"] if row["number"] == THOUSAND] == [THOUSAND]
    assert [row["topic"] for row in rows["outbox"]] == [CROSSED.name]
    numbers = Counter(crowd.numbers())
    assert numbers[THOUSAND] == 1, "the signature that reaches it is alone"
    assert crowd.tally() == {COUNTED: before + most}


def test_signing_withdrawing_and_reviewing_at_once_keep_every_count_exact(crowd: Crowd) -> None:
    crowd.begin_at(FAR)
    people, chance = 48, random.Random(7)
    boxes = [f"box{number % 12}@example.org" for number in range(people)]

    def act(who: int) -> None:
        repeated(crowd.signs, who, boxes[who])
        if who % 3 == 0:
            repeated(crowd.withdraws, who)
        if who % 12 == 1:
            repeated(crowd.decides, "invalidate", Query("elms", receipt=f"R-{who}"))
        if who % 12 == 5:
            repeated(crowd.decides, "restore", Query("elms"))

    order = list(range(people))
    chance.shuffle(order)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(act, order))
    stored = Counter(SignatureStatus(status) for status in crowd.statuses().values())
    assert crowd.tally() == stored + Counter({COUNTED: FAR})
    columns = "SELECT mailbox, status FROM signatures WHERE mailbox IS NOT NULL"
    with crowd.database.reading() as connection:
        boxes_now = Counter[str]()
        for mailbox, status in connection.execute(sa.text(columns)):
            boxes_now[mailbox] += status == COUNTED
        left = connection.execute(sa.text("SELECT DISTINCT mailbox FROM signatures WHERE status = 'duplicate'"))
        assert all(boxes_now[mailbox] == 1 for mailbox in left.scalars()), "no duplicate is left alone"
    assert max(boxes_now.values()) == 1
    with crowd.work() as unit:
        told = sum(total for status, total in stored.items() if status is not WITHDRAWN)
        assert unit.tallies.credited("elms", "elmclub") == told
        hourly = Counter[SignatureStatus]()
        for each in unit.tallies.history("elms", None):
            hourly[each.status] += each.count
        assert hourly == stored


def test_parts_are_added_up_by_every_reader(database: Database, vault: Vault) -> None:
    with SqlUnitOfWork(database, vault) as unit:
        for part, change in ((0, 2), (5, -1), (part_of(15), 3)):
            unit.tallies.add("elms", COUNTED, change, part)
            unit.tallies.credit("elms", "elmclub", change, part)
        assert unit.tallies.of("elms").counted == 4
        assert unit.tallies.lock("elms", ALL_PARTS) == unit.tallies.lock("elms", (3,)) == 4
        assert unit.tallies.lock("oaks", (3,)) == 0
        assert unit.tallies.credited("elms", "elmclub") == 4
        unit.commit()
    assert len(rows_of(database)["tallies"]) == PARTS + 1


@pytest.mark.parametrize("again", [False, True], ids=["down", "down and up"])
def test_the_migration_keeps_every_count(database: Database, vault: Vault, again: bool) -> None:
    with SqlUnitOfWork(database, vault) as unit:
        for who in range(3):
            person = unit.signers.lock_or_create(Signer("test", str(who)), NOW)
            Ledger(unit, NOW).sign(person, replace(PLAIN, receipt=f"R-{who}", mailbox=f"{who}@example.org"))
            unit.breakdowns.move("elms", person.id, {("", "opened"): 1})
        unit.commit()
    before = _sums(database)
    downgrade(database, "0028")
    assert {row["shard"] for row in rows_of(database)["steps"]} == {1, 2, 3}
    if again:
        upgrade(database)
        assert {row["part"] for row in rows_of(database)["facets"]} == {0}
    assert _sums(database) == before


def _sums(database: Database) -> Counter[object]:
    """Every count of the tables that are in parts, by the rest of its key."""
    sums, rows = Counter[object](), rows_of(database)
    for name in ("tallies", "credits", "history", "facets", "trends", "signals", "reach", "steps"):
        for row in rows[name]:
            total = next(row.pop(column) for column in ("total", "change", "people") if column in row)
            key = tuple(str(value) for column, value in row.items() if column not in ("part", "shard"))
            sums[name, key] += int(str(total))
    return sums
