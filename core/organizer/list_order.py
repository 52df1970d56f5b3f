"""Typed orders of `/block`, `/allow`, and `/unlist`, and the domain or label that an organizer typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from core.organizer.command import Petitions, name_page, parse_page
from core.petition.domain_names import parse_domain
from core.petition.label import PSEUDONYM, valid_label
from core.signatures.origins import Origin, OriginKind, Verdict

_SURE = "yes"
_SEPARATOR = re.compile(r"[\s,;]+")


@dataclass(frozen=True, slots=True)
class ShowLists:
    """Show a page (from 0) of both lists."""

    name: ClassVar[str] = "lists"
    page: int = 0

    @property
    def argument(self) -> str:
        """The page as people count, except for the first."""
        return name_page(self.page)


@dataclass(frozen=True, slots=True)
class ListOrder:
    """Change the lists, in all petitions; without an origin, show them.

    `typed` are words that name no origin; they never go on a button. The domain of a large mail provider is blocked
    only if the organizer `is_sure`.
    """

    name: ClassVar[str]
    verdict: ClassVar[Verdict | None] = None
    origin: Origin | None = None
    is_sure: bool = False
    typed: str = field(default="", kw_only=True)

    @property
    def argument(self) -> str:
        """The domain or `label=` with the label, and the word that confirms."""
        return f"{self.origin or ''}{f' {_SURE}' if self.is_sure else ''}"


class BlockOrigin(ListOrder):
    """Let signatures of an origin wait for review."""

    name = "block"
    verdict = Verdict.BLOCKED


class AllowOrigin(ListOrder):
    """Let signals that judge origins no longer speak against one."""

    name = "allow"
    verdict = Verdict.ALLOWED


class UnlistOrigin(ListOrder):
    """Take an origin off its list."""

    name = "unlist"


@dataclass(frozen=True, slots=True)
class ListOrders:
    """Several orders of one kind, which an organizer typed at once; they never go on a button."""

    name: str
    orders: tuple[ListOrder, ...]

    @property
    def argument(self) -> str:
        """All that was understood."""
        return " ".join(order.argument for order in self.orders)


def parse_lists(argument: str, _: Petitions) -> ShowLists:
    """Parse the argument of `/lists`."""
    return ShowLists(parse_page(argument))


def parser_of(order: type[ListOrder]) -> Callable[[str, Petitions], ListOrder | ListOrders]:
    """The parser of one of these orders. Lists hold for all petitions, so it passes over a petition's slug."""

    def parse(argument: str, petitions: Petitions) -> ListOrder | ListOrders:
        words = _SEPARATOR.split(argument)
        if len(words) > 1 and words[0].lower() in petitions and words[1].lower() != _SURE:
            words = words[1:]
        is_sure = len(words) > 1 and words[-1].lower() == _SURE
        names = words[:-1] if is_sure else words
        if len(names) > 1 and any(map(_is_clear, names)):
            read = ((parse_origin(name) if _is_clear(name) else None, name) for name in names)
            orders = (
                order(origin, origin is not None and is_sure, typed="" if origin else name) for origin, name in read
            )
            return ListOrders(order.name, tuple(dict.fromkeys(orders)))
        origin = parse_origin(names[0]) if len(names) == 1 else None
        return order(origin, origin is not None and is_sure, typed="" if origin else argument)

    return parse


def _is_clear(word: str) -> bool:
    """True for a word that is a domain or says that it is a label; among several, others may be a sentence."""
    return bool({".", "@", "="} & set(word))


def parse_origin(word: str) -> Origin | None:
    """The origin in a word such as `mail.example`, `domain=mail.example`, `label=flyer`, or `flyer`."""
    key, sign, name = word.lower().partition("=")
    if not sign:
        key, name = (OriginKind.DOMAIN if {".", "@"} & set(key) else OriginKind.LABEL), key
    if key == OriginKind.DOMAIN:
        domain = parse_domain(name)
        return Origin(OriginKind.DOMAIN, domain) if domain else None
    label = name if PSEUDONYM.fullmatch(name) else valid_label(name)
    return Origin(OriginKind.LABEL, label) if label and key == OriginKind.LABEL else None
