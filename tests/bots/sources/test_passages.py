"""Quoted words are found whatever doesn't change them, and only then."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.sources.passages import contains, passage_state
from core.sources.checks import PassageState

TEXT = "The mayor said: “It’s final – 2.5 million dollars, or €3 a head, for forty\nelms.” The neighbors weren't asked"
words = st.lists(st.text(st.characters(categories=["Ll", "Lu"]), min_size=1, max_size=8), min_size=1, max_size=12)


@pytest.mark.parametrize(
    "quote",
    [
        "it's final", "IT’S FINAL", '"It\'s final - 2.5 million dollars"', "It`s final — 2.5 million",
        "for  forty elms",
        "forty elms. The neighbors", "mayor said … forty elms", "[t]he mayor", "the mayor […] weren't asked",
        "a head, for fo\u00adrty el\u200bms", "€3 a head", "neighbors werent asked", "2.5 million",
    ],
)  # fmt: skip
def test_found(quote: str) -> None:
    assert contains(TEXT, quote)


@pytest.mark.parametrize(
    "quote",
    [
        "forty oaks", "25 million dollars", "5 million dollars", "2 million", "$3 a head",
        "weren't asked … the mayor", "forty el",
        "ayor said", "It's not final", "…",
        "the mayor … 3000 elms",
    ],
)  # fmt: skip
def test_missing(quote: str) -> None:
    assert not contains(TEXT, quote)


def test_scripts_without_spaces_may_break_lines_anywhere() -> None:
    assert contains("市は春までに\n四十本の楡を伐採する。", "春までに四十本の楡")
    assert contains("市政府將在春季之前\u3000砍伐", "春季之前砍伐")
    assert not contains("市は春までに四十本の楡を伐採する。", "春までに五十本の楡")


def test_letters_in_one_piece_and_in_two_are_the_same() -> None:
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert contains(unicodedata.normalize(form, "Où sont passés les ﬁgures"), "où sont passés les figures")


def test_a_gap_has_an_end() -> None:
    assert contains("It begins " + "x " * 2000 + "and ends.", "It begins ... and ends")
    assert not contains("It begins " + "x " * 5000 + "and ends.", "It begins ... and ends")


def test_a_search_without_an_end_gives_up() -> None:
    quote = " ... ".join(["a a a"] * 40 + ["b"])
    assert passage_state(quote, "a " * 20000, is_whole=True) is PassageState.UNREAD


def test_states() -> None:
    assert passage_state("", TEXT, is_whole=True) is PassageState.NOT_GIVEN
    assert passage_state("forty elms", TEXT, is_whole=False) is PassageState.FOUND
    assert passage_state("forty oaks", TEXT, is_whole=True) is PassageState.MISSING
    assert passage_state("forty oaks", TEXT, is_whole=False) is PassageState.UNREAD
    assert passage_state("forty oaks", "", is_whole=True) is PassageState.UNREAD


@given(words, st.sampled_from([" ", "\n", "\u00a0", " – ", ", ", "\t "]))
def test_words_are_found_whatever_is_between_them(quoted: list[str], between: str) -> None:
    assert contains(f"before {between.join(quoted)}. After", " ".join(quoted))
    assert contains(f"before {between.join(quoted)}. After", " ".join(quoted).casefold())
