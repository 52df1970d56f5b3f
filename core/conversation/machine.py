"""The conversation's rules: `advance` takes any event in any state and returns the next state.

It is pure (no clock, no randomness, no storage) and total: an event that makes no sense in the current state, such as a
tap on an old message, changes nothing and only redraws the current screen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.conversation import state as ev
from core.conversation.my_data import ask_for_data
from core.conversation.state import SIGNING, Conversation, Demand, Event, Overlay, Stage, Turn, before_event
from core.messages import Message
from core.petition.form import CleaningContext, Field, FieldKind, clean
from core.petition.petition import Petition, PetitionStatus, PetitionText, valid_label
from core.signatures.signature import Outcome, SignerContext

SOURCES_LISTED = 8  # on a page of the list of sources


def advance(
    conversation: Conversation, event: Event, petition: Petition, now: dt.datetime, known: SignerContext | None = None
) -> Turn:
    """The turn that `event` causes; its conversation always has the next revision."""
    rules = _Rules(petition, petition.text(conversation.locale), now, known or SignerContext())
    before = before_event(conversation, event, now)
    if before.stage in SIGNING and before.digest != rules.text.digest:
        before = rules.kept(before, event)
        event = ev.Back() if isinstance(event, _SIGNING_EVENTS) else event
    if before.stage is Stage.ANSWERING and not fields_to_ask(before, petition):
        before = replace(before, stage=Stage.REVIEWING)  # the field that was asked for no longer exists
    turn = rules.turn(before, event)
    return replace(turn, conversation=replace(turn.conversation, revision=conversation.revision + 1))


def conclude(conversation: Conversation, outcome: Outcome) -> Conversation:
    """The conversation after signing succeeded or failed: finished, and without the answers."""
    return replace(
        conversation, stage=Stage.FINISHED, trail=(), outcome=outcome,
        answers={}, errors={}, asking="", updates=False, digest="", refused=0,
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
    return tuple(
        field
        for field in petition.fields
        if field.name in conversation.errors or (field.required and field.name not in conversation.answers)
    )


_SIGNING_EVENTS = (
    ev.Begin, ev.Answer, ev.Reply, ev.Correct, ev.Skip, ev.Edit, ev.Remove, ev.SetUpdates, ev.Confirm, ev.Back,
)  # fmt: skip


def _to_cover(conversation: Conversation, **changes: object) -> Conversation:
    calm: dict[str, object] = {"stage": Stage.READING, "trail": (), "errors": {}, "asking": "", "outcome": None}
    return replace(conversation, **(calm | changes))  # type: ignore[arg-type]


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
                return self._confirm(state)
            case ev.Withdraw():
                return self._withdraw(state)
            case ev.NotMe():
                return self._not_me(state)
            case ev.SetUpdates(wanted):
                return self._set_updates(state, wanted)
            case ev.SendData():
                return ask_for_data(state, self.now)
            case ev.Forget():
                fresh = Conversation(state.petition, state.locale, label=state.label)
                return Turn(replace(fresh, notice=Message("notice.forgotten")), demand=Demand.FORGET)
        return Turn(self._look(state, event) or self._sign(state, event) or state)

    def _look(self, state: Conversation, event: Event) -> Conversation | None:
        """Handle events that only show something else."""
        match event:
            case ev.Open(label):
                return _to_cover(state, label=valid_label(label) or state.label, notice=state.notice)
            case ev.TurnPage(page):
                last = len(self.text.pages) - 1
                return replace(state.open_overlay(Overlay.PAGE), page=min(max(page, 0), last))
            case ev.ListSources(page):
                last = (len(self.text.sources) - 1) // SOURCES_LISTED
                return replace(state.open_overlay(Overlay.SOURCES), list_page=max(min(page, last), 0))
            case ev.ShowSource(number):
                return self._show_source(state, number)
            case ev.Show(overlay):
                return self._show(state, overlay)
            case ev.Back() if state.trail:
                return replace(state, trail=state.trail[:-1])
            case ev.SetLocale(locale):
                return replace(speak(state, self.petition, locale), trail=())
        return None

    def _show_source(self, state: Conversation, number: int) -> Conversation:
        if self.text.source(number) is None:
            return replace(state.open_overlay(Overlay.SOURCES), list_page=0)
        return replace(state.open_overlay(Overlay.SOURCE), source=number)

    def _show(self, state: Conversation, overlay: Overlay) -> Conversation:
        if overlay is Overlay.SOURCE and self.text.source(state.source) is None:
            overlay = Overlay.SOURCES
        if overlay is Overlay.WITHDRAW and self.known.signature is None:
            return replace(state, notice=Message("notice.not_signed"))
        return state.open_overlay(overlay)

    def _sign(self, state: Conversation, event: Event) -> Conversation | None:
        """Handle events that lead to a signature."""
        match event:
            case ev.Begin():
                return self.begin(state)
            case ev.Answer(values):
                begun = state if state.stage in SIGNING else self.begin(state)
                return self._take(begun, values) if begun.stage in SIGNING else begun
            case ev.Reply(text):
                return self._reply(state, text)
            case ev.Correct(text):
                return self._correct(state, text)
            case ev.Skip() if state.stage is Stage.ANSWERING:
                return self._skip(state)
            case ev.Edit(name) if state.stage in SIGNING and self.petition.field(name):
                return replace(state, stage=Stage.ANSWERING, trail=(), asking=name)
            case ev.Remove(name) if state.stage in SIGNING:
                field = self.petition.field(name)
                return self._proceed(state.without(name)) if field and not field.required else state
            case ev.Cancel() if state.stage is not Stage.FINISHED:
                notice = Message("notice.cancelled") if state.answers or state.stage in SIGNING else None
                return _to_cover(state, answers={}, updates=False, digest="", notice=notice)
            case ev.Back():
                return self._step_back(state)
        return None

    def begin(self, state: Conversation) -> Conversation:
        if self._is_paused:
            return replace(state, notice=Message("notice.paused"))
        barrier = self._barrier()
        if barrier:
            return conclude(state, barrier)
        answers = state.answers or self._prefilled(state)
        return self._proceed(replace(state, answers=answers, digest=self.text.digest, trail=(), outcome=None))

    @property
    def _is_paused(self) -> bool:
        """True while organizers have paused the petition, which keeps the answers."""
        return self.petition.decision.status is PetitionStatus.PAUSED and self.known.signature is None

    def _barrier(self) -> Outcome | None:
        """The reason that this signer cannot sign, if any."""
        if self.known.signature:
            return Outcome.ALREADY_SIGNED
        if self.petition.is_open(self.now):
            return None
        early = self.petition.opens and self.now.astimezone(dt.UTC).date() < self.petition.opens
        return Outcome.NOT_YET_OPEN if early else Outcome.CLOSED

    def _prefilled(self, state: Conversation) -> Mapping[str, str]:
        """Usable answers from an earlier signature or the profile."""
        if state.stranger:
            return {}
        answers: dict[str, str] = {}
        for field in self.petition.fields:
            raw = self.known.details.get(field.kind, "")
            if not raw and field.kind is FieldKind.NAME and field.required:
                raw = self.known.profile_name
            value = clean(field, raw, self._cleaning_context(state.locale, field, answers)) if raw else None
            if isinstance(value, str):
                answers[field.name] = value
        return answers

    def _cleaning_context(self, locale: str, field: Field, answers: Mapping[str, str]) -> CleaningContext:
        countries = (answers.get(field.name) for field in self.petition.fields if field.kind is FieldKind.COUNTRY)
        return CleaningContext(locale, next(countries, None), self.text.options.get(field.name, {}))

    def kept(self, state: Conversation, event: Event) -> Conversation:
        """Return to the cover of a text that has changed, with every answer kept, including those of `event`."""
        answers = self._take(state, event.values).answers if isinstance(event, ev.Answer) else state.answers
        return _to_cover(state, answers=answers, digest="", notice=Message("notice.text_changed"))

    def _take(self, state: Conversation, values: Mapping[str, str]) -> Conversation:
        """Keep every valid value, and say what is wrong with the others."""
        answers, errors = dict(state.answers), dict(state.errors)
        for field in self.petition.fields:
            if field.name not in values:
                continue
            errors.pop(field.name, None)
            raw = values[field.name]
            value = clean(field, raw, self._cleaning_context(state.locale, field, answers))
            if isinstance(value, str):
                answers[field.name] = value
            elif not raw.strip() and not field.required:
                answers.pop(field.name, None)
            else:
                errors[field.name] = value
        asking = state.asking if state.asking in errors else ""
        refused = state.refused + len(errors.keys() & values.keys())
        return self._proceed(replace(state, answers=answers, errors=errors, asking=asking, trail=(), refused=refused))

    def _proceed(self, state: Conversation) -> Conversation:
        """Go to the next question, or to the review if no question is left."""
        more = fields_to_ask(state, self.petition)
        return replace(state, stage=Stage.ANSWERING if more else Stage.REVIEWING)

    def _reply(self, state: Conversation, text: str) -> Conversation:
        asked = fields_to_ask(state, self.petition)
        if state.stage is Stage.ANSWERING and asked:
            return self._take(state, {asked[0].name: text})
        welcome = state.is_untouched and text  # a sticker has none
        return replace(state, notice=state.notice or Message("notice.welcome" if welcome else "notice.use_buttons"))

    def _correct(self, state: Conversation, text: str) -> Conversation:
        """Take an edited old message, which can only correct a refused answer."""
        asked = fields_to_ask(state, self.petition)
        if state.stage is Stage.ANSWERING and asked and asked[0].name in state.errors:
            return self._take(state, {asked[0].name: text})
        return replace(state, notice=state.notice or Message("notice.edited"))

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
        names = [field.name for field in self.petition.fields if field.required]
        first = asked[0].name if asked else ""
        earlier = names[: names.index(first)] if first in names else []
        earlier = [name for name in earlier if name in state.answers]
        return replace(calm, asking=earlier[-1]) if earlier else _to_cover(state)

    def _confirm(self, state: Conversation) -> Turn:
        if state.stage is not Stage.REVIEWING or state.trail:
            return Turn(state)
        if self._is_paused:
            return Turn(replace(state, notice=Message("notice.paused")))
        barrier = self._barrier()
        if barrier:
            return Turn(conclude(state, barrier))
        checked = self._take(replace(state, answers={}), state.answers)
        if checked.stage is not Stage.REVIEWING:
            return Turn(checked)
        return Turn(checked, submission=checked.submission)

    def _withdraw(self, state: Conversation) -> Turn:
        if self.known.signature is None:
            return Turn(replace(state, notice=Message("notice.not_signed")))
        return Turn(conclude(state, Outcome.WITHDRAWN), demand=Demand.WITHDRAW)

    def _not_me(self, state: Conversation) -> Turn:
        stranger = replace(state, answers={}, errors={}, asking="", updates=False, digest="", stranger=True)
        after = self.begin(stranger) if state.stage in SIGNING else _to_cover(stranger)
        return Turn(replace(after, notice=Message("notice.not_me")), demand=Demand.FORGET_DETAILS)

    def _set_updates(self, state: Conversation, wanted: bool) -> Turn:
        """Set consent to updates: before signing as part of the review, afterwards on the signature."""
        if state.stage in SIGNING:
            return Turn(replace(state, updates=wanted, trail=()))
        if self.known.signature is None:
            return Turn(state)
        notice = Message("notice.updates_on") if wanted else Message("notice.updates_off")
        return Turn(replace(state, notice=notice), demand=Demand.UPDATES_ON if wanted else Demand.UPDATES_OFF)
