"""`/review`: signatures held back or already decided; one by one, or many by filters."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from core.conversation.notices import notice_line
from core.conversation.screen import Button, Emphasis, Facts, Line, Part, Screen, Style
from core.messages import Argument, Command, Message, Words
from core.organizer.command import (
    FILTERS,
    PETITION,
    OrganizerCommand,
    OrganizerContext,
    Parameter,
    about_petition,
    carried,
    difference,
    number,
    quoted,
    sentence,
)
from core.organizer.deciding import NAME as _NAME
from core.organizer.deciding import apply, decide_one, note, possible
from core.organizer.kept_search import put_search, unopened_lines
from core.organizer.review_filters import ANY, NO_FILTERS, FilterFault, Filters, Misread, parse_filters
from core.organizer.review_matches import Matches, alternative_lines, keep_matches, other_values, recall_matches
from core.organizer.review_order import (
    ConfirmPlan,
    ExplainFilters,
    ListSignatures,
    ReviewMany,
    ReviewOne,
    ReviewOrder,
    parse_review,
)
from core.organizer.review_words import ACTIONS, AFFECTED, SIGNALS, STATUSES, ReviewAction
from core.organizer.signature_entry import decision_buttons, signature_entry
from core.organizer.thresholds import SetThreshold, set_threshold
from core.petition.petition import Petition
from core.petition.trial import is_trial
from core.signatures.quarantine import Signal
from core.signatures.review import Plan, Query, StatusChange
from core.signatures.sealed_filter import MOST_MATCHES, SealedSearch
from core.signatures.signature import Signature, SignatureStatus

SHOWN = 4
_SOME_FILTERS = "reason=burst since=2h"
_EVERY_FILTER = (
    f"{_SOME_FILTERS} platform=discord language=en label=abc status=counted until=2026-11-24 email=ada@example.org "
    'domain=example.org name="Ada Lovelace" country=Kenya'
)
_FAULTS: Mapping[FilterFault, str] = {FilterFault.TWICE: "review.twice", FilterFault.COMBINED: "review.combined"}


def _review(context: OrganizerContext, order: ReviewOrder) -> Screen:
    match order:
        case SetThreshold():
            return set_threshold(context, order)
        case ConfirmPlan(code):
            return _confirm(context, code)
        case ReviewOne():
            return _review_one(context, order)
        case ReviewMany() | ListSignatures():
            return _review_many(context, order)
        case ExplainFilters(misread):
            return _explain(misread)


def _review_many(context: OrganizerContext, order: ListSignatures | ReviewMany) -> Screen:
    if order.filters.found:
        found = recall_matches(context, order.filters.found)
        if found is None or order.petition not in ("", found.petition.slug):
            return sentence("review.gone", command=Command(_NAME))
        order = order.about(found.petition.slug)
    if order.filters.sealed and not (order.petition or context.open_petition):  # no button may carry these words
        return sentence("review.which", command=Command(_NAME), petitions=tuple(context.petitions))
    if isinstance(order, ReviewMany):
        return about_petition(_preview)(context, order)
    return about_petition(_list)(context, order)


def _explain(misread: Misread) -> Screen:
    statuses = tuple(status.value for status in STATUSES)
    reasons = tuple(signal.value for signal in Signal)
    examples = {"list": Command(f"{_NAME} {_EVERY_FILTER}"), "decide": Command(f"{_NAME} invalidate {_SOME_FILTERS}")}
    how = sentence("review.how", command=Command(_NAME), **examples, reasons=reasons, statuses=(*statuses, ANY))
    if not misread.words:
        return how
    about: dict[str, Argument] = {"words": quoted(misread.words), "near": misread.near}
    if misread.fault in _FAULTS:
        return sentence(_FAULTS[misread.fault], filter=misread.words)
    key = "review.misread_near" if misread.near else "review.misread"
    return Screen((Line(Message(key, about), Style.ALERT), *how.parts))


def _list(context: OrganizerContext, order: ListSignatures, notice: Message | None = None) -> Screen:
    """The number of matching signatures, the signals against them, and the oldest ones with their buttons."""
    reviews, query = context.work.reviews, _query(context, order)
    if order.filters.sealed:
        return _search(context, order, query)
    parts: list[Part] = [notice_line(notice)] if notice else []
    parts.append(Line(Message("review.title", {"title": context.title(query.petition)}), Style.HEADING))
    every = replace(query, after=0)
    signatures = reviews.first(query, SHOWN + 1) or reviews.first(every, SHOWN + 1)
    counts = reviews.counts(every)
    parts.append(Facts(_by_status(counts)) if counts else Line(Message("review.nothing")))
    if not counts and not order.filters.found:
        parts += alternative_lines(query, order.filters.given, other_values(reviews, query))
    reasons = reviews.reasons(query)
    if reasons:
        rows = tuple((words, number(reasons[signal])) for signal, words in SIGNALS.items() if signal in reasons)
        parts += [Line(Message("review.reasons")), Facts(rows)]
    buttons = []
    for signature in signatures[:SHOWN]:
        orders = {action: _decision(action, signature.receipt, order.filters) for action in possible(signature)}
        parts += signature_entry(context, signature, orders)
        buttons.append(decision_buttons(signature, orders))
    if len(signatures) > SHOWN:
        buttons.append(tuple(_next(order, signatures[SHOWN - 1])))
    if order.filters.found:
        buttons += _for_all(order.filters.found, counts)
    buttons.append((Button(Message("review.thresholds"), order=SetThreshold()),))
    return Screen(tuple(parts), tuple(buttons))


def _decision(action: ReviewAction, receipt: str, filters: Filters) -> ReviewOne:
    """The order to decide about a signature and go on with the list, or with its status if the filters don't fit."""
    kept = (filters, replace(filters, after=0), Filters(filters.status))
    return next(order for each in kept if (order := carried(ReviewOne(action, receipt, each))))


def _next(order: ListSignatures, last: Signature) -> Iterator[Button]:
    """The button to the next signatures, if the filters fit on it."""
    found = order.filters.found
    filters = Filters(found=found) if found else order.filters
    petition = "" if found else order.petition
    after = carried(replace(order, petition=petition, filters=replace(filters, after=last.id or 0)))
    if after:
        yield Button(Message("review.next"), order=after)


def _for_all(code: str, counts: Mapping[SignatureStatus, int]) -> Iterator[tuple[Button, ...]]:
    """The buttons to decide about everything that a search found."""
    for action, statuses in AFFECTED.items():
        if any(counts.get(status) for status in statuses):
            yield (Button(Message(ACTIONS[action].now), order=ReviewMany("", action, Filters(found=code))),)


def _query(context: OrganizerContext, order: ListSignatures | ReviewMany) -> Query:
    """The query for an order, or for what a search found."""
    found = recall_matches(context, order.filters.found) if order.filters.found else None
    return _query_of(context.petitions[order.petition], order, found, context.now)


def _query_of(petition: Petition, order: ListSignatures | ReviewMany, found: Matches | None, now: dt.datetime) -> Query:
    usual = usual_status(order)
    if found is None:
        return order.filters.query(petition, now, usual)
    return replace(found.query(usual), after=order.filters.after)


def _search(context: OrganizerContext, order: ListSignatures | ReviewMany, query: Query) -> Screen:
    """Search later for what is sealed, unless nothing matches the other filters."""
    if not context.work.reviews.counts(query):
        lines = alternative_lines(query, order.filters.given, other_values(context.work.reviews, query))
        return Screen((*sentence("review.nothing").parts, *lines))
    note(context, " ".join(("search", order.petition, *order.filters.sealed.names)))
    put_search(context, _NAME, order.argument)
    return sentence("erase.searching")


def answer_matches(context: OrganizerContext, order: ListSignatures | ReviewMany, search: SealedSearch) -> Screen:
    """The answer to a search for what is sealed."""
    usual = usual_status(order)
    lines = tuple(unopened_lines(search.unopened))
    if search.is_too_much:
        return Screen((Line(Message("review.too_many", {"most": MOST_MATCHES}), Style.ALERT), *lines))
    if not search.ids:
        query = order.filters.query(context.petitions[order.petition], context.now, usual)
        more = alternative_lines(query, order.filters.given, search.alternatives)
        return Screen((*sentence("review.nothing").parts, *more, *lines))
    code = keep_matches(context, order.petition, order.filters, search.ids)
    shown = replace(order, filters=Filters(found=code))
    screen = _preview(context, shown) if isinstance(shown, ReviewMany) else _list(context, shown)
    return replace(screen, parts=(*lines, *screen.parts))


def usual_status(order: ListSignatures | ReviewMany) -> SignatureStatus:
    """The status that an order is about unless it names one."""
    return AFFECTED[order.action][0] if isinstance(order, ReviewMany) else SignatureStatus.QUARANTINED


def _by_status(
    counts: Mapping[SignatureStatus, int], written: Callable[[int], Message] = number
) -> tuple[tuple[Words, Words], ...]:
    return tuple((words, written(counts[status])) for status, words in STATUSES.items() if counts.get(status))


def _review_one(context: OrganizerContext, order: ReviewOne) -> Screen:
    """Decide about a single signature immediately, since it can be undone; then show the next ones of its list."""
    receipt, filters = order.receipt, order.filters
    slug = context.work.reviews.petition_of(receipt)
    if slug is None or is_trial(slug) or slug not in context.petitions:
        return sentence("review.unknown", receipt=receipt)
    signature = decide_one(context, order.action, slug, receipt)
    if signature is None:
        return sentence("review.unknown", receipt=receipt)
    notice = Message("review.now", {"receipt": receipt, "status": STATUSES[signature.status]})
    is_gone = filters.found and recall_matches(context, filters.found) is None
    return _list(context, ListSignatures(slug, NO_FILTERS if is_gone else filters), notice)


def _preview(context: OrganizerContext, order: ReviewMany) -> Screen:
    """The number of matching signatures, before anything is done; confirming applies to those signed up to now."""
    slug, action, words = order.petition, order.action, str(replace(order.filters, found=""))
    query = _query(context, order)
    if order.filters.sealed:
        return _search(context, order, query)
    counts = context.work.reviews.counts(query)
    affected = set(AFFECTED[action])
    if action is ReviewAction.ACCEPT and not query.means_duplicates:
        affected -= {SignatureStatus.DUPLICATE}
    counts = {status: count for status, count in counts.items() if status in affected}
    if not counts:
        lines = alternative_lines(query, order.filters.given, other_values(context.work.reviews, query, affected))
        return Screen((*sentence("review.nothing").parts, *lines))
    code = context.new_code()
    context.work.reviews.keep(code, Plan(slug, order.rest.strip(), context.now))
    about: dict[str, Argument] = {"title": context.title(slug), "command": Command(f"{_NAME} {ReviewAction.RESTORE}")}
    question = Line(Message(ACTIONS[action].ask, about), Style.HEADING)
    yes = Button(Message(ACTIONS[action].now), order=ConfirmPlan(code), emphasis=Emphasis.PRIMARY)
    found = order.filters.found
    back = carried(ListSignatures("" if found else slug, order.filters)) or ListSignatures(slug)
    no = Button(Message("review.back"), order=back)
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
    if isinstance(filters, Misread):  # an older version kept them
        return sentence("review.gone", command=Command(_NAME))
    found = recall_matches(context, filters.found) if filters.found else None
    if filters.found and found is None:
        return sentence("review.gone", command=Command(_NAME))
    petition = context.petitions[plan.petition]
    query = _query_of(petition, ReviewMany(plan.petition, action, filters), found, plan.at)
    changes = apply(context, action, query)
    count = _decided(changes, duplicates=query.status is SignatureStatus.DUPLICATE)
    noted = found.noted if found else filters.noted
    note(context, f"{action} {plan.petition} {noted}".strip() + f": {count}")
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


REVIEW = OrganizerCommand(
    _NAME, Message("command.review"), parse_review, _review, noted=False,
    parameters=(PETITION, Parameter("action", tuple(ReviewAction)), FILTERS),
)  # fmt: skip
"""Looking is not recorded; every change is, with its result."""
