"""One mailbox, many spellings; the rules are data."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import ContentError
from core.petition.loading import load_mailbox_rules


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("Ada.Lovelace+petitions@GMail.com", "adalovelace@gmail.com"),
        ("ada.lovelace@googlemail.com", "adalovelace@gmail.com"),
        ("ada-news@yahoo.com", "ada@yahoo.com"),
        ("ada-news@example.org", "ada-news@example.org"),
        ("ada.l+x@example.org", "ada.l@example.org"),
        ("ada@pm.me", "ada@proton.me"),
        ("+@example.org", "+@example.org"),
    ],
)
def test_shipped_rules(typed: str, canonical: str) -> None:
    assert load_mailbox_rules().canonical(typed) == canonical


def test_own_rules(tmp_path: Path) -> None:
    file = tmp_path / "mailbox.toml"
    file.write_text('[aliases]\n"mail.example" = "example.org"\n')
    assert load_mailbox_rules(file).canonical("a+b@mail.example") == "a+b@example.org"


@pytest.mark.parametrize("text", ["[default]\nsuffix = '++'", "[domains", "[defaults]\n"])
def test_wrong_rules_are_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "mailbox.toml"
    file.write_text(text)
    with pytest.raises(ContentError, match=r"mailbox\.toml"):
        load_mailbox_rules(file)
