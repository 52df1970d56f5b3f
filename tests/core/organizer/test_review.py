"""`/review`: what waits is shown and decided about, one by one or by query; every deed is noted."""

from __future__ import annotations

import datetime as dt

import pytest

from core.conversation import state as ev
from core.organizer.command import CommandLine
from core.signatures.quarantine import Signal
from core.signatures.signature import SignatureStatus
from tests.core.organizer.test_commands import OLGA, SAM, Office, text, words_of
from tests.world import SALESFORCE, TREES


class Held(Office):
    """An office in which people are held back for one refused answer."""

    def __init__(self) -> None:
        super().__init__()
        with self.world.work() as work:
            work.signals.set_threshold(Signal.REFUSED, 1)
            work.commit()

    def signs(self, name: str, label: str = "", platform: str = "test", *, suspicious: bool = True) -> str:
        """A receipt of a new signature."""
        person = self.world.person(name, platform)
        refused = [ev.Reply("nowhere")] if suspicious else []
        person.does(ev.Open(label), ev.Begin(), *refused, ev.Reply("90210"), ev.Confirm())
        return next(line for line in person.reads().splitlines() if line.startswith("Receipt")).split()[1]

    def counts(self) -> dict[str, int]:
        with self.world.work() as work:
            totals = work.tallies.of(SALESFORCE).totals
        return {status.value: total for status, total in totals.items() if total}

    def buttons(self, line: str) -> list[str]:
        shown = self.asks(line)
        assert shown is not None
        return [text(button.text) for row in shown.screen.buttons for button in row]


@pytest.fixture
def office() -> Held:
    return Held()


def test_what_waits_is_shown_with_all_that_helps_to_decide(office: Held) -> None:
    receipt = office.signs("Ada Lovelace", "elmclub", "discord")
    office.signs("Ben", suspicious=False)
    shown = office.reads(f"review {SALESFORCE}")
    assert shown.splitlines()[1:] == [
        "Waiting for review: 1", "Reasons", "answers that look like probing: 1",
        f"{receipt} · signature no. 1", "Signed: 2026-11-23 12:00 (UTC)", "Came through: Discord · en · elmclub",
        "Name: Ada Lovelace", "Place: 90210", "Reasons: answers that look like probing",
    ]  # fmt: skip
    assert office.asks("review", SAM) is None


def test_what_has_no_room_on_the_screen_is_one_tap_away(office: Held) -> None:
    receipts = [office.signs(f"Person {letter}") for letter in "ABCDEF"]
    assert f"Accept {receipts[3]}" in office.buttons(f"review {SALESFORCE} reason=refused")
    second = office.taps(f"review {SALESFORCE} reason=refused", "Next")
    assert [receipt for receipt in receipts if receipt in second] == receipts[4:]
    assert "Waiting for review: 6" in second
    office.taps(f"review {SALESFORCE}", f"Accept {receipts[0]}")
    office.taps(f"review {SALESFORCE}", f"Accept {receipts[1]}")
    assert "Next" not in office.buttons(f"review {SALESFORCE}")
    long = f"review {SALESFORCE} reason=refused platform=test language=en since=2h"
    assert "Next" not in office.buttons(long), "a button has no room for so many words"


def test_one_is_accepted_another_made_invalid_and_restored(office: Held) -> None:
    ada, ben = office.signs("Ada"), office.signs("Ben")
    assert "Counted" in office.taps(f"review {SALESFORCE}", f"Accept {ada}").splitlines()[0]
    assert office.buttons(f"review {SALESFORCE}")[:2] == [f"Accept {ben}", f"Invalidate {ben}"]
    assert "Invalid" in office.taps(f"review {SALESFORCE}", f"Invalidate {ben}").splitlines()[0]
    assert office.counts() == {"counted": 1, "invalid": 1}
    assert "Nothing to review here." in office.reads(f"review {SALESFORCE}")
    assert "Waiting" in office.taps(f"review {SALESFORCE} status=invalid", f"Restore {ben}").splitlines()[0]
    assert office.counts() == {"counted": 1, "quarantined": 1}
    assert office.reads(f"review accept {ben.lower()}").splitlines()[0].endswith("is now “Counted”.")


def test_a_decision_goes_on_with_the_filters_of_its_list(office: Held) -> None:
    ada, ben = (office.signs(name, "elm", suspicious=False) for name in ("Ada", "Ben"))
    cem = office.signs("Cem", "flyer", suspicious=False)
    line = f"review {SALESFORCE} status=counted label=elm"
    shown = office.taps(line, f"Invalidate {ada}")
    assert "Counted: 1" in shown
    assert ben in shown
    assert cem not in shown
    assert cem in office.taps(f"review {SALESFORCE} status=counted", f"Invalidate {ben}")
    assert "hte=x" in office.reads(f"review accept {cem} hte=x")
    assert office.counts() == {"counted": 1, "invalid": 2}, "what can't be read is explained, not done"


def test_filters_without_room_on_a_button_leave_the_status(office: Held) -> None:
    ada, ben = (office.signs(name, "elmclub", suspicious=False) for name in ("Ada", "Ben"))
    shown = office.taps(f"review {SALESFORCE} status=counted label=elmclub platform=test", f"Invalidate {ada}")
    assert ben in shown


def test_a_decision_goes_on_with_the_page_of_its_list(office: Held) -> None:
    receipts = [office.signs(f"Person {letter}") for letter in "ABCDEF"]
    second = office.asks(f"review {SALESFORCE}")
    assert second
    (turn,) = (button.order for row in second.screen.buttons for button in row if text(button.text) == "Next")
    assert turn
    line = f"{turn.name} {turn.argument}"

    def listed(shown: str) -> list[str]:
        return [receipt for receipt in receipts if receipt in shown.partition("\n")[2]]

    shown = office.taps(line, f"Accept {receipts[4]}")
    assert listed(shown) == receipts[5:]
    shown = office.taps(line, f"Accept {receipts[5]}")
    assert [receipt for receipt in receipts if receipt in shown.partition("\n")[2]] == receipts[:4], (
        "none is left there"
    )


def test_no_leads_back_to_the_filters(office: Held) -> None:
    ada, ben = office.signs("Ada", "elmclub"), office.signs("Ben")
    shown = office.taps(f"review {SALESFORCE} accept label=elmclub", "Back to the review")
    assert ada in shown
    assert ben not in shown


def test_nothing_happens_to_many_before_they_were_counted_and_confirmed(office: Held) -> None:
    for name in ("Ada", "Ben", "Cem"):
        office.signs(name, "elmclub")
    office.signs("Dia")
    line = f"review {SALESFORCE} invalidate label=elmclub since=2h platform=test reason=refused language=en"
    assert "Waiting for review: 3" in office.reads(line)
    assert office.counts() == {"quarantined": 4}
    done = office.taps(line, "Mark them as invalid")
    assert done.splitlines()[1:] == ["Waiting for review: -3", "Invalid: +3"]
    assert office.counts() == {"quarantined": 1, "invalid": 3}
    office.taps(f"review {SALESFORCE} restore label=elmclub", "Restore them")
    assert office.counts() == {"quarantined": 4}
    office.taps(f"review {SALESFORCE} accept", "Count them")
    assert office.counts() == {"counted": 4}
    office.taps(f"review {SALESFORCE} invalidate status=any", "Mark them as invalid")
    assert office.counts() == {"invalid": 4}


def test_who_confirms_means_those_who_were_counted_then(office: Held) -> None:
    office.signs("Ada")
    shown = office.asks(f"review {SALESFORCE} accept")
    assert shown is not None
    order = shown.screen.buttons[0][0].order
    assert order is not None
    office.world.now += dt.timedelta(seconds=5)
    office.signs("Ben")
    office.reads(f"review {order.argument}")
    assert office.counts() == {"counted": 1, "quarantined": 1}
    assert "already done" in office.reads(f"review {order.argument}")
    assert office.counts() == {"counted": 1, "quarantined": 1}


def test_who_confirms_after_a_day_is_too_late(office: Held) -> None:
    office.signs("Ada")
    shown = office.asks(f"review {SALESFORCE} accept")
    assert shown is not None
    order = shown.screen.buttons[0][0].order
    assert order is not None
    office.world.now += dt.timedelta(days=1, seconds=1)
    assert "already done" in office.reads(f"review {order.argument}")
    assert office.counts() == {"quarantined": 1}


def test_no_filter_is_offered_instead_of_itself(office: Held) -> None:
    """Counted signatures with this platform exist, but accepting changes none of them."""
    office.signs("Ada", suspicious=False)
    assert office.reads(f"review {SALESFORCE} accept status=counted platform=test") == "Nothing to review here."


def test_without_a_word_counted_ones_are_left_alone(office: Held) -> None:
    office.signs("Ada", suspicious=False)
    assert office.reads(f"review {SALESFORCE} invalidate").splitlines() == [
        "Nothing to review here.", "Instead of status=quarantined, these would match: status=counted (1).",
    ]  # fmt: skip
    assert "Counted: 1" in office.reads(f"review {SALESFORCE} invalidate status=counted")
    assert office.reads(f"review {SALESFORCE} accept status=counted") == "Nothing to review here."


@pytest.mark.parametrize(
    "words",
    ["bogus", "reason=bogus", "status=withdrawn", "since=2", "since=99999d", "label=no!", "platform=", "language=é",
     "accept bogus", "accept AAAA-BBBB", "=", "since="],
)  # fmt: skip
def test_what_is_not_understood_is_explained(office: Held, words: str) -> None:
    read = office.reads(f"review {SALESFORCE} {words}")
    assert read.startswith("I didn't understand “")
    assert "To list signatures, send /review" in read


def test_a_filter_given_twice_is_called_that(office: Held) -> None:
    read = office.reads(f"review {SALESFORCE} reason=burst reason=refused")
    assert read == "You already gave that filter: reason=refused. Use each filter once."


def test_a_receipt_that_is_none_is_said(office: Held) -> None:
    receipt = office.signs("Ada")
    assert "There's no signature to review" in office.reads("review accept ZZZZ-ZZZZ-ZZZZ")
    office.world.person("Ada").does(ev.Withdraw())
    assert "There's no signature to review" in office.reads(f"review accept {receipt}")
    assert office.counts() == {"withdrawn": 1}


def test_every_deed_is_noted_and_no_look_and_no_receipt(office: Held) -> None:
    receipt = office.signs("Ada")
    office.signs("Ben")
    office.reads("review")
    office.reads(f"review accept {receipt}")
    office.reads(f"review accept {receipt}")
    office.taps(f"review {SALESFORCE} invalidate reason=refused", "Mark them as invalid")
    office.reads("review set burst 200")
    log = office.reads("audit")
    assert [line.split(": /")[1] for line in log.splitlines()[1:]] == [
        "review set burst 200", f"review invalidate {SALESFORCE} reason=refused: 1",
        f"review accept {SALESFORCE} number=1",
    ]  # fmt: skip
    assert receipt not in log


def test_thresholds_are_shown_and_changed_with_buttons_or_words(office: Held) -> None:
    assert "more than 1,000 in ten minutes" in office.reads("review set")
    assert "more than 200 in ten minutes" in office.reads("review set burst 200")
    assert "/review set same_name 100" in office.taps("review set", "the same name many times")
    assert "the same name many times: off" in office.taps("review set same_name", "off")
    assert "more than 500 in an hour" in office.taps("review set same_name", "500")
    for wrong in ("many", "-1", "1000001", "9" * 5000):
        assert "Choose a value" in office.reads(f"review set burst {wrong}")


def test_each_reason_shows_how_many_it_held_back_and_what_share_was_accepted(office: Held) -> None:
    receipts = [office.signs(name) for name in ("Ada", "Ben", "Cem", "Dee")]
    assert "Held back so far: 4, of which 0% were accepted later." in office.reads("review set")
    office.taps(f"review {SALESFORCE}", f"Accept {receipts[0]}")
    shown = office.reads("review set")
    assert "Held back so far: 4, of which 25% were accepted later." in shown
    assert shown.count("Held back so far") == 1, "the other reasons have held nothing back"


def test_all_of_it_is_about_one_petition(office: Held) -> None:
    office.signs("Ada")
    assert office.reads("review") == "Which petition?"
    assert office.reads(f"review {TREES} accept") == "Nothing to review here."
    long = "invalidate reason=same_name since=2h platform=discord label=" + "x" * 32
    for row in office.asks(f"review {long}").screen.buttons:  # type: ignore[union-attr]
        assert row[0].order is not None
        assert row[0].order.argument in (SALESFORCE, TREES), "what does not fit behind a button is asked again"


def test_figures_name_what_waits_and_what_is_invalid(office: Held) -> None:
    receipt = office.signs("Ada")
    office.signs("Ben")
    office.reads(f"review invalidate {receipt}")
    shown = office.service.run(OLGA, CommandLine("stats", SALESFORCE))
    assert shown is not None
    assert {"Waiting for review: 1", "Invalid: 1", "Counted: 0"} <= set(words_of(shown).splitlines())
    assert set(office.counts()) == {SignatureStatus.QUARANTINED, SignatureStatus.INVALID}
