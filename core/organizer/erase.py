"""`/erase`: finds a person by what they told an organizer, shows what would go, and erases it once confirmed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import asdict

from core.conversation.screen import Button, Facts, Line, Part, Screen, Style
from core.messages import Argument, Command, Message, Words
from core.organizer.command import OrganizerCommand, OrganizerContext, sentence
from core.organizer.erase_order import (
    NAME,
    EraseOrder,
    FoundPerson,
    SearchOrder,
    SearchPerson,
    Step,
    parse_erase,
    search_topic,
)
from core.outbox import NewEntry
from core.ports import UnitOfWork
from core.signatures.review import Plan
from core.signatures.search import MOST_FOUND, Holding, SearchResult, Wanted, is_handle, parse_wanted
from core.signatures.signature import Signature, SignatureStatus, Signer
from core.team import AuditEntry

SHOWN = 4
_NAMED, _UNNAMED = "named", "found"
"""The first word of a kept search: names tell apart the accounts that share an address."""


def _erase(context: OrganizerContext, order: EraseOrder) -> Screen:
    if isinstance(order, FoundPerson):
        return _continue(context, order)
    wanted = parse_wanted(order.words)
    if wanted is None:
        return sentence("erase.handle" if is_handle(order.words) else "erase.how", command=Command(NAME))
    _note(context, f"search {wanted.kind}")
    keys = context.work.holdings.find(wanted)
    if keys:
        return answer_result(context, wanted, SearchResult(list(keys)))
    return _order_search(context, order)


def _order_search(context: OrganizerContext, order: SearchPerson) -> Screen:
    """Put the search into the outbox, because it reads everything."""
    signer, now = context.signer, context.now
    person = context.work.signers.lock_or_create(signer, now).id
    payload = asdict(SearchOrder(signer.user_id, order.words, context.locale))
    entry = NewEntry(search_topic(signer.platform), context.new_code(), now, payload, person=person)
    context.work.outbox.put([entry])
    return sentence("erase.searching")


def answer_result(context: OrganizerContext, wanted: Wanted, result: SearchResult) -> Screen:
    """The answer to a search, which is kept for a day."""
    notes = tuple(_unopened(result))
    if not result.keys:
        nobody = Line(Message("erase.nobody", {"words": wanted.typed}), Style.HEADING)
        searched = Line(Message("erase.searched", {"count": result.rows}))
        return Screen((nobody, searched, *notes, Line(Message("erase.otherwise", {"command": Command(NAME)}))))
    if result.is_too_much:
        many: dict[str, Argument] = {"words": wanted.typed, "most": MOST_FOUND}
        return Screen((Line(Message("erase.too_many", many), Style.ALERT), *notes))
    code, kind = context.new_code(), _NAMED if wanted.address else _UNNAMED
    plan = Plan("", " ".join((kind, *result.keys)), context.now)
    context.work.reviews.keep(code, plan)
    if len(result.keys) == 1:
        shown = _show(context, plan, FoundPerson(Step.SHOW, code))
    else:
        shown = _list(context, plan, FoundPerson(Step.LIST, code))
    return Screen((*notes, *shown.parts), shown.buttons)


def _unopened(result: SearchResult) -> Iterator[Line]:
    if result.unopened:
        yield Line(Message("erase.unopened", {"count": result.unopened}), Style.ALERT)


def _continue(context: OrganizerContext, order: FoundPerson) -> Screen:
    """Go on with a kept search, which stays kept: there may be several accounts to erase."""
    plan = context.work.reviews.take(order.code)
    if plan is None or plan.is_old(context.now):
        return sentence("erase.gone", command=Command(NAME))
    if order.step is Step.KEEP:
        return sentence("erase.kept")
    context.work.reviews.keep(order.code, plan)
    kind, *keys = plan.words.split()
    if kind not in (_NAMED, _UNNAMED) or not 0 < order.number <= len(keys):
        return sentence("erase.gone", command=Command(NAME))
    steps: dict[Step, Callable[[OrganizerContext, Plan, FoundPerson], Screen]] = {
        Step.LIST: _list, Step.SHOW: _show, Step.DO: _do,
    }  # fmt: skip
    return steps[order.step](context, plan, order)


def _list(context: OrganizerContext, plan: Plan, order: FoundPerson) -> Screen:
    """The accounts found, a few at a time."""
    kind, *keys = plan.words.split()
    parts: list[Part] = [Line(Message("erase.found", {"count": len(keys)}), Style.HEADING)]
    buttons = []
    last = min(order.number + SHOWN, len(keys) + 1)
    for number in range(order.number, last):
        holding = context.work.holdings.get(keys[number - 1])
        parts += _entry(context, holding, number, named=kind == _NAMED)
        if holding:
            choose = FoundPerson(Step.SHOW, order.code, number)
            buttons.append((Button(Message("erase.choose", {"number": number}), order=choose),))
    if last <= len(keys):
        buttons.append((Button(Message("erase.next"), order=FoundPerson(Step.LIST, order.code, last)),))
    return Screen(tuple(parts), tuple(buttons))


def _show(context: OrganizerContext, plan: Plan, order: FoundPerson) -> Screen:
    """Show everything that would go for one account, and ask."""
    kind, *keys = plan.words.split()
    holding = context.work.holdings.get(keys[order.number - 1])
    back = tuple(_back(order, keys))
    if holding is None:
        return Screen(sentence("erase.already").parts, back)
    parts: list[Part] = [Line(Message("erase.ask"), Style.HEADING)]
    parts += _entry(context, holding, order.number, named=kind == _NAMED and len(keys) > 1)
    if holding.signer and _organizes(context, holding.signer):
        parts.append(Line(Message("erase.organizer", {"command": Command("organizers")}), Style.NOTE))
    if holding.unopened:
        return Screen((*parts, Line(Message("erase.sealed", {"count": holding.unopened}), Style.ALERT)), back)
    yes = FoundPerson(Step.DO, order.code, order.number, holding.version)
    button = Button(Message("erase.yes"), order=yes, primary=True)
    keep = Button(Message("erase.keep"), order=FoundPerson(Step.KEEP, order.code))
    return Screen((*parts, Line(Message("erase.final"))), ((button,), *(back or ((keep,),))))


def _do(context: OrganizerContext, plan: Plan, order: FoundPerson) -> Screen:
    """Erase exactly what was shown; if anything has changed since, show it again."""
    keys = plan.words.split()[1:]
    key, back = keys[order.number - 1], tuple(_back(order, keys))
    person, holding = context.work.signers.lock(key), context.work.holdings.get(key)
    if person is None or holding is None:
        return Screen(sentence("erase.already").parts, back)
    if holding.version != order.version or holding.unopened:
        shown = _show(context, plan, order)
        return Screen((Line(Message("erase.changed"), Style.ALERT), *shown.parts), shown.buttons)
    context.forget(person)
    note_erased(context.work, holding, context.signer, context.now)
    done = Line(Message("erase.done", {"count": len(holding.standing)}), Style.NOTICE)
    return Screen((done,), back)


def _back(order: FoundPerson, keys: list[str]) -> Iterator[tuple[Button, ...]]:
    if len(keys) > 1:
        page = (order.number - 1) // SHOWN * SHOWN + 1
        yield (Button(Message("erase.back"), order=FoundPerson(Step.LIST, order.code, page)),)


def _entry(context: OrganizerContext, holding: Holding | None, number: int, *, named: bool) -> list[Part]:
    """As little as is needed to tell an account from the others."""
    if holding is None:
        return [Line(Message("erase.entry_erased", {"number": number}), Style.HEADING)]
    heading = Message("erase.entry", {"number": number, "platform": holding.platform.capitalize()})
    rows: list[tuple[Words, Words]] = []
    if named and (names := holding.names(context.petitions)):
        rows.append((Message("caption.name"), ", ".join(names)))
    rows += [(_title(context, each.petition), _signed(each)) for each in holding.signatures]
    rows += [(_title(context, petition), Message("erase.draft")) for petition in holding.drafts]
    rows += [(_title(context, petition), Message("erase.opened")) for petition in holding.only_opened]
    if holding.waiting:
        rows.append((Message("erase.waiting"), Message("organizer.number", {"number": holding.waiting})))
    rows.append((Message("erase.account"), Message("fact.day", {"date": _day(holding.met_at)})))
    return [Line(heading, Style.HEADING), Facts(tuple(rows))]


def _signed(signature: Signature) -> Message:
    about: dict[str, Argument] = {"date": _day(signature.signed_at), "receipt": signature.receipt}
    withdrawn = signature.status is SignatureStatus.WITHDRAWN
    return Message("erase.withdrawn" if withdrawn else "erase.signed", about)


def _day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(dt.UTC).date()


def _title(context: OrganizerContext, petition: str) -> str:
    """The title of a petition, also after its folder was removed."""
    if petition in context.petitions:
        return context.title(petition)
    record = context.work.records.of(petition)
    return record.title if record else petition


def _organizes(context: OrganizerContext, signer: Signer) -> bool:
    return context.work.organizers.has(signer)


def note_erased(work: UnitOfWork, holding: Holding, by: Signer, now: dt.datetime) -> None:
    """Note the erasure of an account in the audit log, without personal data."""
    petitions = sorted({each.petition for each in holding.signatures} | set(holding.drafts))
    work.audit.note(AuditEntry(now, by, " ".join((NAME, "do", *petitions))))


def _note(context: OrganizerContext, what: str) -> None:
    context.work.audit.note(AuditEntry(context.now, context.signer, f"{NAME} {what}"))


ERASE = OrganizerCommand(NAME, Message("command.erase"), parse_erase, _erase, noted=False)
"""The audit log gets what was done, but not what was typed."""
