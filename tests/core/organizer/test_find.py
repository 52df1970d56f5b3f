"""`/find`: an organizer finds a person, sees what they signed, and decides, stops updates, or erases from there."""

from __future__ import annotations

import pytest

from core.conversation import state as ev
from core.conversation.screen import View
from core.organizer.command import CommandLine
from core.organizer.erase_order import SearchOrder, search_topic
from core.outbox import State
from core.signatures.breakdowns import Facet
from core.signatures.consent import ConsentSubject
from core.signatures.search import SearchPage, SearchResult
from core.signatures.signature import Signature, Signer
from tests.core.organizer.test_commands import SAM, words_of
from tests.core.organizer.test_erase import MAIL, TITLE, Archive, buttons, shown
from tests.kept_results import answered
from tests.world import SALESFORCE, TREES, Talker


class Registry(Archive):
    """An office in which people have signed, with searches by `/find`."""

    def signs_for_updates(self, name: str, user_id: str) -> Talker:
        person = self.world.person(name, user_id=user_id)
        person.does(ev.Open("elmclub"), ev.Begin(), ev.Answer({"full_name": name, "postal_code": "90210"}))
        person.does(ev.SetUpdates(True), ev.Confirm())
        return person

    def finds(self, words: str, *people: Talker, unopened: int = 0) -> View:
        result = SearchResult()
        result.add(SearchPage(tuple(map(self.key, people)), 40, unopened, 40))
        answer = answered(
            self.service,
            "test",
            SearchOrder("Olga", words, "en", "find"),
            result,
        )
        assert answer
        return answer[1]

    def signature(self, person: Talker) -> Signature:
        key = self.key(person)
        with self.world.work() as work:
            holding = work.holdings.get(key)
        assert holding
        return holding.signatures[0]


@pytest.fixture
def office() -> Registry:
    return Registry()


def test_one_person_is_shown_with_all_that_helps_to_decide(office: Registry) -> None:
    receipt = office.receipt(office.signs_for_updates("Ada Lovelace", "4711"))
    view = shown(office, f"find {receipt}")
    assert words_of(view).splitlines() == [
        "No. 1 · Test", "First seen: November 23, 2026",
        f"{receipt} · signature no. 1", f"Petition: {TITLE}", "Status: Counted", "Signed: 2026-11-23 12:00 (UTC)",
        "Came through: Test · en · elmclub", "Name: Ada Lovelace", "Place: 90210", "Updates: on",
    ]  # fmt: skip
    assert buttons(view) == [f"Invalidate {receipt}", "Stop updates", "Erase everything about this person"]


def test_a_decision_shows_the_person_again_and_is_noted_without_them(office: Registry) -> None:
    receipt = office.receipt(office.signs_for_updates("Ada Lovelace", "4711"))
    view = office.tap(shown(office, f"find {receipt}"), f"Invalidate {receipt}")
    assert words_of(view).splitlines()[0] == f"{receipt} is now “Invalid”."
    assert "Status: Invalid" in words_of(view)
    assert office.world.counted() == 0
    assert "Status: Counted" in words_of(office.tap(view, f"Restore {receipt}"))
    assert office.world.counted() == 1
    show = f"find show {SALESFORCE}"
    assert office.log() == [
        "find search receipt", show, f"review invalidate {SALESFORCE} number=1", show,
        f"review restore {SALESFORCE} number=1", show,
    ]  # fmt: skip


def test_updates_are_stopped_with_a_proof_that_an_organizer_did_it(office: Registry) -> None:
    ada = office.signs_for_updates("Ada Lovelace", "4711")
    view = office.tap(shown(office, "find test:4711"), "Stop updates")
    assert "Updates: off" in words_of(view)
    assert "Stop updates" not in buttons(view)
    signature = office.signature(ada)
    assert not signature.wants_updates
    proof = [each for each in signature.consents if each.subject is ConsentSubject.UPDATES][-1]
    with office.world.work() as work:
        assert work.words.of(proof.words) == "An organizer turned off updates to this person."
        assert work.breakdowns.by_value(SALESFORCE, Facet.UPDATES, None) == ((signature.opt_in, 1),), "it is counted"
    assert f"find stop {SALESFORCE}" in office.log()


def test_erasing_asks_as_erase_does(office: Registry) -> None:
    office.signs_for_updates("Ada Lovelace", "4711")
    asked = office.tap(shown(office, "find test:4711"), "Erase everything about this person")
    assert words_of(asked).startswith("Erase everything about this person?")
    assert office.stored() == {"4711"}
    office.tap(asked, "Yes, erase everything")
    assert office.stored() == set()
    assert office.log()[-1] == f"erase do {SALESFORCE}"


def test_of_several_each_has_a_line_for_every_signature(office: Registry) -> None:
    ada, ben = office.signs("Ada Lovelace", "4711"), office.signs("Ben Lovelace", "4712")
    ben.about(TREES).does(ev.Begin())
    view = office.finds(MAIL, ada, ben)
    read = words_of(view)
    assert "2 accounts match" in read
    assert f"{TITLE}: Counted, signed on November 23, 2026, receipt {office.receipt(ada)}" in read
    assert f"{TITLE}: Counted, signed on November 23, 2026, receipt {office.receipt(ben)}" in read
    assert "unfinished answers" in read
    one = office.tap(view, "Show everything: no. 2")
    assert "Name: Ben Lovelace" in words_of(one)
    assert "Ada" not in words_of(one)
    assert "Show everything: no. 1" in buttons(office.tap(one, "Back to the list"))


def test_a_search_that_is_gone_and_an_account_that_is_erased_say_so(office: Registry) -> None:
    office.signs_for_updates("Ada Lovelace", "4711")
    view = shown(office, "find test:4711")
    orders = [button.order for row in view.screen.buttons for button in row]
    office.tap(office.tap(view, "Erase everything about this person"), "Yes, erase everything")
    for order in orders[:2]:
        assert order
        after = office.service.run(Signer("test", "Olga", "Olga"), CommandLine(order.name, order.argument))
        assert after
        assert words_of(after) == "This person's data is already erased."
    assert words_of(shown(office, "find show 0000AAAA9999 1")).startswith("I no longer have that search.")


def test_what_needs_all_rows_is_searched_later_and_nothing_personal_is_noted(office: Registry) -> None:
    for words, kind in ((MAIL, "email"), ("Ada Lovelace", "name"), ("r0123456789ab", "code")):
        assert words_of(shown(office, f"find {words}")).startswith("I'm searching everything")
        assert office.log()[-1] == f"find search {kind}"
    with office.world.work() as work:
        assert work.outbox.counts(search_topic("test").name) == {State.WAITING: 3}
    assert words_of(shown(office, "find")).startswith("Send /find with what you know")
    assert words_of(shown(office, "find @ada")).startswith("I don't store @names")
    assert office.asks("find Ada Lovelace", SAM) is None


def test_a_search_that_finds_nobody_says_what_to_try(office: Registry) -> None:
    read = words_of(office.finds("Grace Hopper", unopened=3))
    assert "I didn't find anyone under “Grace Hopper”." in read
    assert "I couldn't decrypt 3 rows" in read
    assert "send /find again" in read


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ("grace@example.org", "Check the spelling of the address"),
        ("Grace B. Hopper", "Try it with fewer words, such as only the last name"),
        ("K7QF-2M9X-PD4T", "three groups of four letters and digits"),
        ("K7QF-2M9X-PD4", "three groups of four letters and digits"),
        ("https://t.me/bot?start=trees--r0123456789ab", "an r and 12 letters or digits"),
        ("telegram:123456", "Check the number of the account"),
    ],
)
def test_the_advice_fits_what_was_typed(office: Registry, typed: str, advice: str) -> None:
    assert advice in words_of(office.finds(typed))
