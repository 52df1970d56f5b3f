"""Messages that last, by their buttons: announcements and receipts, also those of earlier versions."""

from __future__ import annotations

import pytest

from bots.common.lasting import is_lasting

RECEIPT = ["vproof.-.elms", "u1.-.elms", "vwithdraw.-.elms", "o.-.elms"]


@pytest.mark.parametrize("tapped", [*RECEIPT, "m|elms", "s0", "p0123|elms", ""])
def test_whatever_is_used_on_a_receipt_is_on_one_that_lasts(tapped: str) -> None:
    assert is_lasting(tapped, RECEIPT)


@pytest.mark.parametrize(
    ("buttons", "lasts"),
    [
        (["u0..elms", "o..elms"], True),
        (["u1.7.elms", "vwithdraw.7.elms", "b.7.elms"], True),
        (["u1.7.elms", "vwithdraw.7.elms", "o.7.elms"], False),
        (["g.3.elms", "p0.3.elms", "vmore.3.elms"], False),
        (["cg0123|g..elms", "cg0123|p0..elms"], False),
        (["!stats elms", "s0", ""], False),
        ([], False),
    ],
)
def test_older_announcements_and_receipts_are_known_by_their_buttons(buttons: list[str], *, lasts: bool) -> None:
    assert is_lasting(next(iter(buttons), ""), buttons) == lasts
