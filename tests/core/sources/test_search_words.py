"""Words to search for have quotation marks around them, and none inside."""

from __future__ import annotations

import pytest

from core.petition.source import Source
from core.sources.search_words import search_words


@pytest.mark.parametrize("title", ['Forty "sick" elms', "Forty “sick”\nelms", "Forty «sick» elms", "Forty「sick」elms"])
def test_quotes_inside_a_title_are_left_out(title: str) -> None:
    assert search_words(Source(1, "The Courier", title, "", None, "", ())) == '"Forty sick elms" "The Courier"'


def test_a_source_without_a_publication_has_its_title_alone() -> None:
    assert search_words(Source(1, "", "Forty elms", "", None, "", ())) == '"Forty elms"'
