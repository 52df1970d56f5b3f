"""Buttons tell all fields and options apart, or the petition is refused."""

from __future__ import annotations

from core.petition.form import Field, FieldKind
from core.petition.form_rules import broken_rules
from core.petition.tap_digest import collisions, tap_digest

ALIKE = ("answer_18f4355", "answer_222bb79")  # found among 40 million names
OPTIONS = ("answer_151fec0", "answer_1ae1ad0")  # of a field called "role"
SINCE = "since their short digests are equal: rename one"


def test_the_names_are_alike() -> None:
    assert tap_digest(ALIKE[0]) == tap_digest(ALIKE[1])
    assert tap_digest("role", OPTIONS[0]) == tap_digest("role", OPTIONS[1])


def test_fields_and_options_are_told_apart() -> None:
    fields = {0: Field("role", FieldKind.CHOICE, options=("a", "b")), 2: Field("where", FieldKind.COUNTRY)}
    assert list(collisions(fields)) == []


def test_names_that_a_button_cannot_tell_apart_are_a_fault_where_they_are_written() -> None:
    fields = {
        0: Field(ALIKE[0], FieldKind.TEXT),
        1: Field("role", FieldKind.CHOICE, options=OPTIONS),
        2: Field(ALIKE[1], FieldKind.TEXT),
    }
    broken = {(index, key): words for index, (words, key) in broken_rules(fields, None)}
    assert broken == {
        (1, ("options",)): f"a button can't tell {OPTIONS[1]!r} from 'role {OPTIONS[0]}', {SINCE}",
        (2, ("name",)): f"a button can't tell {ALIKE[1]!r} from {ALIKE[0]!r}, {SINCE}",
    }
