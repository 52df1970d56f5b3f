"""A text that is too long fits afterwards, ends with an ellipsis, and keeps its last character whole."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from core.text.truncation import truncate

TEXTS = st.text(max_size=60) | st.text("aé署名한 \u0301\u200d\ufe0f👩🇩", max_size=60)


@pytest.mark.parametrize(
    ("words", "longest", "cut"),
    [
        ("Sign the letter", 15, "Sign the letter"),
        ("Sign the letter", 10, "Sign the…"),
        ("e\u0301e\u0301e\u0301", 5, "e\u0301e\u0301…"),
        ("e\u0301e\u0301e\u0301", 4, "e\u0301…"),
        ("a 👩\u200d👩\u200d👧 b", 6, "a…"),
        ("e" + "\u0301" * 20, 5, "e" + "\u0301" * 3 + "…"),  # one character alone is too long
    ],
)
def test_words_are_cut_between_characters(words: str, longest: int, cut: str) -> None:
    assert truncate(words, longest) == cut


@given(TEXTS, st.integers(1, 40))
def test_truncated_words_fit(words: str, longest: int) -> None:
    short = truncate(words, longest)
    assert len(short) <= longest
    assert short == words or words.startswith(short[:-1])


@given(TEXTS, st.integers(10, 40))
def test_no_character_is_cut_in_two(words: str, longest: int) -> None:
    clusters = regex.findall(r"\X", words)
    short = truncate(words, longest)
    if short != words and all(len(cluster) < longest for cluster in clusters):
        starts = ["".join(clusters[:count]).rstrip() for count in range(len(clusters))]
        assert short[:-1] in starts
