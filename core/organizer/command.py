"""What an organizer's command is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.messages import Message
from core.petition import Petition
from core.ports import Queries
from core.screen import Screen


@dataclass(frozen=True, slots=True)
class Context:
    """What a command works with, and the language to answer in."""

    petitions: Mapping[str, Petition]
    queries: Queries
    locale: str


@dataclass(frozen=True, slots=True)
class OrganizerCommand:
    """A command: its name, what menus say of it, and what it answers to an argument (empty: none given)."""

    name: str
    description: Message
    run: Callable[[Context, str], Screen]
