"""Whatever is done to an outbox in whatever order: the engines and the fake agree, and the promises hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import TypeAlias, TypeVar

import sqlalchemy as sa
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core.outbox import ClaimedEntry, NewEntry, Outbox, Result, State, Topic, again, dead, done, doubtful, release
from core.ports import UnitOfWork
from storage.engine import Database
from storage.tables import OutboxPauseRow, OutboxRow, OutboxTotalRow, table
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.effort import scaled
from tests.world import NOW, memory

T = TypeVar("T")
Pair: TypeAlias = "tuple[ClaimedEntry, ClaimedEntry]"
Kind: TypeAlias = Callable[[ClaimedEntry, dt.datetime], Result]

TOPICS = {"card": Topic("card", repeat=True), "post": Topic("post", repeat=False)}
KINDS: dict[str, Kind] = {
    "done": lambda entry, _: done(entry),
    "again": lambda entry, now: again(entry, now + dt.timedelta(seconds=3), "Timeout"),
    "later": lambda entry, now: again(entry, now + dt.timedelta(seconds=9), "RetryAfter", failed=False),
    "release": lambda entry, _: release(entry),
    "dead": lambda entry, _: dead(entry, "Forbidden"),
    "doubtful": lambda entry, _: doubtful(entry, "Stopped"),
}
LEASE = dt.timedelta(seconds=10)
topics, groups = st.sampled_from(sorted(TOPICS)), st.sampled_from(["", "one", "two"])
workers, keys = st.sampled_from(["w1", "w2"]), st.lists(st.sampled_from("abcdefghij"), max_size=6)


class Outboxes(RuleBasedStateMachine):
    """The fake and a database, to which the same things are done."""

    def __init__(self, database: Database, vault: Vault) -> None:
        super().__init__()
        with database.writing() as connection:
            for row in (OutboxRow, OutboxTotalRow, OutboxPauseRow):
                connection.execute(sa.delete(table(row)))
            connection.commit()
        self.works: tuple[Callable[[], UnitOfWork], ...] = (memory(), lambda: SqlUnitOfWork(database, vault))
        self.now = NOW
        self.claimed: list[Pair] = []
        self.posts_in_hand: set[int] = set()
        self.put_in = self.cancelled = 0
        self.finished = dict.fromkeys(TOPICS, 0)

    def both(self, *acts: Callable[[Outbox], T], commit: bool = True) -> tuple[T, T]:
        """Do it to both (one act, or one for each), and say what each answered."""
        answers = []
        for number, work in enumerate(self.works):
            with work() as unit:
                answers.append(acts[number % len(acts)](unit.outbox))
                if commit:
                    unit.commit()
        return answers[0], answers[1]

    def same(self, *acts: Callable[[Outbox], T], commit: bool = True) -> T:
        """Do it to both, which must answer the same."""
        fake, real = self.both(*acts, commit=commit)
        assert fake == real
        return fake

    @initialize()
    def begin(self) -> None:
        for topic, group in (("post", "one"), ("card", "two")):
            self.put(["a", "b", "c"], topic, group, 0, 1)

    @rule(keys=keys, topic=topics, group=groups, delay=st.sampled_from([0, 0, 5]), commit=st.integers(0, 4))
    def put(self, keys: list[str], topic: str, group: str, delay: int, commit: int) -> None:
        due = self.now + dt.timedelta(seconds=delay)
        drafts = [NewEntry(TOPICS[topic], key, due, {"key": key}, group) for key in keys]
        new = self.same(lambda outbox: outbox.put(drafts), commit=commit > 0)
        self.put_in += new if commit else 0

    @rule(seconds=st.sampled_from([1, 4, 11]))
    def wait(self, seconds: int) -> None:
        self.now += dt.timedelta(seconds=seconds)

    @rule(worker=workers, wanted=st.sets(topics, min_size=1), limit=st.sampled_from([1, 9]))
    def claim(self, worker: str, wanted: set[str], limit: int) -> None:
        self.same(lambda outbox: dict(outbox.expire(self.now)))
        fake, real = self.both(lambda outbox: outbox.claim(worker, wanted, limit, self.now, LEASE))
        assert list(map(visible, fake)) == list(map(visible, real))
        assert len(fake) <= limit
        assert all(entry.due <= self.now for entry in real)
        self.claimed += zip(fake, real, strict=True)

    @precondition(lambda self: bool(self.claimed))
    @rule(many=st.integers(1, 9), which=st.integers(0, 99))
    def start(self, many: int, which: int) -> None:
        first = which % len(self.claimed)
        pairs = self.claimed[first : first + many]
        fake, real = self.both(
            lambda outbox: outbox.begin(firsts(pairs), self.now + LEASE),
            lambda outbox: outbox.begin(seconds(pairs), self.now + LEASE),
        )
        assert [one.id in fake for one, _ in pairs] == [other.id in real for _, other in pairs]
        for id_ in {other.id for _, other in pairs if other.id in real and not other.repeat}:
            assert id_ not in self.posts_in_hand, "what must not happen twice was begun twice"
            self.posts_in_hand.add(id_)

    @precondition(lambda self: bool(self.claimed))
    @rule(kind=st.sampled_from(sorted(KINDS)), which=st.integers(0, 99))
    def report(self, kind: str, which: int) -> None:
        fake, real = self.claimed[-1 - which % len(self.claimed)]
        stored = self.same(
            lambda outbox: outbox.report([KINDS[kind](fake, self.now)], self.now),
            lambda outbox: outbox.report([KINDS[kind](real, self.now)], self.now),
        )
        if stored and kind in ("again", "later", "release"):
            self.posts_in_hand.discard(real.id)

    @rule(worker=workers)
    def renew(self, worker: str) -> None:
        until = self.now + LEASE
        self.both(
            lambda outbox: outbox.renew(worker, firsts(self.claimed), until),
            lambda outbox: outbox.renew(worker, seconds(self.claimed), until),
        )

    @rule(kind=st.sampled_from(sorted(KINDS)))
    def vanish(self, kind: str) -> None:
        """A worker is not heard of for longer than its leases; its reports come when others have its entries."""
        self.claim("w1", set(TOPICS), 2)
        mine = len(self.claimed)
        if mine:
            self.start(1, mine - 1)
        self.wait(11)
        self.claim("w2", set(TOPICS), 9)
        for which in range(min(2, mine)):
            self.report(kind, len(self.claimed) - mine + which)

    @rule(topic=topics, group=groups)
    def cancel(self, topic: str, group: str) -> None:
        self.cancelled += self.same(lambda outbox: outbox.cancel(topic, group))

    @rule(topic=topics, group=groups, resume=st.booleans())
    def pause(self, topic: str, group: str, resume: bool) -> None:
        self.both(lambda outbox: outbox.resume(topic, group) if resume else outbox.pause(topic, group))

    @rule(topic=topics, age=st.integers(0, 20))
    def purge(self, topic: str, age: int) -> None:
        self.same(lambda outbox: outbox.purge(topic, self.now - dt.timedelta(seconds=age)))

    @invariant()
    def the_figures_agree_and_nothing_is_lost(self) -> None:
        total = 0
        for topic in TOPICS:
            counts = self.same(lambda outbox: dict(outbox.counts(topic)))  # noqa: B023
            by_group = [self.same(lambda outbox: dict(outbox.counts(topic, name))) for name in ("", "one", "two")]  # noqa: B023
            assert all(counts.get(state, 0) == sum(group.get(state, 0) for group in by_group) for state in State)
            self.same(lambda outbox: dict(outbox.reasons(topic)))  # noqa: B023
            total += sum(counts.values())
            ended = sum(counts.get(state, 0) for state in (State.DONE, State.DEAD, State.DOUBTFUL))
            assert ended >= self.finished[topic], "what has ended has ended"
            self.finished[topic] = ended
        self.same(lambda outbox: outbox.backlog(self.now))
        assert total == self.put_in - self.cancelled


def visible(entry: ClaimedEntry) -> tuple[object, ...]:
    """The values that do not depend on how ids are given."""
    return (entry.topic, entry.key, entry.group, entry.payload, entry.due, entry.attempts, entry.claim)


def firsts(pairs: Iterable[Pair]) -> list[ClaimedEntry]:
    return [one for one, _ in pairs]


def seconds(pairs: Iterable[Pair]) -> list[ClaimedEntry]:
    return [one for _, one in pairs]


def test_any_sequence_keeps_the_promises(database: Database, vault: Vault) -> None:
    class Machine(Outboxes):
        def __init__(self) -> None:
            super().__init__(database, vault)

    run_state_machine_as_test(Machine, settings=settings(max_examples=scaled(40), stateful_step_count=30))
