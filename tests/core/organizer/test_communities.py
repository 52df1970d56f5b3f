"""Organizers read communities by their title, never by an opaque code."""

from __future__ import annotations

import pytest

from core.conversation import state as ev
from core.conversation.picture import Course
from core.organizer.command import CommandLine
from core.signatures.trends import FEWEST
from tests.core.organizer.test_commands import OLGA, Office
from tests.world import SALESFORCE, catalog

LABELS = ("g0000000000aa", "g0000000000bb", "g0000000000cc", "g0000000000dd")
READ = ["Elm Club", "elm club (2)", "a community on Discord", "an unknown community"]


@pytest.fixture
def office() -> Office:
    """An office where someone signed through each of four communities, of which two share a title but for its case."""
    office = Office()
    with office.world.work() as work:
        work.cards.community("telegram", "-1", LABELS[0], "Elm Club")
        work.cards.community("discord", "1", LABELS[1], "elm club")
        work.cards.community("discord", "2", LABELS[2])
        work.commit()
    for label in LABELS:
        person = office.world.person(f"Person {label[-1].upper()}", "telegram", label)
        person.does(ev.Open(label), ev.Begin(), ev.Reply("90210"), ev.SetUpdates(True), ev.Confirm())
    return office


@pytest.mark.parametrize("command", [f"sources {SALESFORCE}", f"stats {SALESFORCE} all links"])
def test_lists_name_communities(office: Office, command: str) -> None:
    words = office.reads(command)
    assert all(f"{name}: 1" in words for name in READ)
    assert not any(label in words for label in LABELS)


def test_reviews_and_lists_name_communities(office: Office) -> None:
    words = office.reads(f"review {SALESFORCE} status=any")
    assert "Elm Club" in words
    assert LABELS[0] not in words
    assert f"Blocked: label={LABELS[0]} (Elm Club)" in office.reads(f"block label={LABELS[0]}")
    assert f"label={LABELS[0]} (Elm Club)" in office.reads("lists")
    assert "(Elm Club)" in office.taps("lists", "Take Elm Club off the list")


def test_a_chart_names_communities(office: Office) -> None:
    shown = office.service.run(OLGA, CommandLine("chart", f"{SALESFORCE} all source"))
    assert shown
    (course,) = shown.screen.pictures
    assert isinstance(course, Course)
    assert [catalog().words(name, "en") for name, _ in course.series] == READ


def test_an_announcement_names_its_community(office: Office) -> None:
    office.reads(f"announce {SALESFORCE} The council votes on Friday.")
    assert "People who came from a community: Elm Club" in office.reads(f"announcement 1 by {LABELS[0]}")


def test_trends_offer_to_block_a_community_by_its_title(office: Office) -> None:
    for number in range(FEWEST):
        person = office.world.person(f"Person {chr(70 + number)}", "telegram", f"more{number}")
        person.does(ev.Open(LABELS[0]), ev.Begin(), ev.Reply("90210"), ev.SetUpdates(True), ev.Confirm())
    assert "Elm Club" in office.reads(f"trends {SALESFORCE}")
    assert f"Blocked: label={LABELS[0]} (Elm Club)" in office.taps(f"trends {SALESFORCE}", "Block Elm Club")
