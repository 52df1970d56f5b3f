"""Checks of sources in every state, for tests of what readers see of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from itertools import product

from core.petition.source import Source
from core.sources.checks import ArchiveCopy, Checks, LinkState, PageFacts, PassageState, SourceCheck
from tests.world import NOW

STATES = tuple(product(LinkState, PassageState))
ARCHIVED = "https://archive.example.org/20260301/https://news.example.org/story"
WEEK_BEFORE, TWO_WEEKS_BEFORE = NOW - dt.timedelta(weeks=1), NOW - dt.timedelta(weeks=2)


def check_of_source(source: Source, state: LinkState, passage: PassageState = PassageState.NOT_GIVEN) -> SourceCheck:
    """A check of a source a week ago, which found nothing else."""
    moved = "https://new.example.net/story" if state is LinkState.MOVED else ""
    return SourceCheck(
        source.key, source.link or "", WEEK_BEFORE, state, final_link=moved, quote=source.quote, passage=passage
    )


def in_every_state(sources: Iterable[Source], named: str = "") -> Checks:
    """A check of each source that has a link, in one state after the other.

    Every second has an archived copy, and every third had changed a week before. The pages call themselves `named`.
    """
    checks = {}
    for place, source in enumerate(sources):
        check = check_of_source(source, *STATES[place % len(STATES)])
        if place % 2:
            check = replace(check, archive=ArchiveCopy(ARCHIVED, WEEK_BEFORE))
        if place % 3 == 0:
            check = replace(check, changed_at=TWO_WEEKS_BEFORE)
        if named:
            check = replace(check, facts=PageFacts(f"{named} title", f"{named} paper", "1999-12-31"))
        if source.link:
            checks[source.key] = check
    return checks
