"""`/lists`, `/block`, `/allow`, `/unlist`: the mail domains and labels that organizers block or allow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace

from core.conversation.paging import page_line, page_of, turning_by_order
from core.conversation.screen import Button, Emphasis, Facts, Line, Screen, Style
from core.messages import Command, Message, Words
from core.organizer.command import (
    LISTED,
    LONGEST_CARRIED,
    CommandLine,
    OrganizerCommand,
    OrganizerContext,
    Parameter,
    carried,
    quoted,
    sentence,
)
from core.organizer.list_order import (
    AllowOrigin,
    BlockOrigin,
    ListOrder,
    ListOrders,
    ShowLists,
    UnlistOrigin,
    parse_lists,
    parse_origin,
    parser_of,
)
from core.organizer.review_filters import ANY, Filters
from core.organizer.review_order import ListSignatures
from core.outreach.communities import Titles, community_titles, named_community
from core.petition.domain_names import is_open_to_all, registered
from core.petition.label import is_personal
from core.petition.mail_domain import is_provider
from core.signatures.disposable import is_disposable
from core.signatures.origins import ListedOrigin, Origin, OriginKind, Verdict
from core.signatures.quarantine import Signal
from core.signatures.signature import hour_of
from core.signatures.trends import COMPARED, FEWEST
from core.team import AuditEntry

TRENDS = "trends"
MOST_AT_ONCE = 30  # names in an order
_UNNAMED: Mapping[OriginKind, str] = {
    OriginKind.DOMAIN: "(few signatures)",
    OriginKind.LABEL: "(a signer's own link)",
}
"""An origin that may lead to a person, in the audit log."""
"""Replaces a domain in the audit log that few people use, since the log is never cleared."""
VERDICTS = {Verdict.BLOCKED: Message("lists.is_blocked"), Verdict.ALLOWED: Message("lists.is_allowed")}
_DONE = {
    Verdict.BLOCKED: ("lists.blocked", "lists.blocked_means"),
    Verdict.ALLOWED: ("lists.allowed", "lists.allowed_means"),
}


def _lists(context: OrganizerContext, order: ShowLists) -> Screen:
    """A page of the domains and labels on both lists, newest first, each with a button to take it off."""
    listed, page, pages = page_of(context.work.lists.all(), order.page, LISTED)
    how = Line(Message("lists.how", {name: Command(name) for name in ("block", "allow", "unlist")}))
    titles = _titles(context)
    rows = tuple((_origin_words(one.origin, titles), _entry(context, one)) for one in listed)
    shown = Facts(rows) if rows else Line(Message("lists.none"))
    orders = [UnlistOrigin(one.origin) for one in listed]
    buttons = [(button,) for each in orders for button in order_button("lists.take_off", each, titles)]
    turns = turning_by_order(page, pages, ShowLists)
    trends = Button(Message("lists.trends"), order=CommandLine(TRENDS))
    heading = Line(Message("lists.title"), Style.HEADING)
    return Screen((heading, *page_line(page, pages), shown, how), (*buttons, *turns, (trends,)))


def _titles(context: OrganizerContext) -> Titles:
    return community_titles(context.work.cards.communities())


def _title(origin: Origin, titles: Titles) -> Words | None:
    """The title of the community whose label an origin is; None for any other."""
    return named_community(origin.name, titles) if origin.kind is OriginKind.LABEL else None


def _origin_words(origin: Origin, titles: Titles) -> Words:
    """An origin as people type it, and the title of the community whose label it is."""
    title = _title(origin, titles)
    return Message("lists.community", {"name": str(origin), "title": title}) if title else str(origin)


def _entry(context: OrganizerContext, listed: ListedOrigin) -> Message:
    return Message("lists.entry", {"verdict": VERDICTS[listed.verdict], "date": context.day(listed.since)})


def order_button(key: str, order: ListOrder, titles: Titles) -> Iterator[Button]:
    """The button with an order about an origin, if that is short enough; it names a community by its title."""
    if order.origin and len(order.argument.encode()) <= LONGEST_CARRIED:
        name = _title(order.origin, titles) or str(order.origin)
        yield Button(Message(key, {"name": name}), order=order)


def _change(context: OrganizerContext, order: ListOrder | ListOrders) -> Screen:
    """Carry out an order: refuse what would be too much, ask before what may be, and do the rest at once."""
    if isinstance(order, ListOrders):
        return _change_each(context, order)
    origin = order.origin
    if origin is None:
        return _not_understood(order) if order.typed else _lists(context, ShowLists())
    if order.verdict is None:
        return _take_off(context, origin)
    if _is_open(origin):
        return sentence("lists.open_to_all", domain=origin.name)
    if _needs_a_yes(order, origin):
        return _ask(origin)
    _put(context, order.verdict, order.name, origin)
    return _listed(context, origin, order.verdict)


def _is_open(origin: Origin) -> bool:
    return origin.kind is OriginKind.DOMAIN and is_open_to_all(origin.name)


def _needs_a_yes(order: ListOrder, origin: Origin) -> bool:
    is_large = origin.kind is OriginKind.DOMAIN and is_provider(origin.name)
    return is_large and order.verdict is Verdict.BLOCKED and not order.is_sure


def _put(context: OrganizerContext, verdict: Verdict, name: str, origin: Origin) -> None:
    context.work.lists.put(ListedOrigin(origin, verdict, context.now))
    _note(context, name, origin)


def _change_each(context: OrganizerContext, orders: ListOrders) -> Screen:
    """Carry out several orders at once, and say what happened to each name."""
    if len(orders.orders) > MOST_AT_ONCE:
        return sentence("lists.too_many", most=MOST_AT_ONCE)
    rows = tuple((str(order.origin or quoted(order.typed)), _result(context, order)) for order in orders.orders)
    buttons = [(_waiting(),)] if orders.name != AllowOrigin.name else []
    return Screen(
        (Line(Message("lists.results"), Style.HEADING), Facts(rows)),
        (*buttons, (Button(Message("lists.title"), order=ShowLists()),)),
    )


def _result(context: OrganizerContext, order: ListOrder) -> Message:
    """Carry out one of several orders; the words for what happened."""
    origin = order.origin
    if origin is None:
        return Message("lists.result_unknown", {"label": Command(f"{order.name} label=flyer")})
    if order.verdict is None:
        is_off = context.work.lists.remove(origin)
        if is_off:
            _note(context, order.name, origin)
        return Message("lists.result_off" if is_off else "lists.result_absent")
    if _is_open(origin):
        return Message("lists.result_open")
    if _needs_a_yes(order, origin):
        return Message(
            "lists.result_provider", {"command": Command(f"{order.name} {replace(order, is_sure=True).argument}")}
        )
    _put(context, order.verdict, order.name, origin)
    return VERDICTS[order.verdict]


def _waiting() -> Button:
    return Button(Message("lists.waiting"), order=ListSignatures(filters=Filters(reason=Signal.BLOCKED)))


def _not_understood(order: ListOrder) -> Screen:
    """The refusal of a text that is neither a domain nor a label; for an address, with the order for its domain."""
    near = parse_origin(order.typed.rpartition("@")[2]) if "@" in order.typed else None
    if near:
        command = Command(f"{order.name} {near}")
        return sentence("lists.address", command=command)
    words = quoted(order.typed)
    return sentence(
        "lists.unknown",
        words=words,
        domain=Command(f"{order.name} mail.example"),
        label=Command(f"{order.name} label=flyer"),
    )


def _ask(origin: Origin) -> Screen:
    yes = Button(Message("lists.block", {"name": str(origin)}), order=BlockOrigin(origin, is_sure=True))
    no = Button(Message("lists.leave"), order=ShowLists(), emphasis=Emphasis.PRIMARY)
    return Screen((Line(Message("lists.provider", {"domain": origin.name})),), ((no,), (yes,)))


def _listed(context: OrganizerContext, origin: Origin, verdict: Verdict) -> Screen:
    """The change from now on, the number of signatures that the origin has brought, and buttons to go on."""
    done, means = _DONE[verdict]
    titles = _titles(context)
    parts = [Line(Message(done, {"name": _origin_words(origin, titles)}), Style.HEADING), Line(Message(means))]
    brought = _brought(context, origin)
    if brought is not None:
        key = "lists.brought" if brought >= FEWEST else "lists.brought_few"
        parts.append(Line(Message(key, {"count": max(brought, FEWEST), "days": COMPARED.days})))
    return Screen(tuple(parts), tuple((button,) for button in _next(origin, verdict, titles)))


def _next(origin: Origin, verdict: Verdict, titles: Titles) -> Iterator[Button]:
    """Buttons to review what a label brought earlier, and to undo the change; no button carries a domain."""
    filters = Filters(status=ANY, label=origin.name)
    review = carried(ListSignatures(filters=filters)) if origin.kind is OriginKind.LABEL else None
    if review:
        yield Button(Message("lists.review"), order=review)
    if verdict is Verdict.BLOCKED:
        yield _waiting()
    yield from order_button("lists.take_off", UnlistOrigin(origin), titles)
    yield Button(Message("lists.title"), order=ShowLists())


def _take_off(context: OrganizerContext, origin: Origin) -> Screen:
    name = _origin_words(origin, _titles(context))
    if not context.work.lists.remove(origin):
        return sentence("lists.not_listed", name=name, command=Command(ShowLists.name))
    _note(context, UnlistOrigin.name, origin)
    done = Line(Message("lists.unlisted", {"name": name}))
    return Screen((done,), ((_waiting(),), (Button(Message("lists.title"), order=ShowLists()),)))


def _brought(context: OrganizerContext, origin: Origin) -> int | None:
    """The signatures that an origin brought lately, in all petitions; None for a part of a domain, which isn't kept."""
    if origin.kind is OriginKind.DOMAIN and registered(origin.name) != origin.name:
        return None
    first, until = hour_of(context.now - COMPARED), context.now + dt.timedelta(hours=1)
    return sum(context.work.trends.total(slug, origin, first, until) for slug in context.petitions)


def _note(context: OrganizerContext, verb: str, origin: Origin) -> None:
    """Note a change in the audit log, without a name that may lead to a person."""
    name = str(origin) if _is_public(context, origin) else _UNNAMED[origin.kind]
    context.work.audit.note(AuditEntry(context.now, context.signer, f"{verb} {name}"))


def _is_public(context: OrganizerContext, origin: Origin) -> bool:
    if origin.kind is OriginKind.LABEL:
        return not is_personal(origin.name)
    if is_provider(origin.name) or is_disposable(origin.name):
        return True
    return (_brought(context, Origin(origin.kind, registered(origin.name))) or 0) >= FEWEST


def _list_command(order_type: type[ListOrder], description: Message) -> OrganizerCommand[ListOrder | ListOrders]:
    return OrganizerCommand(
        order_type.name, description, parser_of(order_type), _change, noted=False, parameters=(Parameter("origin"),)
    )


LISTS = OrganizerCommand(ShowLists.name, Message("command.lists"), parse_lists, _lists, noted=False, only_reads=True)
BLOCK = _list_command(BlockOrigin, Message("command.block"))
ALLOW = _list_command(AllowOrigin, Message("command.allow"))
UNLIST = _list_command(UnlistOrigin, Message("command.unlist"))
