"""`/victory` asks first and survives `/close`; every decision offers the way back."""

from __future__ import annotations

import datetime as dt

import pytest

from core.petition.petition import PetitionStatus
from core.signatures.quarantine import KEPT
from tests.core.organizer.test_commands import Office, text
from tests.world import SALESFORCE

WON = "The contract is canceled. Thank YOU!"


@pytest.fixture
def office() -> Office:
    return Office()


def declare(office: Office, words: str = WON) -> str:
    return office.taps(f"victory {SALESFORCE} {words}", "Declare victory and stop signing")


def buttons(office: Office, line: str) -> list[str]:
    shown = office.asks(line)
    assert shown
    return [text(button.text) for row in shown.screen.buttons for button in row]


def test_a_victory_asks_first_and_says_that_signing_stops(office: Office) -> None:
    asked = office.reads(f"victory {SALESFORCE} The contract is  canceled. Thank YOU!")
    assert "Signing stops" in asked
    assert WON in asked
    assert office.status() is PetitionStatus.OPEN
    assert WON not in office.world.person("Ada").reads()
    assert "signing has stopped" in declare(office)
    assert WON in office.world.person("Ben").reads()
    assert "Nothing has changed" in office.taps(f"victory {SALESFORCE} Anything", "Leave it as it is")


def test_a_victory_needs_words_that_fit(office: Office) -> None:
    assert "Write your message after the command" in office.reads(f"victory {SALESFORCE}")
    assert "Your message has 501 characters, but at most 500" in office.reads(f"victory {SALESFORCE} {'x' * 501}")
    assert "can't be shown" in office.reads(f"victory {SALESFORCE} a\u202eb")


def test_a_victory_is_confirmed_once_and_soon(office: Office) -> None:
    shown = office.asks(f"victory {SALESFORCE} {WON}")
    assert shown
    order = shown.screen.buttons[0][0].order
    assert order
    office.world.now += KEPT + dt.timedelta(seconds=1)
    for _ in range(2):
        assert "no longer waiting" in office.reads(f"{order.name} {order.argument}")
    assert office.status() is PetitionStatus.OPEN


def test_a_victory_and_a_review_do_not_take_each_others_plans(office: Office) -> None:
    shown = office.asks(f"victory {SALESFORCE} {WON}")
    assert shown
    order = shown.screen.buttons[0][0].order
    assert order
    assert office.reads(f"review {order.argument}")
    assert office.status() is PetitionStatus.OPEN


@pytest.mark.parametrize("name", ["close", "pause"])
def test_a_victory_survives(office: Office, name: str) -> None:
    declare(office)
    assert "Nothing has changed" in office.reads(f"{name} {SALESFORCE} yes")
    assert office.status() is PetitionStatus.VICTORY
    assert WON in office.world.person("Ada").reads()


def test_every_decision_offers_the_way_back(office: Office) -> None:
    assert buttons(office, f"pause {SALESFORCE} yes") == ["Let people sign again"]
    assert buttons(office, f"reopen {SALESFORCE} yes") == ["Pause signing"]
    assert buttons(office, f"close {SALESFORCE} yes") == ["Let people sign again"]
    assert "again?" in office.taps(f"close {SALESFORCE} yes", "Let people sign again"), "it asks: it stays in the chat"
    assert buttons(office, f"reopen {SALESFORCE} yes") == ["Close the petition"]


def test_a_victory_can_be_taken_back_and_declared_again(office: Office) -> None:
    declare(office)
    assert "message about the victory disappears" in office.reads(f"reopen {SALESFORCE}")
    assert "again" in office.taps(f"reopen {SALESFORCE}", "Let people sign again")
    assert office.status() is PetitionStatus.OPEN
    declare(office, "We won once more!")
    again = office.taps(f"reopen {SALESFORCE} yes", "Declare victory and stop signing")
    assert "signing has stopped" in again
    assert "We won once more!" in office.world.person("Ada").reads()
