"""Labels fit the room that they have, say with an ellipsis that something is missing, and end before their value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from bots.common.captions import truncate_cells, with_colon

TEXTS = st.text(max_size=60) | st.text("aé署名한 \u0301\u200d\ufe0f👩🇩", max_size=60)


def test_a_label_that_fits_stays() -> None:
    assert truncate_cells("Sign the letter", 15) == "Sign the letter"
    assert truncate_cells("署名してください", 16) == "署名してください"


def test_no_space_is_left_before_the_ellipsis() -> None:
    assert truncate_cells("Sign the letter", 10) == "Sign the…"
    assert truncate_cells("署 名してください", 5) == "署…"


def test_marks_take_no_cell_and_stay_with_their_letter() -> None:
    assert truncate_cells("e\u0301e\u0301e\u0301e\u0301", 3) == "e\u0301e\u0301…"


@pytest.mark.parametrize(
    ("label", "before_value"), [("Name", "Name:"), ("Tenant or owner?", "Tenant or owner?"), ("Why:", "Why:")]
)
def test_a_label_has_one_mark_before_its_value(label: str, before_value: str) -> None:
    assert with_colon(label) == before_value


@given(TEXTS, st.integers(1, 40))
def test_words_truncated_by_cells_fit(words: str, longest: int) -> None:
    short = truncate_cells(words, longest)
    assert cell_len(short) <= longest
    assert short == words or words.startswith(short[:-1])
