"""Signals against a signature, none of which needs private data; signers are not told that they were held back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol, Self

from core.petition.label import is_community, is_personal
from core.petition.person_name import name_words
from core.platforms import Platform
from core.signatures.disposable import is_disposable
from core.signatures.origins import Verdict
from core.signatures.parts import FIRST_PART
from core.signatures.signature import Signer

SCRIPTED = Platform.TERMINAL  # where scripts may pipe in all lines at once
KEPT = dt.timedelta(days=1)  # how long sightings are kept


class Signal(StrEnum):
    """Signals against a signature; the values are the codes that are stored."""

    BURST = "burst"
    SAME_NAME = "same_name"
    NEW_ACCOUNT = "new_account"
    TOO_FAST = "too_fast"
    DISPOSABLE = "disposable"
    REFUSED = "refused"
    BLOCKED = "blocked"


PARDONED = frozenset({Signal.BURST, Signal.DISPOSABLE, Signal.REFUSED})
"""The signals that don't speak against a signature from an allowed domain or label."""
WINDOWS: Mapping[Signal, dt.timedelta] = {
    Signal.BURST: dt.timedelta(minutes=10),
    Signal.SAME_NAME: dt.timedelta(hours=1),
}
"""The windows of the signals that count things."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Thresholds for the signals; 0 switches one off.

    The defaults leave real people alone on a day with 2,000 signatures a minute. `burst`: more signatures than this
    through one signer's link or one community in ten minutes. `same_name`: more than this of one full name in an hour,
    which on such a day means a name shared by one in 1,200. `new_account`: the account is younger than this many
    minutes. `too_fast`: fewer seconds from opening to confirming, with something typed in between. `disposable`: 1, or
    0 for off. `refused`: this many inputs before that look like probing (core.conversation.probing). `blocked`: 1, or 0
    to ignore the block list.
    """

    burst: int = 1000
    same_name: int = 100
    new_account: int = 10
    too_fast: int = 3
    disposable: int = 1
    refused: int = 10
    blocked: int = 1

    def changed(self, changes: Mapping[str, int]) -> Self:
        """The same with some values changed; unknown names are ignored."""
        return replace(self, **{signal: changes[signal] for signal in Signal if signal in changes})

    def of(self, signal: Signal) -> int:
        """The threshold of a signal."""
        return int(getattr(self, signal))


STANDARD = Thresholds()


@dataclass(frozen=True, slots=True)
class SignalRecord:
    """The number of signatures with a signal against them, and of those that organizers accepted later."""

    held: int = 0
    accepted: int = 0

    @property
    def accepted_percent(self) -> int:
        """The share that was accepted, in percent."""
        return round(100 * self.accepted / self.held) if self.held else 0


class Signals(Protocol):
    """Recent sightings, and the thresholds for them."""

    def thresholds(self) -> Mapping[str, int]:
        """The thresholds that organizers changed, by signal."""

    def set_threshold(self, signal: Signal, value: int) -> None:
        """Change a threshold from now on."""

    def seen(self, petition: str, signal: Signal, key: str, start: dt.datetime, part: int = FIRST_PART) -> int:
        """Count another sighting of this key in its window; returns the new total. Keys are stored as fingerprints.

        The total does not include sightings that other parts are just counting.
        """


@dataclass(frozen=True, slots=True)
class Case:
    """A submission to judge.

    `name` and `address` are empty if not given; `recognised`: has signed here before. `verdict` is the lists' on its
    mail domain and label (core.signatures.origins). `part` is the signer's (core.signatures.parts).
    """

    petition: str
    signer: Signer
    now: dt.datetime
    label: str = ""
    name: str = ""
    address: str = ""
    opened_at: dt.datetime | None = None
    probes: int = 0
    recognised: bool = False
    verdict: Verdict | None = None
    part: int = FIRST_PART


def suspicions(case: Case, thresholds: Thresholds, signals: Signals) -> tuple[Signal, ...]:
    """The signals against a signature, always in the same order, because some of them lock a row of sightings."""
    spoken = [
        signal for signal, speaks in _JUDGES.items() if thresholds.of(signal) and speaks(case, thresholds, signals)
    ]
    return tuple(signal for signal in spoken if case.verdict is not Verdict.ALLOWED or signal not in PARDONED)


def _burst(case: Case, thresholds: Thresholds, signals: Signals) -> bool:
    """Count only signers' and communities' links: on a big day people come through organizers' links or none."""
    if not (is_personal(case.label) or is_community(case.label)):
        return False
    return _seen(case, signals, Signal.BURST, case.label) > thresholds.burst


def _same_name(case: Case, thresholds: Thresholds, signals: Signals) -> bool:
    """Ignore single words in any script: thousands of chat profiles are just called Maria or राम."""
    words = name_words(case.name)
    between_blanks = [word for word in case.name.split() if name_words(word)]  # "Anne-Marie" is a single one
    return len(between_blanks) > 1 and _seen(case, signals, Signal.SAME_NAME, " ".join(words)) > thresholds.same_name


def _seen(case: Case, signals: Signals, signal: Signal, key: str) -> int:
    span = WINDOWS[signal]
    past = (case.now - dt.datetime.min.replace(tzinfo=dt.UTC)) % span
    return signals.seen(case.petition, signal, key, case.now - past, case.part)


def _new_account(case: Case, thresholds: Thresholds, _: Signals) -> bool:
    since = case.signer.since
    return since is not None and case.now - since < dt.timedelta(minutes=thresholds.new_account)


def _too_fast(case: Case, thresholds: Thresholds, _: Signals) -> bool:
    """Ignore recognised signers, who have nothing to type, and scripts that pipe lines, which are welcome."""
    if case.opened_at is None or case.recognised or case.signer.platform == SCRIPTED:
        return False
    return case.now - case.opened_at < dt.timedelta(seconds=thresholds.too_fast)


def _disposable(case: Case, _: Thresholds, __: Signals) -> bool:
    return is_disposable(case.address)


def _refused(case: Case, thresholds: Thresholds, _: Signals) -> bool:
    return case.probes >= thresholds.refused


def _blocked(case: Case, _: Thresholds, __: Signals) -> bool:
    return case.verdict is Verdict.BLOCKED


_JUDGES: Mapping[Signal, Callable[[Case, Thresholds, Signals], bool]] = {
    Signal.BURST: _burst,
    Signal.SAME_NAME: _same_name,
    Signal.NEW_ACCOUNT: _new_account,
    Signal.TOO_FAST: _too_fast,
    Signal.DISPOSABLE: _disposable,
    Signal.REFUSED: _refused,
    Signal.BLOCKED: _blocked,
}
