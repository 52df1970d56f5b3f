"""Folded words: what people overlook makes no difference, and what makes another word does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.folding import folded_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ada LOVELACE", ["ada", "lovelace"]),
        ("  Zoë-Marie\tÅström ", ["zoe", "marie", "astrom"]),
        ("D’Angelo O'Brien", ["dangelo", "obrien"]),
        ("ａｄａ Łukasz Straße", ["ada", "lukasz", "strasse"]),
        ("مُحَمَّد", ["محمد"]),
        ("Ёлкин Ελένη", ["елкин", "ελενη"]),
        ("राम रीम रोम", ["राम", "रीम", "रोम"]),
        ("が か", ["が", "か"]),
        ("...", []),
    ],
)
def test_words_are_folded(text: str, words: list[str]) -> None:
    assert folded_words(text) == words


@given(st.text(st.characters(max_codepoint=127)))
def test_ascii_is_folded_like_any_other_text(text: str) -> None:
    assert folded_words(text) == folded_words(f"{text} é")[:-1]
