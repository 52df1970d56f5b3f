"""The service for organizers; for everyone else, their commands do not exist."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType

from core.conversation.screen import Button, Line, Screen, Style, View
from core.conversation.state import Event
from core.errors import StorageUnavailableError
from core.messages import Command, Message
from core.organizer import CHOOSING, COMMANDS, GROUPS, LISTED
from core.organizer.command import AnyCommand, CommandLine, OrganizerContext, sentence
from core.organizer.help import suggest
from core.organizer.suggestions import Suggestion, suggest_values
from core.organizer.team import JOIN
from core.outreach.announcement import Preview
from core.petition.collection import drafts
from core.platforms import Platform
from core.ports import UnitOfWork
from core.services.signing import SigningService
from core.signatures.signature import Signer
from core.standby import OpenStandby, StandbyReads, no_standby
from core.team import AuditEntry
from core.text.storable import is_storable
from core.updates import UpdateKind

LONGEST_NOTED = 200
_COMMANDS = {command.name: command for command in (*COMMANDS, CHOOSING)}
_KNOWN = {*_COMMANDS, JOIN}
_WITH_FIGURES = {name for name, command in _COMMANDS.items() if command.has_figures}
_WELCOME = Screen(
    (Line(Message("organizer.welcome", {"command": Command("help")})),),
    ((Button(Message("organizer.all_commands"), order=CommandLine("help")),),),
)
_UNSTORABLE = Screen((Line(Message("organizer.unstorable"), Style.ALERT),))
_REPEATED = Screen((Line(Message("organizer.repeated")),))


@dataclass(frozen=True)
class OrganizerService:
    """Answers the commands of organizers: the accounts listed as (platform, id), and those that joined with a code.

    `previews` turn a screen into the text that each platform would get. `platforms` have a bot to write to. Figures
    come from the standby if there is one.
    """

    signing: SigningService
    organizers: frozenset[tuple[str, str]]
    previews: Mapping[str, Preview] = field(default_factory=dict)
    platforms: tuple[Platform, ...] = ()
    standby: OpenStandby = no_standby

    def on(self, platform: str) -> tuple[str, ...]:
        """The ids of all organizers on a platform."""
        with self.signing.work() as work:
            joined = {(organizer.signer.platform, organizer.signer.user_id) for organizer in work.organizers.all()}
        return tuple(sorted(user_id for name, user_id in self.organizers | joined if name == platform))

    def handle(
        self, signer: Signer, line: CommandLine, event: Event, petition: str = "", *, update_id: str = "",
        signers: Mapping[str, Event] = MappingProxyType({}),
    ) -> View:  # fmt: skip
        """Answer an organizer's command; for everyone else, let `event` happen instead (see SigningService.handle).

        This takes one transaction for everyone else, and two for organizers. An `update_id` that was handled before
        runs nothing. `signers` are the commands for everyone: organizers who mistype a name get the nearest of all;
        without any, they get no suggestion.
        """
        self.signing.checks.refresh()
        with self.signing.work() as work:
            locale = self._answer_locale(work, signer, line, update_id)
            if locale is None and (suggestion := self._suggest(work, signer, line, signers)):
                return suggestion
            if locale is None:
                view = self.signing.handle_in(work, signer, event, petition, update_id=update_id)
                work.commit()
                return view
        answer = self._answer(signer, line, locale, update_id)
        return answer or self.signing.handle(signer, event, petition, update_id=update_id)

    def run(self, signer: Signer, line: CommandLine, *, update_id: str = "") -> View | None:
        """Answer an organizer's command; None if the command does not exist, or not for this account.

        An `update_id` that was handled before runs nothing.
        """
        if line.name not in _KNOWN:
            return None
        with self.signing.work() as work:
            locale = self._answer_locale(work, signer, line, update_id)
        return None if locale is None else self._answer(signer, line, locale, update_id)

    def suggest_values(
        self, signer: Signer, command: AnyCommand, parameter: str, given: Mapping[str, str]
    ) -> tuple[Suggestion, ...]:
        """Values for a part of a command that an organizer is typing (see core.organizer.suggestions); else none."""
        with self.signing.work() as work:
            if not self.organizes_in(work, signer):
                return ()
            context = self.context(work, signer, self.signing.person(work, signer).locale)
            return tuple(suggest_values(context, command, parameter, given))

    def hint(self, signer: Signer, line: CommandLine) -> View | None:
        """The hint for an organizer who sent a command in a group, where it isn't answered; None for everyone else."""
        with self.signing.work() as work:
            if line.name not in _COMMANDS or not self.organizes_in(work, signer):
                return None
            screen = sentence("organizer.in_group", command=Command(line.name))
            return View(screen, self.signing.person(work, signer).locale, is_order_answer=True)

    def _suggest(
        self, work: UnitOfWork, signer: Signer, line: CommandLine, signers: Mapping[str, Event]
    ) -> View | None:
        """The command that an organizer probably meant, if there is none with this name."""
        is_known = line.name in _KNOWN or line.name in signers
        if not (signers and line.name) or is_known or not self.organizes_in(work, signer):
            return None
        screen = suggest(line, LISTED, signers, GROUPS)
        return View(screen, self.signing.person(work, signer).locale, is_order_answer=True) if screen else None

    def _answer_locale(self, work: UnitOfWork, signer: Signer, line: CommandLine, update_id: str) -> str | None:
        """The language to answer in, or None if there is nothing to answer.

        This may use up an invitation; do not commit it unless the event needs it.
        """
        if line.name == JOIN:
            permitted = self._has_joined(work, signer, update_id) or (
                is_storable(line.argument) and self._redeem(work, line)
            )
        else:
            permitted = line.name in _COMMANDS and self.organizes_in(work, signer)
        return self.signing.person(work, signer).locale if permitted else None

    def _answer(self, signer: Signer, line: CommandLine, locale: str, update_id: str) -> View | None:
        standby = self.standby() if line.name in _WITH_FIGURES else None
        with self.signing.work() as work:
            if line.name == JOIN:
                screen = self._join(work, signer, line, update_id)
            elif self.organizes_in(work, signer):
                screen = self._carry_out_once(work, signer, line, locale, update_id, standby)
            else:
                return None
            if screen is None:
                return None
            work.commit()
        return View(screen, locale, is_order_answer=True)

    def _carry_out_once(
        self, work: UnitOfWork, signer: Signer, line: CommandLine, locale: str, update_id: str,
        standby: StandbyReads | None,
    ) -> Screen:  # fmt: skip
        if not _COMMANDS[line.name].only_reads and not self._is_new(work, signer, update_id):
            return _REPEATED
        return self._carry_out(work, signer, line, locale, standby)

    def _is_new(self, work: UnitOfWork, signer: Signer, update_id: str) -> bool:
        """Remember an update; False if it was handled before."""
        if not update_id:
            return True
        return work.updates.add(UpdateKind.COMMAND, signer.platform, update_id, self.signing.clock())

    def _has_joined(self, work: UnitOfWork, signer: Signer, update_id: str) -> bool:
        """True if this very update made the account an organizer."""
        if not update_id or not work.organizers.has(signer):
            return False
        return work.updates.has(UpdateKind.COMMAND, signer.platform, update_id)

    def _carry_out(
        self, work: UnitOfWork, signer: Signer, line: CommandLine, locale: str, standby: StandbyReads | None
    ) -> Screen:
        if not is_storable(line.argument):
            return _UNSTORABLE
        command = _COMMANDS[line.name]
        screen = _read(command, self.context(work, signer, locale), line.argument, standby)
        if command.noted:
            self._note(work, signer, f"{line.name} {line.argument}".strip())
        return screen

    def context(self, work: UnitOfWork, signer: Signer, locale: str) -> OrganizerContext:
        """The context in which an organizer's command runs."""
        signing = self.signing
        return OrganizerContext(
            signer, work, signing.published, locale, signing.clock(), signing.new_code,
            partial(signing.forget_person_in, work), partial(signing.stop_updates_in, work), signing.catalog,
            self.previews, self.platforms, signing.person(work, signer).focus, drafts(signing.petitions),
        )  # fmt: skip

    def organizes(self, signer: Signer) -> bool:
        """True if an account is an organizer right now."""
        with self.signing.work() as work:
            return self.organizes_in(work, signer)

    def organizes_in(self, work: UnitOfWork, signer: Signer) -> bool:
        """The same, in the caller's transaction."""
        return (signer.platform, signer.user_id) in self.organizers or work.organizers.has(signer)

    def _redeem(self, work: UnitOfWork, line: CommandLine) -> bool:
        return work.organizers.redeem(line.argument.strip().upper(), self.signing.clock())

    def _join(self, work: UnitOfWork, signer: Signer, line: CommandLine, update_id: str) -> Screen | None:
        """Make an account with a valid code an organizer; for everyone else, this command does not exist either."""
        if not self._has_joined(work, signer, update_id):
            if not self._redeem(work, line):
                return None
            self._is_new(work, signer, update_id)
            work.organizers.add(signer, self.signing.clock())
            self.signing.stop_counting_in(work, signer)
            self._note(work, signer, JOIN)
        return _WELCOME

    def _note(self, work: UnitOfWork, signer: Signer, what: str) -> None:
        work.audit.note(AuditEntry(self.signing.clock(), signer, what[:LONGEST_NOTED]))


def _read(command: AnyCommand, context: OrganizerContext, argument: str, standby: StandbyReads | None) -> Screen:
    """Answer a command, with figures from the standby unless it fails meanwhile."""
    if standby:
        with suppress(StorageUnavailableError), standby.work() as work:
            return command.answer(replace(context, work=work, as_of=standby.as_of), argument)
    return command.answer(context, argument)
