"""Proof that each check of the soak finds what it looks for."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

from bots.app.bootstrap import build
from bots.common.settings import Settings
from bots.services import Services
from core.conversation import state as ev
from core.outbox import NewEntry, done
from core.outreach.announcement import TO_PERSON
from core.signatures.signature import Signer
from storage.engine import Database
from storage.tables import MilestoneRow, OutboxRow, SignalRow, SignatureRow, StepRow, TallyRow, table
from storage.vault import Vault
from tests.soak.archive import keep_erased_rows
from tests.soak.checks import Checks
from tests.soak.hands import DiscordHands, Seen
from tests.soak.identity import FIRST, FIRST_TELEGRAM_ID, Identity
from tests.soak.organizer import Bulletin
from tests.soak.processes import WatchedProcess
from tests.soak.recount import differences
from tests.soak.report import Report
from tests.soak.signers import Person
from tests.soak.stage import KEY
from tests.soak.watch import Watch
from tests.world import SALESFORCE

SIGNING = (ev.Begin(), ev.Reply("90210"), ev.SetUpdates(wanted=True), ev.Confirm())
BULLETIN = Bulletin(1, "Bulletin number 1", since=time.monotonic())
_s = table(SignatureRow)


@dataclass
class IdleHands(DiscordHands):
    """Hands that do nothing, in a chat where an announcement came `came` times."""

    signer: Signer
    came: int = 1
    seen: Seen = field(default_factory=Seen)

    def bulletins(self) -> Counter[str]:
        return Counter({BULLETIN.words: self.came})


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    """Services on a database of their own."""
    services = build(Settings.model_validate({"data_dir": tmp_path, "secret_key": KEY}))
    yield services
    services.close()


@pytest.fixture
def person(services: Services) -> Person:
    """A person who signed, asked for updates and was shown the receipt."""
    signer = Signer("telegram", "7", "Ada Lovelace", "en")
    for event in SIGNING:
        services.signing.handle(signer, event, SALESFORCE)
    person = Person(IdleHands(signer), Identity(7), random.Random(1))
    with _database(services).reading() as connection:
        person.memory.standing = set(connection.execute(sa.select(_s.c.receipt)).scalars())
    person.memory.updates_since = BULLETIN.since - 1
    return person


def _database(services: Services) -> Database:
    assert isinstance(services.database, Database)
    return services.database


def _vault(services: Services) -> Vault:
    return Vault([KEY], services.settings.petition_keys)


def _differing(services: Services) -> list[str]:
    return list(differences(services, _vault(services)))


def _spoil(services: Services, statement: sa.Executable) -> None:
    with _database(services).writing() as connection:
        connection.execute(statement)
        connection.commit()


def _checks(services: Services, person: Person) -> Checks:
    return Checks(services, _vault(services), [person], [BULLETIN])


def test_nothing_is_found_where_nothing_is_wrong(services: Services, person: Person) -> None:
    checks = _checks(services, person)
    found = [checks.lost(), checks.duplicated(), checks.revived(), checks.sent_twice(), checks.unreported()]
    assert [list(each) for each in found] == [[], [], [], [], []]
    assert _differing(services) == []


def test_a_deleted_signature_is_lost_and_its_counts_differ(services: Services, person: Person) -> None:
    _spoil(services, sa.delete(_s))
    assert len(list(_checks(services, person).lost())) == 1
    assert {line.split()[0] for line in _differing(services)} >= {"tallies", "audience", "signals"}


def test_a_withdrawal_that_nobody_asked_for_is_a_loss(services: Services, person: Person) -> None:
    services.signing.handle(person.hands.signer, ev.Withdraw(), SALESFORCE)
    assert len(list(_checks(services, person).lost())) == 1


def test_a_second_receipt_is_a_duplicate(services: Services, person: Person) -> None:
    person.memory.standing.add("AAAA-BBBB-CCCC")
    assert len(list(_checks(services, person).duplicated())) == 1


def test_a_withdrawn_signature_that_counts_is_found(services: Services, person: Person) -> None:
    person.memory.withdrawn = set(person.memory.standing)
    assert len(list(_checks(services, person).revived())) == 1


def test_an_announcement_that_came_twice_or_not_at_all_is_found(services: Services, person: Person) -> None:
    assert isinstance(person.hands, IdleHands)
    person.hands.came = 2
    assert len(list(_checks(services, person).sent_twice())) == 1
    person.hands.came = 0
    assert len(list(_checks(services, person).unreported())) == 1


def test_an_announcement_that_is_reported_as_doubtful_is_not_missing(services: Services, person: Person) -> None:
    assert isinstance(person.hands, IdleHands)
    person.hands.came = 0
    with _database(services).reading() as connection:
        signer = connection.execute(sa.select(_s.c.signer_id)).scalar_one()
    with services.signing.work() as work:
        topic = TO_PERSON["telegram"]
        work.outbox.put([NewEntry(topic, f"{BULLETIN.number}:{signer}", services.signing.clock(), {}, "1", signer)])
        work.commit()
    for state, missing in (("waiting", 2), ("doubtful", 0)):
        _spoil(services, sa.update(table(OutboxRow)).values(state=state))
        assert len(list(_checks(services, person).unreported())) == missing


@pytest.mark.parametrize("row", [TallyRow, StepRow, SignalRow])
def test_a_wrong_count_is_found(row: type[SQLModel], services: Services, person: Person) -> None:
    counts = table(row)
    _spoil(services, sa.update(counts).values(total=counts.c.total + 1))
    assert _differing(services)
    assert person.memory.standing


def test_a_milestone_that_was_not_crossed_is_found(services: Services) -> None:
    values = {"petition": SALESFORCE, "number": 100, "at": services.signing.clock()}
    _spoil(services, sa.insert(table(MilestoneRow)).values(values))
    assert _differing(services) == [f"milestones ('{SALESFORCE}', 100): kept 1, recounted 0"]


def test_a_recount_remembers_what_was_erased(services: Services, person: Person) -> None:
    keep_erased_rows(_database(services).engine)
    services.signing.handle(person.hands.signer, ev.Forget(), SALESFORCE)
    assert _differing(services) == []
    _spoil(services, sa.text("DELETE FROM erased_conversations"))
    assert {line.split()[0] for line in _differing(services)} == {"steps"}


def test_totals_of_the_outbox_are_recounted(services: Services, person: Person) -> None:
    keep_erased_rows(_database(services).engine)
    with services.signing.work() as work:
        now = services.signing.clock()
        work.outbox.put([NewEntry(TO_PERSON["telegram"], "1", now)])
        entries = work.outbox.claim("worker", [TO_PERSON["telegram"].name], 1, now, dt.timedelta(minutes=1))
        work.outbox.report([done(entry) for entry in entries], now)
        work.commit()
    assert _differing(services) == []
    _spoil(services, sa.delete(table(OutboxRow)))
    assert _differing(services) == []
    _spoil(services, sa.text("DELETE FROM erased_outbox"))
    assert [line.partition(":")[2] for line in _differing(services)] == [" kept 1, recounted 0"]
    assert person.memory.standing


def test_a_soak_that_lacks_an_ingredient_proves_nothing() -> None:
    report = Report("again", {"reviews": 0, "kills": 3}, 0, {"signatures lost": []})
    assert (report.passed, report.missing) == (False, ["reviews"])
    assert "proved nothing, because there were none of these: reviews" in report.verdict
    assert Report("again", {"reviews": 1}, 0, {"signatures lost": []}).passed


@pytest.mark.server  # it chooses a free port
def test_tracebacks_and_personal_data_are_found(tmp_path: Path) -> None:
    process = WatchedProcess("web", "web", tmp_path, {})
    account = str(FIRST_TELEGRAM_ID + 1)
    watch = Watch([process], lambda: {account})
    lines = ["INFO hello", f"INFO {FIRST} signed", "ERROR oh", "Traceback (most recent call last):", "  x", "E: no"]
    process.log.write_text("\n".join([*lines, f"INFO chat {account}", "the start of a li"]))
    watch.look(process)
    watch.look(process)
    assert watch.tracebacks == ["web: ERROR oh / E: no"]
    assert [leak.rpartition(": ")[2] for leak in watch.leaks] == [f"INFO {FIRST} signed", f"INFO chat {account}"]
    assert watch.lines == len(lines) + 1
    watch.read_figures(process, f'undersign_signatures{{label="{FIRST}"}} 1')
    assert watch.leaks[-1].startswith("figures of web")
