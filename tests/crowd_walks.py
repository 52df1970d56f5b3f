"""Walks through a crowd's world: a signer and an organizer type, and tap one button of each kind on every screen."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator

from core.conversation import state as ev
from core.conversation.screen import Button, View
from core.conversation.state import Event
from core.organizer.announce import LONGEST
from core.organizer.command import CommandLine
from core.organizer.erase_order import SearchOrder
from core.organizer.victory import LONGEST_WORDS
from core.signatures.search import SearchResult, Wanted
from core.signatures.signature import Signer
from tests.crowd import Crowd
from tests.crowd_names import words_of
from tests.kept_results import answered

MOST_ALIKE = 2  # taps on buttons of one kind
SIGNERS = 5


def signer_walk(crowd: Crowd) -> Iterator[tuple[str, View]]:
    """The screens of a signer who starts with a link, and of one who comes without."""
    signing = crowd.organizing.signing
    for petition in ("", "nowhere", *list(crowd.every)[:2]):
        signer, tapped = Signer("discord", f"1{petition}", "Ada Lovelace", crowd.locale), Counter[str]()
        waiting: deque[tuple[Event, str]] = deque([(ev.Open("flyer"), petition), (ev.Reply("Hello"), petition)])
        while waiting:
            event, about = waiting.popleft()
            view = signing.handle(signer, event, about)
            yield f"{event}", view
            for button in _buttons(view):
                if button.event and _is_new(tapped, type(button.event).__name__):
                    waiting.append((button.event, button.petition or view.petition or about))


def organizer_walk(crowd: Crowd) -> Iterator[tuple[str, View]]:
    """The screens of an organizer who types orders with long texts, decides about signatures, and searches."""
    _sign(crowd)
    organizing, tapped = crowd.organizing, Counter[str]()
    waiting = deque(_typed(crowd))
    while waiting:
        line = waiting.popleft()
        view = organizing.run(crowd.organizer, line)
        assert view is not None, line
        yield f"!{line.name} {line.argument}", view
        for order in (button.order for button in _buttons(view) if button.order):
            kind = f"{type(order).__name__} {order.argument.partition(' ')[0] if ' ' in order.argument else ''}"
            if _is_new(tapped, kind):
                waiting.append(CommandLine(order.name, order.argument))
        if not waiting and not tapped["searched"]:
            tapped["searched"] += 1
            for name, found in _searches(crowd):
                yield name, found
                waiting += (CommandLine(each.order.name, each.order.argument) for each in _buttons(found) if each.order)


def _typed(crowd: Crowd) -> Iterator[CommandLine]:
    slug, held = (*crowd.every, "", "")[:2]
    for about in (slug, held):
        yield CommandLine("announce", f"{about} {words_of(crowd.script, LONGEST - 300)}")
    yield CommandLine("victory", f"{held} {words_of(crowd.script, LONGEST_WORDS)}")
    yield CommandLine("victory", held)
    yield CommandLine("review", held)
    yield CommandLine("review", f"{held} all")
    yield CommandLine("review", f"{held} accept")
    yield CommandLine("review", f"{held} invalidate reason=burst")
    yield CommandLine("review", f"{held} name=ada")
    yield CommandLine("review", "set")
    yield CommandLine("review", "name=ada")
    yield CommandLine("block", "gmail.com")
    yield CommandLine("block", " ".join(f"{number}.example" for number in range(30)))
    yield CommandLine("lists")
    yield CommandLine("export", held)
    yield CommandLine("which", "2 stats")
    yield CommandLine("find", "ada@example.org")
    yield CommandLine("erase", "ada@example.org")


def _sign(crowd: Crowd) -> None:
    """Let people who want updates sign the second petition through a blocked link, for organizers to review."""
    for slug in list(crowd.every)[1:2]:
        for number in range(SIGNERS):
            signer = Signer("discord", f"{number}", "Ada " * 20, crowd.locale)
            answers = {"full_name": "Ada " * 20 + str(number), "postal_code": "90210"}
            for event in (ev.Open("flyer-0"), ev.Begin(), ev.Answer(answers), ev.SetUpdates(wanted=True), ev.Confirm()):
                crowd.organizing.signing.handle(signer, event, slug)


def _searches(crowd: Crowd) -> Iterator[tuple[str, View]]:
    """The answers to searches that find everyone who signed, or nobody."""
    accounts = tuple(Signer("discord", f"{number}", "", "en") for number in range(SIGNERS))
    with crowd.organizing.signing.work() as work:
        keys = work.holdings.find(Wanted("", accounts=accounts))
    for name in ("find", "erase"):
        for found in (list(keys), list(keys)[:0]):
            order = SearchOrder(crowd.organizer.user_id, "ada@example.org", crowd.locale, name)
            result = SearchResult(found, 12_345, 0, 12_345)
            answer = answered(crowd.organizing, crowd.organizer.platform, order, result)
            assert answer
            yield f"!{name}, {len(found)} found", answer[1]


def _buttons(view: View) -> Iterator[Button]:
    return (button for row in view.screen.buttons for button in row)


def _is_new(tapped: Counter[str], kind: str) -> bool:
    tapped[kind] += 1
    return tapped[kind] <= MOST_ALIKE
