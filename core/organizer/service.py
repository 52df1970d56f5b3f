"""Who organizes, and what they are answered; to everybody else these commands do not exist."""

from __future__ import annotations

from dataclasses import dataclass

from core.organizer import COMMANDS
from core.organizer.command import Context
from core.ports import Queries
from core.services import Shown, SigningService
from core.signing import Signer


@dataclass(frozen=True)
class OrganizerService:
    """Answers the commands of organizers, who are accounts given as (platform, id)."""

    signing: SigningService
    queries: Queries
    organizers: frozenset[tuple[str, str]]

    def on(self, platform: str) -> tuple[str, ...]:
        """The ids of the organizers on a platform."""
        return tuple(sorted(user_id for name, user_id in self.organizers if name == platform))

    def run(self, signer: Signer, name: str, argument: str) -> Shown | None:
        """The answer to a command; None if there is no such command, or none for this account."""
        command = next((one for one in COMMANDS if one.name == name), None)
        if command is None or (signer.platform, signer.user_id) not in self.organizers:
            return None
        locale = self.signing.profile(signer).locale
        context = Context(self.signing.petitions, self.queries, locale)
        return Shown(command.run(context, argument.strip().lower()), locale)
