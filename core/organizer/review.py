"""`/review`: signatures that something speaks against; accepted or made invalid one by one, or many by query."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from core.conversation.screen import Button, Facts, Line, Order, Part, Screen, Style
from core.messages import Message, Words
from core.organizer.command import Context, OrganizerCommand, about_petition, carried, number, said
from core.organizer.review_words import ANY, MOVED, SIGNALS, STATUSES, read_query
from core.organizer.thresholds import set_thresholds
from core.petition.form import FieldKind
from core.ports import AuditEntry
from core.services.ledger import Ledger
from core.signatures.quarantine import Signal
from core.signatures.review import Plan, Query, StatusChange
from core.signatures.signature import Signature, SignatureStatus

SHOWN = 4
_RECEIPT = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")
_BUTTONS: Mapping[str, str] = {
    "accept": "review.accept",
    "invalidate": "review.invalidate",
    "restore": "review.restore",
}
_QUESTIONS: Mapping[str, str] = {
    "accept": "review.accept_ask",
    "invalidate": "review.invalidate_ask",
    "restore": "review.restore_ask",
}


def _review(context: Context, argument: str) -> Screen:
    """What the first word asks for; otherwise it is about a petition."""
    first, _, rest = argument.partition(" ")
    verb, receipt = first.lower(), rest.strip().upper()
    if verb == "set":
        return set_thresholds(context, rest.strip())
    if verb == "do":
        return _do(context, receipt)
    if verb in MOVED and _RECEIPT.fullmatch(receipt):
        return _one(context, verb, receipt)
    return _chosen(context, argument)


def _about(context: Context, slug: str, argument: str) -> Screen:
    verb, _, words = argument.partition(" ")
    if verb.lower() in MOVED:
        return _preview(context, slug, verb.lower(), words)
    query = read_query(slug, argument, context.now, SignatureStatus.QUARANTINED)
    return _listed(context, query, words=argument) if query else _how()


_chosen = about_petition("review", _about)


def _how() -> Screen:
    statuses = tuple(status.value for status in STATUSES)
    words = {"reasons": tuple(signal.value for signal in Signal), "statuses": (*statuses, ANY)}
    return Screen((Line(Message("review.how", words)),))


def _listed(context: Context, query: Query, notice: Message | None = None, words: str = "") -> Screen:
    """How many are meant, what speaks against them, and the oldest of them with what can be done."""
    reviews = context.work.reviews
    parts: list[Part] = [Line(notice, Style.ALERT)] if notice else []
    parts.append(Line(Message("review.title", {"title": context.title(query.petition)}), Style.HEADING))
    found, counts = reviews.first(query, SHOWN + 1), reviews.counts(replace(query, after=0))
    parts.append(Facts(_by_status(counts)) if counts else Line(Message("review.nothing")))
    reasons = reviews.reasons(query)
    if reasons:
        rows = tuple((words, number(reasons[signal])) for signal, words in SIGNALS.items() if signal in reasons)
        parts += [Line(Message("review.reasons")), Facts(rows)]
    buttons = []
    for one in found[:SHOWN]:
        parts += _entry(context, one)
        buttons.append(tuple(_deeds(one)))
    if len(found) > SHOWN:
        buttons.append(tuple(_next(query.petition, words, found[SHOWN - 1])))
    buttons.append((Button(Message("review.thresholds"), order=Order("review", "set")),))
    return Screen(tuple(parts), tuple(buttons))


def _next(slug: str, words: str, last: Signature) -> Iterator[Button]:
    """Leads to those after the last one shown, if what was asked for has room behind a button."""
    asked = [word for word in words.split() if not word.lower().startswith("after=")]
    argument = " ".join((slug, *asked, f"after={last.id}"))
    if carried(argument):
        yield Button(Message("review.next"), order=Order("review", argument))


def _by_status(counts: Mapping[SignatureStatus, int]) -> tuple[tuple[Words, Words], ...]:
    return tuple((words, number(counts[status])) for status, words in STATUSES.items() if counts.get(status))


def _entry(context: Context, signature: Signature) -> Iterator[Part]:
    petition = context.petitions[signature.petition]
    names = [one.name for one in petition.fields if one.kind is FieldKind.NAME]
    places = [one.name for one in petition.fields if one.kind in (FieldKind.POSTAL_CODE, FieldKind.COUNTRY)]
    came: tuple[str | Message, ...] = (
        signature.platform, signature.locale, signature.label or Message("organizer.no_link"),
    )  # fmt: skip
    why = tuple(SIGNALS[signal] for signal in Signal if signal in signature.reason.split())
    rows: list[tuple[Words, Words]] = [
        (Message("review.signed"), f"{signature.signed_at.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC"),
        (Message("review.came"), Message("review.list", {"words": came})),
        (Message("label.name"), " ".join(signature.answers.get(name, "") for name in names)),
        (Message("review.place"), " ".join(signature.answers.get(name, "") for name in places)),
    ]
    if why:
        rows.append((Message("review.reasons"), Message("review.list", {"words": why})))
    yield Line(Message("review.entry", {"receipt": signature.receipt, "number": signature.number}), Style.HEADING)
    yield Facts(tuple(rows))


def _deeds(signature: Signature) -> Iterator[Button]:
    for verb, statuses in MOVED.items():
        if signature.status in statuses:
            words = Message(_BUTTONS[verb], {"receipt": signature.receipt})
            yield Button(words, order=Order("review", f"{verb} {signature.receipt}"))


def _one(context: Context, verb: str, receipt: str) -> Screen:
    """Do it to a single signature at once, since it can be undone; then show the next ones."""
    slug = context.work.reviews.petition_of(receipt)
    if slug is None or slug not in context.petitions:
        return said("review.unknown", receipt=receipt)
    mine = Query(slug, receipt=receipt)
    moves = _move(context, verb, mine)
    found = context.work.reviews.first(mine, 1)
    if not found:
        return said("review.unknown", receipt=receipt)
    if moves:  # by its number, since the log is for ever and the receipt leads to a person
        _note(context, f"{verb} {slug} number={found[0].number}")
    notice = Message("review.now", {"receipt": receipt, "status": STATUSES[found[0].status]})
    return _listed(context, Query(slug, SignatureStatus.QUARANTINED), notice)


def _preview(context: Context, slug: str, verb: str, words: str) -> Screen:
    """How many are meant, before anything is done; who confirms means the signatures up to now."""
    words = " ".join(words.split())
    query = read_query(slug, words, context.now, MOVED[verb][0])
    if query is None:
        return _how()
    counts = {status: count for status, count in context.work.reviews.counts(query).items() if status in MOVED[verb]}
    if not counts:
        return said("review.nothing")
    code = context.new_code()
    context.work.reviews.keep(code, Plan(slug, f"{verb} {words}".strip(), context.now))
    question = Line(Message(_QUESTIONS[verb], {"title": context.title(slug)}), Style.HEADING)
    yes = Button(Message("organizer.yes"), order=Order("review", f"do {code}"), primary=True)
    no = Button(Message("review.back"), order=Order("review", slug))
    filters = (Line(words),) if words else ()
    return Screen((question, *filters, Facts(_by_status(counts))), ((yes,), (no,)))


def _do(context: Context, code: str) -> Screen:
    plan = context.work.reviews.take(code)
    if plan is None or plan.petition not in context.petitions:
        return said("review.gone")
    verb, _, words = plan.words.partition(" ")
    query = read_query(plan.petition, words, plan.at, MOVED[verb][0])
    assert query is not None  # noqa: S101  (it was read before it was kept)
    moves = _move(context, verb, query)
    _note(context, f"{verb} {plan.petition} {words}".strip() + f": {_meant(moves)}")
    back = Button(Message("review.back"), order=Order("review", plan.petition))
    return Screen((Line(Message("review.done"), Style.HEADING), Facts(_by_status(_changes(moves)))), ((back,),))


def _meant(moves: Iterable[StatusChange]) -> int:
    """How many were decided about; of the others, only a mailbox was settled."""
    quarantined, invalid = SignatureStatus.QUARANTINED, SignatureStatus.INVALID
    return sum(one.count for one in moves if one.before is quarantined or invalid in (one.before, one.after))


def _changes(moves: Iterable[StatusChange]) -> Mapping[SignatureStatus, int]:
    """By how much each count changed."""
    changes = Counter[SignatureStatus]()
    for one in moves:
        changes[one.after] += one.count
        changes[one.before] -= one.count
    return changes


def _note(context: Context, what: str) -> None:
    context.work.audit.note(AuditEntry(context.now, context.signer, f"review {what}"))


def _move(context: Context, verb: str, query: Query) -> tuple[StatusChange, ...]:
    ledger = Ledger(context.work, context.now)
    return {"accept": ledger.accept, "invalidate": ledger.invalidate, "restore": ledger.restore}[verb](query)


REVIEW = OrganizerCommand("review", Message("command.review"), _review, noted=False)
"""Looking is not noted; whatever is changed is, by what it comes to."""
