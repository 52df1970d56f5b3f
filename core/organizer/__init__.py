"""What organizers can ask for in a chat: one module a command, listed here."""

from __future__ import annotations

from core.organizer.command import OrganizerCommand
from core.organizer.stats import STATS

COMMANDS: tuple[OrganizerCommand, ...] = (STATS,)
