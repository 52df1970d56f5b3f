"""Typed orders of `/announcement NUMBER ...`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import ClassVar

from core.organizer.command import Petitions
from core.outreach.announcement import EVERYBODY, Audience

NAME = "announcement"
LONGEST_NUMBER = 9  # digits


class Action(StrEnum):
    """Actions on an announcement: look at it, prepare it, or control its sending."""

    SHOW = ""
    ABOUT = "about"
    OFFER = "offer"  # not a word of the order: the audience alone says it
    SEND = "send"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class AnnouncementOrder:
    """Do something with the announcement `number`; 0 means one that cannot exist.

    `petition` is for ABOUT, `audience` for OFFER and SEND; None means that the words for it weren't understood.
    """

    name: ClassVar[str] = NAME
    number: int
    action: Action = Action.SHOW
    petition: str = ""
    audience: Audience | None = EVERYBODY

    @property
    def argument(self) -> str:
        """The number, the action, and what it is about."""
        match self.action:
            case Action.ABOUT:
                words = f"about {self.petition}".strip()
            case Action.OFFER:
                words = _audience_words(self.audience)
            case Action.SEND:
                words = f"send {_audience_words(self.audience)}"
            case action:
                words = action.value
        return f"{self.number} {words}".strip()

    def about(self, petition: str) -> AnnouncementOrder:
        """The order to make it an announcement about a petition."""
        return replace(self, action=Action.ABOUT, petition=petition)


def parse_announcement(argument: str, _: Petitions) -> AnnouncementOrder:
    """Parse an order; if the action is not understood, show the announcement."""
    digits, __, words = argument.partition(" ")
    fits = digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST_NUMBER
    announcement = int(digits) if fits else 0
    verb, __, value = words.strip().partition(" ")
    audience = _audience(words.strip())
    if audience:
        return AnnouncementOrder(announcement, Action.OFFER, audience=audience)
    match verb:
        case Action.ABOUT:
            return AnnouncementOrder(announcement, Action.ABOUT, petition=value)
        case Action.SEND:
            return AnnouncementOrder(announcement, Action.SEND, audience=_audience(value))
        case Action.PAUSE | Action.RESUME | Action.CANCEL:
            return AnnouncementOrder(announcement, Action(verb))
    return AnnouncementOrder(announcement)


def _audience(words: str) -> Audience | None:
    """`all`, `in LANGUAGE` or `by LABEL`; None for anything else."""
    verb, _, value = words.partition(" ")
    match verb.lower(), value.strip():
        case "all", "":
            return EVERYBODY
        case "in", locale if locale:
            return Audience(locale=locale)
        case "by", label if label:
            return Audience(label=label.lower())
    return None


def _audience_words(audience: Audience | None) -> str:
    """The audience, written as in an order."""
    if audience is None:
        return "?"
    return f"in {audience.locale}" if audience.locale else f"by {audience.label}" if audience.label else "all"
