"""The conversation's rules: `advance` takes any event in any state and returns the next state.

It is pure (no clock, no randomness, no storage) and total: an event that makes no sense in the current state, such as a
tap on an old message, changes nothing and only redraws the current screen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from core.conversation import state as ev
from core.conversation import whole
from core.conversation.barriers import barrier, is_paused
from core.conversation.choices import agreed, choose_updates, without_idle_channel
from core.conversation.demands import Demand, Turn, before_event
from core.conversation.looks import look
from core.conversation.my_data import ask_for_data
from core.conversation.probing import count_dropped, count_probes
from core.conversation.proof import ask_for_proof
from core.conversation.replies import goes_on, said
from core.conversation.state import SIGNING, Conversation, Event, Overlay, Stage
from core.conversation.typed import CanRead, SendProof, SendText, StopUpdates
from core.copying import replace
from core.messages import Message
from core.petition.answers import Filled, is_required, prefilled, take
from core.petition.form import Field, offered
from core.petition.label import valid_label
from core.petition.petition import Petition, PetitionText
from core.signatures.signature import Outcome, SignerContext

TEXT_CHANGED = Message("notice.text_changed")


def advance(
    conversation: Conversation, event: Event, petition: Petition, now: dt.datetime, known: SignerContext | None = None,
    changed: Message = TEXT_CHANGED,
) -> Turn:  # fmt: skip
    """The turn that `event` causes; its conversation always has the next revision.

    `changed` says what changed if the text isn't the one that is being signed.
    """
    rules = _Rules(petition, petition.text(conversation.locale), now, known or SignerContext())
    before = before_event(conversation, event, now)
    if before.stage in SIGNING and before.digest != rules.text.digest:
        before = rules.kept(before, event, changed)
        event = ev.Back() if isinstance(event, _SIGNING_EVENTS) else event
    if before.stage is Stage.ANSWERING and not fields_to_ask(before, petition):
        before = replace(before, stage=Stage.REVIEWING)  # the field that was asked for no longer exists
    turn = rules.turned_away(before, event) or rules.turn(before, event)
    after = replace(without_idle_channel(turn.conversation, petition), revision=conversation.revision + 1)
    if turn.demand is not Demand.FORGET:
        after = replace(after, probes=after.probes + count_dropped(before, after, petition, rules.known))
    return replace(turn, conversation=after)


def conclude(conversation: Conversation, outcome: Outcome) -> Conversation:
    """The conversation after signing succeeded or failed: finished, and without the answers."""
    return replace(
        conversation, stage=Stage.FINISHED, trail=(), outcome=outcome,
        answers={}, errors={}, asking="", updates=False, by_email=False, digest="", probes=0,
    )  # fmt: skip


def speak(conversation: Conversation, petition: Petition, locale: str) -> Conversation:
    """The conversation in another language, including the text that is being signed."""
    if locale == conversation.locale:
        return conversation
    before, after = petition.text(conversation.locale), petition.text(locale)
    digest = after.digest if conversation.digest == before.digest else conversation.digest
    page = conversation.page if before is after else 0
    return replace(conversation, locale=locale, digest=digest, page=page)


def fields_to_ask(conversation: Conversation, petition: Petition) -> tuple[Field, ...]:
    """The fields still to ask for, next one first: the chosen one, otherwise those refused or missing."""
    chosen = petition.field(conversation.asking)
    if chosen:
        return (chosen,)
    answers, errors = conversation.answers, conversation.errors
    return tuple(
        field
        for field in petition.fields
        if field.name in errors or (field.name not in answers and is_required(petition, field, answers))
    )


_SIGNING_EVENTS = (
    ev.Begin, ev.Answer, ev.Pick, ev.Reply, ev.Correct, ev.Skip, ev.Edit, ev.Remove, ev.SetUpdates, ev.Confirm, ev.Back,
)  # fmt: skip
_ANSWERING_EVENTS = (ev.Answer, ev.Reply, ev.Correct, ev.Skip, ev.Edit)


def _end(conversation: Conversation, outcome: Outcome) -> Conversation:
    """The conversation of a signer who can't sign; answers are kept unless they have signed already."""
    after = conclude(conversation, outcome)
    if outcome is Outcome.ALREADY_SIGNED:
        return after
    kept = replace(after, answers=conversation.answers, probes=conversation.probes)
    return replace(kept, updates=conversation.updates, by_email=conversation.by_email)


def _to_cover(conversation: Conversation, **changes: object) -> Conversation:
    calm: dict[str, object] = {"stage": Stage.READING, "trail": (), "errors": {}, "asking": "", "outcome": None}
    return replace(conversation, **(calm | changes))


@dataclass(frozen=True)
class _Rules:
    """The rules for one turn, with everything they depend on."""

    petition: Petition
    text: PetitionText
    now: dt.datetime
    known: SignerContext

    def turn(self, state: Conversation, event: Event) -> Turn:
        match event:
            case ev.Confirm():
                return self._confirm(state, event)
            case ev.Withdraw():
                return self._withdraw(state)
            case ev.NotMe():
                return self._not_me(state)
            case ev.SetUpdates():
                return choose_updates(state, self.petition, self.known, event)
            case StopUpdates():
                after = replace(state, updates=False, by_email=False, notice=Message("notice.no_updates"))
                return Turn(after.open_overlay(Overlay.UPDATES), demand=Demand.ALL_UPDATES_OFF)
            case ev.SendData() | SendProof() | SendText() | CanRead():
                return self._ask(state, event)
            case ev.Forget():
                fresh = Conversation(state.petition, state.locale, label=state.label)
                return Turn(replace(fresh, notice=Message("notice.forgotten")), demand=Demand.FORGET)
        return Turn(self._look(state, event) or self._say(state, event) or self._sign(state, event) or state)

    def _ask(self, state: Conversation, event: ev.SendData | SendProof | SendText | CanRead) -> Turn:
        """Ask for a file, or say what the app shows."""
        match event:
            case ev.SendData():
                return ask_for_data(state, self.now)
            case SendProof():
                return ask_for_proof(state, self.known.signature)
            case CanRead():
                return whole.answer(state, event)
        signed = self.known.signature is not None
        return Turn(state.open_overlay(Overlay.SIGNATURES), demand=Demand.SEND_TEXT) if signed else Turn(state)

    def _look(self, state: Conversation, event: Event) -> Conversation | None:
        """Handle events that only show something else."""
        match event:
            case ev.Open(label):
                return _to_cover(state, label=valid_label(label) or state.label, notice=state.notice)
            case ev.SetLocale(locale):
                return replace(speak(state, self.petition, locale), trail=())
        return look(state, event, self.text, self.known)

    def _sign(self, state: Conversation, event: Event) -> Conversation | None:
        """Handle events that lead to a signature."""
        match event:
            case ev.Begin():
                return self.begin(state)
            case ev.Answer(values, since):
                begun = state if state.stage in SIGNING else self.begin(state, since)
                return self._take(begun, values) if begun.stage in SIGNING else begun
            case ev.Skip() if state.stage is Stage.ANSWERING:
                return self._skip(state)
            case ev.Edit(name) if state.stage in SIGNING and self.petition.field(name):
                return replace(state, stage=Stage.ANSWERING, trail=(), asking=name)
            case ev.Pick() | ev.Remove() if state.stage in SIGNING:
                return self._choose(state, event)
            case ev.Cancel(kept) if state.answers or state.stage is not Stage.FINISHED:
                return _cancelled(state, kept=kept)
            case ev.Back():
                return self._step_back(state)
        return None

    def _choose(self, state: Conversation, choice: ev.Pick | ev.Remove) -> Conversation:
        """Take one of the values that a refusal offers, or remove an optional answer."""
        field = self.petition.field(choice.field)
        if isinstance(choice, ev.Remove):
            return self._proceed(state.without(choice.field)) if field and not field.required else state
        values = dict(enumerate(offered(state.errors.get(choice.field))))
        return self._take(state, {choice.field: values[choice.place]}) if choice.place in values else state

    def begin(self, state: Conversation, since: dt.datetime | None = None) -> Conversation:
        if is_paused(self.petition, self.known):
            return replace(state, notice=Message("notice.paused"))
        outcome = barrier(self.petition, self.known, self.now)
        return _end(state, outcome) if outcome else self._proceed(self._begun(state, since))

    def _begun(self, state: Conversation, since: dt.datetime | None = None) -> Conversation:
        answers = state.answers or self._prefilled(state)
        begun = replace(state, answers=answers, digest=self.text.digest, trail=(), outcome=None)
        return replace(begun, answered_at=min(since or self.now, self.now))

    def turned_away(self, state: Conversation, event: Event) -> Turn | None:
        """The turn of a signer who answers after the petition was paused or closed; None for every other turn.

        They learn of it at once, and what they gave is kept, including this answer.
        """
        rest = isinstance(event, ev.Reply) and goes_on(state, event)
        signing = state.stage in SIGNING or isinstance(event, ev.Answer) or rest
        outcome = barrier(self.petition, self.known, self.now)
        if not (signing and isinstance(event, _ANSWERING_EVENTS)) or outcome in (None, Outcome.ALREADY_SIGNED):
            return None
        begun = state if state.stage in SIGNING else replace(self._begun(state), stage=Stage.ANSWERING)
        given = self._say(begun, event) or self._sign(begun, event)
        kept = replace(state, answers=given.answers, unfinished=given.unfinished) if given else state
        if is_paused(self.petition, self.known):
            return Turn(_to_cover(kept, digest="", notice=Message("notice.paused")))
        return Turn(_end(kept, outcome))

    def _prefilled(self, state: Conversation) -> Mapping[str, str]:
        """Usable answers from an earlier signature or the profile."""
        if state.stranger:
            return {}
        return prefilled(self.petition, self.known.details, self.known.profile_name, state.locale)

    def kept(self, state: Conversation, event: Event, changed: Message) -> Conversation:
        """Return to the cover of a text that has changed, with every answer kept, including those of `event`."""
        answers = self._take(state, event.values).answers if isinstance(event, ev.Answer) else state.answers
        return _to_cover(state, answers=answers, digest="", notice=changed)

    def _take(self, state: Conversation, values: Mapping[str, str], *, settled: bool = False) -> Conversation:
        """Keep every valid value, and say what is wrong with the others."""
        after = take(self.petition, Filled(state.answers, state.errors), values, state.locale, settled=settled)
        asking = state.asking if state.asking in after.errors else ""
        probes = state.probes + count_probes(state, self.petition, values, after.errors, self.now)
        taken = replace(state, answers=after.answers, errors=after.errors, asking=asking, trail=())
        return self._proceed(replace(taken, probes=probes, answered_at=self.now))

    def _proceed(self, state: Conversation) -> Conversation:
        """Go to the next question, or to the review if no question is left."""
        more = fields_to_ask(state, self.petition)
        return replace(state, stage=Stage.ANSWERING if more else Stage.REVIEWING)

    def _say(self, state: Conversation, event: Event) -> Conversation | None:
        """Handle what is typed or sent."""
        asked = fields_to_ask(state, self.petition) if state.stage is Stage.ANSWERING else ()
        return said(state, event, next(iter(asked), None), self._take, greets=self.petition.is_open(self.now))

    def _skip(self, state: Conversation) -> Conversation:
        asked = fields_to_ask(state, self.petition)
        errors = {name: error for name, error in state.errors.items() if asked and name != asked[0].name}
        return self._proceed(replace(state, errors=errors, asking="", trail=()))

    def _step_back(self, state: Conversation) -> Conversation:
        """Go to the previous question, or from the first one to the cover; an edit returns to the review."""
        if state.stage is not Stage.ANSWERING:
            return _to_cover(state, notice=state.notice)
        asked = fields_to_ask(state, self.petition)
        calm = replace(state, errors={}, asking="")
        if not fields_to_ask(calm, self.petition):
            return self._proceed(calm)
        fields, answers = self.petition.fields, state.answers
        names = [field.name for field in fields if is_required(self.petition, field, answers)]
        first = asked[0].name if asked else ""
        earlier = names[: names.index(first)] if first in names else []
        earlier = [name for name in earlier if name in answers]
        return replace(calm, asking=earlier[-1]) if earlier else _to_cover(state)

    def _confirm(self, state: Conversation, event: ev.Confirm) -> Turn:
        if state.stage is not Stage.REVIEWING or state.trail:
            return Turn(state)
        if is_paused(self.petition, self.known):
            return Turn(replace(state, notice=Message("notice.paused")))
        outcome = barrier(self.petition, self.known, self.now)
        if outcome:
            return Turn(_end(state, outcome))
        checked = self._take(replace(state, answers={}), state.answers, settled=True)
        if checked.stage is not Stage.REVIEWING:
            return Turn(checked)
        return Turn(checked, submission=agreed(checked, self.petition, named=event.named).submission)

    def _withdraw(self, state: Conversation) -> Turn:
        if self.known.signature is None:
            return Turn(replace(state, notice=Message("notice.not_signed")))
        return Turn(conclude(state, Outcome.WITHDRAWN), demand=Demand.WITHDRAW)

    def _not_me(self, state: Conversation) -> Turn:
        nobody = replace(state, updates=False, by_email=False, stranger=True)
        stranger = replace(nobody, answers={}, errors={}, asking="", digest="")
        after = self.begin(stranger) if state.stage in SIGNING else _to_cover(stranger)
        return Turn(replace(after, notice=Message("notice.not_me")), demand=Demand.FORGET_DETAILS)


def _cancelled(state: Conversation, *, kept: bool) -> Conversation:
    if kept and state.answers:
        return _to_cover(state, digest="", notice=Message("notice.left"))
    notice = Message("notice.cancelled") if state.answers or state.stage in SIGNING else None
    return _to_cover(state, answers={}, updates=False, by_email=False, digest="", notice=notice)
