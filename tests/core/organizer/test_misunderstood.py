"""Commands with words that are wrong: the reply says which, why, and what was probably meant."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bots.common.signer_commands import EVENTS
from core.conversation import state as ev
from core.messages import Command
from core.organizer.command import CommandLine
from core.petition.collection import distinct_titles
from tests.core.organizer.test_commands import OLGA, SAM, Office, text, words_of
from tests.core.organizer.test_figures import signs
from tests.world import SALESFORCE, TREES


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.mark.parametrize("written", ["2,500", "2.5k", "2 500", "2.500", "“2 500”", "2,5 mil"])
def test_a_goal_is_understood_as_people_write_it(office: Office, written: str) -> None:
    assert "is now 2,500." in office.reads(f"goal {SALESFORCE} {written}")
    with office.world.work() as work:
        assert work.decisions.of(SALESFORCE).goal == 2500


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("2.5", "“2.5” isn't a whole number."), ("many", "“many” isn't a number."),
        ("0", "higher than the count, which is 2"),
        ("2", "higher than the count, which is 2"), ("-5", "higher than the count"), ("9" * 99, "too high"),
        ("100,000,001", "The highest possible goal is 100,000,000."),
    ],
)  # fmt: skip
def test_an_impossible_goal_is_refused_with_the_reason(office: Office, written: str, reason: str) -> None:
    signs(office, 1)
    signs(office, 2)
    assert reason in office.reads(f"goal {SALESFORCE} {written}")
    with office.world.work() as work:
        assert work.decisions.of(SALESFORCE).goal is None
    assert "is now 3." in office.reads(f"goal {SALESFORCE} 3"), "the lowest possible one"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (f"stats {SALESFORCE} 90d", "Last 90 days"), (f"stats {SALESFORCE} 12 weeks links", "Last 84 days"),
        (f"chart {SALESFORCE} 45 days", "Last 45 days"), (f"stats {SALESFORCE} 1d", "Last 1 day"),
    ],
)  # fmt: skip
def test_a_period_of_any_length_is_the_one_that_is_named(office: Office, line: str, told: str) -> None:
    signs(office, 1)
    shown = office.reads(line)
    assert told in shown
    assert "understand" not in shown


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (f"stats {SALESFORCE} lnks", "I didn't understand “lnks”. Did you mean “links”?"),
        (f"stats {SALESFORCE} 0d", "I didn't understand “0d”."),
        (f"stats {SALESFORCE} 99999d", "I didn't understand “99999d”."),
        ("stats town-tres 7d", f"I didn't understand “town-tres”. Did you mean “{TREES}”?"),
        ("count town-tres", f"Did you mean “{TREES}”?"), (f"chart {SALESFORCE} sauce", "Did you mean “source”?"),
        (f"sources {SALESFORCE} banana", "“banana”"), (f"close {SALESFORCE} perhaps", "“perhaps”"),
        (f"link {SALESFORCE} no good!", "“no good!”"), (f"export {SALESFORCE} pfd", "Did you mean “pdf”?"),
        (f"sources {SALESFORCE} {'x' * 99}", f"“{'x' * 40}…”"),
    ],
)  # fmt: skip
def test_words_that_are_not_understood_are_quoted(office: Office, line: str, told: str) -> None:
    assert told in office.reads(line).splitlines()[0]


@pytest.mark.parametrize("line", ["stats", f"stats {SALESFORCE}", f"export {SALESFORCE} csv since=7d", "count"])
def test_nothing_is_wrong_with_right_words(office: Office, line: str) -> None:
    assert "understand" not in office.reads(line)


def mistypes(office: Office, line: str) -> tuple[str, list[CommandLine | ev.Event]]:
    """Send a mistyped command: the answer, and what its buttons do."""
    name, _, argument = line.partition(" ")
    view = office.service.handle(OLGA, CommandLine(name, argument), ev.Open(), signers=EVENTS)
    found: list[CommandLine | ev.Event] = []
    for button in (button for row in view.screen.buttons for button in row):
        assert isinstance(button.text, Command)
        found += (
            [CommandLine(button.order.name, button.order.argument)] if button.order else [button.event or ev.Open()]
        )
    return words_of(view), found


def test_a_mistyped_command_gets_the_nearest_one_suggested(office: Office) -> None:
    told, found = mistypes(office, f"stast {SALESFORCE} 30d")
    assert told == f"There's no command “stast”. Did you mean /stats {SALESFORCE} 30d?"
    assert found == [CommandLine("stats", f"{SALESFORCE} 30d")]
    assert mistypes(office, f"anounce {'x' * 99}")[1] == [CommandLine("announce")], "too long for a button"
    assert mistypes(office, "wihtdraw")[1] == [EVENTS["withdraw"]], "signers' commands are near, too"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (f"organize stats {SALESFORCE} 30d", f"stats {SALESFORCE} 30d"), ("organize stast", "stats"),
        ("organize Petition close", "close"), ("petition close", "close"), ("team audit", "audit"),
        ("organize", "organizers"), ("origins xyzzy", None),
    ],
)  # fmt: skip
def test_a_command_after_its_groups_name_is_suggested_without_it(office: Office, typed: str, meant: str | None) -> None:
    others = {"share": ev.Open()}
    name, _, argument = typed.partition(" ")
    view = office.service.handle(OLGA, CommandLine(name, argument), ev.Open(), signers=others)
    orders = [button.order for row in view.screen.buttons for button in row if button.order and view.is_order_answer]
    assert [f"{order.name} {order.argument}".strip() for order in orders] == ([meant] if meant else [])
    assert not meant or f"There's no command “{name}”. Did you mean /{meant}?" in words_of(view)


@pytest.mark.parametrize("name", ["xyzzy", "", "share"])
def test_other_words_suggest_nothing(office: Office, name: str) -> None:
    view = office.service.handle(OLGA, CommandLine(name), ev.Open(), signers=EVENTS)
    assert not view.is_order_answer


def test_nothing_is_suggested_to_everybody_else(office: Office) -> None:
    view = office.service.handle(SAM, CommandLine("stast"), ev.Open(), signers=EVENTS)
    assert not view.is_order_answer


def test_the_petition_that_is_open_is_not_asked_for(office: Office) -> None:
    assert office.reads("stats") == "Which petition?"
    office.world.signing.handle(OLGA, ev.Open(), TREES)
    title = office.world.petitions[TREES].text("en").title
    for line in ("stats", "chart", "sources", "goal 5000", "close", "pause"):
        assert "Which petition?" not in office.reads(line)
    assert title in office.reads("stats")
    assert title in office.reads("close")
    assert f"“{title}”" in office.reads("goal 5000"), "it says which one it took"


def test_an_organizer_is_asked_before_they_remove_themselves(office: Office) -> None:
    for who in (SAM, OLGA):
        code = office.reads("invite").splitlines()[-1].removeprefix("/")
        office.reads(code, who)
    with office.world.work() as work:
        key = next(one.key for one in work.organizers.all() if one.signer.user_id == SAM.user_id)
    asked = office.asks(f"dismiss {key}", SAM)
    assert asked
    assert "That's you." in words_of(asked)
    assert [text(button.text) for row in asked.screen.buttons for button in row] == ["Stay an organizer", "Remove me"]
    assert office.asks("stats", SAM) is not None
    order = asked.screen.buttons[0][1].order
    assert order
    assert office.reads(f"{order.name} {order.argument}", SAM) == "You're no longer an organizer."
    assert office.asks("stats", SAM) is None


@pytest.mark.parametrize(
    ("line", "example"),
    [
        ("goal", "/goal {} 25000"), ("link", "/link {} newsletter"), ("victory", "/victory {} The contract"),
        ("announce", "/announce {} The council"),
    ],
)  # fmt: skip
def test_an_example_is_about_the_petition_that_was_chosen(office: Office, line: str, example: str) -> None:
    for slug in (SALESFORCE, TREES):
        assert example.format(slug) in office.reads(f"{line} {slug}")
    office.world.petitions.pop(TREES)
    assert example.replace("{} ", "") in office.reads(f"{line} {SALESFORCE}"), "one alone needs no name"


def test_petitions_with_the_same_title_are_told_apart(office: Office) -> None:
    one = office.world.petitions[TREES]
    office.world.petitions["oaks"] = replace(one, slug="oaks", organizer="City Parks")
    office.world.petitions["limes"] = replace(one, slug="limes", organizer="City Parks")
    titles = distinct_titles(office.world.petitions, "en")
    assert list(titles.values())[1:] == [
        f"{one.organizer} → {one.target}: {one.text('en').title}",
        f"oaks: {one.text('en').title}",
        f"limes: {one.text('en').title}",
    ]
    view = office.asks("stats")
    assert view is not None
    assert [button.text for row in view.screen.buttons for button in row] == list(titles.values())
