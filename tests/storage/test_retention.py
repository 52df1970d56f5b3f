"""Retention: on time and a week after a notice, with or without a folder, and never by a clock that cannot be right."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bots.app.retention import warnings
from core.conversation import state as ev
from core.conversation.funnel import PENDING
from core.organizer.command import CommandLine
from core.outbox import NewEntry, Topic
from core.petition.retention import IDLE, NOTICE
from core.signatures.signature import Signer
from tests.conftest import rows_of
from tests.core.services.test_signing import SIGNING, signed
from tests.storage.archive import DAY, Archive
from tests.world import NOW, SALESFORCE, TREES, CountedWork

OLGA = Signer("telegram", "99")


def test_an_erasure_is_on_time_and_announced_a_week_before(archive: Archive) -> None:
    archive.closes_in(20)
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
    archive.closes_in(3)
    other = replace(archive.retention)
    for _ in range(2):
        archive.retention.run()
        other.run()
    assert archive.notices() == ["due 2026-11-30"]
    assert NOTICE == 7 * DAY


def test_the_notice_names_the_day_on_which_it_begins_in_the_petitions_zone(archive: Archive) -> None:
    archive.changes(timezone="Pacific/Kiritimati")  # where the day begins while it is yesterday in UTC
    archive.closes_in(20)
    archive.passes(15)
    day = archive.world.now.date() + dt.timedelta(days=6)
    assert archive.notices() == [f"due {day}"]
    assert f"from {day} on" in archive.warns()
