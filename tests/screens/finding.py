"""Screens of `/find`."""

from __future__ import annotations

from core.conversation import state as ev
from core.conversation.screen import View
from core.messages import Message
from core.organizer.erase_order import SearchOrder
from core.signatures.search import SearchResult, Wanted
from tests.kept_results import answered
from tests.screens.organizing import signs
from tests.screens.studio import TELEGRAM, Studio
from tests.world import TREES

FINDING = "Finding a person"


def finding(studio: Studio) -> None:
    """People are found; one signature is decided about, updates are stopped, and erasing asks first."""
    studio.asks(FINDING, "/find", "find")
    studio.asks(FINDING, "/find, with an email address", "find ada@example.org")
    names = ("Ada Lovelace", "Ada Byron", "Ada King", "Ada Noel", "Ada Gordon")
    receipts = [signs(studio, name, "elmclub", updates=name == names[0]) for name in names]
    studio.person(names[1]).about(TREES).does(ev.Begin())
    keys = [_key(studio, name) for name in names]
    _finds(studio, "Nobody is found", [])
    _finds(studio, "Nobody is found by a name", [], "Grace Hopper")
    found = _finds(studio, "Several are found", keys)
    for title, row in (("The next ones", -1), ("One of several", 1)):
        order = found.screen.buttons[row][0].order
        assert order
        studio.asks(FINDING, title, f"{order.name} {order.argument}")
    shown = studio.asks(FINDING, "One is found, by a receipt", f"find {receipts[0]}")
    for title, row in (("A decision", 0), ("Updates are stopped", 1), ("Erasing asks first", 2)):
        order = shown.screen.buttons[row][0].order
        assert order
        studio.asks(FINDING, title, f"{order.name} {order.argument}")
    studio.sentence(TELEGRAM, FINDING, "The proof that is kept", Message("updates.by_organizer"))


def _key(studio: Studio, name: str) -> str:
    signer = studio.person(name).signer
    with studio.world.work() as work:
        (key,) = work.holdings.find(Wanted("", accounts=(signer,)))
        return key


def _finds(studio: Studio, title: str, keys: list[str], words: str = "ada@example.org") -> View:
    order = SearchOrder(studio.organizer.user_id, words, studio.locale, "find")
    answer = answered(studio.organizing, studio.organizer.platform, order, SearchResult(keys, 12_345, 0, 12_345))
    assert answer
    studio.show(FINDING, title, answer[1])
    return answer[1]
