"""Results of searches by `/review` for what is sealed, kept for a day; and values that would match instead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.conversation.screen import Line
from core.messages import Argument, Message
from core.organizer.command import OrganizerContext
from core.organizer.filter_words import write_filter
from core.organizer.review_filters import Filters, parse_filters
from core.organizer.review_words import STATUSES
from core.petition.petition import Petition
from core.signatures.alternatives import Alternatives
from core.signatures.review import Plan, Query, Reviews
from core.signatures.signature import SignatureStatus

_KIND = "matches"
_VALUES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "status": ("status", {"status": None}),
    "label": ("label", {"labels": (), "own": False}),
    "platform": ("platform", {"platform": ""}),
    "language": ("locale", {"locales": ()}),
}
"""The stored values for a filter, and the parts of a query that are empty without that filter."""


@dataclass(frozen=True, slots=True)
class Matches:
    """Signatures of a petition that a search found; `names` are those of its filters for what is sealed."""

    petition: Petition
    names: str
    public: Filters
    ids: tuple[int, ...]
    at: dt.datetime

    @property
    def noted(self) -> str:
        """The filters without anything personal."""
        return f"{self.names} {self.public.noted}".strip()

    def query(self, usual: SignatureStatus) -> Query:
        """The query for these signatures; any that got another status since then match no more."""
        return replace(self.public.query(self.petition, self.at, usual), ids=self.ids)


def keep_matches(context: OrganizerContext, petition: str, filters: Filters, ids: Sequence[int]) -> str:
    """Keep the result of a search, without what was searched for; returns its code."""
    code = context.new_code()
    words = "|".join((_KIND, " ".join(filters.sealed.names), str(filters.public), " ".join(map(str, ids))))
    context.work.reviews.keep(code, Plan(petition, words, context.now))
    return code


def recall_matches(context: OrganizerContext, code: str) -> Matches | None:
    """The result of a search, which stays kept; None if it is gone."""
    plan = context.work.reviews.take(code)
    if plan is None or plan.is_old(context.now) or plan.petition not in context.petitions:
        return None
    context.work.reviews.keep(code, plan)
    kind, _, rest = plan.words.partition("|")
    if kind != _KIND:
        return None
    names, words, ids = rest.split("|")
    public = parse_filters(words)
    assert isinstance(public, Filters)  # noqa: S101  (they were read before they were kept)
    return Matches(context.petitions[plan.petition], names, public, tuple(map(int, ids.split())), plan.at)


def other_values(
    reviews: Reviews,
    query: Query,
    statuses: Iterable[SignatureStatus] = STATUSES,
    written: Callable[[str, str], str] = lambda _, value: value,
) -> Alternatives:
    """The values of each filter with which a query that matches nothing would match; of statuses, only these.

    `written` turns a filter's name and a stored value into the value to type, or leaves it out with an empty one.
    """
    others = Alternatives()
    for name, (column, empty) in _VALUES.items():
        typed = set(_values(query, empty))
        values = reviews.values(replace(query, after=0, **empty), column) if typed else {}
        possible = set(statuses) if name == "status" else values.keys()
        for value, count in values.items():
            if value in possible and value not in typed and (shown := written(name, value)):
                others.add(name, shown, count)
    if query.reason:
        reasons = reviews.reasons(replace(query, after=0, reason=None))
        others.add_all("reason", {signal.value: count for signal, count in reasons.items()})
    for name in ("since", "until"):
        anytime = replace(query, after=0, **{name: None})  # type: ignore[arg-type]
        if getattr(query, name) and (count := sum(reviews.counts(anytime).values())):
            others.add(name, "", count)
    return others


def _values(query: Query, parts: Iterable[str]) -> Iterator[object]:
    """Everything that parts of a query ask for."""
    for part in parts:
        wanted = getattr(query, part)
        yield from wanted if isinstance(wanted, tuple) else ([wanted] if wanted else ())


def alternative_lines(query: Query, given: Mapping[str, object], others: Alternatives) -> Iterator[Line]:
    """Lines that say with which other value of one of the given filters something would match."""
    status = {"status": query.status.value} if query.status else {}
    for name, typed in {**given, **status}.items():
        if name not in others.names:
            continue
        best = others.best(name, str(typed))
        about: dict[str, Argument] = {
            "filter": write_filter(name, typed),
            "values": tuple(f"{write_filter(name, value)} ({count})" for value, count in best),
        }
        yield Line(Message("review.instead" if best else "review.without", about))
