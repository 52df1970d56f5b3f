"""Typed orders of `/review`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import ClassVar, TypeAlias

from core.organizer.command import PetitionOrder, Petitions, split_petition
from core.organizer.deciding import NAME
from core.organizer.review_filters import NO_FILTERS, Filters, Misread, parse_filters
from core.organizer.review_words import ReviewAction
from core.organizer.thresholds import SetThreshold, parse_threshold

_RECEIPT = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


@dataclass(frozen=True, slots=True)
class ListSignatures(PetitionOrder):
    """Show the signatures that match filters."""

    name = NAME
    filters: Filters = NO_FILTERS

    @property
    def rest(self) -> str:
        """The filters."""
        return str(self.filters)


@dataclass(frozen=True, slots=True)
class ReviewMany(PetitionOrder):
    """Offer a decision about all signatures that match filters."""

    name = NAME
    action: ReviewAction = ReviewAction.ACCEPT
    filters: Filters = NO_FILTERS

    @property
    def rest(self) -> str:
        """The action and the filters."""
        return f"{self.action} {self.filters}"


@dataclass(frozen=True, slots=True)
class ReviewOne:
    """Decide about one signature immediately, then go on with the list that the filters gave."""

    name: ClassVar[str] = NAME
    action: ReviewAction
    receipt: str
    filters: Filters = NO_FILTERS

    @property
    def argument(self) -> str:
        """The action, the receipt, and the filters."""
        return f"{self.action} {self.receipt} {self.filters}".strip()


@dataclass(frozen=True, slots=True)
class ConfirmPlan:
    """Carry out what ReviewMany offered, by its code."""

    name: ClassVar[str] = NAME
    code: str

    @property
    def argument(self) -> str:
        """The word that confirms, and the code."""
        return f"do {self.code}"


@dataclass(frozen=True, slots=True)
class ExplainFilters:
    """Explain the filters, after a command with words that could not be parsed."""

    name: ClassVar[str] = NAME
    argument: ClassVar[str] = "?"
    misread: Misread = field(default=Misread(""), compare=False)


ReviewOrder: TypeAlias = ListSignatures | ReviewMany | ReviewOne | ConfirmPlan | SetThreshold | ExplainFilters


def parse_review(argument: str, petitions: Petitions) -> ReviewOrder:
    """Parse the action in the first word; without one, the order is about a petition."""
    verb, _, rest = argument.partition(" ")
    verb, rest = verb.lower(), rest.strip()
    if verb == "set":
        return parse_threshold(rest)
    if verb == "do":
        return ConfirmPlan(rest.upper())
    receipt, _, words = rest.partition(" ")
    if verb in set(ReviewAction) and _RECEIPT.fullmatch(receipt.upper()):
        listed = parse_filters(words)
        if isinstance(listed, Misread):
            return ExplainFilters(listed)
        return ReviewOne(ReviewAction(verb), receipt.upper(), listed)
    slug, words = split_petition(argument, petitions)
    verb, _, rest = words.partition(" ")
    action = ReviewAction(verb.lower()) if verb.lower() in set(ReviewAction) else None
    filters = parse_filters(rest if action else words)
    if isinstance(filters, Misread):
        return ExplainFilters(filters)
    return ReviewMany(slug, action, filters) if action else ListSignatures(slug, filters)
