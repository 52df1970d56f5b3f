"""Communities as organizers read them: by their title, or at least by their platform."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from core.messages import DEFAULT_LOCALE, Catalog, Message, Words
from core.petition.label import is_community

LONGEST_TITLE = 100  # characters; Telegram allows 128 and Discord 100
Titles: TypeAlias = Mapping[str, Words]
"""The titles of communities by the label of their links."""


@dataclass(frozen=True, slots=True)
class Community:
    """A community, the label of its links, and its title; empty if it hasn't used the bot since titles are stored.

    `locale` is the language that its administrators chose, or empty. `members_post` says if its members may post cards.
    """

    label: str
    platform: str
    title: str = ""
    locale: str = ""
    members_post: bool = True


def community_titles(communities: Iterable[Community]) -> Titles:
    """The words for each community; those that would have the same words, in any case, get a number."""
    titles, seen = dict[str, Words](), Counter[str]()
    for each in sorted(communities, key=lambda each: each.label):
        platform = each.platform.capitalize()
        title = each.title or Message("organizer.community", {"platform": platform})
        same = (each.title or platform).casefold()
        seen[same] += 1
        number = seen[same]
        titles[each.label] = title if number == 1 else Message("organizer.namesake", {"title": title, "number": number})
    return titles


def written_titles(communities: Iterable[Community], catalog: Catalog) -> Mapping[str, str]:
    """The words for each community as files have them, and as organizers type them in filters."""
    return {label: catalog.words(title, DEFAULT_LOCALE) for label, title in community_titles(communities).items()}


def named_community(label: str, titles: Titles) -> Words | None:
    """The words for a community's label; None for any other label."""
    if not is_community(label):
        return None
    return titles.get(label) or Message("organizer.unknown_community")
