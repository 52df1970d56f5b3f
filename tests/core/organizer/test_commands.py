"""Organizers' commands: who may, what is asked for with buttons, what is noted."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.common.callback_data import LONGEST, decode_order, encode_order
from core.conversation import state as ev
from core.conversation.screen import Facts, Line, ShareLink, View
from core.messages import Catalog, Words
from core.organizer import COMMANDS
from core.organizer.command import CommandLine
from core.organizer.export import FORMATS, Export, FileOrder
from core.organizer.goal import OFFERED
from core.organizer.service import OrganizerService
from core.petition.petition import LONGEST_SLUG, PetitionStatus
from core.platforms import Platform
from core.signatures.signature import Signer
from tests.world import ORGANIZERS, SALESFORCE, TREES, World, catalog, petitions

OLGA, SAM = Signer("test", "Olga", "Olga"), Signer("test", "Sam", "Sam")


class Office:
    """An organizer's side of a world."""

    def __init__(self, world: World | None = None) -> None:
        self.world = world or World()
        self.service = OrganizerService(self.world.signing, ORGANIZERS)

    def asks(self, line: str, who: Signer = OLGA) -> View | None:
        name, _, argument = line.partition(" ")
        return self.service.run(who, CommandLine(name, argument))

    def reads(self, line: str, who: Signer = OLGA) -> str:
        shown = self.asks(line, who)
        assert shown is not None
        return words_of(shown)

    def taps(self, line: str, words: str) -> str:
        shown = self.asks(line)
        assert shown is not None
        orders = {text(button.text): button.order for row in shown.screen.buttons for button in row}
        order = orders[words]
        assert order is not None
        assert len(encode_order(order).encode()) <= LONGEST
        assert decode_order(encode_order(order)) == CommandLine(order.name, order.argument)
        return self.reads(f"{order.name} {order.argument}")

    def status(self, slug: str = SALESFORCE) -> PetitionStatus:
        with self.world.work() as work:
            return work.decisions.of(slug).status


def text(words: Words, words_by: Catalog | None = None) -> str:
    return (words_by or catalog()).words(words, "en")


def words_of(shown: View, words_by: Catalog | None = None) -> str:
    lines = []
    for part in shown.screen.parts:
        if isinstance(part, Line):
            lines.append(text(part.words, words_by))
        elif isinstance(part, Facts):
            lines += [f"{text(name, words_by)}: {text(value, words_by)}" for name, value in part.rows]
    return "\n".join(lines)


@pytest.fixture
def office() -> Office:
    return Office()


def test_to_everybody_else_no_command_exists(office: Office) -> None:
    for command in COMMANDS:
        assert office.asks(command.name, SAM) is None
    assert office.asks("join WRONGCODE", SAM) is None
    assert office.asks("no such command") is None


def test_an_invited_person_organizes_until_dismissed(office: Office) -> None:
    code = office.reads("invite").splitlines()[-1].removeprefix("/")
    assert office.asks("stats", SAM) is None
    assert "You're an organizer now" in office.reads(code, SAM)
    assert office.asks("stats", SAM) is not None
    assert office.asks(code, Signer("test", "Tom")) is None, "a code is good for one person"
    assert "Sam (Test)" in office.reads("organizers")
    assert "no longer an organizer" in office.taps("organizers", "Remove Sam (Test)")
    assert office.asks("stats", SAM) is None


def test_organizers_who_remove_themselves_are_asked_first(office: Office) -> None:
    code = office.reads("invite").splitlines()[-1].removeprefix("/")
    office.asks(code, SAM)
    listed = office.asks("organizers", SAM)
    assert listed is not None
    order = listed.screen.buttons[0][0].order
    assert order is not None
    assert "That's you." in office.reads(f"{order.name} {order.argument}", SAM)
    assert office.asks("stats", SAM) is not None


def test_goals_to_choose_from_are_the_next_round_numbers(office: Office) -> None:
    offered = office.asks(f"goal {SALESFORCE}")
    assert offered is not None
    assert [text(row[0].text) for row in offered.screen.buttons] == ["1,000", "5,000", "10,000", "50,000"]
    assert all(str(goal)[1:].strip("0") == "" for goal in OFFERED)


def test_a_code_is_good_for_a_day(office: Office) -> None:
    code = office.reads("invite").splitlines()[-1].removeprefix("/")
    office.world.now += dt.timedelta(hours=24, seconds=1)
    assert office.asks(code, SAM) is None


TELEGRAM, DISCORD = Platform.TELEGRAM, Platform.DISCORD


@pytest.mark.parametrize(
    ("platforms", "shown"),
    [
        ((), ["{sign}join {code}"]),
        ((TELEGRAM,), ["/join {code}"]),
        ((DISCORD,), ["!join {code}"]),
        ((TELEGRAM, DISCORD), ["Telegram: /join {code}", "Discord: !join {code}"]),
    ],
)
@pytest.mark.parametrize("sign", ["/", "!"])
def test_an_invitation_is_written_as_the_invited_person_types_it(
    platforms: tuple[Platform, ...], shown: list[str], sign: str
) -> None:
    office = Office()
    office.service = replace(office.service, platforms=platforms)
    view = office.asks("invite")
    assert view is not None
    words = words_of(view, catalog().typed_with(sign.__add__)).splitlines()[1:]
    code = words[0].split()[-1]
    assert words == [line.format(code=code, sign=sign) for line in shown]
    assert office.asks(f"join {code}", SAM) is not None


def test_what_is_missing_is_asked_for_with_buttons(office: Office) -> None:
    assert office.reads("close") == "Which petition?"
    assert "Nobody will be able to sign" in office.taps("close", "Keep the elms of Elm Street")
    assert office.status(TREES) is PetitionStatus.OPEN
    assert "Nothing has changed" in office.taps(f"close {TREES}", "Leave it as it is")
    assert office.status(TREES) is PetitionStatus.OPEN
    assert "is closed" in office.taps(f"close {TREES}", "Close the petition")
    assert office.status(TREES) is PetitionStatus.CLOSED
    for wrong in ("many", "9" * 5000):
        assert "Choose another" in office.reads(f"goal {SALESFORCE} {wrong}")
    assert "is now 5,000" in office.taps(f"goal {SALESFORCE}", "5,000")


@pytest.mark.parametrize(("name", "status"), [("pause", PetitionStatus.PAUSED), ("close", PetitionStatus.CLOSED)])
def test_what_was_decided_is_shown_to_supporters_and_taken_back(
    office: Office, name: str, status: PetitionStatus
) -> None:
    ada = office.world.person("Ada")
    assert "Sign" in ada.reads().splitlines()
    office.reads(f"{name} {SALESFORCE} yes")
    assert office.status() is status
    assert "Sign" not in office.world.person("Ben").reads().splitlines()
    office.reads(f"reopen {SALESFORCE} yes")
    assert "Sign" in office.world.person("Cem").reads().splitlines()


def test_a_goal_set_afterwards_does_not_move_the_day_of_closing(office: Office) -> None:
    office.reads(f"close {SALESFORCE} yes")
    closed = office.world.now
    office.world.now += dt.timedelta(days=9)
    for line in (f"goal {SALESFORCE} 5000", f"close {SALESFORCE} yes"):
        office.reads(line)
        with office.world.work() as work:
            assert work.decisions.of(SALESFORCE).since == closed


def test_reopening_says_when_the_dates_still_keep_it_closed(office: Office) -> None:
    closes = office.world.petitions[TREES].closes
    assert closes is not None
    office.world.now = dt.datetime.combine(closes, dt.time(), dt.UTC) + dt.timedelta(days=2)
    assert "its own dates" in office.reads(f"reopen {TREES} yes")


def test_the_course_is_told_by_day_platform_and_language(office: Office) -> None:
    signing = (ev.Begin(), ev.Reply("90210"), ev.Confirm())
    for name, platform, language in (("Ada", "telegram", "en"), ("Ben", "discord", "es"), ("Cem", "discord", "en")):
        office.world.person(name, platform, language=language).does(*signing)
        office.world.now += dt.timedelta(days=5)
    office.world.person("Cem", "discord").does(ev.Withdraw())
    told = office.reads(f"stats {SALESFORCE} all")
    assert [line for line in told.splitlines() if "2026" in line] == [
        "December 3, 2026: 1 signed and 1 of them withdrawn", "November 28, 2026: 1 signed",
        "November 23, 2026: 1 signed",
    ]  # fmt: skip
    kinds = office.reads(f"stats {SALESFORCE} all kinds")
    assert "All time: by platform\nDiscord: 1\nTelegram: 1\nBy language\nSpanish: 1\nEnglish: 1" in kinds
    week = office.reads(f"stats {SALESFORCE} 7d")
    assert "November 28" not in week
    assert "December 3, 2026: 1 signed" in week
    assert "November 23, 2026: 1 signed" in office.taps(f"stats {SALESFORCE}", "Last 30 days")


def test_what_each_link_brought_is_told_without_exposing_a_signer(office: Office) -> None:
    assert "counted under “newsletter”" in _invitation(office, "link salesforce-cbp Newsletter")
    for name, label in (("Ada", "newsletter"), ("Ben", "newsletter"), ("Cem", "rabcdefghijkl"), ("Dia", "")):
        office.world.person(name).does(ev.Open(label), ev.Begin(), ev.Reply("90210"), ev.Confirm())
    office.world.person("Eve").does(ev.Open("g0123456789ab"), ev.Begin(), ev.Reply("90210"), ev.Confirm())
    assert office.reads(f"sources {SALESFORCE}").splitlines()[1:] == [
        "newsletter: 2", "an unknown community: 1", "signers' own links: 1", "no link: 1",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["", "rabcdefghijkl", "g0123456789ab", "no good!", "x" * 33])
def test_a_link_needs_a_name_of_its_own(office: Office, name: str) -> None:
    assert "Write a name for the link" in office.reads(f"link {SALESFORCE} {name}")


def _invitation(office: Office, line: str) -> str:
    shown = office.asks(line)
    assert shown is not None
    (part,) = shown.screen.parts
    assert isinstance(part, ShareLink)
    return text(part.invitation)


def test_every_deed_is_in_the_audit_log(office: Office) -> None:
    assert "Organizers haven't done anything yet." in office.reads("audit")
    office.reads(f"goal {SALESFORCE} 5000")
    office.reads(f"sources {SALESFORCE}")
    code = office.reads("invite").splitlines()[-1].removeprefix("/join ")
    office.reads(f"join {code}", SAM)
    log = office.reads("audit")
    assert [line.split(": /")[1] for line in log.splitlines()[1:]] == [
        "join", "invite", f"sources {SALESFORCE}", f"goal {SALESFORCE} 5000",
    ]  # fmt: skip
    assert "(UTC)" in log.splitlines()[0]
    assert "2026-11-23 12:00 · Olga" in log
    assert "2026-11-23 12:00 · Sam" in log
    assert code not in log


def test_help_names_every_command(office: Office) -> None:
    shown = office.reads("help")
    for name in ("stats", "goal", "pause", "reopen", "close", "victory", "invite", "organizers", "audit"):
        assert f"/{name}: " in shown


@given(st.sampled_from([command.name for command in COMMANDS]), st.text(max_size=80))
def test_no_argument_does_harm(name: str, argument: str) -> None:
    office = Office()
    shown = office.service.run(OLGA, CommandLine(name, argument))
    assert shown is not None
    for row in shown.screen.buttons:
        for button in row:
            assert button.order is not None


def test_a_file_is_ordered_once_a_minute(office: Office) -> None:
    assert office.reads("export csv") == "Which petition?"
    assert office.reads(f"export {SALESFORCE}").startswith("Which file would you like for “Tell Salesforce")
    assert office.reads(f"export {SALESFORCE} docx").splitlines()[1].startswith("Which file would you like for")
    assert "I'm making your file" in office.taps(f"export {SALESFORCE}", "PDF to hand in")
    office.world.now += dt.timedelta(seconds=20)
    assert "a moment ago" in office.reads(f"export {SALESFORCE} PDF")
    assert "I'm making your file" in office.reads(f"export {SALESFORCE} csv")
    office.world.now += dt.timedelta(minutes=1)
    assert "I'm making your file" in office.reads(f"export {SALESFORCE} pdf")
    with office.world.work() as work:
        entries = work.outbox.claim("w", ["files.test"], 9, office.world.now, dt.timedelta(minutes=1))
    orders = [FileOrder(**entry.payload) for entry in entries]
    assert orders == [FileOrder("Olga", SALESFORCE, form, "en") for form in ("pdf", "csv", "pdf")]
    assert all(entry.repeat for entry in entries)
    assert office.reads("audit").count(f"/export {SALESFORCE} pdf") == 2


@pytest.mark.parametrize("form", list(FORMATS))
def test_every_format_has_a_button_that_telegram_can_carry(form: str) -> None:
    order = Export("a" * LONGEST_SLUG, form)
    assert len(encode_order(order).encode()) <= LONGEST


def test_an_order_goes_with_whoever_is_erased(office: Office) -> None:
    office.reads(f"export {SALESFORCE} csv")
    office.world.signing.forget(OLGA)
    with office.world.work() as work:
        assert work.outbox.claim("w", ["files.test"], 9, office.world.now, dt.timedelta(minutes=1)) == ()


@pytest.mark.parametrize("name", [command.name for command in COMMANDS])
@pytest.mark.parametrize("letter", ["x", "🌳"])
def test_a_button_that_asks_which_petition_fits_whatever_it_carries(name: str, letter: str) -> None:
    slug = "a" * LONGEST_SLUG
    shipped = petitions()
    office = Office(World(petitions={slug: replace(shipped[SALESFORCE], slug=slug), TREES: shipped[TREES]}))
    for length in range(LONGEST - LONGEST_SLUG + 6):
        shown = office.service.run(OLGA, CommandLine(name, letter * length))
        assert shown
        for button in itertools.chain.from_iterable(shown.screen.buttons):
            assert button.order
            assert len(encode_order(button.order).encode()) <= LONGEST, (length, button.order)


def test_what_a_button_cannot_carry_is_asked_for_again(office: Office) -> None:
    shown = office.asks(f"victory {'x' * LONGEST}")
    assert shown
    orders = [button.order for row in shown.screen.buttons for button in row]
    assert orders == [CommandLine("victory", slug) for slug in office.world.petitions]
