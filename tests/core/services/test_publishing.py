"""A log publishes each signature once, in batches whose sum is the count, and never takes anything back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from core.errors import LogError
from core.log.log_entry import ExclusionClass, Received, hidden_indexes, hidden_receipt, read_entry
from core.log.signed_note import SignedNote, SignerKey
from core.ports import UnitOfWork
from core.services.log_batch import BatchWriter
from core.signatures.review import Query
from core.signatures.signature import SignatureStatus, Signer
from tests.public_log import ELMS, LOG_KEY, ORIGIN, Press, first_tile, read, read_log
from tests.storage.test_reviews import does, signs, withdraws
from tests.world import NOW, memory

Work = Callable[[], UnitOfWork]
MORNING = dt.datetime(2026, 11, 23, 9, 30, tzinfo=dt.UTC)
HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)


def sign_many(work: Work, count: int, start: int = 0) -> None:
    for number in range(start, start + count):
        signs(work, f"s{number}")


def erase(work: Work, name: str) -> None:
    """Erase a person as /forget does, without withdrawing."""
    with work() as unit:
        unit.signatures.anonymise(unit.signers.lock_or_create(Signer("test", name), NOW))
        unit.commit()


def test_a_batch_has_everything_since_the_last(work: Work) -> None:
    press = Press(work)
    assert press.publish() is None, "nobody has signed"
    for name in ("ada", "ben", "cem"):
        signs(work, name, mailbox=f"{name}@example.org")
    signs(work, "twin", mailbox="ada@example.org")
    signs(work, "bot", reason="burst")
    withdraws(work, "cem")
    press.publish()
    first = read(work)
    assert first.kinds == {"received": 5, "withdrawn": 1, "excluded": 2}
    assert (first.number, first.record.checkpoint.origin) == (2, ORIGIN)
    assert press.publish() is None, "nothing has changed"
    withdraws(work, "twin")
    does(work, "accept", Query("elms", SignatureStatus.QUARANTINED))
    press.publish()
    second = read(work)
    assert second.entries[:8] == first.entries
    assert second.kinds - first.kinds == {"withdrawn": 1, "restored": 2}
    assert second.number == 3


def test_a_signer_finds_their_own_entry(work: Work) -> None:
    press = Press(work)
    sign_many(work, 20)
    with work() as unit:
        assert unit.log.link("R-s7") is None, "not published yet"
    press.publish()
    published = read(work)
    with work() as unit:
        links = {f"R-s{number}": unit.log.link(f"R-s{number}") for number in range(20)}
        assert unit.log.link("R-x") is None
    assert sorted(link.entry for link in links.values() if link) == list(range(20)), "each has one of its own"
    assert [link.entry for link in links.values() if link] != list(range(20)), "they are shuffled"
    assert len({link.salt for link in links.values() if link}) == 20
    for receipt, link in links.items():
        assert link
        assert read_entry(published.entries[link.entry]) == Received("d" * 64, hidden_receipt(link.salt, receipt))


def test_an_erased_signature_stays_in_the_log_and_leads_to_nobody(work: Work) -> None:
    press = Press(work)
    for name in ("ada", "ben", "cem"):
        signs(work, name)
    erase(work, "ada")
    press.publish()
    with work() as unit:
        assert unit.log.link("R-ada") is None
        assert unit.log.link("R-ben")
    withdraws(work, "ben")
    erase(work, "ben")
    signs(work, "dee")
    withdraws(work, "dee")
    erase(work, "dee")
    press.publish()
    published = read(work)
    assert (published.kinds, published.number) == ({"received": 4, "withdrawn": 2}, 2)
    with work() as unit:
        assert unit.log.link("R-ben") is unit.log.link("R-dee") is None
        assert unit.log.link("R-cem")


def test_someone_may_erase_everything_while_a_batch_is_published(work: Work) -> None:
    press = Press(work)
    press.publisher.chunk = 1
    sign_many(work, 2)
    withdraws(work, "s0")
    assert press.publisher._begin(ELMS, at_once=True)
    writer = BatchWriter(work, "elms", press.chance, press.publisher._key, lambda: False, chunk=1)
    for _ in range(2):  # the received entries
        with work() as unit:
            state, batch = unit.log.lock("elms"), unit.log.batch("elms")
            assert state
            assert batch
            writer._append(unit, state, *writer._ordered(unit, state, batch).chunk(state.size, 1))
            unit.commit()
    erase(work, "s0")
    assert press.publish()
    assert read(work).kinds == {"received": 2, "withdrawn": 1}


def test_the_indexes_of_excluded_signatures_open_their_entry(work: Work) -> None:
    press = Press(work)
    sign_many(work, 6)
    press.publish()
    does(work, "invalidate", Query("elms", receipt="R-s1"))
    does(work, "invalidate", Query("elms", receipt="R-s2"))
    press.publish()
    with work() as unit:
        indexes = sorted(link.entry for number in (1, 2) if (link := unit.log.link(f"R-s{number}")))
    excluded = read_entry(read(work).entries[-1])
    salts = [number.to_bytes(32) for number in range(press.drawn + 1)]
    assert getattr(excluded, "entries", "") in {hidden_indexes(salt, indexes, ()) for salt in salts}


def test_a_class_that_only_swaps_its_members_is_told_of_later(work: Work) -> None:
    press = Press(work)
    sign_many(work, 4)
    does(work, "invalidate", Query("elms", receipt="R-s1"))
    press.publish()
    does(work, "restore", Query("elms", receipt="R-s1"))
    does(work, "invalidate", Query("elms", receipt="R-s2"))
    assert press.publish() is None
    does(work, "invalidate", Query("elms", receipt="R-s3"))
    press.publish()
    with work() as unit:
        entries = {number: link.entry for number in range(4) if (link := unit.log.link(f"R-s{number}"))}
        (changed,) = [opened for opened in unit.log.exclusions("elms") if opened.entry > 4]
    assert changed.added == tuple(sorted([entries[2], entries[3]]))
    assert changed.removed == (entries[1],)


def at(press: Press, now: dt.datetime) -> bool:
    """Look at a time; True if something was published."""
    press.now = now
    with press.work() as unit:
        before = unit.log.checkpoint("elms")
    assert press.publisher.run([ELMS]) == ()
    with press.work() as unit:
        return unit.log.checkpoint("elms") != before


def test_many_signatures_are_published_at_the_end_of_the_hour() -> None:
    press = Press(memory())
    sign_many(press.work, 50)
    assert not at(press, MORNING)
    assert not at(press, MORNING + 29 * MINUTE)
    assert at(press, MORNING + 30 * MINUTE)
    sign_many(press.work, 50, start=50)
    assert not at(press, MORNING + 40 * MINUTE), "it isn't the end of an hour"
    assert at(press, MORNING + HOUR + 40 * MINUTE), "after a break, at once"


def test_fewer_wait_for_the_end_of_the_day_in_the_petitions_zone() -> None:
    press = Press(memory())
    press.publisher.run([ELMS])
    sign_many(press.work, 49)
    kathmandu = replace(ELMS, timezone="Asia/Kathmandu")  # whose midnight is at 18:15 UTC
    assert not at(press, MORNING)
    for hour in range(1, 9):
        assert not at(press, MORNING + hour * HOUR)
    press.now = dt.datetime(2026, 11, 23, 18, 16, tzinfo=dt.UTC)
    press.publisher.run([kathmandu])
    assert read(press.work).number == 49


def test_a_withdrawal_alone_waits_for_the_end_of_the_day() -> None:
    press = Press(memory())
    sign_many(press.work, 60)
    press.publish()
    withdraws(press.work, "s1")
    assert not any(at(press, NOW + hour * HOUR) for hour in range(1, 12))
    assert at(press, NOW + 12 * HOUR)


def test_a_log_that_does_not_add_up_publishes_nothing_more(work: Work) -> None:
    press = Press(work)
    sign_many(work, 60)
    press.publish()
    before = read(work)
    with work() as unit:
        unit.tallies.add("elms", SignatureStatus.COUNTED, 1)
        unit.commit()
    sign_many(work, 60, start=60)
    press.now = NOW + HOUR
    (fault,) = press.publisher.run([ELMS])
    assert (fault.petition, fault.since) == ("elms", press.now)
    assert "120" in fault.sentence
    assert "121" in fault.sentence
    press.now += HOUR
    assert press.publisher.run([ELMS]) == (fault,)
    assert read(work) == before
    with work() as unit:
        state = unit.log.states()["elms"]
        assert (state.fault, state.fault_at) == (fault.sentence, NOW + HOUR)
        unit.tallies.add("elms", SignatureStatus.COUNTED, -1)
        unit.commit()
    press.now += HOUR
    assert press.publisher.run([ELMS]) == ()
    assert read(work).number == 120
    with work() as unit:
        assert unit.log.states()["elms"].fault == ""


def test_one_bad_petition_stops_only_its_own_log() -> None:
    press = Press(memory())
    other = replace(ELMS, slug="oaks")
    sign_many(press.work, 60)
    with press.work() as unit:
        unit.tallies.add("oaks", SignatureStatus.COUNTED, 1)
        unit.commit()
    press.publisher.run([other, ELMS])
    press.now += HOUR * 13
    (fault,) = press.publisher.run([other, ELMS])
    assert fault.petition == "oaks"
    assert read(press.work).number == 60


def test_nothing_after_the_checkpoint_is_public() -> None:
    press = Press(memory())
    sign_many(press.work, 3)
    press.publish()
    sign_many(press.work, 3, start=3)
    press.publisher._begin(ELMS, at_once=True)
    press.keys = ()
    press.publisher.keys = ()
    with pytest.raises(LogError, match="missing"):
        press.publish()
    with press.work() as unit:
        assert unit.log.states()["elms"].size == 6
        assert unit.log.link("R-s4") is None
        assert first_tile(unit.log, 4) is None
    assert read(press.work).number == 3
    press.publisher.keys = (LOG_KEY,)
    assert press.publish()
    assert read(press.work).number == 6


NEW_KEY = b"n" * 32


def test_a_new_key_signs_the_last_checkpoint_once_more(work: Work) -> None:
    press = Press(work)
    sign_many(work, 3)
    press.publish()
    renewed = Press(work, now=NOW + HOUR, keys=(NEW_KEY, LOG_KEY), drawn=press.drawn)
    with work() as unit:
        both = unit.log.checkpoint("elms")
        assert both
        note = SignedNote.parse(both.note)
        for key in (LOG_KEY, NEW_KEY):
            assert note.signed_by([SignerKey(ORIGIN, key).verifier])
        assert unit.log.keys() == tuple(SignerKey("k", key).verifier.public for key in (NEW_KEY, LOG_KEY))
    assert not renewed.publisher.adopt_key(), "it is in use already"
    sign_many(work, 1, start=3)
    with pytest.raises(LogError, match="another log key"):
        press.publish()
    renewed.publish()
    with work() as unit:
        assert read_log(unit.log, key=NEW_KEY)


def test_an_unknown_key_signs_nothing() -> None:
    press = Press(memory())
    sign_many(press.work, 3)
    with pytest.raises(LogError, match="another log key"):
        Press(press.work, keys=(NEW_KEY,))


def test_every_class_has_an_entry_of_its_own() -> None:
    assert {str(reason) for reason in ExclusionClass} == {"duplicate", "held_back", "invalidated"}
