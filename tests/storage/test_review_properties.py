"""Whatever is signed, withdrawn and reviewed in whatever order: fake and engines agree, and the counts are exact."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import sqlalchemy as sa
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from core.services.ledger import Ledger
from core.signatures.breakdowns import Facet
from core.signatures.quarantine import Signal
from core.signatures.review import Query
from core.signatures.signature import SignatureStatus, Signer
from storage.engine import Database
from storage.tables import SignatureRow, table
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.effort import scaled
from tests.storage.test_reviews import (
    COUNTED,
    DUPLICATE,
    PLAIN,
    QUARANTINED,
    WITHDRAWN,
    Work,
    does,
    statuses,
    tally,
)
from tests.world import NOW, memory

boxes, reasons = st.sampled_from(["", "ada", "ben"]), st.sampled_from(["", "burst", "burst refused"])
names, labels = st.sampled_from("abcdefg"), st.sampled_from(["", "elmclub"])
regions = st.sampled_from(["", "DE", "US-CA"])
queries = st.builds(
    Query, st.just("elms"),
    status=st.sampled_from([None, COUNTED, DUPLICATE, QUARANTINED]),
    reason=st.sampled_from([None, None, *Signal]),
    labels=labels.map(lambda label: (label,) if label else ()), receipt=st.sampled_from(["", "", "a", "b", "c"]),
)  # fmt: skip


@dataclass(frozen=True)
class Given:
    """The values a signature was given with."""

    mailbox: str
    reason: str
    region: str


class Reviewed(RuleBasedStateMachine):
    """The fake and a database, to which the same things are done."""

    def __init__(self, database: Database, vault: Vault) -> None:
        super().__init__()
        with database.writing() as connection:
            for name in ("signatures", "tallies", "credits", "history", "facets"):
                connection.execute(sa.text(f"DELETE FROM {name}"))  # noqa: S608
            connection.commit()
        self.database = database
        self.works: tuple[Work, ...] = (memory(), lambda: SqlUnitOfWork(database, vault))
        self.answers: dict[str, Given] = {}
        self.total = 0

    @rule(name=names, mailbox=boxes, reason=reasons, label=labels, region=regions)
    def sign(self, name: str, mailbox: str, reason: str, label: str, region: str) -> None:
        if name in statuses(self.works[0]):
            return
        self.total += 1
        self.answers[name] = Given(mailbox, reason, region)
        for work in self.works:
            with work() as unit:
                person = unit.signers.lock_or_create(Signer("test", name), NOW)
                receipt = f"R-{name}"
                for old in unit.signatures.standing(person):
                    assert old.status is WITHDRAWN
                new = replace(
                    PLAIN, receipt=receipt, mailbox=mailbox or None, reason=reason, label=label, region=region
                )
                Ledger(unit, NOW).sign(person, new)
                unit.commit()

    @rule(name=names)
    def withdraw(self, name: str) -> None:
        """The receipt is freed, so that the name may sign again."""
        for work in self.works:
            with work() as unit:
                person = unit.signers.lock_or_create(Signer("test", name), NOW)
                for standing in unit.signatures.standing(person):
                    Ledger(unit, NOW).withdraw(person, standing)
                    unit.signatures.anonymise(person)
                unit.commit()

    @rule(what=st.sampled_from(["accept", "invalidate", "restore"]), query=queries)
    def review(self, what: str, query: Query) -> None:
        asked = replace(query, status=None) if what == "restore" else query
        asked = replace(asked, receipt=f"R-{query.receipt}" if query.receipt else "")
        for work in self.works:
            does(work, what, asked)

    @invariant()
    def the_counts_are_those_of_the_rows(self) -> None:
        fake, real = (statuses(work) for work in self.works)
        assert fake == real
        columns = table(SignatureRow).c
        with self.database.reading() as connection:
            rows = connection.execute(sa.select(columns.status, columns.label, columns.mailbox)).all()
        assert len(rows) == self.total, "nothing is ever deleted"
        for work in self.works:
            assert tally(work) == Counter(SignatureStatus(row.status) for row in rows)
            with work() as unit:
                kept = Counter[SignatureStatus]()
                for hourly in unit.tallies.history("elms", None):
                    kept[hourly.status] += hourly.count
                assert kept == Counter(SignatureStatus(row.status) for row in rows)
                told = [row for row in rows if row.status != WITHDRAWN]
                assert unit.tallies.credited("elms", "elmclub") == sum(row.label == "elmclub" for row in told)
                regions = Counter(self.answers[name].region for name, status in real.items() if status is COUNTED)
                assert dict(unit.breakdowns.by_value("elms", Facet.REGION, None)) == regions

    @invariant()
    def a_mailbox_counts_once_and_no_duplicate_is_left_alone(self) -> None:
        now = statuses(self.works[1])
        counted = Counter(self.answers[name].mailbox for name, status in now.items() if status is COUNTED)
        assert all(count == 1 for mailbox, count in counted.items() if mailbox)
        for name, status in now.items():
            if status is DUPLICATE:
                assert counted[self.answers[name].mailbox]
            if status is QUARANTINED:
                assert self.answers[name].reason


def test_any_sequence_of_signing_and_reviewing_keeps_the_counts_exact(database: Database, vault: Vault) -> None:
    class Machine(Reviewed):
        def __init__(self) -> None:
            super().__init__(database, vault)

    run_state_machine_as_test(Machine, settings=settings(max_examples=scaled(20), stateful_step_count=20))
