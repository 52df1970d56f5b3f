"""The main service: signing and everything else that a signer may ask for, in one transaction per call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.conversation.overlays import choose_petition
from core.conversation.screen import View
from core.conversation.state import PERSONAL, Event, Forget, ListPetitions, Open, Overlay, SetLocale, Show
from core.messages import Message
from core.ports import Person, UnitOfWork
from core.services.setup import SigningSetup
from core.services.turn import ConversationTurn
from core.signatures.signature import Signer


@dataclass(frozen=True, slots=True)
class Profile:
    """A signer's language, and the labels of their own share links by petition."""

    locale: str
    referrals: Mapping[str, str]


@dataclass(frozen=True)
class SigningService(SigningSetup):
    """Advances conversations. Each public method is one transaction; `ConversationTurn` does the work in it."""

    def handle(
        self, signer: Signer, event: Event, petition: str = "", *,
        update_id: str = "", revision: int | None = None, dry_run: bool = False,
    ) -> View:  # fmt: skip
        """Handle a signer's event and return what to show; a `dry_run` only returns what it would show.

        `petition` is the slug of the event's petition; without one, see `_default`. An `update_id` that was handled
        before changes nothing, and neither does an event from a screen whose `revision` is outdated.
        """
        with self.work() as work:
            view = self.handle_in(work, signer, event, petition, update_id=update_id, revision=revision)
            if dry_run:
                return replace(view, outcome=None)
            work.commit()
            return view

    def handle_in(
        self, work: UnitOfWork, signer: Signer, event: Event, petition: str = "", *,
        update_id: str = "", revision: int | None = None,
    ) -> View:  # fmt: skip
        """Handle the event in the caller's transaction, which the caller commits."""
        person = self.person(work, signer)
        if not person.reachable:
            work.signers.set_reachable(person, reachable=True)
        slug = petition or self._default(person, event)
        if not slug and event == Show(Overlay.WITHDRAW):
            slug, event = next(iter(self.petitions)), Show(Overlay.SIGNATURES)  # to choose one
        if slug not in self.petitions or isinstance(event, ListPetitions):
            return self._choose(work, person, event, unknown=bool(slug) and slug not in self.petitions)
        chosen = petition or person.focus or len(self.petitions) == 1
        turn = ConversationTurn(self, work, replace(person, focus=slug, home=person.home or slug) if chosen else person)
        conversation = turn.conversation(slug)
        repeated = bool(update_id) and update_id in person.seen
        stale = revision is not None and revision != conversation.revision
        if not (repeated or stale):
            interpret = turn.interpret if petition else turn.interpret_unaddressed
            event = interpret(conversation, event)
            conversation = turn.apply(conversation, event)
        if not isinstance(event, Forget):
            turn.save(person, update_id)
        return replace(turn.show(conversation), outcome=turn.outcome)

    def profile(self, signer: Signer) -> Profile:
        """Facts about a signer that a surface may use outside a conversation; asking stores nothing."""
        with self.work() as work:
            person = self.person(work, signer)
            signatures = work.signatures.standing(person)
            return Profile(person.locale, {signature.petition: signature.referral for signature in signatures})

    def forget(self, signer: Signer) -> None:
        """Erase a signer: withdraw their signatures and keep nothing that leads back to them."""
        with self.work() as work:
            ConversationTurn(self, work, work.signers.lock_or_create(signer, self.clock())).forget()
            work.commit()

    def _choose(self, work: UnitOfWork, person: Person, event: Event, *, unknown: bool) -> View:
        """The list of petitions; the person's focus is then on none of them."""
        if isinstance(event, SetLocale):
            person = replace(person, locale=self.negotiate(event.locale, person.locale))
        work.signers.save(replace(person, focus=""))
        notice = Message("petitions.unknown") if unknown else None
        page = event.page if isinstance(event, ListPetitions) else 0
        return View(choose_petition(self.petitions, person.locale, notice, page), person.locale)

    def _default(self, person: Person, event: Event) -> str:
        """The only petition, or the last one the person talked about; with several, a newcomer chooses.

        Screens about the person, such as all their signatures, need no choice: any petition can show them.
        """
        personal = isinstance(event, Forget) or (isinstance(event, Show) and event.overlay in PERSONAL)
        if len(self.petitions) == 1 or (personal and not person.focus):
            return next(iter(self.petitions))
        return "" if isinstance(event, Open) else person.focus

    def person(self, work: UnitOfWork, signer: Signer) -> Person:
        """The person with an account, locked, in the account's language until they choose one."""
        person = work.signers.lock_or_create(signer, self.clock())
        return person if person.locale else replace(person, locale=self.negotiate(signer.language))
