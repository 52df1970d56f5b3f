"""The state of a source in words: what the checker found at its link, and when, without a judgement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias
from urllib.parse import urlsplit

from core.messages import Argument, Message
from core.petition.source import Source
from core.petition.source_dates import may_be_the_day
from core.sources.checks import LinkState, PassageState, SourceCheck
from core.text.folding import folded_words
from core.text.truncation import truncate

DayOf: TypeAlias = Callable[[dt.datetime], dt.date]
"""Gives the day of a moment in the petition's time zone (`Petition.day`)."""
_LONGEST_FACT = 160  # characters of what a page says about itself
_READABLE = (LinkState.ALIVE, LinkState.MOVED)
_STATES: Mapping[LinkState, str] = {
    LinkState.ALIVE: "checked.there",
    LinkState.MOVED: "checked.moved",
    LinkState.GONE: "checked.gone",
    LinkState.SOFT_404: "checked.error_page",
    LinkState.WALLED: "checked.walled",
    LinkState.UNREACHABLE: "checked.no_answer",
    LinkState.REFUSED: "checked.refused",
    LinkState.DISALLOWED: "checked.disallowed",
}
_PASSAGES: Mapping[tuple[LinkState, PassageState], str] = {
    (LinkState.ALIVE, PassageState.FOUND): "checked.there_found",
    (LinkState.ALIVE, PassageState.MISSING): "checked.there_missing",
    (LinkState.ALIVE, PassageState.UNREAD): "checked.there_unread",
    (LinkState.MOVED, PassageState.FOUND): "checked.moved_found",
    (LinkState.MOVED, PassageState.MISSING): "checked.moved_missing",
    (LinkState.MOVED, PassageState.UNREAD): "checked.moved_unread",
    (LinkState.WALLED, PassageState.FOUND): "checked.walled_found",
}
"""The states in which something can be said about the passage."""
_BRIEF: Mapping[LinkState, str] = {
    LinkState.ALIVE: "checked.brief_there",
    LinkState.MOVED: "checked.brief_moved",
    LinkState.GONE: "checked.brief_gone",
    LinkState.SOFT_404: "checked.brief_gone",
    LinkState.WALLED: "checked.brief_walled",
    LinkState.UNREACHABLE: "checked.brief_no_answer",
    LinkState.REFUSED: "checked.brief_not_opened",
    LinkState.DISALLOWED: "checked.brief_not_opened",
}
_BRIEF_PASSAGES: Mapping[PassageState, str] = {
    PassageState.FOUND: "checked.brief_found",
    PassageState.MISSING: "checked.brief_missing",
}


def state_of(check: SourceCheck | None, source: Source, day_of: DayOf, language: str) -> Iterator[Message]:
    """The findings of the last check of a source, a sentence for each; nothing without a check.

    `language` is that of the source's note.
    """
    if check is None:
        return
    yield Message("checked.on", {"date": day_of(check.at), "found": _found(check)})
    if check.changed_at:
        yield Message("checked.changed", {"date": day_of(check.changed_at)})
    yield from _other_facts(check, source, language)
    if check.archive:
        yield Message("checked.archived", {"date": day_of(check.archive.at)})


def brief_state(check: SourceCheck | None, source: Source, day_of: DayOf) -> Message | None:
    """The state in a few words, for a list; None for a source with a link that wasn't checked."""
    if not source.link:
        return Message("sources.no_link")
    if check is None:
        return None
    key = _BRIEF[check.state]
    if check.state is LinkState.ALIVE:
        key = _BRIEF_PASSAGES.get(check.passage, key)
    has_changed = check.changed_at and check.state in _READABLE
    words = "checked.brief_changed" if has_changed else "checked.brief"
    return Message(words, {"date": day_of(check.at), "state": Message(key)})


def _found(check: SourceCheck) -> Message:
    if check.state is LinkState.UNREACHABLE and check.status:
        return Message("checked.fault")
    key = _PASSAGES.get((check.state, check.passage), _STATES[check.state])
    return Message(key, {"place": _new_place(check)} if check.state is LinkState.MOVED else {})


def _new_place(check: SourceCheck) -> Argument:
    """The site that a page has moved to."""
    before, after = (urlsplit(link).hostname or "" for link in (check.link, check.final_link))
    return Message("checked.same_site") if after in ("", before) else after


def _other_facts(check: SourceCheck, source: Source, language: str) -> Iterator[Message]:
    """The facts that the page states about itself, where the note says something else."""
    facts = check.facts
    if check.state not in _READABLE:
        return
    if _differ(facts.title, source.title):
        yield Message("checked.page_title", {"title": _shortened(facts.title)})
    if _differ(facts.publication, source.publication):
        yield Message("checked.page_publication", {"publication": _shortened(facts.publication)})
    day = _day(facts.date)
    if day and not may_be_the_day(source.date, day, language):
        yield Message("checked.page_date", {"date": day})


def _differ(on_page: str, in_note: str) -> bool:
    """True unless one contains the other: pages add their site's name to a title, and notes leave out subtitles."""
    page, note = (f" {' '.join(folded_words(words))} " for words in (on_page, in_note))
    return bool(page.strip()) and page not in note and note not in page


def _day(written: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(written)
    except ValueError:
        return None


def _shortened(words: str) -> str:
    return truncate(" ".join(words.split()), _LONGEST_FACT)
