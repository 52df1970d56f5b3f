"""Filters of an export that match nothing, and the values that would match instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.conversation.screen import Line
from core.export.request import ALL_COUNTED, PDF, SignatureFilter
from core.messages import Message
from core.organizer.filter_words import write_filter
from core.organizer.review_matches import alternative_lines, other_values
from core.petition.label import is_community
from core.petition.petition import Petition
from core.signatures.alternatives import Alternatives
from core.signatures.breakdowns import OWN_LINKS
from core.signatures.review import Query, Reviews
from core.signatures.signature import SignatureStatus


@dataclass(frozen=True)
class ExportMatches:
    """Counts what the filters of an export match. `titles` are those of communities by label."""

    reviews: Reviews
    petition: Petition
    titles: Mapping[str, str]

    def nothing(self, form: str, only: SignatureFilter, given: Mapping[str, str]) -> tuple[Line, ...]:
        """Lines for filters that match nothing, which are `given` as they were typed; none if something matches.

        The hand-in and files without filters are made even if nobody has signed.
        """
        if only == ALL_COUNTED or form == PDF:
            return ()
        query = self._query(only)
        if self.reviews.counts(query):
            return ()
        filters = tuple(write_filter(name, value) for name, value in given.items())
        first = Line(Message("export.nothing", {"filters": filters}))
        takes_status = "status" not in replace(ALL_COUNTED, status="any").refused_by(form)
        return (first, *alternative_lines(query, given, self._others(query, offers_status=takes_status)))

    def _query(self, only: SignatureFilter) -> Query:
        slug, found = self.petition.slug, only.resolved(self.titles)
        status = SignatureStatus(found.status) if found.status in set(SignatureStatus) else None
        own = found.label == OWN_LINKS
        labels = (found.label, *sorted(found.communities)) if found.label and not own else ()
        stored = self.reviews.values(Query(slug, erased=True), "locale") if found.language else {}
        alike = (locale for locale in sorted(stored) if self._language(locale) == found.language)
        locales = (found.language, *alike) if found.language else ()
        return Query(slug, status, labels=labels, locales=locales, since=found.since, own=own, erased=True)

    def _others(self, query: Query, *, offers_status: bool) -> Alternatives:
        statuses = tuple(SignatureStatus) if offers_status else ()
        others = other_values(self.reviews, query, statuses, self._written)
        if query.labels and (count := sum(self.reviews.counts(replace(query, labels=(), own=True)).values())):
            others.add("label", OWN_LINKS, count)
        return others

    def _written(self, name: str, value: str) -> str:
        """The value of a filter that includes a stored one; empty for a community whose title isn't known."""
        if name == "language":
            return self._language(value)
        return self.titles.get(value, "") if name == "label" and is_community(value) else value

    def _language(self, locale: str) -> str:
        return self.petition.text(locale).language
