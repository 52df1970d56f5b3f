"""Organizers' commands: one module per command or family of commands, all listed here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.organizer.announce import ANNOUNCE
from core.organizer.announcement import ANNOUNCEMENT
from core.organizer.audit import AUDIT
from core.organizer.chart import CHART
from core.organizer.checks import CHECKS
from core.organizer.choosing import choosing_for
from core.organizer.clock import CLOCK
from core.organizer.command import AnyCommand
from core.organizer.count import COUNT
from core.organizer.decide import CLOSE, PAUSE, REOPEN
from core.organizer.drafts import DRAFTS
from core.organizer.erase import ERASE
from core.organizer.export import EXPORT
from core.organizer.find import FIND
from core.organizer.goal import GOAL
from core.organizer.help import help_on
from core.organizer.links import LINK, SOURCES
from core.organizer.lists import ALLOW, BLOCK, LISTS, UNLIST
from core.organizer.milestones import MILESTONE
from core.organizer.review import REVIEW
from core.organizer.stats import STATS
from core.organizer.team import DISMISS, INVITE, ORGANIZERS
from core.organizer.trends import TRENDS
from core.organizer.victory import VICTORY

_LISTED: tuple[AnyCommand, ...] = (
    COUNT, STATS, CHART, SOURCES, CHECKS, LINK, DRAFTS, REVIEW, TRENDS, LISTS, BLOCK, ALLOW, UNLIST, EXPORT, ANNOUNCE,
    MILESTONE, GOAL, PAUSE, REOPEN, CLOSE, VICTORY, FIND, ERASE, CLOCK, INVITE, ORGANIZERS, AUDIT,
)  # fmt: skip
FAMILIES: Mapping[str, tuple[AnyCommand, ...]] = {
    "petition": (GOAL, PAUSE, REOPEN, CLOSE, VICTORY),
    "origins": (LISTS, BLOCK, ALLOW, UNLIST),
    "team": (INVITE, ORGANIZERS, DISMISS, AUDIT),
}
"""The commands that a menu with little room shows together, by the name of their group."""
COMMANDS: tuple[AnyCommand, ...] = (help_on(_LISTED), *_LISTED, DISMISS, ANNOUNCEMENT)
LISTED = tuple(command.name for command in COMMANDS if command not in (DISMISS, ANNOUNCEMENT))
"""The names of the commands that people type."""
GROUP = "organize"
"""The name of the group of all of them, in a menu that has signers' commands, too."""
GROUPS: Mapping[str, Sequence[str]] = {
    GROUP: LISTED, **{family: tuple(command.name for command in commands) for family, commands in FAMILIES.items()},
}  # fmt: skip
"""The names of the commands in each group; people type them without the group's name."""
CHOOSING = choosing_for((*_LISTED, ANNOUNCEMENT))
"""The command that only buttons carry, for the pages of the petitions to choose from."""
