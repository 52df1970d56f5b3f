"""No file has a phrase that makes English read like a translation."""

from __future__ import annotations

import pytest

from tests.prose.phrases import found, hits


def test_a_phrase_counts_in_any_case_and_over_two_lines() -> None:
    assert _count("Somebody whom we met") == 2
    assert _count("a file in the\n    place of the output; # round\n# numbers") == 2
    assert _count("the whomever of nobody, all around numbers") == 0


@pytest.mark.parametrize(
    ("translated", "native"),
    [
        ("draw the present screen", "tell the present time"),
        ("it is no address", "there is no address, and it is no longer one"),
        ("the code, where there is one", "where there is enough room"),
        ("its name stands in links", "a count they can stand behind stands out"),
        ('"""What came of it."""', 'print("What came of it")'),
        ('    """Whether it is open."""', "    # Whether it is open"),
    ],
)
def test_good_english_that_looks_alike_does_not_count(translated: str, native: str) -> None:
    assert _count(translated) == 1
    assert _count(native) == 0


def test_no_file_has_one() -> None:
    assert hits() == [], "say it in plain words: see CONTRIBUTING.md, Tests"


def test_a_hit_is_reported_with_its_line() -> None:
    assert list(found("one\ntwo whom\n")) == [2]


def _count(text: str) -> int:
    return len(list(found(text)))
