"""Words that an organizer types are recognized as an email address, an account, a receipt or a name."""

from __future__ import annotations

import pytest

from core.petition.loading import load_mailbox_rules
from core.signatures.holding import Holding
from core.signatures.search import (
    MOST_FOUND,
    Matcher,
    SearchPage,
    SearchResult,
    Wanted,
    is_handle,
    name_keys,
    parse_wanted,
)
from core.signatures.signature import Signer
from tests.world import NOW, SALESFORCE, petitions

RECEIPT = "K7QF-2M9X-PD4T"


@pytest.mark.parametrize(
    "typed",
    [
        "ada@example.org", " <ada@example.org>. ", "mailto:ada@example.org", "Ada Lovelace, ada@example.org",
        "Ada Lovelace <ada@example.org>", "ada@EXAMPLE.org", "ada@example。org", "email: ada@example.org",
        "Email:ada@example.org", "From: Ada <ada@example.org>", "@ada ada@example.org",
        "Name: Ada Lovelace Email: ada@example.org",
    ],
)  # fmt: skip
def test_an_address_is_found_in_what_people_write(typed: str) -> None:
    wanted = parse_wanted(typed)
    assert wanted
    assert (wanted.address, wanted.kind, wanted.receipts, wanted.accounts, wanted.name) == (
        "ada@example.org", "email", (), (), ""
    )  # fmt: skip


@pytest.mark.parametrize(
    "typed",
    [
        RECEIPT,
        RECEIPT.lower(),
        "K7QF 2M9X PD4T",
        "k7qf2m9xpd4t",
        f"Receipt: {RECEIPT}",
        "K7QF–2M9X–PD4T",
        f"Receipt:{RECEIPT}",
        f"My receipt: {RECEIPT}",
        f"Name: Ada Lovelace Receipt: {RECEIPT}",
        f"{RECEIPT}: my receipt",
    ],
)
def test_a_receipt_is_read_in_any_form_and_is_no_name(typed: str) -> None:
    wanted = parse_wanted(typed)
    assert wanted == Wanted(" ".join(typed.split()), receipts=(RECEIPT,))


@pytest.mark.parametrize(
    "typed",
    [
        "r0123456789ab", "R0123456789AB", "https://t.me/UndersignBot?start=save-trees--r0123456789ab",
        "https://t.me/UndersignBot?start=save-trees--r0123456789ab--read", "Share link: r0123456789ab",
        "/petition sign petition:save-trees--r0123456789ab", "https://example.org/p/save-trees?source=r0123456789ab",
    ],
)  # fmt: skip
def test_a_share_code_is_read_alone_and_in_its_link(typed: str) -> None:
    wanted = parse_wanted(typed)
    assert wanted
    assert (wanted.code, wanted.kind, wanted.name, wanted.accounts) == ("r0123456789ab", "code", "", ())


def test_a_name_of_thirteen_letters_is_still_a_name() -> None:
    wanted = parse_wanted("Rasmshahansen")
    assert wanted
    assert (wanted.code, wanted.name) == ("rasmshahansen", "Rasmshahansen")


def test_a_misread_receipt_is_tried_as_it_was_printed() -> None:
    wanted = parse_wanted("K7QF-2M9X-PDIO")
    assert wanted
    assert wanted.receipts == ("K7QF-2M9X-PDIO", "K7QF-2M9X-PD10")


def test_a_name_like_a_receipt_is_searched_as_both() -> None:
    wanted = parse_wanted("Anna Lisa Beth")
    assert wanted
    assert wanted.receipts
    assert wanted.name == "Anna Lisa Beth"


@pytest.mark.parametrize(
    ("typed", "accounts"),
    [
        ("telegram:123", [("telegram", "123")]), ("Telegram 123", [("telegram", "123")]),
        ("Discord: 456", [("discord", "456")]), ("<@456>", [("discord", "456")]),
        ("123456789", [("telegram", "123456789"), ("discord", "123456789")]), ("terminal:ada", [("terminal", "ada")]),
    ],
)  # fmt: skip
def test_accounts(typed: str, accounts: list[tuple[str, str]]) -> None:
    wanted = parse_wanted(typed)
    assert wanted
    assert wanted.accounts == tuple(Signer(*account) for account in accounts)
    assert wanted.kind == "account"


@pytest.mark.parametrize("typed", ["Account: telegram:123", "Telegram account: telegram: 123", "account:telegram:123"])
def test_an_account_after_a_label(typed: str) -> None:
    wanted = parse_wanted(typed)
    assert wanted
    assert Signer("telegram", "123") in wanted.accounts
    assert wanted.kind == "account"


@pytest.mark.parametrize(
    "typed",
    ["Name: Anna Smith", "name:Anna Smith", "Name : Anna Smith", "Full name: Anna Smith", "From: Anna Smith",
     "Prénom et nom : Anna Smith", "full_name: Anna Smith", "氏名：Anna Smith", "RE: Name: Anna Smith",
     "Telegram: Anna Smith", "Discord:Anna Smith"],
)  # fmt: skip
def test_a_name_after_a_label(typed: str) -> None:
    wanted = parse_wanted(typed)
    assert wanted
    assert (wanted.name, wanted.kind, wanted.typed) == ("Anna Smith", "name", typed)
    assert not {each.platform for each in wanted.accounts} & {"telegram", "discord", "terminal"}


@pytest.mark.parametrize("typed", ["matrix:anna", "matrix: anna"])
def test_an_account_on_a_platform_that_no_longer_exists(typed: str) -> None:
    assert parse_wanted(typed) == Wanted(typed, accounts=(Signer("matrix", "anna"),), name="anna")


@pytest.mark.parametrize("typed", ["Erik S:son Lind", "Anna Smith:", "Name:"])
def test_a_name_with_a_colon(typed: str) -> None:
    assert parse_wanted(typed) == Wanted(typed, name=typed)


@pytest.mark.parametrize("typed", ["@ada", " @ada", "Telegram: @ada", "telegram:@ada", "Name: @ada"])
def test_handles(typed: str) -> None:
    assert is_handle(typed)
    assert parse_wanted(typed) is None


@pytest.mark.parametrize("typed", ["Ada Lovelace", "राम कुमार", "Tan @ Lim", "O'Brien", "X"])
def test_names(typed: str) -> None:
    assert parse_wanted(typed) == Wanted(typed, name=typed)


@pytest.mark.parametrize("typed", ["", " ", "...", "@ada", "a" * 321, "—"])
def test_nothing_to_search(typed: str) -> None:
    assert parse_wanted(typed) is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Jörg Müller", "Joerg Mueller", True), ("Jörg Müller", "Jorg Muller", True), ("Mueller", "Muller", False),
        ("Lovelace, Ada", "ada lovelace", True), ("J.Smith", "j smith", True), ("Ada", "Ada Lovelace", False),
    ],
)  # fmt: skip
def test_spellings_share_a_key(one: str, other: str, same: bool) -> None:
    assert bool(name_keys(one) & name_keys(other)) is same


@pytest.mark.parametrize(
    ("typed", "answers", "found"),
    [
        ("lovelace", {"full_name": "Ada Lovelace"}, True), ("Lovelace ada", {"full_name": "Ada King, Lovelace"}, True),
        ("Lovelac", {"full_name": "Ada Lovelace"}, False), ("Ada Byron", {"full_name": "Ada Lovelace"}, False),
        ("Ada Lovelace", {"given": "Ada", "family": "Lovelace"}, True), ("Ada", {"postal_code": "Ada"}, False),
    ],
)  # fmt: skip
def test_part_of_a_name_is_enough_where_words_are_compared(typed: str, answers: dict[str, str], found: bool) -> None:
    matcher = Matcher(Wanted(typed, name=typed, by_words=True), petitions(), load_mailbox_rules())
    assert matcher.has_answers(SALESFORCE, answers) is found


def test_a_result_adds_pages_up_and_knows_each_account_once() -> None:
    result = SearchResult()
    for keys in (("b", "a"), ("a", "c")):
        result.add(SearchPage(keys, 500, 1, 1000))
    assert (result.keys, result.rows, result.unopened, result.total) == (["b", "a", "c"], 1000, 2, 1000)
    assert not SearchResult(["x"] * MOST_FOUND).is_too_much
    assert SearchResult(["x"] * (MOST_FOUND + 1)).is_too_much


def test_a_name_kept_for_prefilling_replaces_one_that_was_signed_with() -> None:
    assert Holding("k", "test", NOW, details={"name": "Ada"}).names({}) == ("Ada",)
    assert Holding("k", "test", NOW).names({}) == ()
