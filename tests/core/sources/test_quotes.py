"""Quoted words as parts, and as links that open a page at them."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sources.quotes import quoted_parts, text_fragment

LINK = "https://courier.example.org/elms"


@pytest.mark.parametrize(
    ("quote", "parts"),
    [
        ("forty elms", ("forty elms",)),
        ("  forty\n elms ", ("forty elms",)),
        ("forty elms … by spring", ("forty elms", "by spring")),
        ("forty elms [...] by (…) spring", ("forty elms", "by", "spring")),
        ("[T]he elms ... fall", ("The elms", "fall")),
        ("... the elms", ("the elms",)),
        ("the elms. . .fall", ("the elms", "fall")),
        ("", ()),
        ("... – …", ()),
    ],
)
def test_parts(quote: str, parts: tuple[str, ...]) -> None:
    assert quoted_parts(quote) == parts


@pytest.mark.parametrize(
    ("quote", "directive"),
    [
        ("forty elms", "forty%20elms"),
        ("well-known, R&D", "well%2Dknown%2C%20R%26D"),
        ("50% or 100 #elms", "50%25%20or%20100%20%23elms"),
        ("楡を伐採する", "%E6%A5%A1%E3%82%92%E4%BC%90%E6%8E%A1%E3%81%99%E3%82%8B"),
        ("the city ... by spring", "the%20city,by%20spring"),
        (" ".join(str(number) for number in range(100)), "0%201%202%203%204%205,94%2095%2096%2097%2098%2099"),
        ("楡" * 300, f"{'%E6%A5%A1' * 30},{'%E6%A5%A1' * 30}"),
    ],
)
def test_a_text_fragment(quote: str, directive: str) -> None:
    assert text_fragment(LINK, quote) == f"{LINK}#:~:text={directive}"


def test_a_fragment_that_a_link_has_stays_and_its_directive_goes() -> None:
    assert text_fragment(f"{LINK}#part-2", "elms") == f"{LINK}#part-2:~:text=elms"
    assert text_fragment(f"{LINK}#part-2:~:text=oaks", "elms") == f"{LINK}#part-2:~:text=elms"
    assert text_fragment(f"{LINK}#part-2", "") == f"{LINK}#part-2"


@given(st.text(max_size=400))
def test_any_words_make_one_directive_that_says_them(quote: str) -> None:
    parts = quoted_parts(quote)
    link = text_fragment(LINK, quote)
    if not parts:
        assert link == LINK
        return
    directive = urlsplit(link).fragment.removeprefix(":~:text=")
    assert link.isascii()
    assert not set(directive) & set("-& ")
    said = [unquote(half, errors="strict") for half in directive.split(",")]
    assert parts[0].startswith(said[0])
    assert parts[-1].endswith(said[-1])
