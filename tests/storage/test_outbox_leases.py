"""The contract of every outbox about leases: who may begin, renew and report what was claimed."""

from __future__ import annotations

from core.outbox import NewEntry, State, again, dead, done, release
from core.signatures.signature import Signer
from tests.storage.outbox import CARD, LEASE, POST, SECOND, Work, begin, claim, counts, expire, put, report
from tests.world import NOW


def test_a_lease_that_ran_out_ends_in_doubt_or_in_another_try(work: Work) -> None:
    put(work, "post"), put(work, "card", topic=CARD)
    assert len(begin(work, *claim(work))) == 2
    assert expire(work, NOW + LEASE) == {}, "not yet"
    assert expire(work, NOW + LEASE + SECOND) == {State.WAITING: 1, State.DOUBTFUL: 1}
    assert expire(work, NOW + LEASE + SECOND) == {}
    (entry,) = claim(work, now=NOW + 2 * LEASE)
    assert (entry.key, entry.attempts) == ("card", 1), "it may be what ended the worker"
    with work() as unit:
        assert unit.outbox.reasons("post") == {(State.DOUBTFUL, "LeaseExpired"): 1}


def test_what_was_claimed_and_not_begun_goes_to_another_worker_without_doubt(work: Work) -> None:
    put(work, "a", "b", "c"), put(work, "card", topic=CARD)
    old = claim(work)
    assert begin(work, old[0]) == ["a"]
    assert claim(work, worker="w2", now=NOW + LEASE) == (), "the lease lasts"
    later = NOW + LEASE + SECOND
    assert expire(work, later) == {State.DOUBTFUL: 1}, "only what was begun"
    new = claim(work, worker="w2", now=later)
    assert [(entry.key, entry.attempts, entry.claim) for entry in new] == [("b", 0, 2), ("c", 0, 2), ("card", 0, 2)]
    assert begin(work, *old, now=later) == [], "the first worker comes back too late"
    assert report(work, *map(done, old[1:]), now=later) == 0
    assert begin(work, *new, now=later) == ["b", "c", "card"]
    assert report(work, *map(done, new), now=later) == 3


def test_a_lease_that_ran_out_and_that_nobody_wanted_can_still_begin(work: Work) -> None:
    put(work, "a")
    (entry,) = claim(work)
    later = NOW + 2 * LEASE
    assert begin(work, entry, now=later) == ["a"]
    assert expire(work, later) == {}, "the lease starts over"


def test_a_claimed_entry_that_was_cancelled_given_back_or_erased_does_not_begin(work: Work) -> None:
    with work() as unit:
        ada = unit.signers.lock_or_create(Signer("test", "ada"), NOW)
        unit.outbox.put([NewEntry(POST, "hers", NOW, person=ada.id)])
        unit.commit()
    put(work, "cancelled", group="one"), put(work, "given back", "kept")
    entries = {entry.key: entry for entry in claim(work)}
    report(work, release(entries["given back"]))
    with work() as unit:
        assert unit.outbox.cancel("post", "one") == 1
        unit.signers.erase(ada)
        unit.commit()
    assert begin(work, *entries.values()) == ["kept"]


def test_a_lease_is_prolonged_by_its_worker_only(work: Work) -> None:
    put(work, "a", "b")
    entries = claim(work)
    begin(work, *entries)
    with work() as unit:
        unit.outbox.renew("w1", entries[:1], NOW + 3 * LEASE)
        unit.outbox.renew("w2", entries[1:], NOW + 3 * LEASE)
        unit.commit()
    assert expire(work, NOW + 2 * LEASE) == {State.DOUBTFUL: 1}
    assert counts(work) == {State.SENDING: 1, State.DOUBTFUL: 1}


def test_a_late_report_ends_the_doubt_but_begins_nothing(work: Work) -> None:
    put(work, "a", "b")
    first, second = claim(work)
    begin(work, first, second)
    expire(work, NOW + 2 * LEASE)
    assert report(work, again(first, NOW, "TimeoutError"), done(second)) == 1
    assert counts(work) == {State.DOUBTFUL: 1, State.DONE: 1}
    assert claim(work, now=NOW + 9 * LEASE) == ()


def test_a_report_on_what_somebody_else_has_now_changes_nothing(work: Work) -> None:
    put(work, "a", topic=CARD)
    (old,) = claim(work)
    begin(work, old)
    expire(work, NOW + 2 * LEASE)
    (new,) = claim(work, worker="w2", now=NOW + 2 * LEASE)
    assert report(work, done(old)) == 0
    assert report(work, dead(old, "Late"), done(new)) == 1, "both at once, as one worker may have had both"
    assert counts(work, "card") == {State.DONE: 1}
