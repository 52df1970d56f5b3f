"""The contract of every storage: the fake in memory, SQLite and PostgreSQL alike."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from core.conversation.state import Conversation, Stage
from core.messages import Message
from core.petition.petition import Decision, PetitionStatus
from core.petition.retention import PetitionRecord
from core.ports import Person, UnitOfWork
from core.signatures.breakdowns import HourlyCount
from core.signatures.consent import Consent, ConsentSubject, UpdatesChoice
from core.signatures.parts import ALL_PARTS
from core.signatures.signature import Outcome, Signature, SignatureStatus, Signer, Tally
from core.team import AuditEntry
from core.updates import UpdateKind
from tests.world import NOW

ADA, BEN = Signer("test", "1", "Ada"), Signer("test", "2", "Ben")
Work = Callable[[], UnitOfWork]


def signature(receipt: str = "R-1", **changes: object) -> Signature:
    plain = Signature(
        "elms", receipt, f"r{receipt}", 1, SignatureStatus.COUNTED, "d" * 64, NOW, "test", "en",
        mailbox="ada@example.org", answers={"who": "Ada"},
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


def met(work: Work, signer: Signer) -> Person:
    with work() as unit:
        person = unit.signers.lock_or_create(signer, NOW)
        unit.commit()
        return person


def test_a_person_is_met_once_and_kept(work: Work) -> None:
    ada = met(work, ADA)
    assert met(work, BEN).id != ada.id
    changed = replace(ada, locale="es", focus="elms", details={"name": "Ada"}, seen=("7", "8"))
    with work() as unit:
        unit.signers.save(changed)
        unit.commit()
    assert met(work, ADA) == changed


def test_what_is_not_committed_did_not_happen(work: Work) -> None:
    ada = met(work, ADA)
    with work() as unit:
        unit.signers.save(replace(ada, locale="es"))
        unit.tallies.add("elms", SignatureStatus.COUNTED, 1)
    with pytest.raises(RuntimeError), work() as unit:
        unit.tallies.add("elms", SignatureStatus.COUNTED, 1)
        raise RuntimeError
    assert met(work, ADA).locale == ""
    with work() as unit:
        assert unit.tallies.of("elms").counted == 0


def test_conversations_come_back_as_they_were(work: Work) -> None:
    ada = met(work, ADA)
    talk = Conversation(
        "elms", "en", stage=Stage.ANSWERING, page=3, answers={"who": "Ada"}, outcome=Outcome.CLOSED,
        errors={"code": Message("refused.postal_code", {"country": "US", "example": "90210"})}, revision=4,
    )  # fmt: skip
    for conversation in (talk, replace(talk, stage=Stage.REVIEWING, revision=5)):
        with work() as unit:
            unit.conversations.save(ada, conversation, NOW)
            unit.commit()
        with work() as unit:
            assert unit.conversations.get(ada, "elms") == conversation
    with work() as unit:
        assert unit.conversations.get(met_in(unit, BEN), "elms") is None
        unit.conversations.erase(ada)
        unit.commit()
    with work() as unit:
        assert unit.conversations.get(ada, "elms") is None


def met_in(unit: UnitOfWork, signer: Signer) -> Person:
    return unit.signers.lock_or_create(signer, NOW)


def test_a_mailbox_counts_once_in_a_petition(work: Work) -> None:
    ada, ben = met(work, ADA), met(work, BEN)
    with work() as unit:
        assert unit.signatures.add(ada, signature("R-1"))
        assert not unit.signatures.add(ben, signature("R-2"))
        assert unit.signatures.add(ben, signature("R-2", petition="oaks"))
        assert unit.signatures.add(ben, signature("R-3", status=SignatureStatus.DUPLICATE))
        unit.commit()
    with work() as unit:
        assert [one.receipt for one in unit.signatures.standing(ben)] == ["R-2", "R-3"]


def test_signatures_without_a_mailbox_are_never_duplicates(work: Work) -> None:
    ada, ben = met(work, ADA), met(work, BEN)
    with work() as unit:
        assert unit.signatures.add(ada, signature("R-1", mailbox=None))
        assert unit.signatures.add(ben, signature("R-2", mailbox=None))


def test_a_withdrawn_signature_makes_room_for_the_duplicate(work: Work) -> None:
    ada, ben = met(work, ADA), met(work, BEN)
    with work() as unit:
        unit.signatures.add(ada, signature("R-1"))
        unit.signatures.add(ben, signature("R-2", status=SignatureStatus.DUPLICATE))
        (standing,) = unit.signatures.standing(ada)
        moves = [(change.before, change.after) for change in unit.signatures.withdraw(standing, NOW)]
        assert moves == [
            (SignatureStatus.COUNTED, SignatureStatus.WITHDRAWN), (SignatureStatus.DUPLICATE, SignatureStatus.COUNTED),
        ]  # fmt: skip
        assert unit.signatures.standing(ada) == ()
        (heir,) = unit.signatures.standing(ben)
        assert heir.status is SignatureStatus.COUNTED
        assert len(unit.signatures.withdraw(heir, NOW)) == 1
        assert unit.signatures.add(ada, signature("R-3"))


def test_a_withdrawn_duplicate_leaves_the_counted_one(work: Work) -> None:
    ada, ben = met(work, ADA), met(work, BEN)
    with work() as unit:
        unit.signatures.add(ada, signature("R-1"))
        unit.signatures.add(ben, signature("R-2", status=SignatureStatus.DUPLICATE))
        (duplicate,) = unit.signatures.standing(ben)
        assert len(unit.signatures.withdraw(duplicate, NOW)) == 1
        assert unit.signatures.standing(ada)[0].status is SignatureStatus.COUNTED


def test_what_a_label_brought_is_kept_by_petition(work: Work) -> None:
    with work() as unit:
        for label, change in (("elms", 1), ("elms", 1), ("oaks", 1), ("elms", -1)):
            unit.tallies.credit("elms", label, change)
        assert [unit.tallies.credited("elms", label) for label in ("elms", "oaks", "ash")] == [1, 1, 0]
        assert unit.tallies.credited("other", "elms") == 0


def test_signatures_are_added_up_by_the_hour_of_signing(work: Work) -> None:
    hour = NOW.replace(minute=0)
    later = hour + dt.timedelta(hours=3)
    counted, withdrawn = SignatureStatus.COUNTED, SignatureStatus.WITHDRAWN
    with work() as unit:
        for when, platform, status, change in (
            (hour, "telegram", counted, 2), (hour, "telegram", counted, -1), (hour, "telegram", withdrawn, 1),
            (hour, "discord", counted, 1), (later, "telegram", withdrawn, 1), (later, "discord", counted, 1),
            (later, "discord", counted, -1),
        ):  # fmt: skip
            unit.tallies.add_hourly("elms", HourlyCount(when, platform, "en", status, change))
        assert set(unit.tallies.history("elms", None)) == {
            HourlyCount(hour, "telegram", "en", counted, 1), HourlyCount(hour, "telegram", "en", withdrawn, 1),
            HourlyCount(hour, "discord", "en", counted, 1), HourlyCount(later, "telegram", "en", withdrawn, 1),
        }  # fmt: skip
        late = hour + dt.timedelta(minutes=1)
        assert unit.tallies.history("elms", late) == (HourlyCount(later, "telegram", "en", withdrawn, 1),)
        assert unit.tallies.history("oaks", None) == ()
        assert unit.tallies.hours("elms", None) == unit.tallies.hours("elms", hour) == (
            (hour, Tally({counted: 2, withdrawn: 1})), (later, Tally({withdrawn: 1})),
        )  # fmt: skip
        assert unit.tallies.hours("elms", late) == ((later, Tally({withdrawn: 1})),)
        assert unit.tallies.kinds("elms", None) == (("discord", "en", 1), ("telegram", "en", 1))


def test_an_organizer_is_removed_by_the_whole_key_and_nothing_less(work: Work) -> None:
    with work() as unit:
        unit.organizers.add(ADA, NOW)
        unit.organizers.add(BEN, NOW)
        keys = [organizer.key for organizer in unit.organizers.all()]
        for wrong in ("", keys[0][:1], keys[0][:-1], "%", "_" * len(keys[0])):
            assert not unit.organizers.remove(wrong)
        assert unit.organizers.remove(keys[0])
        assert [organizer.key for organizer in unit.organizers.all()] == keys[1:]
        assert sorted([unit.organizers.has(ADA), unit.organizers.has(BEN)]) == [False, True]


def test_the_last_decision_is_in_force(work: Work) -> None:
    with work() as unit:
        assert unit.decisions.of("elms") == Decision()
        for decision in (
            Decision(PetitionStatus.PAUSED, 5000, "", NOW),
            Decision(PetitionStatus.VICTORY, None, "!", NOW),
        ):
            unit.decisions.save("elms", decision)
            assert unit.decisions.of("elms") == decision
        assert unit.decisions.of("oaks") == Decision()


def test_consent_to_updates_can_change(work: Work) -> None:
    with work() as unit:
        unit.signatures.add(ada := met_in(unit, ADA), signature())
        for choice, channels in zip(UpdatesChoice, ((True, False), (False, True), (False, False)), strict=True):
            (stored,), proof = unit.signatures.standing(ada), Consent(ConsentSubject.UPDATES, choice, "", NOW, "", "")
            changed = (*unit.signatures.set_updates(stored, proof), *unit.signatures.standing(ada))
            assert [(one.updates, one.by_email) for one in changed[1:]] == [channels] * 2


def test_an_erased_person_is_a_stranger(work: Work) -> None:
    ada = met(work, ADA)
    with work() as unit:
        unit.signatures.add(ada, signature())
        unit.conversations.save(ada, Conversation("elms", "en"), NOW)
        unit.signatures.anonymise(ada)
        unit.conversations.erase(ada)
        unit.signers.erase(ada)
        unit.commit()
    again = met(work, ADA)
    with work() as unit:
        assert unit.signatures.standing(again) == ()
        assert unit.conversations.get(again, "elms") is None


def test_tallies_add_up(work: Work) -> None:
    with work() as unit:
        for change in (1, 1, -1):
            unit.tallies.add("elms", SignatureStatus.COUNTED, change)
        unit.tallies.add("oaks", SignatureStatus.COUNTED, 9)
        assert unit.tallies.of("elms").totals == {SignatureStatus.COUNTED: 1}
        assert unit.tallies.lock("elms", ALL_PARTS) == unit.tallies.lock("elms", (3,)) == 1


def test_tallies_add_up_when_many_write_at_once(work: Work) -> None:
    def count() -> None:
        for _ in range(20):
            with work() as unit:
                unit.tallies.add("elms", SignatureStatus.COUNTED, 1)
                unit.commit()

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with work() as unit:
        assert unit.tallies.of("elms").counted == 160


def test_only_a_stored_person_is_found(work: Work) -> None:
    with work() as unit:
        assert unit.signers.find(ADA) is None
    ada = met(work, ADA)
    with work() as unit:
        assert unit.signers.find(ADA) == ada
        assert unit.signers.find(BEN) is None
        unit.signers.erase(ada)
        assert unit.signers.find(ADA) is None


def test_an_update_is_remembered_once_for_each_kind_and_platform(work: Work) -> None:
    erased, command, *others = UpdateKind
    with work() as unit:
        assert [unit.updates.add(erased, "test", "7", NOW) for _ in range(2)] == [True, False]
        assert unit.updates.add(command, "test", "7", NOW)
        unit.commit()
    met(work, ADA)
    with work() as unit:
        found = [unit.updates.has(kind, platform, "7") for kind in UpdateKind for platform in ("test", "telegram")]
        assert found == [True, False, True, False, *[False, False] * len(others)]
        assert not unit.updates.has(erased, "test", "8")
        ada = [unit.signers.find(ADA, update_id) for update_id in ("7", "8", "")]
        assert [person.seen for person in ada if person] == [("7",), (), ()]


def test_a_petition_is_remembered_with_its_announced_erasure(work: Work) -> None:
    record = PetitionRecord("elms", "Keep the elms", "en", "Neighbors", "the council", 180, dt.date(2027, 1, 1), NOW)
    later = replace(record, slug="oaks", closes=None)
    with work() as unit:
        for one in (later, record):
            unit.records.remember(one)
        unit.records.schedule("elms", NOW)
        unit.commit()
    changed = replace(record, title="Keep all elms", retention_days=90)
    with work() as unit:
        unit.records.remember(changed)
        assert unit.records.all() == (replace(changed, erasure_at=NOW), later)
        unit.records.schedule("elms", None)
        assert unit.records.of("elms") == changed
        assert unit.records.of("ash") is None


def test_moments_are_kept_and_the_newest_event_is_found(work: Work) -> None:
    ada = met(work, ADA)
    with work() as unit:
        assert (unit.moments.of("heartbeat"), unit.moments.newest_event()) == (None, None)
        for moment in (NOW, NOW + dt.timedelta(days=1)):
            unit.moments.save("heartbeat", moment)
        assert unit.moments.of("heartbeat") == NOW + dt.timedelta(days=1)
        unit.signatures.add(ada, signature())
        assert unit.moments.newest_event() == NOW
        unit.audit.note(AuditEntry(NOW + dt.timedelta(hours=1), ADA, "count"))
        assert unit.moments.newest_event() == NOW + dt.timedelta(hours=1)


def test_a_decision_remembers_that_retention_has_erased(work: Work) -> None:
    decision = Decision(PetitionStatus.CLOSED, since=NOW, erased_at=NOW + dt.timedelta(days=180))
    with work() as unit:
        unit.decisions.save("elms", decision)
        assert unit.decisions.of("elms") == decision
