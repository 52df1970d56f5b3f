"""`/find`: finds people by what an organizer knows, shows what they signed, and leads to what can be done about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from core.conversation.screen import Button, Facts, Line, Part, Screen, Style
from core.messages import Argument, Command, Message, Words
from core.organizer.command import (
    PERSON,
    OrganizerCommand,
    OrganizerContext,
    sentence,
)
from core.organizer.deciding import decide_one, possible
from core.organizer.erase_order import FoundPerson, SearchPerson, SearchStep
from core.organizer.find_order import NAME, DecideFound, FindOrder, FindStep, FoundAccount, parse_find
from core.organizer.kept_search import Found, FoundScreens, list_found, note, recall, start_search, unopened_lines
from core.organizer.review_words import ReviewAction
from core.organizer.signature_entry import ALL_STATUSES, decision_buttons, petition_title, signature_entry, signed_on
from core.petition.trial import is_trial
from core.signatures.holding import Holding
from core.signatures.signature import Signature


def _find(context: OrganizerContext, order: FindOrder) -> Screen:
    if isinstance(order, SearchPerson):
        return start_search(context, order, FIND_SCREENS)
    found = recall(context, order.code, order.number)
    if found is None:
        return sentence("erase.gone", command=Command(NAME))
    if isinstance(order, DecideFound):
        return _decide(context, found, order)
    steps = {FindStep.LIST: _list, FindStep.SHOW: _show, FindStep.STOP: _stop}
    return steps[order.step](context, found, order.number)


def _list(context: OrganizerContext, found: Found, first: int) -> Screen:
    """The accounts found, a few at a time, each with a line for every signature."""
    return list_found(
        context, found, first, lambda holding, number: _brief(context, holding, number),
        lambda number: Button(
            Message("find.choose", {"number": number}), order=FoundAccount(FindStep.SHOW, found.code, number)
        ),
        lambda number: Button(Message("erase.next"), order=FoundAccount(FindStep.LIST, found.code, number)),
    )  # fmt: skip


def _brief(context: OrganizerContext, holding: Holding | None, number: int) -> Iterator[Part]:
    """Enough to choose one of several accounts."""
    if holding is None:
        yield Line(Message("erase.entry_erased", {"number": number}), Style.HEADING)
        return
    yield _heading(holding, number)
    rows: list[tuple[Words, Words]] = []
    if names := holding.names(context.petitions):
        rows.append((Message("caption.name"), ", ".join(names)))
    for each in holding.signatures:
        about: dict[str, Argument] = {
            "date": signed_on(context, each), "receipt": each.receipt, "status": ALL_STATUSES[each.status]
        }  # fmt: skip
        rows.append((petition_title(context, each.petition), Message("find.signed", about)))
    yield Facts((*rows, *_unsigned(context, holding)))


def _show(context: OrganizerContext, found: Found, number: int) -> Screen:
    """Show what is stored about one account, with buttons for everything that can be done about it."""
    holding = context.work.holdings.get(found.key(number))
    back = tuple(_back(found, number))
    if holding is None:
        return Screen(sentence("erase.already").parts, back)
    signed = sorted({each.petition for each in holding.signatures if not is_trial(each.petition)})
    note(context, NAME, " ".join(("show", *signed)))
    parts: list[Part] = [_heading(holding, number), Facts(tuple(_about(context, holding)))]
    for signature in holding.signatures:
        parts += signature_entry(context, signature, _decisions(signature, found, number), found=True)
    parts += unopened_lines(holding.unopened)
    return Screen(tuple(parts), (*_actions(holding, found, number), *back))


def _heading(holding: Holding, number: int) -> Line:
    about: dict[str, Argument] = {"number": number, "platform": holding.platform.capitalize()}
    return Line(Message("erase.entry", about), Style.HEADING)


def _about(context: OrganizerContext, holding: Holding) -> Iterator[tuple[Words, Words]]:
    names = holding.names(context.petitions)
    if names and not holding.standing:
        yield Message("caption.name"), ", ".join(names)
    yield from _unsigned(context, holding)


def _unsigned(context: OrganizerContext, holding: Holding) -> Iterator[tuple[Words, Words]]:
    """The rows about everything that is not a signature."""
    yield from ((petition_title(context, slug), Message("erase.draft")) for slug in holding.drafts)
    yield from ((petition_title(context, slug), Message("erase.opened")) for slug in holding.only_opened)
    yield Message("erase.account"), Message("fact.day", {"date": context.day(holding.met_at)})


def _actions(holding: Holding, found: Found, number: int) -> Iterator[tuple[Button, ...]]:
    for signature in holding.signatures:
        row = decision_buttons(signature, _decisions(signature, found, number))
        if row:
            yield row
    if _gets_updates(holding):
        yield (Button(Message("button.updates_off"), order=FoundAccount(FindStep.STOP, found.code, number)),)
    yield (Button(Message("find.erase"), order=FoundPerson(SearchStep.SHOW, found.code, number)),)


def _decisions(signature: Signature, found: Found, number: int) -> Mapping[ReviewAction, DecideFound]:
    return {action: DecideFound(action, found.code, number, signature.id or 0) for action in possible(signature)}


def _gets_updates(holding: Holding) -> bool:
    """True if there are updates to stop, and all rows can be opened to store that."""
    return not holding.unopened and any(each.wants_updates for each in holding.standing)


def _back(found: Found, number: int) -> Iterator[tuple[Button, ...]]:
    if len(found.keys) > 1:
        page = FoundAccount(FindStep.LIST, found.code, found.page_of(number))
        yield (Button(Message("erase.back"), order=page),)


def _decide(context: OrganizerContext, found: Found, order: DecideFound) -> Screen:
    """Decide about a signature, if it is still this account's, and show the account again."""
    holding = context.work.holdings.get(found.key(order.number))
    chosen = next((each for each in holding.signatures if each.id == order.signature), None) if holding else None
    decided = decide_one(context, order.action, chosen.petition, chosen.receipt) if chosen else None
    if decided is None:
        return _show(context, found, order.number)
    about: dict[str, Argument] = {"receipt": decided.receipt, "status": ALL_STATUSES[decided.status]}
    return _shown_after(context, found, order.number, Message("review.now", about))


def _stop(context: OrganizerContext, found: Found, number: int) -> Screen:
    """Turn off all updates to an account, as the person themselves could, and show it again."""
    person, holding = context.work.signers.lock(found.key(number)), context.work.holdings.get(found.key(number))
    if person is None or holding is None or not _gets_updates(holding):
        return _show(context, found, number)
    petitions = context.stop_updates(person)
    note(context, NAME, " ".join(("stop", *(slug for slug in petitions if not is_trial(slug)))))
    return _shown_after(context, found, number, Message("find.stopped"))


def _shown_after(context: OrganizerContext, found: Found, number: int, done: Message) -> Screen:
    shown = _show(context, found, number)
    return replace(shown, parts=(Line(done, Style.NOTICE), *shown.parts))


FIND_SCREENS = FoundScreens("find.how", _list, _show, by_words=True)
FIND = OrganizerCommand(NAME, Message("command.find"), parse_find, _find, noted=False, parameters=(PERSON,))
"""The audit log gets what was done, but not what was typed."""
