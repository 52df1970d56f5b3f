"""Retention: on time and a week after a notice, with or without a folder, and never by a clock that cannot be right."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import pytest

from bots.app.retention import warnings
from core.conversation import state as ev
from core.conversation.funnel import PENDING
from core.conversation.state import Overlay
from core.organizer.command import CommandLine
from core.organizer.retention import RetentionService, retention_topic
from core.organizer.service import OrganizerService
from core.outbox import ClaimedEntry, NewEntry, Topic, done
from core.petition.retention import IDLE, NOTICE
from core.signatures.signature import Signer
from storage.engine import Database
from storage.queries import SqlQueries
from storage.retention import SqlPersonalData
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.conftest import rows_of
from tests.core.services.test_signing import SIGNING, signed
from tests.world import NOW, ORGANIZERS, SALESFORCE, TREES, CountedWork, World

DAY, OLGA = dt.timedelta(days=1), Signer("telegram", "99")


@dataclass
class Archive:
    """A petition that Ada signed, and everything that erases it."""

    world: World
    retention: RetentionService
    database: Database

    def changes(self, **facts: object) -> None:
        """Edit petition.toml and start again."""
        petition = self.world.petitions[SALESFORCE]
        self.world.petitions[SALESFORCE] = replace(petition, **facts)  # type: ignore[arg-type]

    def passes(self, days: float) -> dict[str, int]:
        """Let days pass, with a look every day; returns what was erased."""
        erased: dict[str, int] = {}
        while days > 0:
            self.world.now += min(days, 1) * DAY
            days -= 1
            erased |= self.retention.run()
        return erased

    def notices(self) -> list[str]:
        """New notices to organizers: their kind and day."""
        now = self.world.now
        with self.world.work() as work:
            entries = work.outbox.claim("w", [retention_topic("telegram").name], 9, now, dt.timedelta(minutes=1))
            work.outbox.report([done(entry) for entry in entries], now)
            work.commit()
        return [self._reads(entry) for entry in entries]

    def _reads(self, entry: ClaimedEntry) -> str:
        notice = self.retention.notice("telegram", entry.payload)
        assert notice
        return f"{entry.payload['kind']} {entry.payload['day']}"

    def holds(self) -> bool:
        return self.retention.data.holds(SALESFORCE)

    def warns(self) -> str:
        return "\n".join(warnings(self.retention, self.world.now))


@pytest.fixture
def archive(database: Database, vault: Vault) -> Archive:
    world = World(work=lambda: SqlUnitOfWork(database, vault))
    signed(world, "Ada")
    organizing = OrganizerService(world.signing, ORGANIZERS)
    retention = RetentionService(organizing, SqlQueries(database, vault), SqlPersonalData(database, vault))
    retention.run()
    return Archive(world, retention, database)


def closing(archive: Archive, days: int) -> None:
    """Edit the petition's date so that the last day of its retention is this many days from today."""
    archive.changes(closes=archive.world.now.date() + days * DAY, retention_days=0)


def test_an_erasure_is_on_time_and_announced_a_week_before(archive: Archive) -> None:
    closing(archive, 20)
    archive.passes(13)
    assert (archive.notices(), archive.warns()) == ([], "")
    archive.passes(1)
    assert archive.notices() == ["due 2026-12-14"]
    assert "erased from 2026-12-14 on" in archive.warns()
    assert archive.passes(6) == {}
    assert archive.holds()
    assert archive.passes(1) == {SALESFORCE: 1}
    assert not archive.holds()
    assert (archive.notices(), archive.warns()) == ([], "")
    assert archive.world.counted() == 1


def test_a_date_a_year_too_early_erases_nothing_for_a_week_and_can_be_corrected(archive: Archive) -> None:
    closes = archive.world.petitions[SALESFORCE].closes
    archive.changes(closes=dt.date(2020, 1, 1))
    assert archive.retention.run() == {}
    assert archive.notices() == ["due 2026-11-30"]
    assert archive.passes(6.9) == {}
    assert archive.notices() == []
    archive.changes(closes=closes)
    assert archive.passes(30) == {}
    assert archive.notices() == ["called_off 2026-11-30"]
    archive.changes(closes=dt.date(2020, 1, 1))
    assert archive.passes(1) == {}, "the week begins again"
    assert archive.notices() == ["due 2027-01-07"]
    assert archive.passes(6) == {}
    assert archive.passes(1) == {SALESFORCE: 1}


def test_a_removed_petition_keeps_its_own_retention(archive: Archive) -> None:
    closing(archive, 20)
    archive.retention.run()
    del archive.world.petitions[SALESFORCE]
    assert f"{SALESFORCE}: its folder is gone; its signers' personal data is kept until 2026-12-13" in archive.warns()
    archive.passes(14)
    assert archive.notices() == ["removed_due 2026-12-14"]
    assert "put its folder back" in archive.warns()
    assert archive.passes(8) == {SALESFORCE: 1}
    assert archive.warns() == ""


def break_folder(archive: Archive) -> None:
    """Make the petition's folder unreadable."""
    signing = replace(archive.retention.organizing.signing, broken=frozenset({SALESFORCE}))
    organizing = replace(archive.retention.organizing, signing=signing)
    archive.retention = replace(archive.retention, organizing=organizing)
    del archive.world.petitions[SALESFORCE]


def test_a_broken_petition_without_a_closing_day_is_not_removed(archive: Archive) -> None:
    archive.changes(closes=None, retention_days=0)
    archive.passes(3)
    break_folder(archive)
    assert archive.passes(400) == {}
    assert (archive.notices(), archive.warns()) == ([], "")
    assert archive.holds()


def test_a_broken_petition_keeps_the_dates_that_were_last_read(archive: Archive) -> None:
    closing(archive, 20)
    archive.retention.run()
    break_folder(archive)
    assert archive.warns() == "", "its folder is still there"
    archive.passes(14)
    assert archive.notices() == ["due 2026-12-14"]
    assert archive.passes(8) == {SALESFORCE: 1}


def test_a_petition_without_a_closing_day_closes_when_its_folder_is_removed(archive: Archive) -> None:
    archive.changes(closes=None, retention_days=40)
    archive.passes(3)
    removed = archive.world.petitions.pop(SALESFORCE)
    assert archive.passes(40) == {}
    archive.world.petitions[SALESFORCE] = removed
    archive.passes(5)
    assert [notice.split()[0] for notice in archive.notices()] == ["removed_due", "called_off"], "it came back"
    del archive.world.petitions[SALESFORCE]
    assert archive.passes(42) == {SALESFORCE: 1}


def test_a_petition_of_an_older_version_whose_folder_is_gone_is_named(archive: Archive) -> None:
    with archive.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM petitions")
        connection.commit()
    del archive.world.petitions[SALESFORCE]
    archive.passes(1)
    assert f"{SALESFORCE}: its folder is gone and its retention period is unknown" in archive.warns()
    assert f"undersign forget --petition {SALESFORCE}" in archive.warns()
    assert archive.holds()
    assert archive.retention.erase_removed(SALESFORCE) == 1
    assert (archive.holds(), archive.warns(), archive.world.counted()) == (False, "", 1)
    with pytest.raises(ValueError, match="not gone"):
        archive.retention.erase_removed(TREES)


def test_what_was_erased_cannot_be_reopened(archive: Archive) -> None:
    archive.changes(closes=None, retention_days=1)
    asks = archive.retention.organizing.run
    asks(OLGA, CommandLine("close", f"{SALESFORCE} yes"))
    assert archive.passes(9) == {SALESFORCE: 1}
    for command in ("reopen", "pause"):
        view = asks(OLGA, CommandLine(command, f"{SALESFORCE} yes"))
        assert "organizer.reopen_erased" in repr(view)
    archive.changes(closes=archive.world.now.date() + 100 * DAY)
    ada = signed(archive.world, "Ada")
    assert "Signing closed on November 23, 2026." in ada.reads()
    assert archive.world.counted() == 1
    archive.passes(1)
    assert archive.holds() or not rows_of(archive.database)["conversations"]


def test_warnings_only_read(archive: Archive) -> None:
    archive.changes(closes=dt.date(2020, 1, 1))
    archive.world.now += 91 * DAY
    counted = CountedWork(archive.retention.organizing.signing.work)
    signing = replace(archive.retention.organizing.signing, work=counted)
    retention = replace(archive.retention, organizing=replace(archive.retention.organizing, signing=signing))
    sentences = list(warnings(retention, archive.world.now))
    assert ["retention period is" in sentences[0], "the clock reads" in sentences[1]] == [True, True]
    assert counted.begun == 0, "it would wait for whoever writes"


@pytest.mark.parametrize("jump", [91 * DAY, 3650 * DAY, -2 * DAY])
def test_a_clock_that_jumps_erases_nothing_until_it_is_confirmed(archive: Archive, jump: dt.timedelta) -> None:
    archive.changes(closes=dt.date(2020, 1, 1))
    archive.retention.run()
    assert archive.notices() == ["due 2026-11-30"]
    archive.world.now += jump
    signed(archive.world, "Ben")  # what is stored by a wrong clock does not make it right
    for _ in range(3):
        assert archive.retention.run() == {}
        archive.world.now += DAY / 24
    assert archive.notices() == ["clock 2026-11-23"]
    assert "nothing is erased" in archive.warns()
    assert archive.holds()
    archive.retention.confirm_clock()
    assert "nothing is erased" not in archive.warns()
    archive.retention.run()
    assert archive.holds() is (jump < dt.timedelta())


def test_a_clock_that_was_wrong_for_a_while_needs_no_confirmation(archive: Archive) -> None:
    archive.world.now += 3650 * DAY
    archive.retention.run()
    archive.world.now = NOW + DAY
    assert "nothing is erased" not in archive.warns()
    assert archive.passes(89) == {}
    assert archive.retention.doubt() is None


def test_accounts_that_never_signed_are_erased_after_30_days(archive: Archive) -> None:
    world = archive.world
    world.signing.handle(Signer("test", "list"), ev.SetLocale("es"))
    world.person("Eve").does(ev.Open())
    world.person("Ben").does(*SIGNING[:2])
    cleo = signed(world, "Cleo")
    cleo.about(TREES).does(ev.Begin())
    cleo.does(ev.Withdraw())
    waits = Signer("test", "waits")
    with world.work() as work:
        person = work.signers.lock_or_create(waits, world.now)
        work.outbox.put([NewEntry(Topic("post", repeat=False), "x", world.now, person=person.id)])
        work.commit()
    archive.passes(15)
    world.person("Eve").does(ev.TurnPage(1))
    archive.passes(IDLE.days - 15)
    assert len(rows_of(archive.database)["signers"]) == 6
    archive.passes(1)
    with world.work() as work:
        gone = [
            name
            for name in ("list", "Eve", "Ben", "Ada", "Cleo", "waits")
            if not work.signers.find(Signer("test", name))
        ]
        assert gone == ["list", "Ben"]
        assert work.breakdowns.steps(SALESFORCE)[PENDING] == 0
    archive.passes(15)
    with world.work() as work:
        assert not work.signers.find(Signer("test", "Eve"))
        assert work.signers.find(waits), "a file that waits to be sent needs the account"


def test_organizers_hear_of_a_due_erasure_once_from_several_processes(archive: Archive) -> None:
    closing(archive, 3)
    other = replace(archive.retention)
    for _ in range(2):
        archive.retention.run()
        other.run()
    assert archive.notices() == ["due 2026-11-30"]
    assert NOTICE == 7 * DAY


def test_a_signer_of_a_removed_petition_sees_the_signature_and_withdraws_it(archive: Archive) -> None:
    world = archive.world
    title = world.petitions[SALESFORCE].text("en").title
    del world.petitions[SALESFORCE]
    ada = world.person("Ada").about(TREES)
    ada.does(ev.Show(Overlay.SIGNATURES))
    assert title in ada.reads()
    ada.taps("Withdraw")
    assert f"Withdraw your signature from “{title}”" in ada.reads()
    ada.petition = SALESFORCE
    ada.taps("Keep my signature")
    assert title in ada.reads()
    ada.taps("Withdraw")
    ada.taps("Withdraw my signature")
    assert "withdrawn" in ada.reads()
    again = world.signing.handle(ada.signer, ev.Withdraw(), SALESFORCE, revision=1)
    assert ada.view
    assert again.screen == ada.view.screen, "a second tap changes nothing"
    assert archive.retention.data.signatures(SALESFORCE) == 1, "the row without answers remains until retention"
    assert world.counted() == 0
    assert "sign again" not in ada.reads()
    ada.taps("Back")
    assert "You haven't signed" in ada.reads()
    view = world.signing.handle(ada.signer, ev.Begin(), SALESFORCE)
    assert "petitions.unknown" in repr(view), "nobody can sign it any more"
    assert world.signing.handle(Signer("test", "Eve"), ev.Show(Overlay.WITHDRAW), SALESFORCE).petition == ""
