"""What the product does, one transaction a call: signing and everything that a signer may ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from core.conversation.funnel import follow, left
from core.conversation.machine import advance, conclude, speak
from core.conversation.scene import Scene
from core.conversation.screen import OutcomeEvent, View
from core.conversation.state import (
    PERSONAL,
    Conversation,
    Demand,
    Event,
    Forget,
    ListPetitions,
    Open,
    Overlay,
    Reply,
    SetLocale,
    Show,
    Turn,
)
from core.conversation.views import choose_petition, screen_for
from core.messages import Catalog, Message, negotiate
from core.petition.form import CARRIED_OVER
from core.petition.mailbox import MailboxRules
from core.petition.petition import Petition
from core.ports import Clock, NewCode, Person, UnitOfWork
from core.services.ledger import Ledger
from core.services.submissions import Registrar
from core.signatures.quarantine import STANDARD, Thresholds
from core.signatures.signature import Outcome, Signature, Signer, SignerContext, Submission

SEEN_KEPT = 128  # update ids remembered of a person: more than any platform delivers again at once


@dataclass(frozen=True, slots=True)
class Profile:
    """The language that somebody speaks, and the labels of their own share links by petition."""

    locale: str
    referrals: Mapping[str, str]


@dataclass(frozen=True)
class SigningService:
    """Moves conversations on, and decides what is confirmed; every public method is one transaction."""

    petitions: Mapping[str, Petition]
    catalog: Catalog
    mailboxes: MailboxRules
    work: Callable[[], UnitOfWork]
    clock: Clock
    new_code: NewCode
    thresholds: Thresholds = STANDARD  # those that organizers did not change

    def handle(
        self, signer: Signer, event: Event, petition: str = "", *,
        update_id: str = "", revision: int | None = None, dry_run: bool = False,
    ) -> View:  # fmt: skip
        """Let a signer's event happen and return what to show; `only_look`: what would be shown, and nothing happens.

        `petition` is the slug it is about; without one, see `_default`. An `update_id` that was handled
        before changes nothing, nor does an event from a screen whose `revision` is no longer the present one.
        """
        with self.work() as work:
            person = self._met(work, signer)
            if not person.reachable:
                work.signers.set_reachable(person, reachable=True)
            slug = petition or self._default(person, event)
            if not slug and event == Show(Overlay.WITHDRAW):
                slug, event = next(iter(self.petitions)), Show(Overlay.SIGNATURES)  # where one chooses which
            if slug not in self.petitions or isinstance(event, ListPetitions):
                shown = self._choose(work, person, event, unknown=bool(slug) and slug not in self.petitions)
                if not dry_run:
                    work.commit()
                return shown
            chosen = petition or person.focus or len(self.petitions) == 1
            talk = _Talk(self, work, replace(person, focus=slug) if chosen else person)
            conversation = talk.conversation(slug)
            repeated = bool(update_id) and update_id in person.seen
            stale = revision is not None and revision != conversation.revision
            if not (repeated or stale):
                event = talk.meant(conversation, event) if petition else talk.meant_here(conversation, event)
                conversation = talk.turn(conversation, event)
            if not isinstance(event, Forget):
                talk.save(person, update_id)
            shown = talk.show(conversation)
            if dry_run:
                return shown
            work.commit()
            return replace(shown, happened=talk.happened)

    def profile(self, signer: Signer) -> Profile:
        """What a surface may know of somebody outside a conversation; nobody is stored by asking."""
        with self.work() as work:
            person = self._met(work, signer)
            signatures = work.signatures.standing(person)
            return Profile(person.locale, {one.petition: one.referral for one in signatures})

    def counted(self, petition: str) -> int:
        """The public count of a petition."""
        with self.work() as work:
            return work.tallies.of(petition).counted

    def forget(self, signer: Signer) -> None:
        """Erase one signer; their signatures are withdrawn, and leave nothing that leads back."""
        with self.work() as work:
            _Talk(self, work, work.signers.lock_or_create(signer, self.clock())).forget()
            work.commit()

    def _choose(self, work: UnitOfWork, person: Person, event: Event, *, unknown: bool) -> View:
        """The list of petitions; from now on, none is talked about."""
        if isinstance(event, SetLocale):
            person = replace(person, locale=self.negotiate(event.locale, person.locale))
        work.signers.save(replace(person, focus=""))
        notice = Message("petitions.unknown") if unknown else None
        page = event.page if isinstance(event, ListPetitions) else 0
        return View(choose_petition(self.petitions, person.locale, notice, page), person.locale)

    def _default(self, person: Person, event: Event) -> str:
        """The only petition, or the one talked about last; whoever comes anew chooses among several.

        What is about the person, such as all their signatures, needs no choice: any petition carries it.
        """
        personal = isinstance(event, Forget) or (isinstance(event, Show) and event.view in PERSONAL)
        if len(self.petitions) == 1 or (personal and not person.focus):
            return next(iter(self.petitions))
        return "" if isinstance(event, Open) else person.focus

    @property
    def languages(self) -> tuple[str, ...]:
        """All that can be spoken: the product's languages, and those that only a petition is written in."""
        written = (language for petition in self.petitions.values() for language in petition.languages)
        return tuple(dict.fromkeys([*self.catalog.locales, *written]))

    def negotiate(self, *wanted: str) -> str:
        """The language that fits the first fitting wish, else the product's first."""
        return negotiate(self.languages, *wanted)

    def _met(self, work: UnitOfWork, signer: Signer) -> Person:
        person = work.signers.lock_or_create(signer, self.clock())
        return person if person.locale else replace(person, locale=self.negotiate(signer.language))


class _Talk:
    """One turn of one person's conversation inside a transaction."""

    def __init__(self, service: SigningService, work: UnitOfWork, person: Person) -> None:
        self._service, self._work, self._person = service, work, person
        self._now = service.clock()
        self._signatures = work.signatures.standing(person)
        self._decided: dict[str, Petition] = {}
        self.happened: OutcomeEvent | None = None

    def _petition(self, slug: str) -> Petition:
        """The petition under what its organizers decided."""
        if slug not in self._decided:
            self._decided[slug] = self._service.petitions[slug].decided(self._work.decisions.of(slug))
        return self._decided[slug]

    def conversation(self, slug: str) -> Conversation:
        """The stored conversation, in the language that the person speaks now; a new one where there is none."""
        stored = self._work.conversations.get(self._person, slug)
        if stored is None:
            return Conversation(slug, self._person.locale)
        spoken = speak(stored, self._petition(slug), self._person.locale)
        # Another language may mean another text: what was shown before is then no longer the present screen.
        return stored if spoken == stored else replace(spoken, revision=stored.revision + 1)

    def meant(self, conversation: Conversation, event: Event) -> Event:
        """The event itself; for the typed words of a button that is on the screen, that button's."""
        if not isinstance(event, Reply):
            return event
        shown, typed = self.show(conversation), event.text.strip().casefold()
        for button in (one for row in shown.screen.buttons for one in row if one.event and not one.petition):
            label = self._service.catalog.words(button.label, shown.locale)
            if button.event and label.casefold() == typed:
                return button.event
        return event

    def meant_here(self, conversation: Conversation, event: Event) -> Event:
        """What was meant without naming a petition: whoever signed only others sees those to withdraw from."""
        if event == Show(Overlay.WITHDRAW) and self._signatures and not self._known(conversation.petition).signature:
            return Show(Overlay.SIGNATURES)
        return self.meant(conversation, event)

    def turn(self, before: Conversation, event: Event) -> Conversation:
        """Let the event happen, and do what it demands."""
        if isinstance(event, SetLocale):
            event = SetLocale(self._service.negotiate(event.locale, self._person.locale))
            self._person = replace(self._person, locale=event.locale)
        petition = self._petition(before.petition)
        turn = advance(before, event, petition, self._now, self._known(before.petition))
        conversation = self._decide(turn, petition)
        if conversation.outcome and conversation.outcome is not before.outcome:
            self.happened = OutcomeEvent(self._person.signer.platform, conversation.outcome)
        if turn.demand is not Demand.FORGET:
            conversation, steps = follow(before, conversation, petition)
            self._work.breakdowns.move(petition.slug, self._person.id, steps)
            self._work.conversations.save(self._person, conversation, self._now)
        return conversation

    def save(self, before: Person, update_id: str) -> None:
        """Store what changed of the person, and that this update was handled."""
        if update_id and update_id not in self._person.seen:
            self._person = replace(self._person, seen=(*self._person.seen, update_id)[-SEEN_KEPT:])
        if replace(self._person, signer=before.signer) != before:
            self._work.signers.save(self._person)

    def show(self, conversation: Conversation) -> View:
        """The present screen, with the count and the person's signatures as they now are."""
        service, tallies, slug = self._service, self._work.tallies, conversation.petition
        petitions = {**service.petitions, slug: self._petition(slug)}
        scene = Scene(
            conversation, petitions, self._known(slug), lambda: tallies.of(slug).counted,
            self._now, service.languages, lambda label: tallies.credited(slug, label),
        )  # fmt: skip
        return View(screen_for(scene), conversation.locale, conversation.petition, conversation.revision)

    def forget(self) -> None:
        """Withdraw all signatures and erase everything that leads to the person."""
        for signature in sorted(self._signatures, key=lambda one: one.petition):  # all take their locks in one order
            self._withdraw(signature)
        self._work.signatures.anonymise(self._person)
        for gone in self._work.conversations.erase(self._person):
            self._work.breakdowns.move(gone.petition, self._person.id, left(gone))
        self._work.signers.erase(self._person)
        self._person = replace(self._person, details={}, focus="", seen=())
        self._signatures = ()

    def _known(self, slug: str) -> SignerContext:
        own = next((one for one in self._signatures if one.petition == slug), None)
        return SignerContext(self._person.details, self._person.signer.name, own, self._signatures)

    def _decide(self, turn: Turn, petition: Petition) -> Conversation:
        signature = self._known(petition.slug).signature
        if turn.submission:
            self._sign(turn.submission, petition)
            self._signatures = self._work.signatures.standing(self._person)
            return conclude(turn.conversation, Outcome.SIGNED)
        if turn.demand is Demand.FORGET:
            self.forget()
            return replace(turn.conversation, revision=0)  # nothing is stored, so the next one begins there again
        if turn.demand is Demand.FORGET_DETAILS:
            self._person = replace(self._person, details={})
        elif turn.demand and signature:
            if turn.demand is Demand.WITHDRAW:
                self._withdraw(signature)
            else:
                self._work.signatures.set_updates(signature, turn.demand is Demand.UPDATES_ON)
            self._signatures = self._work.signatures.standing(self._person)
        return turn.conversation

    def _sign(self, submission: Submission, petition: Petition) -> None:
        service = self._service
        registrar = Registrar(service.mailboxes, service.new_code, service.thresholds)
        signature = registrar.signature(submission, petition, self._person, self._work.signals, self._now)
        self._ledger.sign(self._person, signature)
        kinds = {field.name: field.kind for field in petition.fields}
        given = {kinds[name].value: value for name, value in submission.answers.items() if kinds[name] in CARRIED_OVER}
        self._person = replace(self._person, details={**self._person.details, **given})

    def _withdraw(self, signature: Signature) -> None:
        self._ledger.withdraw(self._person, signature)
        if not self._work.signatures.standing(self._person):
            self._person = replace(self._person, details={})

    @property
    def _ledger(self) -> Ledger:
        return Ledger(self._work, self._now)
