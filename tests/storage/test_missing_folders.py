"""Retention of petitions whose folders are gone or can't be read."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from core.conversation import state as ev
from core.conversation.state import Overlay
from core.signatures.signature import Signer
from tests.effort import scaled
from tests.storage.archive import Archive
from tests.world import SALESFORCE, TREES


def test_a_removed_petition_keeps_its_own_retention(archive: Archive) -> None:
    archive.closes_in(20)
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
    assert archive.passes(400, look_every=400 / scaled(400)) == {}
    assert (archive.notices(), archive.warns()) == ([], "")
    with pytest.raises(ValueError, match="not gone"):
        archive.retention.erase_removed(SALESFORCE)
    assert archive.holds()


def test_a_broken_petition_keeps_the_dates_that_were_last_read(archive: Archive) -> None:
    archive.closes_in(20)
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
        connection.execute(sa.text("DELETE FROM petitions"))
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
