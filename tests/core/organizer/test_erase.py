"""`/erase`: an organizer finds a person, sees what would go, and erases exactly that, without a trace of them."""

from __future__ import annotations

import datetime as dt

import pytest

from core.conversation import state as ev
from core.conversation.funnel import PENDING
from core.conversation.screen import Emphasis, View
from core.organizer.command import CommandLine
from core.organizer.erase_order import SearchOrder, search_topic
from core.outbox import State
from core.signatures.quarantine import KEPT
from core.signatures.search import MOST_FOUND, SearchPage, SearchResult, Wanted
from core.signatures.signature import Signer
from tests.core.organizer.test_commands import OLGA, Office, text, words_of
from tests.kept_results import answered
from tests.world import NOW, SALESFORCE, TREES, Talker, petitions

MAIL = "ada@example.org"
TITLE = petitions()[SALESFORCE].text("en").title


class Archive(Office):
    """An office in which people have signed."""

    def signs(self, name: str, user_id: str, mail: str = MAIL, *, confirms: bool = True) -> Talker:
        person = self.world.person(name, user_id=user_id)
        person.does(ev.Begin(), ev.Answer({"full_name": name, "postal_code": "90210", "email": mail}))
        if confirms:
            person.does(ev.Confirm())
        return person

    def receipt(self, person: Talker) -> str:
        with self.world.work() as work:
            (signature,) = work.signatures.standing(work.signers.lock_or_create(person.signer, NOW))
            return signature.receipt

    def key(self, person: Talker) -> str:
        with self.world.work() as work:
            (key,) = work.holdings.find(Wanted("", accounts=(person.signer,)))
            return key

    def finds(self, words: str, *people: Talker, unopened: int = 0) -> View:
        """The answer to a search that finds these people."""
        result = SearchResult()
        result.add(SearchPage(tuple(map(self.key, people)), 40, unopened, 40))
        answer = answered(self.service, "test", SearchOrder("Olga", words, "en"), result)
        assert answer
        assert (answer[0].platform, answer[0].user_id) == (OLGA.platform, OLGA.user_id)
        return answer[1]

    def tap(self, view: View, words: str, update_id: str = "") -> View:
        orders = {text(button.text): button.order for row in view.screen.buttons for button in row}
        order = orders[words]
        assert order
        shown = self.service.run(OLGA, CommandLine(order.name, order.argument), update_id=update_id)
        assert shown
        return shown

    def log(self) -> list[str]:
        with self.world.work() as work:
            return [entry.what for entry in reversed(work.audit.last(99))]

    def stored(self) -> set[str]:
        with self.world.work() as work:
            return {user_id for _, user_id in work.draft.people} - {"Olga"}  # type: ignore[attr-defined]


@pytest.fixture
def office() -> Archive:
    return Archive()


def buttons(view: View) -> list[str]:
    return [text(button.text) for row in view.screen.buttons for button in row]


def shown(office: Archive, line: str) -> View:
    view = office.asks(line)
    assert view
    return view


def test_an_account_is_shown_and_then_erased(office: Archive) -> None:
    ada = office.signs("Ada Lovelace", "4711")
    receipt = office.receipt(ada)
    view = shown(office, "erase test:4711")
    assert words_of(view).splitlines() == [
        "Erase everything about this person?", "No. 1 · Test",
        f"{TITLE}: signed on November 23, 2026, receipt {receipt}",
        "First seen: November 23, 2026",
        "This withdraws their signatures and leaves nothing that could identify them. You can't undo it, and "
        "nobody else will be told.",
    ]  # fmt: skip
    assert buttons(view) == ["Yes, erase everything", "No, keep everything"]
    looks = [button.emphasis for row in view.screen.buttons for button in row]
    assert looks == [Emphasis.DANGER, Emphasis.PLAIN]
    done = office.tap(view, "Yes, erase everything")
    assert words_of(done).startswith("Done. I withdrew 1 signature and erased everything")
    assert office.stored() == set()
    assert office.world.counted() == 0
    again = office.tap(view, "Yes, erase everything")
    assert words_of(again) == "This person's data is already erased."
    assert office.log() == ["erase search account", f"erase do {SALESFORCE}"]


@pytest.mark.parametrize("form", [str, str.lower, lambda receipt: receipt.replace("-", " ")])
def test_a_receipt_leads_there_in_any_form(office: Archive, form: object) -> None:
    receipt = office.receipt(office.signs("Ada Lovelace", "4711"))
    office.signs("Ben", "4712", "ben@example.org")
    assert receipt in words_of(shown(office, f"erase {form(receipt)}"))  # type: ignore[operator]


def test_a_confirmation_delivered_again_harms_nobody(office: Archive) -> None:
    ada = office.signs("Ada Lovelace", "4711")
    view = shown(office, "erase test:4711")
    office.tap(view, "Yes, erase everything", update_id="7")
    ada.does(ev.Begin(), ev.Answer({"full_name": "Ada", "postal_code": "90210"}), ev.Confirm())
    office.tap(view, "Yes, erase everything", update_id="7")
    assert office.stored() == {"4711"}
    assert words_of(office.tap(view, "Yes, erase everything", update_id="8")) == "This person's data is already erased."
    assert office.stored() == {"4711"}, "the search no longer leads to who came back"
    assert office.world.counted() == 1


def test_nothing_is_erased_that_was_not_shown(office: Archive) -> None:
    ada = office.signs("Ada Lovelace", "4711")
    view = shown(office, "erase test:4711")
    ada.about(TREES).does(ev.Begin())
    changed = office.tap(view, "Yes, erase everything")
    assert words_of(changed).startswith("Something has changed since you saw this")
    assert "unfinished answers" in words_of(changed)
    assert office.stored() == {"4711"}
    assert "Done." in words_of(office.tap(changed, "Yes, erase everything"))
    assert office.stored() == set()


def test_nothing_is_erased_after_a_no_and_the_search_is_dropped(office: Archive) -> None:
    office.signs("Ada Lovelace", "4711")
    view = shown(office, "erase test:4711")
    assert words_of(office.tap(view, "No, keep everything")) == "Nothing was erased."
    assert words_of(office.tap(view, "Yes, erase everything")).startswith("I no longer have that search.")
    assert office.stored() == {"4711"}


def test_one_of_several_is_chosen_and_then_another(office: Archive) -> None:
    ada, byron = office.signs("Ada Lovelace", "4711"), office.signs("Annabella Byron", "4712")
    found = office.finds(MAIL, ada, byron)
    assert "2 accounts match" in words_of(found)
    assert {"Name: Ada Lovelace", "Name: Annabella Byron"} <= set(words_of(found).splitlines())
    assert buttons(found) == ["Show what would be erased: no. 1", "Show what would be erased: no. 2"]
    second = office.tap(found, "Show what would be erased: no. 2")
    assert "Name: Annabella Byron" in words_of(second)
    done = office.tap(second, "Yes, erase everything")
    assert office.stored() == {"4711"}
    rest = office.tap(done, "Back to the list")
    assert "No. 2 · erased" in words_of(rest)
    office.tap(office.tap(rest, "Show what would be erased: no. 1"), "Yes, erase everything")
    assert office.stored() == set()
    assert office.world.counted() == 0


def test_namesakes_are_told_apart_without_their_names(office: Archive) -> None:
    people = [office.signs("Ada Lovelace", str(4711 + number), f"a{number}@example.org") for number in range(6)]
    found = office.finds("ada lovelace", *people)
    assert "Ada Lovelace" not in words_of(found)
    assert all(office.receipt(person) in words_of(found) for person in people[:4])
    following = office.tap(found, "Next")
    assert [office.receipt(person) in words_of(following) for person in people] == [False] * 4 + [True] * 2
    last = office.tap(following, "Show what would be erased: no. 6")
    assert "No. 5" in words_of(office.tap(last, "Back to the list"))


def test_too_many_are_not_listed(office: Archive) -> None:
    result = SearchResult([str(number) for number in range(MOST_FOUND + 1)])
    answer = answered(
        office.service,
        "test",
        SearchOrder("Olga", "Ada Lovelace", "en"),
        result,
    )
    assert answer
    assert "More than 50 accounts match “Ada Lovelace”" in words_of(answer[1])
    assert buttons(answer[1]) == []


def test_unfinished_answers_are_found_and_erased(office: Archive) -> None:
    office.signs("Ada Lovelace", "4711", confirms=False)
    view = shown(office, "erase test:4711")
    assert "unfinished answers" in words_of(view)
    assert "Done. I withdrew 0 signatures" in words_of(office.tap(view, "Yes, erase everything"))
    assert office.stored() == set()
    with office.world.work() as work:
        assert not work.breakdowns.steps(SALESFORCE).get(PENDING)


def test_a_petition_that_was_only_opened_is_shown(office: Archive) -> None:
    office.signs("Ada Lovelace", "4711").about(TREES).does(ev.Open("friend"))
    reads = words_of(shown(office, "erase test:4711"))
    assert f"{petitions()[TREES].text('en').title}: opened" in reads
    assert f"{TITLE}: opened" not in reads


def test_nobody_found_says_what_was_searched(office: Archive) -> None:
    reads = words_of(office.finds("Grace Hopper"))
    assert reads.startswith("I didn't find anyone under “Grace Hopper”.\nI searched 40 accounts")
    assert "nothing is stored" not in reads.lower()
    assert "send /find Hopper." in reads
    assert "Data may still be stored under something else" in reads


def test_rows_that_no_key_opens_are_named_first(office: Archive) -> None:
    assert "I couldn't decrypt 3 rows, so I can't say if they're about" in words_of(office.finds("Grace", unopened=3))
    ada = office.signs("Ada Lovelace", "4711")
    assert words_of(office.finds(MAIL, ada, unopened=1)).startswith("I couldn't decrypt 1 row,")


def test_a_search_waits_in_the_outbox_and_its_words_in_no_log(office: Archive) -> None:
    assert "I'm searching everything" in office.reads(f"erase {MAIL}")
    with office.world.work() as work:
        assert work.outbox.counts(search_topic("test").name) == {State.WAITING: 1}
    office.reads("erase Ada Lovelace")
    office.reads("erase 0000-0000-0000")
    assert office.log() == ["erase search email", "erase search name", "erase search receipt"]


def test_an_explanation_comes_for_words_that_lead_nowhere(office: Archive) -> None:
    assert office.reads("erase").startswith("Send /erase with what the person told you")
    assert office.reads("erase " + "a" * 400).startswith("Send /erase with what the person told you")
    assert office.reads("erase @ada").startswith("I don't store @names")
    assert office.log() == []


def test_an_old_button_searches_nothing(office: Archive) -> None:
    for line in ("erase show 000000000099 1", "erase list 000000000099 1", "erase do 000000000099 1 0123abcd"):
        assert office.reads(line) == "I no longer have that search. To search again, send /erase."
    office.signs("Ada Lovelace", "4711")
    view = shown(office, "erase test:4711")
    order = view.screen.buttons[0][0].order
    assert order
    code = order.argument.split()[1]
    assert office.reads(f"erase show {code} 2") == "I no longer have that search. To search again, send /erase."
    assert "Done." in office.reads(f"erase {order.argument}"), "a wrong number doesn't end the search"


def test_a_search_is_refused_after_a_day(office: Archive) -> None:
    office.signs("Ada Lovelace", "4711")
    view = shown(office, "erase test:4711")
    office.world.now += KEPT + dt.timedelta(seconds=1)
    assert words_of(office.tap(view, "Yes, erase everything")).startswith("I no longer have that search.")
    assert office.stored() == {"4711"}


def test_an_organizer_who_is_erased_stays_one_and_it_says_so(office: Archive) -> None:
    office.signs("Ada Lovelace", "4711")
    with office.world.work() as work:
        work.organizers.add(Signer("test", "4711", "Ada"), NOW)
        work.commit()
    assert "This person is an organizer." in words_of(shown(office, "erase test:4711"))


def test_who_is_no_organizer_any_more_gets_no_answer(office: Archive) -> None:
    order = SearchOrder("Sam", "Ada Lovelace", "en")
    assert answered(office.service, "test", order, SearchResult()) is None
