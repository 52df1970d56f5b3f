"""Each petition's own key: made once, shared by all processes, and destroyed for good."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from core.errors import ConfigurationError, KeyDestroyedError, SealError, StorageUnavailableError
from storage.key_files import DESTROYED
from storage.vault import Vault

OLD, NEW = "the old key, of at least thirty-two characters", "the new key, of at least thirty-two characters"
ROW = ("signatures.sealed", "K7QF-2M9X-PD4T")


def vault(folder: Path, *keys: str) -> Vault:
    return Vault(keys or [OLD], folder)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_petitions_key_seals_and_every_process_opens(tmp_path: Path) -> None:
    one, other = vault(tmp_path), vault(tmp_path)
    sealed = one.seal({"a": "b"}, *ROW, petition="elms")
    assert other.open(sealed, *ROW) == {"a": "b"}
    assert other.seal({}, *ROW, petition="elms")[:9] == sealed[:9]
    assert one.seal({}, *ROW, petition="oaks")[:9] != sealed[:9] != one.seal({}, *ROW)[:9]
    assert (one.petition_of(sealed), one.petition_of(one.seal({}, *ROW))) == ("elms", "")
    assert files(tmp_path) == ["elms.1.key", "oaks.1.key"]
    assert (tmp_path / "elms.1.key").stat().st_mode & 0o777 == 0o600


def test_the_file_alone_opens_nothing(tmp_path: Path) -> None:
    sealed = vault(tmp_path).seal({"a": "b"}, *ROW, petition="elms")
    thief = vault(tmp_path, NEW)
    assert not thief.opens(sealed, *ROW)
    assert vault(tmp_path, NEW, OLD).open(sealed, *ROW) == {"a": "b"}


def test_a_key_under_another_petitions_name_is_not_its_key(tmp_path: Path) -> None:
    sealed = vault(tmp_path).seal({}, *ROW, petition="elms")
    (tmp_path / "elms.1.key").rename(tmp_path / "oaks.1.key")
    assert not vault(tmp_path).opens(sealed, *ROW)
    with pytest.raises(SealError):
        vault(tmp_path).seal({}, *ROW, petition="oaks")


def test_many_processes_make_one_key(tmp_path: Path) -> None:
    vaults = [vault(tmp_path / "new") for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        sealed = list(pool.map(lambda each: each.seal({"a": "b"}, *ROW, petition="elms"), vaults))
    assert files(tmp_path / "new") == ["elms.1.key"]
    assert all(each.open(value, *ROW) == {"a": "b"} for each in vaults for value in sealed)


def test_a_destroyed_key_opens_nothing_in_any_process(tmp_path: Path) -> None:
    one, other = vault(tmp_path), vault(tmp_path)
    sealed = one.seal({"a": "b"}, *ROW, petition="elms")
    kept = other.seal({"c": "d"}, *ROW, petition="oaks")
    secret, link = (tmp_path / "elms.1.key").read_bytes(), tmp_path / "link"
    link.hardlink_to(tmp_path / "elms.1.key")
    assert one.petition_keys
    one.petition_keys.destroy("elms")
    one.petition_keys.destroy("elms")
    assert files(tmp_path) == [DESTROYED, "link", "oaks.1.key"]
    assert link.read_bytes() == b"\0" * len(secret), "it is overwritten before it is removed"
    for each in (one, vault(tmp_path)):
        with pytest.raises(KeyDestroyedError):
            each.open(sealed, *ROW)
        assert each.opens(sealed, *ROW), "nobody is alarmed by what is meant to be unreadable"
        assert each.open(kept, *ROW) == {"c": "d"}
    again = other.seal({}, *ROW, petition="elms")
    assert again[:9] != sealed[:9], "another process seals no more with the destroyed key"


def test_a_key_file_put_back_after_its_destruction_opens_nothing(tmp_path: Path) -> None:
    one = vault(tmp_path)
    sealed = one.seal({"a": "b"}, *ROW, petition="elms")
    assert one.petition_keys
    copied = one.petition_keys.wrapped()
    one.petition_keys.destroy("elms")
    one.petition_keys.adopt(copied)
    assert files(tmp_path) == [DESTROYED]
    (tmp_path / "elms.1.key").write_bytes(copied["elms.1.key"])
    with pytest.raises(KeyDestroyedError):
        vault(tmp_path).open(sealed, *ROW)


def test_keys_of_a_backup_are_added_in_front_of_ours(tmp_path: Path) -> None:
    there, here = vault(tmp_path / "there"), vault(tmp_path / "here")
    sealed, print_ = there.seal({"a": "b"}, *ROW, petition="elms"), there.petition_fingerprint("elms", "ada")
    ours = here.seal({"c": "d"}, *ROW, petition="elms")
    assert there.petition_keys
    assert here.petition_keys
    for _ in range(2):
        here.petition_keys.adopt(there.petition_keys.wrapped())
        assert files(tmp_path / "here") == ["elms.1.key", "elms.2.key"]
    for each in (here, vault(tmp_path / "here")):
        assert (each.open(sealed, *ROW), each.open(ours, *ROW)) == ({"a": "b"}, {"c": "d"})
        assert each.petition_fingerprint("elms", "ada") == print_, "otherwise a mailbox would count twice"


def test_a_new_installation_key_makes_new_petition_keys(tmp_path: Path) -> None:
    old = vault(tmp_path)
    sealed, print_ = old.seal({"a": "b"}, *ROW, petition="elms"), old.petition_fingerprint("elms", "ada")
    rotated = vault(tmp_path, NEW, OLD)
    renewed = rotated.seal({"c": "d"}, *ROW, petition="elms")
    assert renewed[:9] != sealed[:9]
    assert files(tmp_path) == ["elms.1.key", "elms.2.key"]
    assert rotated.open(sealed, *ROW) == {"a": "b"}
    assert rotated.petition_fingerprint("elms", "ada") == print_
    with pytest.raises(SealError):
        old.open(renewed, *ROW)
    assert old.seal({}, *ROW, petition="elms")[:9] == sealed[:9], "a process with the old key alone goes on"


def test_fingerprints_of_a_petition_need_its_key(tmp_path: Path) -> None:
    one = vault(tmp_path)
    before = one.petition_fingerprint("elms", "mailbox", "ada")
    assert before == vault(tmp_path).petition_fingerprint("elms", "mailbox", "ada")
    assert before == one.petition_fingerprint_of("elms", one.fingerprint("mailbox", "ada"))
    assert before == one.petition_fingerprint_of("elms", before)
    assert before != one.petition_fingerprint("oaks", "mailbox", "ada")
    assert one.petition_keys
    one.petition_keys.destroy("elms")
    assert before != one.petition_fingerprint("elms", "mailbox", "ada")


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    blocked = vault(tmp_path / "file")
    with pytest.raises(StorageUnavailableError, match=r"The petitions' keys in .* cannot be read"):
        blocked.seal({}, *ROW, petition="elms")
    assert blocked.petition_keys
    with pytest.raises(ConfigurationError, match=r"PETITION_KEYS_DIR .* is not a folder that can be used"):
        blocked.petition_keys.check()


def test_a_folder_that_must_not_be_written_is_refused_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = vault(tmp_path).petition_keys
    assert keys
    keys.check()
    monkeypatch.setattr("os.access", lambda *_: False)  # the tests may run as root, who may write everywhere
    with pytest.raises(ConfigurationError, match=r"PETITION_KEYS_DIR .* must be writable"):
        keys.check()


def test_no_process_seals_with_a_key_whose_name_is_not_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other, synced = vault(tmp_path), vault(tmp_path), list[Path]()
    one.seal({}, *ROW, petition="elms")
    monkeypatch.setattr("storage.petition_keys.sync_folder", synced.append)
    for _ in range(2):
        other.seal({}, *ROW, petition="elms")
        assert synced == [tmp_path], "the process that made it may not have come so far"


class Killed(BaseException):
    """Ends a process in the middle."""


@contextmanager
def killed_after(steps: int) -> Iterator[None]:
    """Let a number of changes to the disk happen, and nothing after them."""
    left = iter(range(steps))

    def guarded(call: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **options: Any) -> Any:
            if next(left, None) is None:
                raise Killed
            return call(*arguments, **options)

        return step

    with pytest.MonkeyPatch.context() as patch, suppress(Killed):
        for name in ("fsync", "link", "unlink"):
            patch.setattr(os, name, guarded(getattr(os, name)))
        yield


@pytest.mark.parametrize("steps", range(8))
def test_a_process_killed_while_it_makes_a_key_is_in_nobodys_way(tmp_path: Path, steps: int) -> None:
    before = vault(tmp_path).seal({"a": "b"}, *ROW, petition="oaks")
    confirmed = list[bytes]()
    with killed_after(steps):
        confirmed.append(vault(tmp_path).seal({"c": "d"}, *ROW, petition="elms"))
    later = vault(tmp_path)
    assert later.open(before, *ROW) == {"a": "b"}
    assert [later.open(sealed, *ROW) for sealed in confirmed] == [{"c": "d"}] * len(confirmed)
    assert later.open(vault(tmp_path).seal({"e": "f"}, *ROW, petition="elms"), *ROW) == {"e": "f"}
    assert sum(name.startswith("elms") for name in files(tmp_path)) == 1


@pytest.mark.parametrize("steps", range(7))
def test_a_destruction_that_was_killed_is_finished_later(tmp_path: Path, steps: int) -> None:
    sealed = vault(tmp_path).seal({"a": "b"}, *ROW, petition="elms")
    kept = vault(tmp_path).seal({"c": "d"}, *ROW, petition="oaks")
    with killed_after(steps):
        destroyed = vault(tmp_path).petition_keys
        assert destroyed
        destroyed.destroy("elms")
    later = vault(tmp_path)
    assert later.open(kept, *ROW) == {"c": "d"}
    assert later.petition_keys
    assert later.petition_keys.knows(sealed[1:9]), "it is never missing, which would stop everything"
    assert "" not in later.petition_keys.ids().get("elms", [])
    again = later.seal({"e": "f"}, *ROW, petition="elms")
    assert later.open(again, *ROW) == {"e": "f"}
    assert later.petition_keys.has_file("elms")
    later.petition_keys.destroy("elms")
    assert not later.petition_keys.has_file("elms")
    for each in (sealed, again):
        with pytest.raises(KeyDestroyedError):
            vault(tmp_path).open(each, *ROW)


def test_a_line_added_by_hand_stays_apart_from_the_next(tmp_path: Path) -> None:
    one = vault(tmp_path)
    sealed = one.seal({}, *ROW, petition="elms")
    (tmp_path / DESTROYED).write_text("0123456789abcdef oaks")
    assert one.petition_keys
    one.petition_keys.destroy("elms")
    assert one.petition_keys.is_destroyed(sealed[1:9])
    assert one.petition_keys.is_destroyed(bytes.fromhex("0123456789abcdef"))
