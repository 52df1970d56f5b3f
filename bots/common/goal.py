"""A petition's progress toward its goal, in characters and in words."""

from __future__ import annotations

from core.conversation.screen import Progress
from core.messages import Message
from core.petition.phase import Phase


def draw_goal(progress: Progress, cells: int = 12, *, full: str = "▰", empty: str = "▱") -> str:
    """A bar of this many characters, filled in proportion to the goal."""
    filled = min(cells, progress.counted * cells // progress.goal)
    return full * filled + empty * (cells - filled)


def goal_words(progress: Progress) -> Message:
    """The count and the goal; before the first signature, only the goal; at the end, only the count."""
    if progress.phase.is_over:
        return Message("progress.over", {"count": progress.counted}) if progress.counted else Message("progress.none")
    if progress.counted:
        return Message("progress.count", {"count": progress.counted, "goal": progress.goal})
    return Message("progress.first" if progress.phase is Phase.OPEN else "progress.waiting", {"goal": progress.goal})
