"""Whole numbers in the ways people write them, and what isn't one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.numbers import NotWhole, parse_number


@pytest.mark.parametrize(
    "words",
    [
        "2500", "2,500", "2.500", "2 500", "2\u202f500", "2\u00a0500", "2'500", "2’500", "2_500", "2·500",
        "٢٥٠٠", "٢٬٥٠٠",
        "२५००", "２５００", "2.5k", "2,5k", "2.5 K", "2,5 mil", "2.5 thousand", "2.50k", "+2500",
        "2,500.00", "2.500,00",
        "2500.0", "“2,500”", '"2 500"', "  2500  ", "2,5 tsd.",
    ],
)  # fmt: skip
def test_one_number_in_every_spelling(words: str) -> None:
    assert parse_number(words) == 2500


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("0", 0), ("-5", -5), ("−5", -5), ("1M", 1_000_000), ("1.5 million", 1_500_000), ("2 millones", 2_000_000),
        ("25,00,000", 2_500_000), ("3 lakh", 300_000), ("1,234,567", 1_234_567), ("10.000.000", 10_000_000),
        ("9" * 5000, 10**40),
    ],
)  # fmt: skip
def test_other_numbers(words: str, number: int) -> None:
    assert parse_number(words) == number


@pytest.mark.parametrize("words", ["2.5", "2,5", "1.25", "0.5", "2,500.5", "1.23456"])
def test_a_fraction_is_not_a_whole_number(words: str) -> None:
    assert parse_number(words) is NotWhole.FRACTION


@pytest.mark.parametrize(
    "words", ["", "many", "k", "2,50,0,", "12 34", "5 apples", "1e5", "2,500.500k", "x" * 99, "--5"]
)
def test_words_that_are_not_a_number(words: str) -> None:
    assert isinstance(parse_number(words), NotWhole)


@given(st.text(max_size=60))
def test_no_words_do_harm(words: str) -> None:
    assert isinstance(parse_number(words), int | NotWhole)


@given(st.integers(0, 10**12), st.sampled_from(",._ "))
def test_a_grouped_number_is_itself(number: int, mark: str) -> None:
    assert parse_number(f"{number:,}".replace(",", mark)) == number
