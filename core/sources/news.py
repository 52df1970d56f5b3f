"""News about sources that organizers should hear of, each once: found by going through the checks of one link."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from core.sources.checks import LinkState, PassageState, SourceCheck

LOOKS_IN_A_ROW = 3
"""The looks at which a link couldn't be reached before that is news: most faults of servers pass."""
_TOLD = (LinkState.MOVED, LinkState.GONE, LinkState.SOFT_404, LinkState.WALLED, LinkState.UNREACHABLE)


class NewsKind(Enum):
    """Kinds of news: the link's state, the quoted words, or the page's text."""

    LINK = auto()
    PASSAGE = auto()
    TEXT = auto()


@dataclass(frozen=True, slots=True)
class SourceNews:
    """News about a source, and the check that found it."""

    kind: NewsKind
    check: SourceCheck


def news(checks: Iterable[SourceCheck]) -> Iterator[SourceNews]:
    """The news in all checks of one link and its quoted words, oldest first.

    A link's state is news when it becomes bad, not as long as it stays so. A single look at which it couldn't be
    reached changes nothing. A text that changes from each look to the next is news only once.
    """
    state: LinkState | None = None
    passage: PassageState | None = None
    seen: list[SourceCheck] = []
    for check in checks:
        seen.append(check)
        present = _standing(seen) or state
        if present is not state and present in _TOLD:
            yield SourceNews(NewsKind.LINK, check)
        state = present
        if check.passage in (PassageState.FOUND, PassageState.MISSING):
            if check.passage is PassageState.MISSING and passage is not PassageState.MISSING:
                yield SourceNews(NewsKind.PASSAGE, check)
            passage = check.passage
        if _has_changed(check) and not (len(seen) > 1 and _has_changed(seen[-2])):
            yield SourceNews(NewsKind.TEXT, check)


def _standing(checks: Sequence[SourceCheck]) -> LinkState | None:
    """The state that the last check shows; None if it couldn't reach the page, unless that was so several times."""
    last = checks[-LOOKS_IN_A_ROW:]
    if checks[-1].state is not LinkState.UNREACHABLE:
        return checks[-1].state
    unreachable = [check for check in last if check.state is LinkState.UNREACHABLE]
    return LinkState.UNREACHABLE if len(unreachable) == LOOKS_IN_A_ROW else None


def _has_changed(check: SourceCheck) -> bool:
    return check.changed_at == check.at
