"""The signers who get announcements: not those whose signatures organizers invalidated."""

from __future__ import annotations

import pytest

from core.services.announcements import AnnouncementService
from core.services.ledger import Ledger
from core.signatures.review import Query
from tests.core.organizer.test_announce import TEXT, post, reads, supporter
from tests.core.organizer.test_commands import Office
from tests.deliveries import Postbox
from tests.world import SALESFORCE


@pytest.fixture
def office() -> Office:
    office = Office()
    supporter(office, "Ada")
    return office


def review(office: Office, what: str) -> None:
    with office.world.work() as work:
        getattr(Ledger(work, office.world.now), what)(Query(SALESFORCE))
        work.commit()


def test_who_was_invalidated_in_the_meantime_is_passed_over_until_restored(office: Office) -> None:
    supporter(office, "Eve")
    reads(office, f"announce {SALESFORCE} {TEXT}")
    assert "Telegram: 2" in reads(office, "announcement 1")
    reads(office, "announcement 1 send all")
    AnnouncementService(office.world.signing).fan_out(1)
    review(office, "invalidate")
    box = Postbox("telegram")
    post(office, box)
    assert box.got == []
    reads(office, f"announce {SALESFORCE} More")
    assert "Telegram: 0" in reads(office, "announcement 2")
    review(office, "restore")
    assert "Telegram: 2" in reads(office, "announcement 2")
