"""One turn of a signer's conversation: the heart of the product, inside a transaction."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import Any

from core.conversation import state as ev
from core.conversation.consent import shown_digest, shows_review
from core.conversation.demands import CHANNELS, Demand, Turn
from core.conversation.machine import TEXT_CHANGED, advance, conclude, speak
from core.conversation.my_data import no_data
from core.conversation.proof import without_proof
from core.conversation.replies import goes_on, without_harm
from core.conversation.scene import Scene
from core.conversation.screen import OutcomeEvent, View
from core.conversation.signed_text import ViewFile, signed_text
from core.conversation.state import SIGNING, Conversation, Event, Overlay, Stage
from core.conversation.typed import CanRead, SendForm, SendProof, SendText, StopUpdates
from core.conversation.views import view_for
from core.copying import replace
from core.messages import Message
from core.petition.answers import remembered
from core.petition.petition import Petition
from core.ports import Person, UnitOfWork
from core.services.buttons import button_called, button_words, confirmed_words
from core.services.contexts import Contexts
from core.services.ledger import Ledger
from core.services.rereading import catch_up
from core.services.setup import SigningSetup
from core.services.signers_files import proof_of, stored_data
from core.services.steps import StepCounter
from core.services.submissions import consents_of, make_signature
from core.signatures.consent import Consent, ConsentSubject, words_digest
from core.signatures.household import sharing
from core.signatures.signature import Outcome, Signature, SignerContext, Submission
from core.updates import UpdateKind

_KEPT: Mapping[Demand | None, Mapping[str, Any]] = {
    Demand.FORGET_DETAILS: {"details": {}},
    Demand.READS_WHOLE: {"reads_whole": True},
    Demand.READS_PAGES: {"reads_whole": False},
}
"""The demands that change what is kept about the person."""


class ConversationTurn:
    """One turn of one person's conversation inside a transaction.

    The service calls it in this order:

    1. `conversation` loads the stored conversation, in the language the person speaks now.
    2. `interpret` takes typed words that match a button for a tap on it.
    3. `apply` lets the event happen: `core.conversation.machine` decides the next state, then the turn signs,
       withdraws or forgets as that state demands, counts the step reached, and stores the conversation.
    4. `save` stores what changed about the person.
    5. `show` draws the screen from what is now stored.

    For an account of which nothing is stored, `glance` replaces 3 and 4 unless it says that the event needs a row.

    The service commits after the last step; until then nothing has happened. `outcome` is the signing or the
    withdrawal that `apply` led to, if any. `sends_file` is True if it led to the file that `file` makes.
    """

    def __init__(self, setup: SigningSetup, work: UnitOfWork, person: Person) -> None:
        self._setup, self._work, self._person = setup, work, person
        self.catalog, self.versions = setup.catalog, work.versions
        self._now = setup.clock()
        self._signatures = work.signatures.standing(person)
        self._decided: dict[str, Petition] = {}
        self._contexts = Contexts(setup.has)
        self._changed, self._submitted = TEXT_CHANGED, dict[str, str]()
        self.outcome: OutcomeEvent | None = None
        self.sends_file = False

    def _petition(self, slug: str) -> Petition:
        """The petition with its organizers' decisions applied, as it was stored if its folder is gone."""
        if slug not in self._decided:
            decision, record = self._work.decisions.of(slug), None
            if not self._setup.has(slug):
                record = self._work.records.of(slug)
            petition = record.petition(decision) if record else self._setup.petitions[slug]
            self._decided[slug] = petition if record else petition.with_decision(decision)
        return self._decided[slug]

    def _unlisted(self, conversation: Conversation) -> dict[str, Petition]:
        """The petitions of the person's signatures that nobody else can open, if the screen lists signatures."""
        if conversation.overlay is not Overlay.SIGNATURES:
            return {}
        slugs = {signature.petition for signature in self._signatures} - set(self._setup.petitions)
        return {slug: self._petition(slug) for slug in slugs if self._setup.has(slug) or self._work.records.of(slug)}

    def conversation(self, slug: str) -> Conversation:
        """The stored conversation in the person's current language, or a new one."""
        stored = self._work.conversations.get(self._person, slug)
        if stored is None:
            return Conversation(slug, self._person.locale)
        petition = self._petition(slug)
        present, self._changed = catch_up(self._work.versions, petition, stored)
        spoken = speak(present, petition, self._person.locale)
        # Another language may mean another text, so the screen shown before is outdated.
        return stored if spoken == stored else replace(spoken, revision=stored.revision + 1)

    def interpret(self, conversation: Conversation, event: Event, *, addressed: bool) -> Event:
        """The event itself; or, for typed words that match a button on the screen, that button's event.

        Typed words erase no answers: those of a button that would only point at it, and "Cancel" keeps the answers.
        If the event is not `addressed` to a petition, a signer of other petitions first chooses which to withdraw from.
        """
        elsewhere = self._signatures and not self._context(conversation.petition).signature
        if event == ev.Show(Overlay.WITHDRAW) and elsewhere and not addressed:
            return ev.Show(Overlay.SIGNATURES)
        if not isinstance(event, ev.Reply) or goes_on(conversation, event):
            return event
        button = button_called(self.show(conversation), event, self.catalog)
        if button and button.event:
            return without_harm(button.event, button.text, conversation)
        asked = conversation.stage is Stage.ANSWERING and conversation.overlay is Overlay.STAGE
        return StopUpdates() if not asked and self._setup.means_stop(event.text) else event

    def apply(self, before: Conversation, event: Event) -> Conversation:
        """Handle the event, and carry out what it demands."""
        if isinstance(event, ev.SetLocale):
            event = ev.SetLocale(self._setup.negotiate(event.locale, self._person.locale))
            self._person = replace(self._person, locale=event.locale)
        petition, known = self._petition(before.petition), self._context(before.petition)
        turn = advance(before, event, petition, self._now, known, self._changed)
        conversation = self._promised(self._decide(before, event, turn))
        if conversation.outcome and conversation.outcome is not before.outcome and not petition.is_trial:
            self.outcome = OutcomeEvent(self._person.signer.platform, conversation.outcome)
        if turn.demand is not Demand.FORGET:
            conversation = self._steps.follow(before, event, conversation, petition, known)
            self._work.conversations.save(self._person, conversation, self._now)
        return conversation

    def note(self, conversation: Conversation, notice: Message) -> Conversation:
        """The conversation with a notice on its screen."""
        self._work.conversations.save(self._person, noted := replace(conversation, notice=notice), self._now)
        return noted

    def show_again(self, conversation: Conversation) -> Conversation:
        """The conversation itself, with what its screen says by now, since an event that changes nothing shows it."""
        shown = self._promised(conversation)
        if shown != conversation:
            self._work.conversations.save(self._person, shown, self._now)
        return shown

    def _promised(self, conversation: Conversation) -> Conversation:
        promised = shown_digest(self.scene(conversation), self.catalog) if shows_review(conversation) else ""
        return conversation if promised == conversation.promised else replace(conversation, promised=promised)

    def glance(self, before: Conversation, event: Event) -> Conversation | None:
        """The conversation after an event that needs nothing stored, or None if it needs a row.

        Its revision is 0, so the buttons on its screen work although the conversation is not stored.
        """
        if isinstance(event, ev.Open | ev.SetLocale | CanRead | SendForm):  # a label, a time, a language, an answer
            return None
        turn = advance(before, event, self._petition(before.petition), self._now, self._context(before.petition))
        if turn.conversation.stage in SIGNING:
            return None
        after = no_data(turn.conversation) if isinstance(event, ev.SendData) else turn.conversation
        return replace(after, revision=0)

    def save(self, before: Person) -> None:
        """Save what changed about the person."""
        if self._person.is_stored and replace(self._person, signer=before.signer) != before:
            self._work.signers.save(self._person)

    def show(self, conversation: Conversation, event: Event | None = None) -> View:
        """The screen after an event, with the current count and the person's current signatures."""
        return view_for(self.scene(conversation), event)

    def scene(self, conversation: Conversation) -> Scene:
        """The scene that the conversation's screen is drawn from."""
        setup, tallies, slug = self._setup, self._work.tallies, conversation.petition
        petitions = {**setup.petitions, **self._unlisted(conversation), slug: self._petition(slug)}
        return Scene(
            conversation, petitions, self._context(slug), lambda: tallies.of(slug).counted,
            self._now, setup.languages, lambda label: tallies.credited(slug, label), self._work.versions.of,
            self._submitted, setup.checks.known(slug), is_chosen=self._person.focus == slug or len(petitions) == 1,
        )  # fmt: skip

    def file(self, event: Event, slug: str, locale: str) -> ViewFile | None:
        """The file that an event asks for; None if there is none."""
        match event:
            case SendText():
                return signed_text(self._petition(slug), self._context(slug).signature, self._work.versions, self._now)
            case SendProof():
                return proof_of(self._work, self._context(slug).signature)
        return stored_data(self._setup, self._work, self._person, self._petition, locale)

    def forget(self) -> None:
        """Withdraw every signature and erase everything that identifies the person.

        The updates handled are remembered without them, since one that is delivered again must not store anything.
        """
        for signature in self._in_order:
            self._withdraw(signature)
        self._work.signatures.anonymise(self._person)
        for conversation in self._work.conversations.erase(self._person):
            self._steps.leave(conversation)
        self._work.signers.erase(self._person)
        for update_id in self._person.seen:
            self._work.updates.add(UpdateKind.ERASED, self._person.signer.platform, update_id, self._now)
        self._person = Person(0, self._person.signer, self._person.locale)
        self._signatures = ()

    def _context(self, slug: str) -> SignerContext:
        return self._contexts.of(slug, self._person, self._signatures)

    def _decide(self, before: Conversation, event: Event, turn: Turn) -> Conversation:
        signature = self._context(before.petition).signature
        if turn.submission and before != self._promised(before):
            changed = Message("notice.review_changed")  # the review said something else when it was shown
            return replace(before, notice=changed, revision=turn.conversation.revision)
        if turn.submission:
            self._sign(turn.submission, before.petition, self._agreed_words(before, event))
            self._signatures = self._work.signatures.standing(self._person)
            return conclude(turn.conversation, Outcome.SIGNED)
        if turn.demand is Demand.FORGET:
            self.forget()
            return replace(turn.conversation, revision=0)  # nothing is stored, so the next one starts there
        if turn.demand is Demand.SEND_PROOF and proof_of(self._work, signature) is None:
            return without_proof(turn.conversation, self._petition(before.petition), self._now)
        if turn.demand in (Demand.SEND_DATA, Demand.SEND_TEXT, Demand.SEND_PROOF):
            self.sends_file = True
        elif turn.demand in _KEPT:
            self._person = replace(self._person, **_KEPT[turn.demand])
        elif turn.demand is Demand.ALL_UPDATES_OFF:
            self._stop_updates(before, event, turn)
        elif turn.demand and signature:
            if turn.demand is Demand.WITHDRAW:
                self._withdraw(signature)
            else:
                self._set_updates(signature, before, event, turn)
            self._signatures = self._work.signatures.standing(self._person)
        return turn.conversation

    def _set_updates(self, signature: Signature, before: Conversation, event: Event, turn: Turn) -> None:
        after, choice = turn.conversation, CHANNELS[turn.demand or Demand.UPDATES_OFF]
        listed = isinstance(event, ev.SetUpdates) and event.listed
        button = self._button_words(after if listed else before, event)
        said = self.catalog.words(Message("updates.heading") if listed else after.notice or "", after.locale)
        words = (said, button) if listed else (button, said)
        consent = Consent(
            ConsentSubject.UPDATES, choice, self._person.signer.platform, self._now, after.locale,
            self._work.words.keep("\n".join(filter(None, words))),
        )  # fmt: skip
        self._ledger.set_updates(self._person, signature, consent)

    def _agreed_words(self, review: Conversation, event: Event) -> str:
        """Keep the review's words about the data, with those of the button; returns their digest."""
        words = confirmed_words(self.scene(review), event, self.catalog)
        self._work.signatures.read_ahead(review.petition, words_digest(words))
        return self._work.words.keep(words)

    def _button_words(self, conversation: Conversation, event: Event) -> str:
        return button_words(self.show(conversation), event, self.catalog)

    def _sign(self, submission: Submission, slug: str, words: str) -> None:
        petition = self._petition(slug)
        made = make_signature(submission, petition, self._person, self._work, self._now, self._setup)
        self._submitted = dict(submission.answers)
        signature = replace(made, consents=consents_of(made, petition, words))
        self._ledger.sign(self._person, signature, sharing(petition))
        self._person = replace(
            self._person, details=remembered(self._person.details, petition, submission.answers), home=slug
        )

    def _stop_updates(self, before: Conversation, event: Event, turn: Turn) -> None:
        for signature in self._in_order:
            if signature.wants_updates:
                self._set_updates(signature, before, event, turn)
        self._signatures = self._work.signatures.standing(self._person)

    def _withdraw(self, signature: Signature) -> None:
        self._ledger.withdraw(self._person, signature)
        self._work.inline_cards.forget_shared(signature.petition, signature.referral)
        if not self._work.signatures.standing(self._person):
            self._person = replace(self._person, details={})

    @property
    def _in_order(self) -> list[Signature]:
        """The person's signatures in the order in which their petitions are always locked."""
        return sorted(self._signatures, key=attrgetter("petition"))

    @property
    def _steps(self) -> StepCounter:
        return StepCounter(self._setup, self._work, self._person)

    @property
    def _ledger(self) -> Ledger:
        return Ledger(self._work, self._now)
