"""Quarantine and review on every storage: what moves, what is counted, and that nobody waits forever."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from core.conversation import state as ev
from core.ports import UnitOfWork
from core.services.ledger import Ledger
from core.signatures.quarantine import STANDARD, Signal, SignalRecord
from core.signatures.review import Plan, Query
from core.signatures.signature import Signature, SignatureStatus, Signer
from storage.engine import Database
from storage.queries import SqlQueries
from storage.retention import anonymise_petition
from storage.schema import upgrade
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.conftest import rows_of
from tests.postgres import PostgresServer
from tests.storage.migrations import downgrade
from tests.world import NOW, SALESFORCE, World

Work = Callable[[], UnitOfWork]
COUNTED, DUPLICATE, WITHDRAWN = SignatureStatus.COUNTED, SignatureStatus.DUPLICATE, SignatureStatus.WITHDRAWN
QUARANTINED, INVALID = SignatureStatus.QUARANTINED, SignatureStatus.INVALID
PLAIN = Signature("elms", "R-0", "r0", 0, COUNTED, "d" * 64, NOW, "telegram", "en", answers={"who": "Ada"})
ELMS = Query("elms")


def signs(work: Work, name: str, **changes: object) -> None:
    with work() as unit:
        person = unit.signers.lock_or_create(Signer("test", name), NOW)
        signature = replace(PLAIN, receipt=f"R-{name}", **changes)  # type: ignore[arg-type]
        Ledger(unit, NOW).sign(person, signature)
        unit.commit()


def does(work: Work, what: str, query: Query) -> int:
    """Do it; how many moves there were."""
    with work() as unit:
        moves = getattr(Ledger(unit, NOW), what)(query)
        unit.commit()
    return len(moves)


def withdraws(work: Work, name: str) -> None:
    with work() as unit:
        person = unit.signers.lock_or_create(Signer("test", name), NOW)
        for standing in unit.signatures.standing(person):
            Ledger(unit, NOW).withdraw(person, standing)
        unit.commit()


def statuses(work: Work) -> dict[str, SignatureStatus]:
    """The status of every current signature, by the signer's name."""
    with work() as unit:
        return {stored.receipt[2:]: stored.status for stored in unit.reviews.first(ELMS, 1000)}


def tally(work: Work) -> dict[SignatureStatus, int]:
    with work() as unit:
        return {status: total for status, total in unit.tallies.of("elms").totals.items() if total}


def test_what_speaks_against_a_signature_keeps_it_from_counting_until_it_is_accepted(work: Work) -> None:
    signs(work, "ada")
    signs(work, "bot", reason="burst too_fast", label="elmclub")
    assert statuses(work) == {"ada": COUNTED, "bot": QUARANTINED}
    with work() as unit:
        assert (unit.tallies.credited("elms", "elmclub"), unit.tallies.of("elms").counted) == (1, 1)
        (stored,) = unit.reviews.first(Query("elms", QUARANTINED), 9)
        assert (stored.number, stored.reason, stored.answers) == (2, "burst too_fast", {"who": "Ada"})
    does(work, "accept", Query("elms", reason=Signal.BURST))
    signs(work, "eve", reason="burst")
    with work() as unit:
        assert unit.reviews.records() == {Signal.BURST: SignalRecord(2, 1), Signal.TOO_FAST: SignalRecord(1, 1)}
        assert (unit.tallies.credited("elms", "elmclub"), unit.tallies.of("elms").counted) == (1, 2)
        assert sum(tally.counted for _, tally in unit.tallies.hours("elms", None)) == 2


def test_a_mailbox_that_is_counted_stays_a_duplicate_whatever_speaks_against_it(work: Work) -> None:
    signs(work, "ada", mailbox="ada@example.org")
    signs(work, "bot", mailbox="ada@example.org", reason="burst")
    assert statuses(work) == {"ada": COUNTED, "bot": DUPLICATE}
    does(work, "invalidate", Query("elms", receipt="R-ada"))
    assert statuses(work) == {"ada": INVALID, "bot": QUARANTINED}, "nobody looked at it yet"
    does(work, "restore", ELMS)
    does(work, "accept", ELMS)
    assert statuses(work) == {"ada": COUNTED, "bot": DUPLICATE}
    does(work, "invalidate", Query("elms", receipt="R-ada"))
    assert statuses(work) == {"ada": INVALID, "bot": COUNTED}, "it was accepted"


def test_a_mailbox_counted_meanwhile_makes_the_accepted_one_a_duplicate(work: Work) -> None:
    for name in ("bot", "bot2"):
        signs(work, name, mailbox="ada@example.org", reason="burst")
    signs(work, "ada", mailbox="ada@example.org")
    does(work, "accept", ELMS)
    assert statuses(work) == {"bot": DUPLICATE, "bot2": DUPLICATE, "ada": COUNTED}
    assert tally(work) == {COUNTED: 1, DUPLICATE: 2}


def test_a_duplicate_accepted_on_purpose_counts_beside_the_other(work: Work) -> None:
    for name in ("ada", "ben", "cem"):
        signs(work, name, mailbox="ada@example.org")
    does(work, "accept", ELMS)
    assert statuses(work) == {"ada": COUNTED, "ben": DUPLICATE, "cem": DUPLICATE}, "nobody meant them"
    does(work, "accept", Query("elms", receipt="R-ben"))
    assert statuses(work) == {"ada": COUNTED, "ben": COUNTED, "cem": DUPLICATE}
    withdraws(work, "ada")
    assert statuses(work) == {"ben": COUNTED, "cem": COUNTED}
    signs(work, "dia", mailbox="ada@example.org")
    does(work, "accept", Query("elms", status=DUPLICATE))
    assert statuses(work) == {"ben": COUNTED, "cem": COUNTED, "dia": COUNTED}
    assert tally(work) == {COUNTED: 3, WITHDRAWN: 1}


def test_of_several_accepted_with_one_mailbox_the_oldest_counts(work: Work) -> None:
    for name in ("one", "two", "six"):
        signs(work, name, mailbox="ada@example.org", reason="burst")
    does(work, "accept", ELMS)
    assert statuses(work) == {"one": COUNTED, "two": DUPLICATE, "six": DUPLICATE}


def test_a_mailbox_goes_to_the_duplicate_that_nothing_speaks_against(work: Work) -> None:
    for name, reason in (("ada", ""), ("bot", "burst"), ("ben", ""), ("bot2", "burst")):
        signs(work, name, mailbox="ada@example.org", reason=reason)
    withdraws(work, "ada")
    assert statuses(work) == {"bot": DUPLICATE, "ben": COUNTED, "bot2": DUPLICATE}
    withdraws(work, "ben")
    assert statuses(work) == {"bot": QUARANTINED, "bot2": QUARANTINED}, "of these, any may be the real one"
    assert tally(work) == {QUARANTINED: 2, WITHDRAWN: 2}


def test_restoring_undoes_an_invalidation(work: Work) -> None:
    signs(work, "ada", mailbox="ada@example.org")
    signs(work, "ben", mailbox="ada@example.org")
    signs(work, "bot", reason="burst")
    before = statuses(work), tally(work)
    does(work, "invalidate", ELMS)
    assert set(statuses(work).values()) == {INVALID}
    assert tally(work) == {INVALID: 3}
    does(work, "restore", ELMS)
    assert (statuses(work), tally(work)) == before


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        (Query("elms", QUARANTINED), "bot"),
        (Query("elms", reason=Signal.SAME_NAME), "bot"),
        (Query("elms", reason=Signal.REFUSED), ""),
        (Query("elms", labels=("elmclub", "oakclub")), "ada"),
        (Query("elms", platform="discord"), "bot"),
        (Query("elms", locales=("es", "es_MX")), "bot"),
        (Query("elms", receipt="R-ada"), "ada"),
        (Query("elms", since=NOW + dt.timedelta(minutes=1)), "bot"),
        (Query("elms", until=NOW), "ada"),
        (Query("elms", after=10**9), ""),
        (Query("oaks"), ""),
        (Query("elms", COUNTED, reason=Signal.BURST), ""),
    ],
)
def test_queries_mean_what_they_say(work: Work, query: Query, meant: str) -> None:
    later = NOW + dt.timedelta(hours=1)
    signs(work, "ada", label="elmclub")
    signs(work, "bot", reason="burst same_name", platform="discord", locale="es", signed_at=later)
    with work() as unit:
        assert [stored.receipt[2:] for stored in unit.reviews.first(query, 9)] == meant.split()
        assert sum(unit.reviews.counts(query).values()) == len(meant.split())
        assert unit.reviews.reasons(query) == ({Signal.BURST: 1, Signal.SAME_NAME: 1} if meant == "bot" else {})


def test_signers_own_links_and_what_was_withdrawn_can_be_asked_for(work: Work) -> None:
    signs(work, "ada", label="r0123456789ab")
    signs(work, "ben", label="elmclub", locale="es")
    withdraws(work, "ben")
    with work() as unit:
        assert unit.reviews.counts(ELMS) == unit.reviews.counts(replace(ELMS, own=True)) == {COUNTED: 1}
        everything = replace(ELMS, erased=True)
        assert unit.reviews.counts(everything) == {COUNTED: 1, WITHDRAWN: 1}
        assert unit.reviews.counts(replace(everything, labels=("elmclub",))) == {WITHDRAWN: 1}
        assert unit.reviews.values(everything, "label") == {"elmclub": 1}


def test_a_plan_is_good_once(work: Work) -> None:
    plan = Plan("elms", "accept reason=burst", NOW)
    with work() as unit:
        unit.reviews.keep("CODE", plan)
        assert unit.reviews.take("EDOC") is None
        assert unit.reviews.take("CODE") == plan
        assert unit.reviews.take("CODE") is None


def test_signing_withdrawing_and_reviewing_at_once_ends_and_is_exact(database: Database, vault: Vault) -> None:
    thresholds = replace(STANDARD, burst=3, same_name=3, too_fast=0)
    world = World(work=lambda: SqlUnitOfWork(database, vault), thresholds=thresholds)
    people = [world.person("Ada Lovelace", user_id=str(number)) for number in range(24)]
    for number, person in enumerate(people):
        person.does(ev.Open(f"g{number % 2:012x}"), ev.Begin(), ev.Reply("90210"))
        person.does(ev.Edit("email"), ev.Reply(f"ada+{number}@example{number % 3}.org"))
    faults: list[BaseException] = []

    def all_of(number: int) -> None:
        try:
            people[number].does(ev.Confirm())
            if number % 4 == 0:
                people[number].does(ev.Withdraw())
            what = ("accept", "invalidate", "restore")[number % 3]
            with world.work() as unit:
                getattr(Ledger(unit, world.now), what)(Query(SALESFORCE))
                unit.commit()
        except BaseException as error:  # noqa: BLE001  (any fault at all fails the test)
            faults.append(error)

    threads = [threading.Thread(target=all_of, args=(number,)) for number in range(len(people))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert faults == []
    counts_are_exact(database, vault)


def counts_are_exact(database: Database, vault: Vault) -> None:
    """Compare the kept counts with the rows."""
    statuses = Counter(str(row["status"]) for row in rows_of(database)["signatures"])
    totals = SqlQueries(database, vault).tally(SALESFORCE).totals
    assert {status.value: total for status, total in totals.items() if total} == statuses
    seen = Counter({str(row["signal"]): 0 for row in rows_of(database)["signals"]})
    for row in rows_of(database)["signals"]:
        seen[str(row["signal"])] += int(str(row["total"]))
    assert seen == {"burst": 24, "same_name": 24}


def test_a_review_does_not_wait_for_somebody_who_talks(postgres: PostgresServer, vault: Vault) -> None:
    database = Database(postgres.migrated_database())

    def work() -> UnitOfWork:
        return SqlUnitOfWork(database, vault)

    signs(work, "bot", mailbox="ada@example.org", reason="burst")
    with work() as unit:
        unit.signers.lock_or_create(Signer("test", "bot"), NOW)
        review = threading.Thread(target=does, args=(work, "accept", ELMS))
        review.start()
        review.join(5)
        waits = review.is_alive()
    review.join()
    assert not waits, "who talks may wait for the tally, which a review holds"
    assert statuses(work) == {"bot": COUNTED}
    database.close()


def test_what_was_erased_is_no_longer_reviewed(database: Database, vault: Vault) -> None:
    def work() -> UnitOfWork:
        return SqlUnitOfWork(database, vault)

    signs(work, "ada", mailbox="ada@example.org")
    signs(work, "eve", mailbox="ada@example.org")
    signs(work, "bot", reason="burst")
    before = tally(work)
    assert anonymise_petition(database, vault, "elms") == 3
    for what in ("accept", "invalidate", "restore"):
        assert does(work, what, ELMS) == 0
    assert tally(work) == before


def test_the_schema_before_knows_only_duplicates(database: Database, vault: Vault) -> None:
    for name, reason in (("ada", ""), ("bot", "burst"), ("eve", "burst")):
        signs(lambda: SqlUnitOfWork(database, vault), name, reason=reason)
    does(lambda: SqlUnitOfWork(database, vault), "invalidate", Query("elms", receipt="R-eve"))
    downgrade(database, "0008", vault)
    assert Counter(str(row["status"]) for row in rows_of(database)["signatures"]) == {"counted": 1, "duplicate": 2}
    assert {row["status"]: row["total"] for row in rows_of(database)["tallies"]} == {"counted": 1, "duplicate": 2}
    upgrade(database, vault)
