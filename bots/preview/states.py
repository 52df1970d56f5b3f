"""The states in which people meet a petition: open at an ordinary moment, or for some reason not to be signed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from core.petition.petition import Decision, Petition, PetitionStatus
from core.petition.phase import Phase

VICTORY_WORDS = "Here people read what the organizers write about the victory."
_DAY = dt.date(2026, 12, 1)  # of a petition that opens and closes on no day of its own
_BEFORE_CLOSING, _AFTER_OPENING = dt.timedelta(days=30), dt.timedelta(days=7)
_NOON = dt.timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Situation:
    """A petition at a moment, after its organizers' decision."""

    title: str
    petition: Petition
    now: dt.datetime

    @property
    def count(self) -> int:
        """A number of signatures for show, on the way to the first goal."""
        return 0 if self.petition.phase(self.now) is Phase.EARLY else self.petition.goal * 5 // 8


def open_state(petition: Petition) -> Situation:
    """The petition while people can sign it: at noon of a day within its dates, the same at every call."""
    day = petition.closes - _BEFORE_CLOSING if petition.closes else _DAY
    if petition.opens and (not petition.closes or day < petition.opens):
        day = petition.opens + (dt.timedelta() if petition.closes else _AFTER_OPENING)
    return Situation("While people can sign", petition, petition.midnight(day) + _NOON)


def closed_states(petition: Petition) -> Iterator[Situation]:
    """Every state in which nobody can sign it."""
    now = open_state(petition).now
    if petition.opens:
        yield Situation("Before it opens", petition, petition.midnight(petition.opens) - _NOON)
    for title, status in (
        ("While it is paused", PetitionStatus.PAUSED),
        ("After its organizers closed it", PetitionStatus.CLOSED),
        ("After a victory", PetitionStatus.VICTORY),
    ):
        words = VICTORY_WORDS if status is PetitionStatus.VICTORY else ""
        yield Situation(title, petition.with_decision(Decision(status, words=words, since=now)), now)
    if petition.closes_at:
        yield Situation("After its last day", petition, petition.closes_at + _NOON)
