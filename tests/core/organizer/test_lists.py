"""`/trends`, `/lists`, `/block`, `/allow`, `/unlist`: a ring is seen, blocked, and reviewed; and nobody notices."""

from __future__ import annotations

import datetime as dt

import pytest

from core.conversation import state as ev
from core.petition.petition import Petition
from core.signatures.quarantine import STANDARD
from tests.core.organizer.test_commands import SAM, Office, text, words_of
from tests.world import SALESFORCE, World, petitions

RING = "throwaway-mail.example"


def only(slug: str) -> dict[str, Petition]:
    return {slug: petitions()[slug]}


@pytest.fixture
def office() -> Office:
    return Office(World(petitions=only(SALESFORCE)))


def signs(office: Office, number: int, mail: str = "", link: str = "") -> str:
    """Let a person sign; everything on their screen."""
    person = office.world.person(f"Person{number}")
    answers = {"full_name": f"Ada Number{number}", "postal_code": "90210", "email": mail}
    person.does(ev.Open(link), ev.Begin(), ev.Answer(answers), ev.Confirm())
    return person.reads()


def crowd(office: Office, size: int, domain: str, link: str = "", first: int = 0) -> None:
    for number in range(first, first + size):
        signs(office, number, f"p{number}@{domain}", link)


def audit(office: Office) -> str:
    return office.reads("audit")


def test_a_ring_is_seen_blocked_and_reviewed(office: Office) -> None:
    crowd(office, 6, "web.example")
    office.world.now += dt.timedelta(days=3)
    crowd(office, 2, "web.example", first=10)
    crowd(office, 9, f"x.{RING}", "spamring", first=20)
    shown = office.reads("trends 24h").splitlines()
    assert shown[shown.index("Mail domains") + 1] == f"{RING}: 9 (0)"
    assert shown[shown.index("Links") + 1] == "spamring: 9 (0)"
    assert "All others: 2" in shown, "fewer than five a day name nobody"
    told = office.taps("trends 24h", f"Block {RING}")
    assert f"Blocked: {RING}" in told
    assert "It has brought 9 signatures in the last 7 days." in told
    before = office.world.counted()
    screen = signs(office, 40, f"p40@y.{RING}")
    assert "Thank you!" in screen
    assert office.world.counted() == before, "it waits, and nothing tells its signer"
    assert "a domain or label on the block list: 1" in office.taps(f"block {RING}", "What the block list held back")
    assert f"{RING}: 10 (0), blocked" in office.reads("trends")
    assert "signature no." in screen.lower()


def test_trends_name_the_eight_that_grew_most_and_offer_to_block_three(office: Office) -> None:
    for ring in range(9):
        crowd(office, 5 + ring, f"ring{ring}.example", first=100 * ring)
    screen = office.asks("trends")
    assert screen
    lines = words_of(screen).splitlines()
    named = lines[lines.index("Mail domains") + 1 : lines.index("Links")]
    assert named == [*(f"ring{ring}.example: {5 + ring} (0)" for ring in range(8, 0, -1)), "All others: 5"]
    buttons = [text(button.text) for row in screen.screen.buttons for button in row]
    assert [words for words in buttons if words.startswith("Block ring")] == [
        f"Block ring{ring}.example" for ring in (8, 7, 6)
    ]


def test_a_blocked_label_leads_to_a_review_of_what_it_brought(office: Office) -> None:
    crowd(office, 5, "web.example", "spamring")
    told = office.taps("block label=spamring", "Review those already signed")
    assert "Counted: 5" in told
    signs(office, 9, link="spamring")
    assert office.world.counted() == 5
    office.reads("unlist spamring")
    signs(office, 10, link="spamring")
    assert office.world.counted() == 6
    assert "Waiting for review: 1" in office.reads("review reason=blocked"), "the past doesn't change"


def test_what_is_allowed_counts_and_is_listed(office: Office) -> None:
    office = Office(World(petitions=only(SALESFORCE), thresholds=STANDARD))
    office.reads("allow mailinator.com")
    for number, domain in enumerate(("box.mailinator.com", "guerrillamail.com")):
        person = office.world.person(f"Person{number}")
        answers = {"full_name": "Ada", "postal_code": "90210", "email": f"ada@{domain}"}
        person.does(ev.Open(), ev.Begin(), ev.Answer(answers))
        office.world.now += dt.timedelta(minutes=1)
        person.does(ev.Confirm())
    assert office.world.counted() == 1
    assert "mailinator.com: allowed since" in office.reads("lists")
    office.taps("lists", "Take mailinator.com off the list")
    assert "Nothing is blocked or allowed." in office.reads("lists")


def test_an_order_for_one_list_replaces_the_other(office: Office) -> None:
    for line in ("block label=stand", "allow stand"):
        office.reads(line)
    assert "label=stand: allowed" in office.reads("lists")
    assert "isn't on a list" in office.reads("unlist flyer")


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("block ada@mail.example", "send /block mail.example"),
        ("allow no such thing", "“no such thing” is neither"),
        ("block color=red", "is neither"),
        ("block co.uk", "Anyone can register"),
        ("allow com", "Allowed: label=com"),
        ("allow domain=com", "is neither"),
        ("block", "Nothing is blocked or allowed."),
        ("unlist mail.example", "isn't on a list"),
        (f"block {SALESFORCE} mail.example", "Blocked: mail.example"),
        (f"block {SALESFORCE}", f"Blocked: label={SALESFORCE}"),
        ("block @Mail.example", "Blocked: mail.example"),
        ("block gmail.com", "one of the largest"),
        ("block gmail.com yes", "Blocked: gmail.com"),
        ("allow gmail.com", "Allowed: gmail.com"),
        ("trends 5y", "5y"),
    ],
)
def test_each_order_is_understood_or_explained(office: Office, line: str, answer: str) -> None:
    assert answer in office.reads(line)


def test_the_log_names_what_is_public_and_nothing_that_leads_to_a_person(office: Office) -> None:
    signs(office, 1, "ada@ada-lovelace.example")
    crowd(office, 5, RING, first=10)
    for line in ("ada-lovelace.example", RING, "label=spamring", "mailinator.com", "gmail.com yes"):
        office.reads(f"block {line}")
    office.reads("unlist ada-lovelace.example")
    log = audit(office)
    assert "ada-lovelace" not in log
    assert all(f"/block {name}" in log for name in ("(few signatures)", RING, "label=spamring", "mailinator.com"))
    assert "/unlist (few signatures)" in log
    assert "ada-lovelace.example: blocked" not in office.reads("lists")


def test_there_is_no_such_command_for_others(office: Office) -> None:
    for name in ("trends", "lists", "block", "allow", "unlist"):
        assert office.asks(f"{name} mail.example", SAM) is None


def test_the_label_of_a_signers_own_link_is_not_in_the_log(office: Office) -> None:
    assert "Blocked: label=r0123456789ab" in office.reads("block r0123456789ab")
    assert "r0123456789ab" not in audit(office)
    assert "block (a signer's own link)" in audit(office)


def test_a_label_that_is_a_petitions_name_too_can_be_confirmed(office: Office) -> None:
    assert f"Blocked: label={SALESFORCE}" in office.reads(f"block {SALESFORCE} yes")


@pytest.mark.parametrize("separator", [" ", ", ", "\n"])
def test_several_names_get_one_answer_that_says_what_happened_to_each(office: Office, separator: str) -> None:
    names = ["@A.example", "label=spamring", "co.uk", "gmail.com", "flyer", "a.example"]
    told = office.reads("block " + separator.join(names)).splitlines()
    assert told[1:6] == [
        "a.example: blocked", "label=spamring: blocked",
        "co.uk: left alone, since anyone can register a name under it",
        "gmail.com: left alone, since it's one of the largest mail providers; to block it, send /block gmail.com yes",
        "flyer: not understood; write a label like this: /block label=flyer",
    ]  # fmt: skip
    shown = office.reads("lists")
    assert "a.example: blocked since" in shown
    assert "gmail.com" not in shown
    assert audit(office).count("/block") == 2
    told = office.reads(f"unlist {SALESFORCE} a.example b.example").splitlines()
    assert told[1:3] == ["a.example: taken off the list", "b.example: wasn't on a list"]
    assert "label=spamring: allowed" in office.reads("allow label=spamring, gmail.com")


def test_several_names_can_be_confirmed_and_are_never_a_sentence_or_too_many(office: Office) -> None:
    assert "gmail.com: blocked" in office.reads("block gmail.com yahoo.com yes")
    assert "“these two labels” is neither" in office.reads("block these two labels")
    assert office.reads("block " + " ".join(f"d{number}.example" for number in range(31))) == (
        "Send at most 30 names at once."
    )
    assert "d1.example" not in office.reads("lists")
