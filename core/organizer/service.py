"""Who organizes, and what they are answered; to everybody else these commands do not exist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.conversation.screen import Line, Screen, View
from core.messages import Message
from core.organizer import COMMANDS
from core.organizer.command import Context
from core.organizer.team import JOIN
from core.outreach.announcement import Preview
from core.ports import AuditEntry, UnitOfWork
from core.services.signing import SigningService
from core.signatures.signature import Signer

LONGEST_NOTED = 200


@dataclass(frozen=True)
class OrganizerService:
    """Answers the commands of organizers: accounts given as (platform, id), and those who joined by a code.

    `previews` show what each platform will be handed.
    """

    signing: SigningService
    organizers: frozenset[tuple[str, str]]
    previews: Mapping[str, Preview] = field(default_factory=dict)

    def on(self, platform: str) -> tuple[str, ...]:
        """The ids of all organizers on a platform."""
        with self.signing.work() as work:
            joined = {(one.signer.platform, one.signer.user_id) for one in work.organizers.all()}
        return tuple(sorted(user_id for name, user_id in self.organizers | joined if name == platform))

    def run(self, signer: Signer, name: str, argument: str) -> View | None:
        """The answer to a command; None if there is no such command, or none for this account."""
        command = next((one for one in COMMANDS if one.name == name), None)
        if command is None and name != JOIN:
            return None
        locale = self.signing.profile(signer).locale
        with self.signing.work() as work:
            if name == JOIN:
                screen = self._join(work, signer, argument.strip().upper())
            elif command and self._organizes(work, signer):
                context = Context(
                    signer, work, self.signing.petitions, locale,
                    self.signing.clock(), self.signing.new_code, self.previews,
                )  # fmt: skip
                screen = command.answer(context, argument)
                if command.noted:
                    self._note(work, signer, f"{name} {argument}".strip())
            else:
                return None
            work.commit()
        return View(screen, locale) if screen else None

    def organizes(self, signer: Signer) -> bool:
        """Whether an account organizes at this moment."""
        with self.signing.work() as work:
            return self._organizes(work, signer)

    def _organizes(self, work: UnitOfWork, signer: Signer) -> bool:
        return (signer.platform, signer.user_id) in self.organizers or work.organizers.has(signer)

    def _join(self, work: UnitOfWork, signer: Signer, code: str) -> Screen | None:
        """Make whoever has a valid code an organizer; to all others, this command does not exist either."""
        if not work.organizers.redeem(code, self.signing.clock()):
            return None
        work.organizers.add(signer, self.signing.clock())
        self._note(work, signer, JOIN)
        return Screen((Line(Message("organizer.welcome")),))

    def _note(self, work: UnitOfWork, signer: Signer, what: str) -> None:
        work.audit.note(AuditEntry(self.signing.clock(), signer, what[:LONGEST_NOTED]))
