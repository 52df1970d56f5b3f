"""Milestones: when one is crossed, and who is told of it."""

from __future__ import annotations

import datetime as dt

import pytest

from core.conversation import state as ev
from core.outreach.milestones import CROSSED, Follower, cross, passed
from core.services.ledger import Ledger
from core.services.milestones import MilestoneService
from core.signatures.review import Query
from core.signatures.signature import Signature, SignatureStatus, Signer
from tests.core.organizer.test_announce import post, reads, supporter, team
from tests.core.organizer.test_commands import Office
from tests.deliveries import Postbox
from tests.log.publishing import publish
from tests.world import NOW, SALESFORCE, parts_of


@pytest.fixture
def office() -> Office:
    return team()


@pytest.mark.parametrize(
    ("before", "after", "numbers"),
    [
        (0, 1, ()), (98, 99, ()), (99, 100, (100,)), (100, 101, ()), (998, 999, ()), (999, 1000, (1000,)),
        (50, 5000, (100, 1000)), (99, 99, ()), (150, 120, ()), (999_999, 1_000_000, (1_000_000,)), (9, 10, ()),
        (0, -1, ()),
    ],
)  # fmt: skip
def test_a_milestone_is_a_power_of_ten_from_a_hundred_on(before: int, after: int, numbers: tuple[int, ...]) -> None:
    assert passed(before, after) == numbers


def test_communities_are_told_once_when_a_hundred_have_signed(office: Office) -> None:
    service = MilestoneService(office.world.signing)
    service.follow(Follower("telegram", "-5", "", "g0123456789ab", "es"))
    service.follow(Follower("telegram", "-6", "", "g0123456789cd", "en"))
    service.follow(Follower("discord", "7", "8", "g0123456789ef", "en"))
    for number in range(98):
        if number == 95:
            assert "No milestones reached yet" in reads(office, "milestone")
        supporter(office, f"Person {chr(65 + number % 26)}{chr(65 + number // 26)}", agrees=False)
    box, other = Postbox("telegram", shut={"-6"}), Postbox("discord")
    post(office, box, other)
    ((group, told),) = box.got
    assert group == "-5"
    assert told.startswith("¡Ya han firmado 100 personas!")
    assert len(other.got) == 1
    last = office.world.person("Person AA", "telegram")
    for _ in range(2):
        last.does(ev.Withdraw(), ev.Begin(), ev.Reply("90210"), ev.Confirm())
    assert office.world.counted() == 102
    post(office, box, other)
    assert (len(box.got), len(other.got)) == (1, 1)
    shown = reads(office, "milestone")
    assert "/milestone" not in reads(office, "audit"), "looking is not noted"
    assert "Telegram: 1\nDiscord: 1" in shown, "a group that is shut is not asked again"
    assert "100 · Tell Salesforce" in shown


def test_a_duplicate_crosses_nothing(office: Office) -> None:
    office.world.person("A", "telegram").does(
        ev.Begin(), ev.Reply("90210"), ev.Edit("email"), ev.Reply("a@example.org"), ev.Confirm()
    )
    for number in range(94):
        supporter(office, f"Person {chr(65 + number % 26)}{chr(65 + number // 26)}", agrees=False)
    assert office.world.counted() == 99
    twin = office.world.person("A", "telegram", user_id="another account")
    twin.does(ev.Begin(), ev.Reply("90210"), ev.Edit("email"), ev.Reply("a@example.org"), ev.Confirm())
    with office.world.work() as work:
        assert work.milestones.crossed() == ()
    supporter(office, "Last")
    with work:
        assert [milestone.number for milestone in work.milestones.crossed()] == [100]


def test_a_community_that_moves_goes_on_following(office: Office) -> None:
    service = MilestoneService(office.world.signing)
    service.move("telegram", "-5", "-1005")
    service.follow(Follower("telegram", "-5", "", "g0123456789ab", "es"))
    service.move("telegram", "-5", "-1005")
    assert service.follower("telegram", "-5") is None
    follower = service.follower("telegram", "-1005")
    assert follower
    assert (follower.label, follower.locale) == ("g0123456789ab", "es")


def test_a_review_that_lets_many_count_at_once_crosses_a_milestone_too(office: Office) -> None:
    MilestoneService(office.world.signing).follow(Follower("telegram", "-5", "", "g0123456789ab", "en"))
    with office.world.work() as work:
        for number in range(120):
            person = work.signers.lock_or_create(Signer("test", f"held{number}"), NOW)
            signature = Signature(
                SALESFORCE,
                f"R-{number}",
                f"r{number}",
                0,
                SignatureStatus.COUNTED,
                "d",
                NOW,
                "test",
                "en",
                reason="burst",
            )
            Ledger(work, NOW).sign(person, signature)
        work.commit()
    box = Postbox("telegram")
    post(office, box)
    assert box.got == []
    for _ in range(2):
        with office.world.work() as work:
            Ledger(work, NOW).accept(Query(SALESFORCE))
            work.commit()
        post(office, box)
    assert [group for group, _ in box.got] == ["-5"]


def test_a_count_that_fell_is_not_told_of_a_lower_milestone_after_a_higher_one(office: Office) -> None:
    with office.world.work() as work:
        for before, after in ((50, 5000), (5000, 90), (90, 110), (900, 1100)):
            cross(work.milestones, work.outbox, SALESFORCE, before, after, NOW)
        work.commit()
    with office.world.work() as work:
        assert [milestone.number for milestone in work.milestones.crossed()] == [100, 1000]
        (entry,) = work.outbox.claim("w", [CROSSED.name], 9, NOW, dt.timedelta(minutes=1))
    assert entry.payload == {"petition": SALESFORCE, "number": 1000}


def test_a_post_names_the_checkpoint_of_the_public_log(office: Office) -> None:
    service = MilestoneService(office.world.signing)
    service.follow(Follower("telegram", "-5", "", "g0123456789ab", "en"))
    supporter(office, "Ada")
    for published in (False, True):
        record = publish(office.world) if published else None
        found = service.post("telegram", "-5", SALESFORCE, 100)
        assert found
        words = " ".join(parts_of(found[1].screen, "en"))
        assert ("Public log as of 2026-11-23 12:00 (UTC): 4 signatures (size 4, root" in words) is published
        assert record is None or record.checkpoint.root_text in words
