"""The search for secrets finds each of them in the forms that logs, dumps, and files have, and nothing by chance."""

from __future__ import annotations

import pytest

from tests.leaks import leaked

SECRETS = ("90210", "Ada Lovelace", "4711")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("3f90210a and 41:47110", []),
        (b"\\x3f90210a\t1", []),
        ("code 90210, user=4711", ["90210", "4711"]),
        (b"1\t90210\tUS", ["90210"]),
        (b"\\x00" + b"Ada Lovelace".hex().upper().encode(), ["Ada Lovelace"]),
        (b"\xff\x00US90210ada", ["90210"]),
        (b"\xff\x00US" + b"0123456789abcdef90210" * 3, []),
        ("nothing", []),
    ],
)
def test_secrets_are_found_but_not_among_random_digits(content: bytes | str, found: list[str]) -> None:
    assert leaked(SECRETS, content) == found
