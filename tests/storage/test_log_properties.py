"""A log adds up and only grows, on both engines, however people sign, withdraw, review, and erase between batches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

import sqlalchemy as sa
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from core.log.log_entry import Received, hidden_receipt, read_entry
from core.ports import UnitOfWork
from core.services.ledger import Ledger
from core.services.log_check import LogCheck
from core.signatures.review import Query
from core.signatures.signature import Signer
from storage.engine import Database
from storage.retention import anonymise_petition
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.effort import scaled
from tests.public_log import Press, Published, read_log
from tests.storage.test_reviews import COUNTED, DUPLICATE, PLAIN, QUARANTINED, does
from tests.world import NOW, memory

TABLES = (
    "log_links", "log_withdrawals", "log_changes", "log_exclusions", "log_checkpoints", "log_tiles", "log_batches",
    "logs", "signatures", "signers", "tallies", "credits", "history", "facets",
)  # fmt: skip
names = st.sampled_from("abcdefg")
boxes, reasons = st.sampled_from(["", "ada", "ben"]), st.sampled_from(["", "", "burst"])
queries = st.builds(
    Query, st.just("elms"), status=st.sampled_from([None, COUNTED, DUPLICATE, QUARANTINED]),
    receipt=st.sampled_from(["", "a", "b"]),
)  # fmt: skip


class InjectedError(Exception):
    """A failure that a test causes."""


@dataclass
class Failing:
    """A factory of transactions, one of which fails just before its commit, or just after."""

    work: Callable[[], UnitOfWork]
    left: int
    after: bool

    def __call__(self) -> UnitOfWork:
        unit = self.work()
        commit = unit.commit

        def failing() -> None:
            self.left -= 1
            if self.left == 0 and not self.after:
                raise InjectedError
            commit()
            if self.left == 0:
                raise InjectedError

        unit.commit = failing  # type: ignore[method-assign]
        return unit


class Logged(RuleBasedStateMachine):
    """One storage, in which people sign and a publisher comes by."""

    def __init__(self, work: Callable[[], UnitOfWork], forget_all: Callable[[], object]) -> None:
        super().__init__()
        self.work, self._forget_all, self.total = work, forget_all, 0
        self.press = Press(work)
        self.press.publisher.chunk = 3  # so that a batch needs several transactions
        self.before: Published | None = None
        self.standing: dict[str, str] = {}

    @rule(name=names, mailbox=boxes, reason=reasons)
    def sign(self, name: str, mailbox: str, reason: str) -> None:
        self._sign(name, mailbox, reason)

    @rule(several=st.sets(names, min_size=3))
    def sign_together(self, several: set[str]) -> None:
        """Several people sign, so that several can withdraw before the next batch."""
        for name in sorted(several):
            self._sign(name, "", "")

    def _sign(self, name: str, mailbox: str, reason: str) -> None:
        if name in self.standing:
            return
        self.total += 1
        receipt = f"R-{name}-{self.total}"
        with self.work() as unit:
            person = unit.signers.lock_or_create(Signer("test", name), NOW)
            Ledger(unit, NOW).sign(person, replace(PLAIN, receipt=receipt, mailbox=mailbox or None, reason=reason))
            unit.commit()
        self.standing[name] = receipt

    @rule(name=names, erases=st.booleans())
    def withdraw(self, name: str, erases: bool) -> None:
        self._withdraw(name, erases)

    @rule(several=st.sets(names, min_size=3), erases=st.booleans())
    def withdraw_together(self, several: set[str], erases: bool) -> None:
        for name in sorted(several):
            self._withdraw(name, erases)

    def _withdraw(self, name: str, erases: bool) -> None:
        with self.work() as unit:
            person = unit.signers.lock_or_create(Signer("test", name), NOW)
            for standing in unit.signatures.standing(person):
                Ledger(unit, NOW).withdraw(person, standing)
            if erases:
                unit.signatures.anonymise(person)
            unit.commit()
        self.standing.pop(name, None)

    @rule(name=names)
    def erase(self, name: str) -> None:
        """Erase a person whose signature goes on counting, as retention does."""
        with self.work() as unit:
            unit.signatures.anonymise(unit.signers.lock_or_create(Signer("test", name), NOW))
            unit.commit()
        self.standing.pop(name, None)

    @rule(what=st.sampled_from(["accept", "invalidate", "restore"]), query=queries)
    def review(self, what: str, query: Query) -> None:
        does(self.work, what, query)

    @rule(left=st.integers(1, 6), after=st.booleans())
    def die_while_publishing(self, left: int, after: bool) -> None:
        """Publish, but die at one of the transactions; others sign and erase before the next attempt."""
        self.press.publisher.work = Failing(self.work, left, after)
        with suppress(InjectedError):
            self.press.publish()
        self.press.publisher.work = self.work

    @rule()
    def publish(self) -> None:
        """Publish what is left of a batch, and then a batch of everything since."""
        self.press.publish()
        self.press.publish()
        if self.total:
            with self.work() as unit:
                found = read_log(unit.log)
                assert found
                assert found.number == unit.tallies.of("elms").counted
                assert found.kinds["received"] == self.total, "nobody is lost or doubled"
                assert list(LogCheck(unit.log, "elms", unit.tallies.of("elms")).differences()) == []

    @rule()
    def forget_everyone(self) -> None:
        """Erase the whole petition, as retention does."""
        if self.total > 5:
            self._forget_all()
            self.standing.clear()

    @invariant()
    def it_only_grows(self) -> None:
        with self.work() as unit:
            now = read_log(unit.log)
            if self.before:
                assert now
                assert now.entries[: len(self.before.entries)] == self.before.entries, "nothing changes or goes"
            self.before = now
            entries = Counter[int]()
            for receipt in self.standing.values():
                link = unit.log.link(receipt)
                if link and now:
                    hidden = hidden_receipt(link.salt, receipt)
                    assert read_entry(now.entries[link.entry]) == Received("d" * 64, hidden)
                    entries[link.entry] += 1
            assert all(count == 1 for count in entries.values())


def test_any_sequence_adds_up_in_memory() -> None:
    class Machine(Logged):
        def __init__(self) -> None:
            super().__init__(memory(), lambda: None)

    run(Machine, 60)


def test_any_sequence_adds_up_in_a_database(database: Database, vault: Vault) -> None:
    class Machine(Logged):
        def __init__(self) -> None:
            with database.writing() as connection:
                for name in TABLES:
                    connection.execute(sa.text(f"DELETE FROM {name}"))  # noqa: S608
                connection.commit()
            super().__init__(
                lambda: SqlUnitOfWork(database, vault), lambda: anonymise_petition(database, vault, "elms")
            )

    run(Machine, 25)


def run(machine: type[Logged], examples: int) -> None:
    """Run the machine some times."""
    run_state_machine_as_test(
        machine, settings=settings(max_examples=scaled(examples), stateful_step_count=25, deadline=None)
    )
