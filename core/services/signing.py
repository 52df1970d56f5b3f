"""The main service: signing and everything else that a signer may ask for, in one transaction per call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.conversation.choosing import choose_petition
from core.conversation.screen import View
from core.conversation.state import (
    PERSONAL,
    Back,
    Confirm,
    Conversation,
    Event,
    Forget,
    ListPetitions,
    Open,
    Overlay,
    Reply,
    SendData,
    SetLocale,
    Show,
    Withdraw,
)  # fmt: skip
from core.conversation.typed import Media, SendForm, SendProof, SendText, StopUpdates
from core.conversation.whole import shows_whole
from core.copying import replace
from core.messages import Message
from core.petition.collection import drafts, find_slug
from core.petition.petition import Petition
from core.ports import Person, UnitOfWork
from core.services.form_turn import send_form
from core.services.setup import SigningSetup
from core.services.steps import StepCounter
from core.services.stopping import stop_updates
from core.services.turn import ConversationTurn
from core.signatures.signature import Signer
from core.updates import UpdateKind


@dataclass(frozen=True, slots=True)
class Profile:
    """A signer's language, and the labels of their own share links by petition."""

    locale: str
    referrals: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Arrival:
    """An event as it arrived: the petition and the screen that it is about, and its update."""

    event: Event
    slug: str
    update_id: str
    revision: int | None
    addressed: bool

    def is_repeated(self, person: Person) -> bool:
        """True if the update was handled before."""
        return bool(self.update_id) and self.update_id in person.seen

    def is_stale(self, conversation: Conversation) -> bool:
        """True if the event comes from an outdated screen."""
        return self.revision is not None and self.revision != conversation.revision


@dataclass(frozen=True)
class SigningService(SigningSetup):
    """Advances conversations. Each public method is one transaction; `ConversationTurn` does the work in it."""

    def handle(
        self, signer: Signer, event: Event, petition: str = "", *,
        update_id: str = "", revision: int | None = None, dry_run: bool = False,
    ) -> View:  # fmt: skip
        """Handle a signer's event and return what to show; a `dry_run` only returns what it would show.

        `petition` is the slug of the event's petition; without one, see `_default`. An `update_id` that was handled
        before changes nothing, and neither does an event from a screen whose `revision` is outdated. An event that only
        looks at something stores nothing about an account that is not stored yet, or no longer.
        """
        self.checks.refresh()
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
        person = self.person(work, signer, update_id, find_slug(self.petitions, petition))
        if not person.reachable:
            work.signers.set_reachable(person, reachable=True)
        slug = find_slug(self.petitions, petition or self._default(person, event))
        if not slug and event == Show(Overlay.WITHDRAW):
            slug, event = self._any(person), Show(Overlay.SIGNATURES)  # to choose one
        if not slug and isinstance(event, Reply) and self.means_stop(event.text):
            slug, event = self._any(person), StopUpdates()
        removed = slug not in self.petitions and self._is_removed(work, person, slug)
        if removed and event == Back() and self.petitions:
            slug, event, revision, removed = self._any(person), Show(Overlay.SIGNATURES), None, False
        arrival = _Arrival(event, slug, update_id, revision, addressed=bool(petition))
        if removed and (event in (Show(Overlay.WITHDRAW), Withdraw(), SendText(), SendProof()) or not self.petitions):
            return self._take_turn(work, person, person, arrival)
        if slug not in self.petitions or isinstance(event, ListPetitions):
            return self._choose(work, person, arrival)
        chosen = petition or person.focus in self.petitions or len(self.petitions) == 1
        if not person.is_stored:
            glance = self._glance(work, person, arrival)
            if glance:
                return glance
            person = self._create(work, person, slug if chosen else "")
        turned = replace(person, focus=slug, home=person.home or slug) if chosen else person
        return self._take_turn(work, turned, person, arrival)

    def _is_removed(self, work: UnitOfWork, person: Person, slug: str) -> bool:
        """True for a petition whose folder is gone, if the person signed it or talked about it."""
        if not (slug and person.is_stored and work.records.of(slug)):
            return False
        signed = any(signature.petition == slug for signature in work.signatures.standing(person))
        return signed or work.conversations.get(person, slug) is not None

    def _glance(self, work: UnitOfWork, person: Person, arrival: _Arrival) -> View | None:
        """The view for an account of which nothing is stored; None if the event needs a row.

        If the update was handled before, the account has erased everything since, and reads so again.
        """
        turn = ConversationTurn(self, work, person)
        before, event = turn.conversation(arrival.slug), arrival.event
        if arrival.is_repeated(person):
            event = Forget()
        elif arrival.is_stale(before) and not isinstance(event, Forget):
            return turn.show(before)
        event = turn.interpret(before, event, addressed=arrival.addressed)
        after = turn.glance(before, event)
        return turn.show(after, event) if after else None

    def _take_turn(self, work: UnitOfWork, person: Person, before: Person, arrival: _Arrival) -> View:
        turn = ConversationTurn(self, work, person.having_seen(arrival.update_id))
        conversation, event = turn.conversation(arrival.slug), arrival.event
        is_repeated = arrival.is_repeated(before)
        is_new = not (is_repeated or arrival.is_stale(conversation))
        is_answered = is_new and isinstance(event, Media) and event.is_of(conversation.album)
        is_answered |= not (is_new or is_repeated) and shows_whole(conversation, event)
        if is_new and not is_answered:
            if isinstance(event, Media | Reply):
                conversation = replace(conversation, album=event.album)
            event = turn.interpret(conversation, event, addressed=arrival.addressed)
            conversation = (
                send_form(turn, conversation, event) if isinstance(event, SendForm) else turn.apply(conversation, event)
            )
        else:
            conversation = turn.show_again(conversation)
        turn.save(before)
        took_effect = is_repeated or (is_new and not is_answered)
        shown = turn.show(conversation, event if took_effect else None)
        confirmed = isinstance(event, Confirm | SendForm) or (is_repeated and isinstance(event, Reply))
        is_stale = not (is_new or is_repeated)
        view = replace(
            shown, outcome=turn.outcome, is_answered=is_answered, is_stale=is_stale,
            lasting=shown.screen.is_receipt and confirmed and not is_stale,
        )  # fmt: skip
        # A process may have died after its commit and before it sent the file.
        sends_file = turn.sends_file or (is_repeated and isinstance(event, SendData | SendText | SendProof))
        return replace(view, data=turn.file(event, arrival.slug, view.locale)) if sends_file else view

    def _create(self, work: UnitOfWork, person: Person, home: str = "") -> Person:
        """Create the person; or load them, if another process has created them meanwhile."""
        created = work.signers.lock_or_create(person.signer, self.clock(), home)
        return replace(created, locale=created.locale or person.locale)

    def profile(self, signer: Signer) -> Profile:
        """Facts about a signer that a surface may use outside a conversation; asking stores nothing."""
        with self.work() as work:
            person = self.person(work, signer)
            signatures = work.signatures.standing(person)
            return Profile(person.locale, {signature.petition: signature.referral for signature in signatures})

    def stop_counting_in(self, work: UnitOfWork, signer: Signer) -> None:
        """Take what an account looked at out of the counts, since it is an organizer's now; the caller commits."""
        person = work.signers.find(signer)
        if person:
            StepCounter(self, work, person).stop()

    def forget(self, signer: Signer) -> None:
        """Erase a signer: withdraw their signatures and keep nothing that can be traced to them."""
        with self.work() as work:
            self.forget_in(work, signer)
            work.commit()

    def forget_in(self, work: UnitOfWork, signer: Signer) -> None:
        """Erase a signer in the caller's transaction, which the caller commits."""
        person = work.signers.find(signer)
        if person:
            self.forget_person_in(work, person)

    def forget_person_in(self, work: UnitOfWork, person: Person) -> None:
        """Erase a person whose row is locked, even one whose account can't be opened."""
        ConversationTurn(self, work, person).forget()

    def stop_updates_in(self, work: UnitOfWork, person: Person) -> tuple[str, ...]:
        """Turn off all updates to a locked person, as an organizer ordered; returns the petitions."""
        words = self.catalog.words(Message("updates.by_organizer"), person.locale)
        return stop_updates(work, person, words, self.clock())

    def _choose(self, work: UnitOfWork, person: Person, arrival: _Arrival) -> View:
        """The list of petitions; the person's focus is then on none of them."""
        event, repeated = arrival.event, arrival.is_repeated(person)
        if isinstance(event, SetLocale) and not repeated:
            person = person if person.is_stored else self._create(work, person)
            person = replace(person, locale=self.negotiate(event.locale, person.locale))
        if person.is_stored and not repeated:
            focus = "" if self.petitions else person.focus  # where screens about the person are shown
            work.signers.save(replace(person, focus=focus).having_seen(arrival.update_id))
        notice = Message("petitions.broken" if arrival.slug.partition("--")[0] in self.broken else "petitions.unknown")
        missed = notice if arrival.slug and arrival.slug not in self.petitions else None

        def decided(petition: Petition) -> Petition:
            return petition.with_decision(work.decisions.of(petition.slug))

        screen = choose_petition(self.petitions, decided, person.locale, self.clock(), missed, event)
        return View(screen, person.locale)

    def _default(self, person: Person, event: Event) -> str:
        """The only petition, or the last one the person talked about; with several, a newcomer chooses.

        Screens about the person, such as all their signatures, need no choice: any petition can show them.
        """
        about_person = isinstance(event, Forget | SendData | StopUpdates)
        is_personal = about_person or (isinstance(event, Show) and event.overlay in PERSONAL)
        if person.focus in self.broken and not (is_personal or isinstance(event, Open)):
            return person.focus
        if person.focus in drafts(self.petitions) and not isinstance(event, Open):
            return person.focus
        if len(self.petitions) == 1 or (is_personal and person.focus not in self.petitions):
            return self._any(person)
        return "" if isinstance(event, Open) else person.focus

    def _any(self, person: Person) -> str:
        """A petition that can show screens about the person; if none is listed, the last they talked about."""
        return next(iter(self.petitions), person.focus)

    @property
    def _only(self) -> str:
        return next(iter(self.petitions)) if len(self.petitions) == 1 else ""

    def person(self, work: UnitOfWork, signer: Signer, update_id: str = "", petition: str = "") -> Person:
        """The person with an account, locked if stored, in the account's language until they choose one.

        Their `seen` includes `update_id` if it was handled before. `petition` is the one that they talk about, if any.
        """
        person = work.signers.find(signer, update_id, petition or self._only)
        if person is None:
            erased = bool(update_id) and work.updates.has(UpdateKind.ERASED, signer.platform, update_id)
            person = Person(0, signer, seen=(update_id,) if erased else ())
        return person if person.locale else replace(person, locale=self.negotiate(signer.language))
