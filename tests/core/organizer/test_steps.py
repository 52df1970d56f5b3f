"""The steps from opening to signing, as organizers read them: with shares, by link, and nothing about one person."""

from __future__ import annotations

import pytest

from core.conversation import state as ev
from core.organizer.steps import Funnel
from tests.core.organizer.test_commands import Office
from tests.world import SALESFORCE

SIGNING = (ev.Begin(), ev.Reply("Ada"), ev.Reply("90210"), ev.Confirm())
FEW = "Fewer than 5 people have opened the petition this way so far. To protect them, their steps don't appear yet."


@pytest.fixture
def office() -> Office:
    return Office()


def come(office: Office, label: str, *reached: int) -> None:
    """Let people open the petition by a link and then go some steps towards signing, each as many as given."""
    for number, steps in enumerate(reached):
        person = office.world.person("", "telegram", f"{label} {number}")
        person.does(ev.Open(label), *SIGNING[:steps])


def told(office: Office, link: str = "") -> list[str]:
    return office.reads(f"stats {SALESFORCE} steps {link}").splitlines()[1:]


def test_each_step_has_its_share_of_those_who_opened_the_petition(office: Office) -> None:
    come(office, "", 0, 1, 2, 3, 4)
    assert told(office)[:7] == [
        "Where people stop", "Opened the petition: 5", "Began to sign: 4 (80%)", "Were asked: Name: 4 (80%)",
        "Were asked: Postal code: 3 (60%)", "Saw the review: 2 (40%)", "Signed: 1 (20%)",
    ]  # fmt: skip


def test_links_are_listed_by_how_many_opened_them(office: Office) -> None:
    come(office, "flyer", 4, 4, 4, 1, 0)
    come(office, "newsletter", *[4] * 6, 0, 0)
    come(office, "", *[0] * 6)
    lines = told(office)
    at = lines.index("By link: opened → began to sign → signed")
    assert lines[at + 1 : at + 4] == [
        "newsletter: 8 → 6 (75%) → 6 (75%)", "no link: 6 → 0 (0%) → 0 (0%)", "flyer: 5 → 4 (80%) → 3 (60%)",
    ]  # fmt: skip
    assert all(len(line) <= 45 for line in lines[at : at + 4]), "they fit on a phone"


def test_a_link_has_its_own_steps(office: Office) -> None:
    come(office, "flyer", 4, 4, 4, 1, 0)
    come(office, "", *[4] * 9)
    shown = office.asks(f"stats {SALESFORCE} steps")
    assert shown
    (button,) = shown.screen.buttons[0]
    assert button.text == "flyer"
    assert button.order
    assert office.reads(f"stats {button.order.argument}").splitlines()[1:] == told(office, "flyer")
    assert told(office, "flyer")[:3] == ["Where people stop: flyer", "Opened the petition: 5", "Began to sign: 4 (80%)"]
    back = office.asks(f"stats {button.order.argument}")
    assert back
    assert back.screen.buttons[0][0].order
    assert back.screen.buttons[0][0].order.argument == f"{SALESFORCE} 7d steps"


def test_nothing_tells_if_the_one_who_opened_a_link_has_signed(office: Office) -> None:
    """Play two worlds that differ only in whether Bob, the only one with this link, has signed."""
    screens = []
    for steps in (0, 4):
        office = Office()
        come(office, "flyer", *[4] * 7)
        come(office, "newsletter", *[4] * 5)
        come(office, "bob", steps)
        come(office, "other", *[2] * 4)
        screens.append((told(office, "bob"), [line for line in told(office) if line.startswith(("bob", "flyer"))]))
        lines = told(office)
        assert "other links: 5 → " in "\n".join(lines)
    assert screens[0] == screens[1]
    assert screens[0] == (["Where people stop: bob", FEW], ["flyer: 7 → 7 (100%) → 7 (100%)"])


def test_a_few_who_share_no_line_are_joined_by_a_larger_link(office: Office) -> None:
    come(office, "flyer", *[4] * 7)
    come(office, "newsletter", *[4] * 5)
    come(office, "bob", 0)
    lines = told(office)
    assert "flyer: 7 → 7 (100%) → 7 (100%)" in lines
    assert "other links: 6 → 5 (83%) → 5 (83%)" in lines, "subtracting the others would tell what Bob did"
    assert FEW in told(office, "newsletter")
    for shown in (Funnel({"a": {"opened": 5}, "b": {"opened": 1}}), Funnel({"a": {"opened": 4}, "b": {"opened": 3}})):
        assert shown.links == (), "one line would be the difference to the total"
    assert Funnel({"a": {"opened": 5}, "b": {"opened": 0}}).links == ("a",)


def test_the_first_few_are_not_told_at_all(office: Office) -> None:
    come(office, "", 0, 4, 4, 4)
    assert told(office)[:2] == ["Where people stop", FEW]
    assert told(office, "flyer")[1] == FEW, "as of a link that nobody opened"
