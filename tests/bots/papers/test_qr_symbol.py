"""The fast symbols are the ones that segno draws with the same mask."""

from __future__ import annotations

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from bots.papers.qr_symbol import MASK, Symbol, row_bytes, symbol_of

LABELS = st.from_regex(r"[a-z0-9]+([_-]?[a-z0-9]+)*", fullmatch=True).filter(lambda label: len(label) <= 32)


def by_segno(link: str) -> Symbol:
    drawn = segno.make_qr(link.encode(), mask=MASK, error="m", mode="byte", boost_error=False)
    size = len(drawn.matrix)
    rows = ("".join(map(str, row)).ljust(8 * row_bytes(size), "0") for row in drawn.matrix)
    return Symbol(size, b"".join(int(row, 2).to_bytes(row_bytes(size), "big") for row in rows))


@given(LABELS)
def test_a_label_gives_the_symbol_that_segno_draws(label: str) -> None:
    link = f"https://petitions.example.org/p/salesforce-cbp?source={label}"
    assert symbol_of(link) == by_segno(link)


@pytest.mark.parametrize("length", [1, 14, 15, 62, 63, 180, 181, 213, 214, 500, 1_500, 2_331])
def test_a_link_of_any_length_does(length: int) -> None:
    link = ("https://é.example.org/" + "x" * length).encode()[:length].decode(errors="ignore")
    assert symbol_of(link) == by_segno(link)


def test_a_longer_link_does_not_fit() -> None:
    with pytest.raises(ValueError, match="2332 bytes"):
        symbol_of("x" * 2_332)
