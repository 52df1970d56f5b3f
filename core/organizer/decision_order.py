"""Orders that decide about a petition, and how a decision is put in force."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from core.organizer.command import OrganizerContext, PetitionOrder
from core.petition.petition import Decision

YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class ChangeStatus(PetitionOrder):
    """Change the status of a petition if the `reply` is YES; leave it if NO, and ask if it is empty."""

    reply: str = ""

    @property
    def known(self) -> tuple[str, ...]:
        """The replies."""
        return YES, NO

    @property
    def rest(self) -> str:
        """The reply."""
        return self.reply


class Pause(ChangeStatus):
    """Stop signing for now."""

    name = "pause"


class Reopen(ChangeStatus):
    """Let people sign again."""

    name = "reopen"


class Close(ChangeStatus):
    """End the petition."""

    name = "close"


@dataclass(frozen=True, slots=True)
class Victory(PetitionOrder):
    """Ask to declare victory with these words; without any, ask for them."""

    name = "victory"
    words: str = ""

    @property
    def rest(self) -> str:
        """The words."""
        return self.words


@dataclass(frozen=True, slots=True)
class ConfirmVictory:
    """Declare the victory whose words are kept under a code."""

    name: ClassVar[str] = Victory.name
    code: str

    @property
    def argument(self) -> str:
        """The word that confirms, and the code."""
        return f"do {self.code}"


@dataclass(frozen=True, slots=True)
class SetGoal(PetitionOrder):
    """Set the next goal; 0 suggests some. `typed` are words that are no possible goal."""

    name = "goal"
    goal: int = 0
    typed: str = ""

    @property
    def rest(self) -> str:
        """The goal in digits, or the words."""
        return str(self.goal) if self.goal else self.typed


def save_decision(context: OrganizerContext, slug: str, **changes: object) -> Decision:
    """Put a decision in force; the one before. `since` is when the status changed, from which retention counts."""
    before = context.work.decisions.of(slug)
    after: Decision = replace(before, **changes)  # type: ignore[arg-type]
    if before.since is None or after.status is not before.status:
        after = replace(after, since=context.now)
    context.work.decisions.save(slug, after)
    return before
