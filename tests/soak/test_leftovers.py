"""Proof that the search finds what an erasure leaves, in every form, and nothing else."""

from __future__ import annotations

import zipfile
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.sealing import SealingKey
from tests.soak.identity import FIRST_TELEGRAM_ID, Identity
from tests.soak.leftovers import Remaining, Search, details, values
from tests.soak.places import files, joined

HERS, HIS = Identity(17), Identity(23)
ACCOUNT = str(FIRST_TELEGRAM_ID + 17)
PRESENT, DESTROYED = SealingKey(b"p" * 32), SealingKey(b"d" * 32)
CONTEXT = b"signatures.sealed\0K7QF-2M9X-PD4T"


def answers(who: Identity) -> bytes:
    return f'{{"full_name": "{who.name}", "email": "{who.mailbox}", "comment": "{who.comment}"}}'.encode()


def search(*stored: bytes) -> Search:
    """A search in which his data remains, and hers should be gone."""
    known = [value for sealed in stored for value in values(sealed, [PRESENT])]
    return Search([PRESENT], frozenset({ACCOUNT.encode()}), Remaining.of(known, *details(answers(HIS))).has)


def found(content: bytes, *stored: bytes) -> int:
    return len(list(search(*stored).find("file", b"\0\1before" + content + b"after\0")))


@pytest.mark.parametrize(
    "text", [HERS.name, HERS.mailbox.upper(), HERS.comment, ACCOUNT, f'{{"user_id":"{ACCOUNT}"}}'], ids=repr
)
def test_what_anyone_can_read_is_found(text: str) -> None:
    assert found(b"\0" + text.encode() + b"\0") > 0
    assert found(b"the organizer wrote 7700000099 times, or 177000000170 times") == 0


@pytest.mark.parametrize(
    "form", [bytes, lambda sealed: sealed.hex().encode(), b64encode], ids=["bytes", "hex", "base64"]
)
def test_what_a_present_key_opens_is_found(form: Callable[[bytes], bytes]) -> None:
    hers, his = (PRESENT.seal(answers(who), CONTEXT) for who in (HERS, HIS))
    assert found(form(hers)) == 1
    assert found(form(hers) + b" " + form(hers)) == 2
    assert found(form(his)) == 0, "an earlier version of what remains"
    assert found(form(DESTROYED.seal(answers(HERS), CONTEXT))) == 0


def test_a_beginning_is_enough() -> None:
    hers = PRESENT.seal(answers(HERS), CONTEXT)
    assert found(hers[:50]) == 1
    assert found(hers[:20]) == found(hers[9:]) == 0, "nobody can open these"


def test_a_value_without_details_is_only_right_where_it_is_stored_now() -> None:
    opened = PRESENT.seal(b'{"petition":"town-trees","answers":{"postal_code":"99950"}}', CONTEXT)
    assert (found(opened), found(opened, opened)) == (1, 0)


def test_a_conversation_without_answers_says_nothing_of_anyone() -> None:
    assert found(PRESENT.seal(b'{"petition":"town-trees","stage":"reading"}', CONTEXT)) == 0


def test_details_of_both_are_hers_too() -> None:
    assert found(PRESENT.seal(answers(HIS) + answers(HERS), CONTEXT)) == 1


def test_what_remains_is_counted() -> None:
    his = PRESENT.seal(answers(HIS), CONTEXT)
    looking = search()
    assert list(looking.find("file", his + his)) == []
    assert {value.content[:12] for value in looking.opened} == {b'{"full_name"'}


def test_values_that_go_on_after_the_header_of_a_page_are_joined(tmp_path: Path) -> None:
    hers = PRESENT.seal(answers(HERS), CONTEXT)
    content = b"x" * (8192 - 40 - 12) + hers
    paged = b"h" * 40 + content[: 8192 - 40] + b"h" * 24 + content[8192 - 40 :]
    assert joined(paged) == content
    (tmp_path / "pg_wal").mkdir()
    (tmp_path / "pg_wal" / "000000010000000000000001").write_bytes(paged)
    (tmp_path / "heap").write_bytes(paged)
    assert [(name, found(content)) for name, content in files(tmp_path)] == [
        ("heap", 0), ("pg_wal/000000010000000000000001", 1),
    ]  # fmt: skip


def test_every_file_is_read_and_archives_are_unpacked(tmp_path: Path) -> None:
    (tmp_path / "bot" / "logs").mkdir(parents=True)
    (tmp_path / "bot" / "logs" / "bot.log").write_text("hello")
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "one.key").write_text("secret")
    with zipfile.ZipFile(tmp_path / "backup.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("database", b"all of it")
    read = dict(files(tmp_path, frozenset({tmp_path / "keys"})))
    assert read == {"bot/logs/bot.log": b"hello", "backup.zip: database": b"all of it"}
