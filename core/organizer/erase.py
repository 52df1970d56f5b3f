"""`/erase`: finds a person by what they told an organizer, shows what would go, and erases it once confirmed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from core.conversation.screen import Button, Emphasis, Facts, Line, Part, Screen, Style
from core.messages import Argument, Command, Message, Words
from core.organizer.command import (
    PERSON,
    OrganizerCommand,
    OrganizerContext,
    sentence,
)
from core.organizer.erase_order import NAME, EraseOrder, FoundPerson, SearchStep, parse_erase
from core.organizer.kept_search import Found, FoundScreens, drop, list_found, recall, start_search
from core.organizer.signature_entry import petition_title, signed_on
from core.petition.trial import is_trial
from core.ports import UnitOfWork
from core.signatures.holding import Holding
from core.signatures.signature import Signature, SignatureStatus, Signer
from core.team import AuditEntry


def _erase(context: OrganizerContext, order: EraseOrder) -> Screen:
    if isinstance(order, FoundPerson):
        return _continue(context, order)
    return start_search(context, order, ERASE_SCREENS)


def _continue(context: OrganizerContext, order: FoundPerson) -> Screen:
    """Go on with a kept search."""
    found = recall(context, order.code, order.number)
    if found is None:
        return sentence("erase.gone", command=Command(NAME))
    if order.step is SearchStep.KEEP:
        drop(context, order.code)
        return sentence("erase.kept")
    if order.step is SearchStep.DO:
        return _do(context, found, order)
    return (_list if order.step is SearchStep.LIST else _show)(context, found, order.number)


def _list(context: OrganizerContext, found: Found, first: int) -> Screen:
    """The accounts found, a few at a time."""
    return list_found(
        context, found, first,
        lambda holding, number: _entry(context, holding, number, named=found.by_address),
        lambda number: Button(
            Message("erase.choose", {"number": number}), order=FoundPerson(SearchStep.SHOW, found.code, number)
        ),
        lambda number: Button(Message("erase.next"), order=FoundPerson(SearchStep.LIST, found.code, number)),
    )  # fmt: skip


def _show(context: OrganizerContext, found: Found, number: int) -> Screen:
    """Show everything that would go for one account, and ask."""
    holding = context.work.holdings.get(found.key(number))
    back = tuple(_back(found, number))
    if holding is None:
        return Screen(sentence("erase.already").parts, back)
    parts: list[Part] = [Line(Message("erase.ask"), Style.HEADING)]
    parts += _entry(context, holding, number, named=found.by_address and len(found.keys) > 1)
    if holding.signer and _organizes(context, holding.signer):
        parts.append(Line(Message("erase.organizer", {"command": Command("organizers")}), Style.NOTE))
    if holding.unopened:
        return Screen((*parts, Line(Message("erase.sealed", {"count": holding.unopened}), Style.ALERT)), back)
    yes = FoundPerson(SearchStep.DO, found.code, number, holding.version)
    button = Button(Message("erase.yes"), order=yes, emphasis=Emphasis.DANGER)
    keep = Button(Message("erase.keep"), order=FoundPerson(SearchStep.KEEP, found.code))
    return Screen((*parts, Line(Message("erase.final"))), ((button,), *(back or ((keep,),))))


def _do(context: OrganizerContext, found: Found, order: FoundPerson) -> Screen:
    """Erase exactly what was shown; if anything has changed since, show it again."""
    key, back = found.key(order.number), tuple(_back(found, order.number))
    person, holding = context.work.signers.lock(key), context.work.holdings.get(key)
    if person is None or holding is None:
        return Screen(sentence("erase.already").parts, back)
    if holding.version != order.version or holding.unopened:
        shown = _show(context, found, order.number)
        return Screen((Line(Message("erase.changed"), Style.ALERT), *shown.parts), shown.buttons)
    context.forget(person)
    note_erased(context.work, holding, context.signer, context.now)
    done = Line(Message("erase.done", {"count": len(holding.standing)}), Style.NOTICE)
    return Screen((done,), back)


def _back(found: Found, number: int) -> Iterator[tuple[Button, ...]]:
    if len(found.keys) > 1:
        page = FoundPerson(SearchStep.LIST, found.code, found.page_of(number))
        yield (Button(Message("erase.back"), order=page),)


ERASE_SCREENS = FoundScreens("erase.how", _list, _show)


def _entry(context: OrganizerContext, holding: Holding | None, number: int, *, named: bool) -> list[Part]:
    """As little as is needed to tell an account from the others."""
    if holding is None:
        return [Line(Message("erase.entry_erased", {"number": number}), Style.HEADING)]
    heading = Message("erase.entry", {"number": number, "platform": holding.platform.capitalize()})
    rows: list[tuple[Words, Words]] = []
    if named and (names := holding.names(context.petitions)):
        rows.append((Message("caption.name"), ", ".join(names)))
    rows += [(petition_title(context, each.petition), _signed(context, each)) for each in holding.signatures]
    rows += [(petition_title(context, petition), Message("erase.draft")) for petition in holding.drafts]
    rows += [(petition_title(context, petition), Message("erase.opened")) for petition in holding.only_opened]
    if holding.waiting:
        rows.append((Message("erase.waiting"), Message("organizer.number", {"number": holding.waiting})))
    rows.append((Message("erase.account"), Message("fact.day", {"date": context.day(holding.met_at)})))
    return [Line(heading, Style.HEADING), Facts(tuple(rows))]


def _signed(context: OrganizerContext, signature: Signature) -> Message:
    about: dict[str, Argument] = {"date": signed_on(context, signature), "receipt": signature.receipt}
    withdrawn = signature.status is SignatureStatus.WITHDRAWN
    return Message("erase.withdrawn" if withdrawn else "erase.signed", about)


def _organizes(context: OrganizerContext, signer: Signer) -> bool:
    return context.work.organizers.has(signer)


def note_erased(work: UnitOfWork, holding: Holding, by: Signer, now: dt.datetime) -> None:
    """Note the erasure of an account in the audit log, without personal data."""
    petitions = sorted({each.petition for each in holding.signatures} | set(holding.drafts))
    shown = (slug for slug in petitions if not is_trial(slug))  # a draft's name is secret
    work.audit.note(AuditEntry(now, by, " ".join((NAME, "do", *shown))))


ERASE = OrganizerCommand(NAME, Message("command.erase"), parse_erase, _erase, noted=False, parameters=(PERSON,))
"""The audit log gets what was done, but not what was typed."""
