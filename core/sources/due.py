"""Looks that are due: each link of a petition once a week, in all its languages together."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from core.petition.petition import Petition
from core.petition.source import Source
from core.sources.checks import LinkState, SourceCheck

WEEK, DAY = dt.timedelta(days=7), dt.timedelta(days=1)
"""The time between two looks at a link, and after a look at which it couldn't be reached."""
_NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class DueLook:
    """A look at a link that is due.

    Attributes:
        petition: the slug of the petition that cites it.
        sources: everything that has this link and these quoted words, such as one source in two languages.
        before: the last look at it, if there was one.
        order_copy: True if the checker should order an archived copy: the organizer lets it, and it found none before.
    """

    petition: str
    sources: tuple[Source, ...]
    before: SourceCheck | None = None
    order_copy: bool = False

    @property
    def source(self) -> Source:
        """The source to look at; the others differ only in what the petition says about them."""
        return self.sources[0]


def linked_sources(petition: Petition) -> tuple[tuple[Source, ...], ...]:
    """The sources with a link, in all languages; those with the same link and the same quoted words together."""
    together: dict[tuple[str, str], dict[str, Source]] = defaultdict(dict)
    for text in petition.texts.values():
        for source in text.sources:
            if source.link:
                together[source.link, source.quote].setdefault(source.key, source)
    return tuple(tuple(sources.values()) for sources in together.values())


def looks_at(petition: Petition, history: Iterable[SourceCheck]) -> tuple[DueLook, ...]:
    """A look at each link of a petition; those that were never looked at come first, then the longest ago."""
    last = {(check.link, check.quote): check for check in history}
    looks = (
        _look(petition, sources, last.get((sources[0].link or "", sources[0].quote)))
        for sources in linked_sources(petition)
    )
    return tuple(sorted(looks, key=lambda look: look.before.at if look.before else _NEVER))


def _look(petition: Petition, sources: tuple[Source, ...], before: SourceCheck | None) -> DueLook:
    has_none = before is not None and before.archive is None
    return DueLook(petition.slug, sources, before, petition.order_archive_copies and has_none)


def is_due(look: DueLook, now: dt.datetime) -> bool:
    """Return True if a link wasn't looked at for a week, or for a day if it couldn't be reached."""
    if look.before is None:
        return True
    pause = DAY if look.before.state is LinkState.UNREACHABLE else WEEK
    return abs(now - look.before.at) >= pause  # a look in the future was made by a wrong clock
