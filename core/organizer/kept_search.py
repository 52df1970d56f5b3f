"""Searches for a person by `/find` and `/erase`: their beginning, and their result, which is kept for a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace

from core.conversation.screen import Button, Line, Part, Screen, Style
from core.messages import Argument, Command, Message
from core.organizer.command import OrganizerContext, sentence
from core.organizer.erase_order import SearchOrder, SearchPerson, search_topic
from core.organizer.find_order import NAME as FIND
from core.outbox import NewEntry
from core.signatures.holding import Holding
from core.signatures.review import Plan
from core.signatures.search import MOST_FOUND, SearchResult, Wanted, is_handle, parse_wanted
from core.team import AuditEntry

SHOWN = 4
_NAMED, _UNNAMED = "named", "found"
"""The first word of a kept search: names tell apart the accounts that share an address."""


@dataclass(frozen=True, slots=True)
class Found:
    """The accounts that a search found, by their keys; `by_address` if it was for an email address."""

    code: str
    keys: tuple[str, ...]
    by_address: bool

    def key(self, number: int) -> str:
        """The key of an account in the list, from 1."""
        return self.keys[number - 1]

    def page_of(self, number: int) -> int:
        """The number of the first account on the page of the list that has an account."""
        return (number - 1) // SHOWN * SHOWN + 1


@dataclass(frozen=True, slots=True)
class FoundScreens:
    """The screens of a command about the result of a search: the list from an account on, and one account.

    `how` is the message that says what to type. If `by_words`, part of a name is enough.
    """

    how: str
    several: Callable[[OrganizerContext, Found, int], Screen]
    one: Callable[[OrganizerContext, Found, int], Screen]
    by_words: bool = False

    def parse(self, words: str) -> Wanted | None:
        """The person that the command looks for; None if the words name nobody."""
        wanted = parse_wanted(words)
        return replace(wanted, by_words=self.by_words) if wanted else None


def start_search(context: OrganizerContext, order: SearchPerson, screens: FoundScreens) -> Screen:
    """Answer at once if a fingerprint or a receipt leads to an account; otherwise search everything later."""
    wanted = screens.parse(order.words)
    if wanted is None:
        return sentence("erase.handle" if is_handle(order.words) else screens.how, command=Command(order.name))
    note(context, order.name, f"search {wanted.kind}")
    keys = context.work.holdings.find(wanted)
    if keys:
        return answer_result(context, wanted, SearchResult(list(keys)), order.name, screens)
    put_search(context, order.name, order.words)
    return sentence("erase.searching")


def put_search(context: OrganizerContext, command: str, words: str) -> None:
    """Put a search into the outbox, because it reads everything; the answer comes to the organizer's own chat."""
    signer, now = context.signer, context.now
    person = context.work.signers.lock_or_create(signer, now).id
    payload = asdict(SearchOrder(signer.user_id, words, context.locale, command))
    context.work.outbox.put([NewEntry(search_topic(signer.platform), context.new_code(), now, payload, person=person)])


def answer_result(
    context: OrganizerContext, wanted: Wanted, result: SearchResult, command: str, screens: FoundScreens
) -> Screen:
    """The answer to a search, which is kept for a day."""
    notes = tuple(unopened_lines(result.unopened))
    if not result.keys:
        nobody = Line(Message("erase.nobody", {"words": wanted.typed}), Style.HEADING)
        searched = Line(Message("erase.searched", {"count": result.rows}))
        otherwise = Line(Message("erase.otherwise", {"command": Command(command)}))
        return Screen((nobody, searched, *notes, Line(_advice(wanted)), otherwise))
    if result.is_too_much:
        many: dict[str, Argument] = {"words": wanted.typed, "most": MOST_FOUND}
        return Screen((Line(Message("erase.too_many", many), Style.ALERT), *notes))
    found = Found(context.new_code(), tuple(result.keys), bool(wanted.address))
    _keep(context, found, context.now)
    shown = screens.one(context, found, 1) if len(found.keys) == 1 else screens.several(context, found, 1)
    return Screen((*notes, *shown.parts), shown.buttons)


_ADVICE = {
    "account": "erase.try_account", "code": "erase.try_code", "email": "erase.try_email",
    "receipt": "erase.try_receipt",
}  # fmt: skip


def _advice(wanted: Wanted) -> Message:
    """The message on what to try after a search for this found nobody; a name with digits is probably a receipt."""
    if wanted.kind in _ADVICE:
        return Message(_ADVICE[wanted.kind])
    if any(character.isdigit() for character in wanted.name):
        return Message("erase.try_receipt")
    if wanted.by_words:
        return Message("erase.try_words")
    return Message("erase.try_name", {"command": Command(f"{FIND} {wanted.name.split()[-1]}")})


def list_found(
    context: OrganizerContext, found: Found, first: int, entry: Callable[[Holding | None, int], Iterable[Part]],
    choose: Callable[[int], Button], more: Callable[[int], Button],
) -> Screen:  # fmt: skip
    """The accounts found, a few at a time, each with a button to choose it, and one that shows more."""
    parts: list[Part] = [Line(Message("erase.found", {"count": len(found.keys)}), Style.HEADING)]
    buttons = []
    last = min(first + SHOWN, len(found.keys) + 1)
    for number in range(first, last):
        holding = context.work.holdings.get(found.key(number))
        parts += entry(holding, number)
        if holding:
            buttons.append((choose(number),))
    if last <= len(found.keys):
        buttons.append((more(last),))
    return Screen(tuple(parts), tuple(buttons))


def unopened_lines(count: int) -> Iterator[Line]:
    """A line about rows that no key opened, if there are any."""
    if count:
        yield Line(Message("erase.unopened", {"count": count}), Style.ALERT)


def recall(context: OrganizerContext, code: str, number: int) -> Found | None:
    """The result of a search, which stays kept: there may be several accounts; None if it is gone or has fewer."""
    plan = context.work.reviews.take(code)
    if plan is None or plan.is_old(context.now):
        return None
    kind, *keys = plan.words.split() or [""]
    context.work.reviews.keep(code, plan)
    if kind not in (_NAMED, _UNNAMED) or not 0 < number <= len(keys):
        return None
    return Found(code, tuple(keys), kind == _NAMED)


def drop(context: OrganizerContext, code: str) -> None:
    """Forget a search."""
    context.work.reviews.take(code)


def note(context: OrganizerContext, command: str, what: str) -> None:
    """Note a step in the audit log, which gets what was done, but not what was typed."""
    context.work.audit.note(AuditEntry(context.now, context.signer, f"{command} {what}"))


def _keep(context: OrganizerContext, found: Found, at: dt.datetime) -> None:
    kind = _NAMED if found.by_address else _UNNAMED
    context.work.reviews.keep(found.code, Plan("", " ".join((kind, *found.keys)), at))
