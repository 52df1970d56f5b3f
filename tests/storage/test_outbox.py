"""The contract of every outbox: the fake in memory, SQLite and PostgreSQL alike."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import replace

import pytest

from core.outbox import Backlog, ClaimedEntry, NewEntry, State, again, dead, done, doubtful, release
from core.signatures.signature import Signer
from tests.storage.outbox import CARD, LEASE, POST, SECOND, Work, begin, claim, counts, expire, keys, put, report
from tests.world import NOW


def test_what_is_put_is_claimed_once_and_done(work: Work) -> None:
    assert put(work, "a", group="g") == 1
    (entry,) = claim(work)
    found = replace(entry, id=0)
    assert found == ClaimedEntry(0, "post", "a", "g", {"chat": "of a"}, NOW, repeat=False, attempts=0, claim=1)
    assert claim(work, worker="w2") == ()
    assert counts(work) == {State.WAITING: 1}
    assert begin(work, entry) == ["a"]
    assert begin(work, entry) == [], "it was begun before"
    assert counts(work) == {State.SENDING: 1}
    assert report(work, done(entry)) == 1
    assert report(work, done(entry)) == 0, "it was reported before"
    assert counts(work) == {State.DONE: 1}


def test_a_key_is_put_once_in_a_topic(work: Work) -> None:
    assert put(work, "a", "a", "b") == 2
    assert put(work, "a") == 0
    assert put(work, "a", topic=CARD) == 1
    report(work, *map(done, claim(work)))
    assert put(work, "a", "b") == 0, "nor is it when it was done"
    assert put(work) == 0


def test_what_is_rolled_back_was_not_put(work: Work) -> None:
    with work() as unit:
        unit.outbox.put([NewEntry(POST, "a", NOW)])
    with pytest.raises(RuntimeError), work() as unit:
        unit.outbox.put([NewEntry(POST, "b", NOW)])
        raise RuntimeError
    assert claim(work) == ()
    assert put(work, "a", "b") == 2


def test_who_was_due_first_comes_first_and_nobody_before_the_time(work: Work) -> None:
    for seconds, key in ((3, "c"), (1, "a"), (9, "z"), (1, "b")):
        put(work, key, due=NOW + dt.timedelta(seconds=seconds))
    assert claim(work) == ()
    assert keys(claim(work, 2, NOW + 5 * SECOND)) == ["a", "b"]
    assert keys(claim(work, 2, NOW + 5 * SECOND)) == ["c"]


def test_only_the_topics_that_are_asked_for_are_claimed(work: Work) -> None:
    put(work, "a"), put(work, "b", topic=CARD)
    assert keys(claim(work, 9, NOW, "w1", "card")) == ["b"]


def test_again_waits_and_counts_only_failures(work: Work) -> None:
    put(work, "a")
    later = NOW + 30 * SECOND
    assert report(work, again(claim(work)[0], later, "TimeoutError")) == 1
    assert claim(work) == ()
    (entry,) = claim(work, now=later)
    assert (entry.attempts, entry.claim, entry.due, entry.payload) == (1, 2, later, {"chat": "of a"})
    report(work, again(entry, later, "RetryAfter", failed=False))
    (entry,) = claim(work, now=later)
    assert entry.attempts == 1
    report(work, release(entry))
    assert replace(claim(work, now=later)[0], claim=3) == entry, "as if it had never been taken"


def test_failures_are_counted_with_their_reason_and_never_tried_again(work: Work) -> None:
    put(work, "a", "b", "c", group="g")
    first, second, third = claim(work)
    report(work, dead(first, "Forbidden"), doubtful(second, "Ada said no"), done(third), now=NOW + SECOND)
    with work() as unit:
        assert unit.outbox.reasons("card") == {}
        assert unit.outbox.reasons("post", "g") == {
            (State.DEAD, "Forbidden"): 1, (State.DOUBTFUL, "unnamed"): 1, (State.DONE, ""): 1,
        }, "a text is not a reason, and is not stored"  # fmt: skip
    assert claim(work, now=NOW + 9 * LEASE) == ()


def test_a_cancelled_group_is_gone_but_for_what_is_in_hand(work: Work) -> None:
    put(work, "a", "b", "c", group="one"), put(work, "d", group="two")
    (entry,) = claim(work, 1)
    begin(work, entry)
    with work() as unit:
        assert unit.outbox.cancel("post", "one") == 2
        assert unit.outbox.cancel("card", "one") == 0
        unit.commit()
    assert report(work, done(entry)) == 1
    assert keys(claim(work)) == ["d"]
    assert counts(work, group="one") == {State.DONE: 1}
    assert put(work, "b", group="one") == 1, "it may be put again"


def test_a_paused_group_waits_also_what_comes_later_or_comes_back(work: Work) -> None:
    put(work, "a", "b", group="one"), put(work, "x", group="two")
    (entry,) = claim(work, 1)
    with work() as unit:
        unit.outbox.pause("post", "one")
        unit.outbox.pause("post", "one")
        unit.commit()
    put(work, "c", group="one")
    report(work, again(entry, NOW, "TimeoutError"))
    (other,) = claim(work)
    assert begin(work, other) == ["x"]
    with work() as unit:
        assert unit.outbox.backlog(NOW) == {}
        unit.outbox.resume("post", "one")
        unit.commit()
    assert sorted(keys(claim(work))) == ["a", "b", "c"]


def test_the_backlog_is_what_is_due_and_how_long(work: Work) -> None:
    put(work, "a", "b"), put(work, "c", due=NOW + 5 * SECOND), put(work, "d", due=NOW + LEASE)
    put(work, "e", topic=CARD, due=NOW + 6 * SECOND)
    now = NOW + 7 * SECOND
    with work() as unit:
        assert unit.outbox.backlog(now) == {"post": Backlog(3, 7 * SECOND), "card": Backlog(1, SECOND)}
    entries = claim(work)
    with work() as unit:
        assert unit.outbox.backlog(now)["post"] == Backlog(3, 7 * SECOND), "what is claimed has not begun"
    begin(work, *entries)
    with work() as unit:
        assert unit.outbox.backlog(now)["post"] == Backlog(1, 2 * SECOND)


def test_counts_are_by_topic_and_group(work: Work) -> None:
    put(work, "a", "b", "c", group="one"), put(work, "d", group="two"), put(work, "e", topic=CARD)
    report(work, *map(done, claim(work, 1)))
    assert counts(work) == {State.WAITING: 3, State.DONE: 1}
    assert counts(work, group="one") == {State.WAITING: 2, State.DONE: 1}
    assert counts(work, group="three") == {}
    assert counts(work, "card") == {State.WAITING: 1}


def test_purged_entries_still_count_as_done_and_may_be_put_again(work: Work) -> None:
    put(work, "a", "b", "c", "d", "e")
    first, second, third, fourth, fifth = claim(work)
    begin(work, fifth)
    report(work, done(first), done(second), dead(fourth, "Forbidden"))
    report(work, done(third), now=NOW + LEASE)
    with work() as unit:
        assert unit.outbox.purge("card", NOW + 2 * LEASE) == 0
        assert unit.outbox.purge("post", NOW) == 0
        assert [unit.outbox.purge("post", NOW + SECOND, limit=1) for _ in range(3)] == [1, 1, 0]
        unit.commit()
    assert counts(work) == {State.DONE: 3, State.DEAD: 1, State.SENDING: 1}
    assert put(work, "a", "c", "d", "e") == 1


def test_what_was_for_somebody_goes_with_them(work: Work) -> None:
    with work() as unit:
        ada, ben = (unit.signers.lock_or_create(Signer("test", name), NOW) for name in ("ada", "ben"))
        unit.outbox.put([NewEntry(POST, person.signer.user_id, NOW, person=person.id) for person in (ada, ben)])
        unit.outbox.put([NewEntry(POST, "nobody", NOW)])
        unit.signers.erase(ada)
        unit.commit()
    assert keys(claim(work)) == ["ben", "nobody"]


def test_workers_that_claim_at_once_never_get_the_same(work: Work) -> None:
    put(work, *map(str, range(300)))
    claimed: list[str] = []

    def take(worker: str) -> None:
        while entries := claim(work, 7, worker=worker):
            claimed.extend(keys(entries))
            report(work, *map(done, entries))

    threads = [threading.Thread(target=take, args=(f"w{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == sorted(map(str, range(300)))
    assert counts(work) == {State.DONE: 300}


def test_those_who_put_the_same_key_at_once_put_it_once(work: Work) -> None:
    new: list[int] = []
    threads = [threading.Thread(target=lambda: new.append(put(work, "1000 signatures"))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(new) == [0, 0, 0, 0, 0, 1]


def test_why_entries_ended_is_counted_and_follows_when_doubt_ends(work: Work) -> None:
    put(work, *"abcd", group="g")
    one, other, third, slow = claim(work)
    begin(work, slow)
    report(work, dead(one, "Blocked"), dead(other, "Gone"), done(third))
    expire(work, NOW + LEASE + SECOND)
    lost = {(State.DEAD, "Blocked"): 1, (State.DEAD, "Gone"): 1, (State.DOUBTFUL, "LeaseExpired"): 1}
    with work() as unit:
        assert unit.outbox.reasons("post") == unit.outbox.reasons("post", "g") == {**lost, (State.DONE, ""): 1}
        assert unit.outbox.reasons("post", "h") == unit.outbox.reasons("card") == {}
        assert unit.outbox.troubles() == {("post", *why): count for why, count in lost.items()}
    report(work, done(slow))
    with work() as unit:
        assert unit.outbox.reasons("post")[State.DONE, ""] == 2
        assert unit.outbox.troubles() == {("post", State.DEAD, "Blocked"): 1, ("post", State.DEAD, "Gone"): 1}
