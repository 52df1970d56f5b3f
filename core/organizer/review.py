"""`/review`: signatures held back or already decided; one by one, or many by filters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, TypeAlias

from core.conversation.notices import notice_line
from core.conversation.screen import Button, Facts, Line, Part, Screen, Style
from core.messages import Argument, Command, Message, Words
from core.organizer.command import (
    OrganizerCommand,
    OrganizerContext,
    PetitionOrder,
    Petitions,
    about_petition,
    carried,
    difference,
    number,
    sentence,
    split_petition,
)
from core.organizer.deciding import NAME as _NAME
from core.organizer.deciding import apply, decide_one, note, possible
from core.organizer.review_filters import ANY, NO_FILTERS, Filters, parse_filters
from core.organizer.review_words import ACTIONS, AFFECTED, SIGNALS, STATUSES, ReviewAction
from core.organizer.signature_entry import signature_entry
from core.organizer.thresholds import SetThreshold, parse_threshold, set_threshold
from core.signatures.quarantine import Signal
from core.signatures.review import Plan, StatusChange
from core.signatures.signature import Signature, SignatureStatus

SHOWN = 4
_RECEIPT = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


@dataclass(frozen=True, slots=True)
class ListSignatures(PetitionOrder):
    """Show the signatures that match filters."""

    name = _NAME
    filters: Filters = NO_FILTERS

    @property
    def rest(self) -> str:
        """The filters."""
        return str(self.filters)


@dataclass(frozen=True, slots=True)
class ReviewMany(PetitionOrder):
    """Offer a decision about all signatures that match filters."""

    name = _NAME
    action: ReviewAction = ReviewAction.ACCEPT
    filters: Filters = NO_FILTERS

    @property
    def rest(self) -> str:
        """The action and the filters."""
        return f"{self.action} {self.filters}"


@dataclass(frozen=True, slots=True)
class ReviewOne:
    """Decide about one signature immediately."""

    name: ClassVar[str] = _NAME
    action: ReviewAction
    receipt: str

    @property
    def argument(self) -> str:
        """The action and the receipt."""
        return f"{self.action} {self.receipt}"


@dataclass(frozen=True, slots=True)
class ConfirmPlan:
    """Carry out what ReviewMany offered, by its code."""

    name: ClassVar[str] = _NAME
    code: str

    @property
    def argument(self) -> str:
        """The word that confirms, and the code."""
        return f"do {self.code}"


@dataclass(frozen=True, slots=True)
class ExplainFilters:
    """Explain the filters, after a command whose filters could not be parsed."""

    name: ClassVar[str] = _NAME
    argument: ClassVar[str] = "?"


ReviewOrder: TypeAlias = ListSignatures | ReviewMany | ReviewOne | ConfirmPlan | SetThreshold | ExplainFilters


def _parse(argument: str, petitions: Petitions) -> ReviewOrder:
    """Parse the action in the first word; without one, the order is about a petition."""
    verb, _, rest = argument.partition(" ")
    verb, rest = verb.lower(), rest.strip()
    if verb == "set":
        return parse_threshold(rest)
    if verb == "do":
        return ConfirmPlan(rest.upper())
    if verb in set(ReviewAction) and _RECEIPT.fullmatch(rest.upper()):
        return ReviewOne(ReviewAction(verb), rest.upper())
    slug, words = split_petition(argument, petitions)
    verb, _, rest = words.partition(" ")
    action = ReviewAction(verb.lower()) if verb.lower() in set(ReviewAction) else None
    filters = parse_filters(rest if action else words)
    if filters is None:
        return ExplainFilters()
    return ReviewMany(slug, action, filters) if action else ListSignatures(slug, filters)


def _review(context: OrganizerContext, order: ReviewOrder) -> Screen:
    match order:
        case SetThreshold():
            return set_threshold(context, order)
        case ConfirmPlan(code):
            return _confirm(context, code)
        case ReviewOne(action, receipt):
            return _review_one(context, action, receipt)
        case ReviewMany():
            return about_petition(_preview)(context, order)
        case ListSignatures():
            return about_petition(_list)(context, order)
    return _explain()


def _explain() -> Screen:
    statuses = tuple(status.value for status in STATUSES)
    reasons = tuple(signal.value for signal in Signal)
    return sentence("review.how", command=Command(_NAME), reasons=reasons, statuses=(*statuses, ANY))


def _list(context: OrganizerContext, order: ListSignatures, notice: Message | None = None) -> Screen:
    """The number of matching signatures, the signals against them, and the oldest ones with their buttons."""
    reviews, query = context.work.reviews, order.filters.query(order.petition, context.now, SignatureStatus.QUARANTINED)
    parts: list[Part] = [notice_line(notice)] if notice else []
    parts.append(Line(Message("review.title", {"title": context.title(query.petition)}), Style.HEADING))
    signatures, counts = reviews.first(query, SHOWN + 1), reviews.counts(replace(query, after=0))
    parts.append(Facts(_by_status(counts)) if counts else Line(Message("review.nothing")))
    reasons = reviews.reasons(query)
    if reasons:
        rows = tuple((words, number(reasons[signal])) for signal, words in SIGNALS.items() if signal in reasons)
        parts += [Line(Message("review.reasons")), Facts(rows)]
    buttons = []
    for signature in signatures[:SHOWN]:
        parts += signature_entry(context, signature)
        buttons.append(tuple(_decisions(signature)))
    if len(signatures) > SHOWN:
        buttons.append(tuple(_next(order, signatures[SHOWN - 1])))
    buttons.append((Button(Message("review.thresholds"), order=SetThreshold()),))
    return Screen(tuple(parts), tuple(buttons))


def _next(order: ListSignatures, last: Signature) -> Iterator[Button]:
    """The button to the next signatures, if the filters fit on it."""
    after = carried(replace(order, filters=replace(order.filters, after=last.id or 0)))
    if after:
        yield Button(Message("review.next"), order=after)


def _by_status(
    counts: Mapping[SignatureStatus, int], written: Callable[[int], Message] = number
) -> tuple[tuple[Words, Words], ...]:
    return tuple((words, written(counts[status])) for status, words in STATUSES.items() if counts.get(status))


def _decisions(signature: Signature) -> Iterator[Button]:
    for action in possible(signature):
        words = Message(ACTIONS[action].button, {"receipt": signature.receipt})
        yield Button(words, order=ReviewOne(action, signature.receipt))


def _review_one(context: OrganizerContext, action: ReviewAction, receipt: str) -> Screen:
    """Decide about a single signature immediately, since it can be undone; then show the next ones."""
    slug = context.work.reviews.petition_of(receipt)
    if slug is None or slug not in context.petitions:
        return sentence("review.unknown", receipt=receipt)
    signature = decide_one(context, action, slug, receipt)
    if signature is None:
        return sentence("review.unknown", receipt=receipt)
    notice = Message("review.now", {"receipt": receipt, "status": STATUSES[signature.status]})
    return _list(context, ListSignatures(slug), notice)


def _preview(context: OrganizerContext, order: ReviewMany) -> Screen:
    """The number of matching signatures, before anything is done; confirming applies to those signed up to now."""
    slug, action, words = order.petition, order.action, str(order.filters)
    query = order.filters.query(slug, context.now, AFFECTED[action][0])
    counts = context.work.reviews.counts(query)
    affected = set(AFFECTED[action])
    if action is ReviewAction.ACCEPT and not query.means_duplicates:
        affected -= {SignatureStatus.DUPLICATE}
    counts = {status: count for status, count in counts.items() if status in affected}
    if not counts:
        return sentence("review.nothing")
    code = context.new_code()
    context.work.reviews.keep(code, Plan(slug, order.rest.strip(), context.now))
    about: dict[str, Argument] = {"title": context.title(slug), "command": Command(_NAME)}
    question = Line(Message(ACTIONS[action].ask, about), Style.HEADING)
    yes = Button(Message(ACTIONS[action].now), order=ConfirmPlan(code), primary=True)
    no = Button(Message("review.back"), order=ListSignatures(slug))
    filters = (Line(words),) if words else ()
    return Screen((question, *filters, Facts(_by_status(counts))), ((yes, no),))


def _confirm(context: OrganizerContext, code: str) -> Screen:
    plan = context.work.reviews.take(code)
    if plan is None or plan.is_old(context.now) or plan.petition not in context.petitions:
        return sentence("review.gone", command=Command(_NAME))
    verb, _, words = plan.words.partition(" ")
    if verb not in set(ReviewAction):
        return sentence("review.gone", command=Command(_NAME))
    action, filters = ReviewAction(verb), parse_filters(words)
    assert filters is not None  # noqa: S101  (they were read before they were kept)
    changes = apply(context, action, filters.query(plan.petition, plan.at, AFFECTED[action][0]))
    count = _decided(changes, duplicates=filters.status == SignatureStatus.DUPLICATE)
    note(context, f"{action} {plan.petition} {words}".strip() + f": {count}")
    back = Button(Message("review.back"), order=ListSignatures(plan.petition))
    return Screen(
        (Line(Message("review.done"), Style.HEADING), Facts(_by_status(_totals(changes), difference))), ((back,),)
    )


def _decided(changes: Iterable[StatusChange], *, duplicates: bool) -> int:
    """The number of signatures decided on, without those changed only because of a shared mailbox."""
    decided = {SignatureStatus.QUARANTINED, SignatureStatus.INVALID}
    before = decided | {SignatureStatus.DUPLICATE} if duplicates else decided
    return sum(change.count for change in changes if change.before in before or change.after is SignatureStatus.INVALID)


def _totals(changes: Iterable[StatusChange]) -> Mapping[SignatureStatus, int]:
    """The change to each count."""
    totals = Counter[SignatureStatus]()
    for change in changes:
        totals[change.after] += change.count
        totals[change.before] -= change.count
    return totals


REVIEW = OrganizerCommand(_NAME, Message("command.review"), _parse, _review, noted=False)
"""Looking is not recorded; every change is, with its result."""
