"""One mailbox, many spellings; the rules are data."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import ContentError
from core.petition.loading import MAILBOX_RULES, load_mailbox_rules


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
        ("-_@proton.me", "-_@proton.me"),
        ("ａｄａ@gmail.com", "ada@gmail.com"),
        ("ada.b@yandex.ru", "ada-b@yandex.ru"),
        ("ada-b@yandex.by", "ada-b@yandex.ru"),
        ("ada.b@ya.ru", "ada-b@yandex.ru"),
        ("Ada.B+x@yandex.kz", "ada-b@yandex.ru"),
        ("ada.b@yandex.com.tr", "ada-b@yandex.ru"),
        ("ada@narod.ru", "ada@yandex.ru"),
        ("ada-news@yahoo.co.uk", "ada@yahoo.co.uk"),
        ("ada-news@ymail.com", "ada@ymail.com"),
        ("ada@outlook.com", "ada@outlook.com"),
        ("a.da@outlook.com", "a.da@outlook.com"),
        ("ada+x@hotmail.com", "ada@hotmail.com"),
        ("ada+x@mailbox.org", "ada@mailbox.org"),
        ("ada@me.com", "ada@icloud.com"),
        ("a.b@proton.me", "ab@proton.me"),
        ("ada@fastmail.fm", "ada@fastmail.fm"),
        ("ada@bücher.example", "ada@bücher.example"),
        ("ada@xn--bcher-kva.example", "ada@bücher.example"),
        ("a.b-c_d+x@proton.me", "abcd@proton.me"),
        ("ab@protonmail.com", "ab@proton.me"),
        ("news@ada.fastmail.com", "ada@fastmail.com"),
        ("ada+news@fastmail.com", "ada@fastmail.com"),
        ("news@ada.example.org", "news@ada.example.org"),
        ("a.b-c@icloud.com", "a.b-c@icloud.com"),
        ("a.b-c@mac.com", "a.b-c@icloud.com"),
    ],
)
def test_shipped_rules(typed: str, canonical: str) -> None:
    assert load_mailbox_rules().canonical(typed) == canonical


def test_every_shipped_rule_gives_its_source() -> None:
    shipped = MAILBOX_RULES.read_text(encoding="utf-8")
    rules, aliases = shipped.split("[aliases]")
    blocks = [block for block in rules.split("\n\n") if "[" in block]
    assert len(blocks) > 5
    assert all("# https://" in block for block in blocks)
    source = ""
    for line in aliases.strip().splitlines():
        source = line if line.startswith("#") else source
        assert source.startswith("# https://"), line


def test_own_rules(tmp_path: Path) -> None:
    file = tmp_path / "mailbox.toml"
    file.write_text('[aliases]\n"mail.example" = "example.org"\n')
    assert load_mailbox_rules(file).canonical("a+b@mail.example") == "a+b@example.org"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[default]\nsuffix = '++'", "default.suffix: "),
        ("[domains", "not TOML"),
        ("[defaults]\n", "defaults: "),
        ("[aliases]\n'me.com' = 'https://icloud.com'\n", "'https://icloud.com' is not a mail domain"),
        ("[domains.'Gmail.com']\nignore = '.'\n", "'Gmail.com' is not a mail domain"),
        (
            "[aliases]\n'xn--bcher-kva.example' = 'icloud.com'\n",
            "'xn--bcher-kva.example' must be in its own letters: büch",
        ),
        ("[aliases]\n'@me.com' = 'icloud.com'\n", "'@me.com' is not a mail domain"),
    ],
)
def test_wrong_rules_are_named(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "mailbox.toml"
    file.write_text(text)
    with pytest.raises(ContentError) as refused:
        load_mailbox_rules(file)
    assert str(refused.value).startswith(f"{file}: {words}")
    assert "Value error" not in str(refused.value)


@pytest.mark.parametrize("content", [None, b"\xff"])
def test_rules_that_cannot_be_read_are_a_sentence(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "mailbox.toml"
    if content:
        file.write_bytes(content)
    with pytest.raises(ContentError, match="cannot be read: ") as refused:
        load_mailbox_rules(file)
    assert "Errno" not in str(refused.value)
    assert "codec" not in str(refused.value)
