"""No file gains a phrase that gives a translation away."""

from __future__ import annotations

from tests.prose.phrases import allowed, count, hits


def test_a_phrase_counts_in_any_case_and_over_two_lines() -> None:
    assert count("Somebody whom we met") == 2
    assert count("a file in the\n    place of the output; # round\n# numbers") == 2
    assert count("the whomever of nobody, all around numbers") == 0


def test_no_file_has_more_of_them_than_it_had() -> None:
    before = allowed()
    more = {
        name: f"{number}, not {before.get(name, 0)}" for name, number in hits().items() if number > before.get(name, 0)
    }
    assert more == {}, "say it in plain words: see CONTRIBUTING.md, English"
