"""Old signatures keep the promise about the name under which they were given."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.export.naming import asked_before, is_named
from core.signatures.signature import Signature
from tests.core.conversation.stories import SIGNED
from tests.world import SALESFORCE, petitions

ASKS = petitions()[SALESFORCE]
UNASKED = replace(ASKS, named_if="")


def signed(answer: str = "", *, named: bool | None = None) -> Signature:
    """A signature; without `named`, one from before consent was stored."""
    return replace(SIGNED, answers={"full_name": "Ada", **({"show_name": answer} if answer else {})}, named=named)


OLD = signed()
NEW = signed("no", named=False)


@pytest.mark.parametrize(
    ("signatures", "expected"),
    [
        ([OLD, OLD, NEW], [True, True, False]),  # it did not ask then, and said that it names everyone
        ([OLD, signed("yes"), signed("no"), NEW], [False, True, False, False]),  # it asked already
        ([signed("no", named=False), signed("yes", named=True)], [False, True]),
        ([signed(named=True), NEW], [True, False]),  # signed before the petition asked, with the promise stored
    ],
)
def test_a_petition_that_asks_now(signatures: list[Signature], expected: list[bool]) -> None:
    asked = asked_before(ASKS, iter(signatures))
    assert [is_named(ASKS, signature, asked=asked) for signature in signatures] == expected


def test_a_petition_that_asks_no_more_still_names_only_those_who_agreed() -> None:
    signatures = [signed("no", named=False), signed("yes", named=True), signed(named=True), OLD]
    asked = asked_before(UNASKED, iter(signatures))
    assert [is_named(UNASKED, signature, asked=asked) for signature in signatures] == [False, True, True, True]


def test_reading_stops_at_the_first_signature_that_tells() -> None:
    signatures = iter([OLD, NEW, signed("yes")])
    assert not asked_before(ASKS, signatures)
    assert next(signatures).answers["show_name"] == "yes"
    assert not asked_before(UNASKED, signatures)
