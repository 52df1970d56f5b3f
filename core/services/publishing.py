"""Publishes the petitions' logs: decides when, cuts a batch, checks its sum, and stops a log that doesn't add up."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from core.errors import LogError, StorageUnavailableError
from core.log.log_entry import ExclusionClass
from core.log.records import CheckpointRecord, LogBatch, LogState, LogTotals
from core.log.schedule import is_due, is_time
from core.log.signed_note import SignedNote, SignerKey
from core.petition.petition import Petition
from core.ports import Clock, UnitOfWork
from core.services.log_batch import CHUNK, BatchWriter
from core.services.log_memory import KeptCheckpoints, fork, keep_up
from core.signatures.parts import ALL_PARTS
from core.signatures.signature import SignatureStatus, Tally

log = logging.getLogger(__name__)

SEED_SIZE = 32
MARGIN = dt.timedelta(minutes=10)
"""The most that the clocks of several hosts differ, and that a transaction lasts."""


@dataclass(frozen=True, slots=True)
class LogFault:
    """A log that publishes nothing more: the petition, the reason in a sentence, and since when."""

    petition: str
    sentence: str
    since: dt.datetime


def totals_of(tally: Tally, received: int, withdrawn: int) -> LogTotals:
    """The sum of a log whose excluded signatures are those of a tally."""
    return LogTotals(
        received, withdrawn,
        {
            ExclusionClass.DUPLICATE: tally.totals.get(SignatureStatus.DUPLICATE, 0),
            ExclusionClass.HELD_BACK: tally.totals.get(SignatureStatus.QUARANTINED, 0),
            ExclusionClass.INVALIDATED: tally.totals.get(SignatureStatus.INVALID, 0),
        },
    )  # fmt: skip


@dataclass
class LogPublisher:
    """Publishes the logs of petitions; several processes may do so at the same time.

    Attributes:
        chance: gives random bytes.
        keys: the private keys of 32 bytes, the newest first; none if this process can't sign.
        origin: gives the origin of a petition's log, which is stored with its first batch.
        kept: the last checkpoints, outside the database.
        chunk: the most entries in one transaction.
    """

    work: Callable[[], UnitOfWork]
    clock: Clock
    chance: Callable[[int], bytes]
    keys: Sequence[bytes]
    origin: Callable[[Petition], str]
    kept: KeptCheckpoints
    chunk: int = CHUNK
    _looked: dict[str, dt.datetime] = field(default_factory=dict)

    def run(self, petitions: Iterable[Petition], pause: Callable[[], bool] = lambda: False) -> tuple[LogFault, ...]:
        """Publish what is due; returns the logs that are stopped. What is wrong with one doesn't stop the others.

        `pause` rests after a transaction, so that others get their turn, and returns True to stop there.
        """
        faults = list[LogFault]()
        for petition in petitions:
            if pause():
                break
            now = self.clock()
            looked_at = self._looked.get(petition.slug)
            if looked_at and not is_time(looked_at, now, petition.timezone):
                continue
            try:
                self.publish(petition, pause=pause)
            except StorageUnavailableError:
                raise
            except LogError as error:
                faults.append(self._stop(petition, str(error)))
            except Exception as error:  # noqa: BLE001  (whatever is wrong with one log, the others go on)
                log.warning("the log of %s failed: %s", petition.slug, type(error).__name__)
                faults.append(self._stop(petition, f"publishing failed ({type(error).__name__})"))
            self._looked[petition.slug] = now
        return tuple(faults)

    def publish(
        self, petition: Petition, *, at_once: bool = False, pause: Callable[[], bool] = lambda: False
    ) -> CheckpointRecord | None:
        """Publish a batch if one is due, or `at_once` if there is anything to publish. Raises LogError."""
        if not self._begin(petition, at_once=at_once):
            return None
        record = BatchWriter(self.work, petition.slug, self.chance, self._key, pause, self.chunk).write()
        if record:
            self.kept.keep(petition.slug, record.note)
        return record

    def _begin(self, petition: Petition, *, at_once: bool) -> bool:
        """Begin a batch if it is time; True if one is under way. The petition's lock makes the cut exact."""
        slug, now = petition.slug, self.clock()
        with self.work() as work:
            if not work.tallies.of(slug).signed:
                return False
            work.tallies.lock(slug, ALL_PARTS)
            state = self._state(work, petition, now)
            self._continue(work, slug)
            if work.log.batch(slug):
                return True
            tally = work.tallies.of(slug)
            if not self._should_begin(state, tally, petition, now) and not (at_once and _has_news(state, tally)):
                if is_time(state.looked_at, now, petition.timezone):
                    work.log.save(replace(state, looked_at=now))
                work.commit()
                return False
            self._key(work, state.origin)
            if not state.size:  # the first batch decides
                state = replace(state, origin=self.origin(petition))
            batch = self._cut(work, state, tally, now)
            work.log.begin(slug, batch)
            work.log.save(replace(state, looked_at=now))
            work.commit()
        return True

    def _state(self, work: UnitOfWork, petition: Petition, now: dt.datetime) -> LogState:
        state = work.log.lock(petition.slug)
        if state is None:
            work.log.create(LogState(petition.slug, self.origin(petition), now))
            state = work.log.lock(petition.slug)
        if state is None:
            raise LogError("the log's row can't be stored")
        return state

    def _continue(self, work: UnitOfWork, slug: str) -> None:
        """Make sure that the log goes on from what it has published. Raises LogError."""
        contradiction = fork(work.log, slug, self.kept)
        if contradiction:
            raise LogError(contradiction)
        keep_up(work.log, slug, self.kept)  # in case that we stopped between publishing and keeping

    @staticmethod
    def _should_begin(state: LogState, tally: Tally, petition: Petition, now: dt.datetime) -> bool:
        new, zone = tally.signed - state.totals.received, petition.timezone
        is_now = is_time(state.looked_at, now, zone) and is_due(state.looked_at, now, zone, new)
        return is_now and _has_news(state, tally)

    def _cut(self, work: UnitOfWork, state: LogState, tally: Tally, now: dt.datetime) -> LogBatch:
        """The batch of everything up to now. Raises LogError if its sum isn't the tally."""
        since = state.cut_at - MARGIN if state.cut_at else None
        cut = work.log.cut(state.petition, state.last_signature, since)
        totals = totals_of(tally, state.totals.received + cut.received, state.totals.withdrawn + cut.withdrawn)
        if totals.number != tally.counted or totals.received != tally.signed or totals.withdrawn != tally.withdrawn:
            raise LogError(
                f"its entries would add up to {totals.number} ({totals.received} received, {totals.withdrawn} "
                f"withdrawn), but the count is {tally.counted} ({tally.signed} received, {tally.withdrawn} withdrawn)"
            )
        return LogBatch(
            now, state.size, state.last_signature, cut.last, cut.last_withdrawal, totals, self.chance(SEED_SIZE)
        )  # fmt: skip

    def _stop(self, petition: Petition, sentence: str) -> LogFault:
        """Store why a log is stopped, and since when."""
        with self.work() as work:
            state = self._state(work, petition, self.clock())
            since = state.fault_at if state.fault and state.fault_at else self.clock()
            work.log.save(replace(state, fault=sentence, fault_at=since))
            work.commit()
        return LogFault(petition.slug, sentence, since)

    def _key(self, work: UnitOfWork, origin: str) -> SignerKey:
        """The key that signs, which has to be the one that all hosts sign with. Raises LogError."""
        known = work.log.keys()
        if not self.keys:
            raise LogError("the log key is missing")
        key = SignerKey(origin, self.keys[0])
        if not known or known[0] != key.verifier.public:
            raise LogError("another log key signs for this database")
        return key

    def adopt_key(self) -> bool:
        """Sign with the newest key from now on; returns True if it replaces another.

        Each log's last checkpoint gets a signature with the new key beside that with the old one. Raises LogError if
        the key that signed until now isn't among ours, since nobody could follow the change.
        """
        public = [SignerKey("key", key).verifier.public for key in self.keys]
        with self.work() as work:
            known = work.log.keys()
            if not public or known[:1] == (public[0],):
                return False
            if known and known[0] not in public:
                raise LogError("another log key signs for this database")
            for petition in work.log.states() if known else ():
                self._sign_again(work, petition, self.keys[public.index(known[0])])
            work.log.add_key(public[0], self.clock())
            work.commit()
        return bool(known)

    def _sign_again(self, work: UnitOfWork, petition: str, old: bytes) -> None:
        state, last = work.log.lock(petition), work.log.checkpoint(petition)
        if state and last:
            note = SignedNote.parse(last.note)
            new = SignerKey(state.origin, self.keys[0]).sign(note.text)
            if not note.signed_by([SignerKey(state.origin, old).verifier]):
                raise LogError(f"the last checkpoint of {petition} has no signature with the old key")
            work.log.publish(petition, replace(last, note=str(replace(note, signatures=(*note.signatures, new)))))


def _has_news(state: LogState, tally: Tally) -> bool:
    """True if a batch would have an entry: the tally has changed since the last one."""
    told, now = state.totals, totals_of(tally, tally.signed, tally.withdrawn)
    return (told.received, told.withdrawn) != (now.received, now.withdrawn) or any(
        told.excluded.get(reason, 0) != number for reason, number in now.excluded.items()
    )
