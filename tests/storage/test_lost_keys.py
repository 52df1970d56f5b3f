"""A petition's key that vanishes or can't be unwrapped is never replaced by another one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.errors import ConfigurationError, SealError, StorageUnavailableError
from core.petition.loading import load_mailbox_rules
from core.signatures.quarantine import Signal
from core.signatures.search import Matcher, parse_wanted
from storage.backups import Backups
from storage.engine import Database
from storage.key_files import DESTROYED, SETTLED
from storage.opening import prepare_petition_keys
from storage.petition_keys import PetitionKeys
from storage.queries import SqlQueries
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.conftest import KEY, rows_of
from tests.statements import watched
from tests.storage.archives import changed, restored, silent
from tests.storage.signers import SECRETS, sign, sql_world
from tests.storage.test_petition_keys import NEW, OLD, ROW, files, vault
from tests.storage.test_sealed_rows import People
from tests.world import NOW, SALESFORCE, petitions

MID = "the middle key, of at least thirty-two characters"
MISSING = f"The key of the petition {SALESFORCE} is missing in"


def keys_of(owner: Vault) -> PetitionKeys:
    assert owner.petition_keys
    return owner.petition_keys


def unmount(folder: Path) -> Callable[[], Path]:
    """Leave an empty folder where the keys were; returns the way to put them back."""
    away = folder.with_name("away")
    folder.rename(away)
    folder.mkdir()

    def mount() -> Path:
        for other in folder.iterdir():
            other.unlink()
        folder.rmdir()
        return away.rename(folder)

    return mount


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the keys."""
    (tmp_path / "keys").mkdir()
    return tmp_path / "keys"


def test_a_process_makes_no_second_key_while_the_folder_is_unmounted(folder: Path) -> None:
    one = vault(folder)
    sealed, print_ = one.seal({"a": "b"}, *ROW, petition="elms"), one.petition_fingerprint("elms", "ada")
    mount = unmount(folder)
    one.opens(vault(folder.with_name("other")).seal({}, *ROW, petition="elms"), *ROW)  # reads the folder again
    for attempt in (
        lambda: one.seal({}, *ROW, petition="elms"),
        lambda: one.petition_fingerprint("elms", "ada"),
        lambda: one.find_petition_fingerprint("elms", "ada"),
        lambda: one.is_current(sealed, "elms"),
    ):
        with pytest.raises(StorageUnavailableError, match="The key of the petition elms is missing in"):
            attempt()
    assert files(folder) == []
    mount()
    assert one.seal({}, *ROW, petition="elms")[:9] == sealed[:9]
    assert (one.open(sealed, *ROW), one.petition_fingerprint("elms", "ada")) == ({"a": "b"}, print_)


def test_a_vanished_oldest_key_is_not_replaced_by_the_next(folder: Path) -> None:
    vault(folder).petition_fingerprint("elms", "ada")
    rotated = vault(folder, NEW, OLD)
    rotated.seal({}, *ROW, petition="elms")
    (folder / "elms.1.key").unlink()
    keys_of(rotated).load()
    with pytest.raises(StorageUnavailableError):
        rotated.petition_fingerprint("elms", "ada")


def test_a_vanished_key_that_is_listed_as_destroyed_gets_a_successor(folder: Path) -> None:
    one = vault(folder)
    sealed = one.seal({}, *ROW, petition="elms")
    (folder / "elms.1.key").unlink()
    with pytest.raises(StorageUnavailableError):
        one.seal({}, *ROW, petition="elms")
    (folder / DESTROYED).write_text(f"{sealed[1:9].hex()} elms\n")
    assert one.seal({}, *ROW, petition="elms")[:9] != sealed[:9]


def test_another_process_that_never_saw_the_key_makes_none(database: Database, vault: Vault, tmp_path: Path) -> None:
    folder = tmp_path / "petition-keys"
    other = Vault([KEY], folder)
    prepare_petition_keys(database, other)
    people = People(database, vault)
    people.come("Ada")
    before, mount = rows_of(database), unmount(folder)
    with SqlUnitOfWork(database, other) as work, pytest.raises(StorageUnavailableError, match=MISSING):
        work.signals.seen(SALESFORCE, Signal.BURST, "web", NOW)
    assert (files(folder), rows_of(database)) == ([], before)
    with pytest.raises(ConfigurationError, match=MISSING):
        prepare_petition_keys(database, Vault([KEY], folder))
    mount()
    people.vault = other
    people.come("Ben")
    assert len(files(folder)) == 1


def names(database: Database) -> list[str]:
    with database.reading() as connection:
        found = connection.execute(sa.text("SELECT name FROM marks WHERE name LIKE 'petition-key %' ORDER BY name"))
        return list(found.scalars())


def test_the_database_names_a_key_in_the_transaction_that_first_uses_it(
    database: Database, vault: Vault, tmp_path: Path
) -> None:
    def use(*, keep: bool) -> None:
        with SqlUnitOfWork(database, vault) as work:
            for _ in range(2):
                work.signals.seen(SALESFORCE, Signal.BURST, "web", NOW)
            if keep:
                work.commit()

    use(keep=False)
    assert names(database) == []
    use(keep=True)
    assert names(database) == [f"petition-key {SALESFORCE} {keys_of(vault).ids()[SALESFORCE][0]}"]
    with pytest.raises(ConfigurationError, match=MISSING):
        prepare_petition_keys(database, Vault([KEY], tmp_path / "empty"))
    statements = list[str]()
    with watched(database, lambda statement, _: statements.append(statement)):
        use(keep=True)
        assert sum("marks" in each for each in statements) == 1, "it looks if the name was committed"
        use(keep=True)
    assert sum("marks" in each for each in statements) == 1


def test_a_rolled_back_name_inside_a_shared_transaction_is_written_again(database: Database, vault: Vault) -> None:
    def use() -> None:
        with SqlUnitOfWork(database, vault) as work:
            work.signals.seen(SALESFORCE, Signal.BURST, "web", NOW)
            work.commit()

    def break_off() -> None:
        with database.together():
            use()
            use()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    use()
    assert len(names(database)) == 1


def test_a_key_that_cannot_be_unwrapped_is_not_skipped(database: Database, tmp_path: Path) -> None:
    keys = tmp_path / "rotated"
    made = Vault([MID, KEY], keys)
    people = People(database, made)
    people.come("Ada")
    people.vault = Vault([NEW, MID, KEY], keys)
    people.come("Ben")
    assert len(files(keys)) == 2
    dropped = Vault([NEW, KEY], keys)
    with pytest.raises(ConfigurationError, match=f"The key of the petition {SALESFORCE} in .* needs an older"):
        prepare_petition_keys(database, dropped)
    for attempt in (dropped.petition_fingerprint, dropped.find_petition_fingerprint):
        with pytest.raises(SealError):
            attempt(SALESFORCE, "ada")
    prepare_petition_keys(database, Vault([NEW, MID, KEY], keys))


def test_the_folder_is_not_read_again_for_each_row_of_a_destroyed_key(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, now, reads = vault(folder), [0.0], list[Path]()
    sealed = one.seal({}, *ROW, petition="elms")
    keys, unknown = keys_of(one), b"\1" * 8
    keys._watch.clock = lambda: now[0]
    keys.destroy("elms")
    now[0] = SETTLED + 1
    keys.load()
    list_files = Path.iterdir

    def noted(path: Path) -> Iterator[Path]:
        reads.append(path)
        return iter(list_files(path))

    monkeypatch.setattr(Path, "iterdir", noted)
    for _ in range(3):
        assert one.opens(sealed, *ROW)
        assert not keys.knows(unknown)
        assert not one.is_current(sealed, "elms")
    assert reads == []
    with (folder / DESTROYED).open("a") as listing:
        listing.write(f"{unknown.hex()} oaks\n")
    assert keys.knows(unknown)
    fresh = vault(folder).seal({"a": "b"}, *ROW, petition="oaks")
    assert one.open(fresh, *ROW) == {"a": "b"}, "another process made this key"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # the keys are the same on both
def test_a_restore_that_fails_leaves_the_keys_as_they_were(database: Database, vault: Vault, tmp_path: Path) -> None:
    sign(sql_world(database, vault))
    Backups(database, vault, tmp_path, silent).write(tmp_path / "kept.zip", [KEY], "1.2.3", NOW)
    here, folder = Vault([KEY], tmp_path / "here"), tmp_path / "here"
    print_, before = here.petition_fingerprint(SALESFORCE, "ada"), (folder / f"{SALESFORCE}.1.key").read_bytes()
    backups = Backups(database, here, tmp_path, silent)
    for archive in (changed(tmp_path / "kept.zip", counts={}), changed(tmp_path / "kept.zip", cut=-9000)):
        with pytest.raises(ConfigurationError):
            restored(backups, archive, force=True)
        assert [path.read_bytes() for path in folder.iterdir()] == [before]
    restored(backups, tmp_path / "kept.zip", force=True)
    assert files(folder) == [f"{SALESFORCE}.1.key", f"{SALESFORCE}.2.key"]
    assert here.petition_fingerprint(SALESFORCE, "ada") == vault.petition_fingerprint(SALESFORCE, "ada") != print_


def test_reading_makes_no_keys(database: Database, vault: Vault, tmp_path: Path) -> None:
    world = sql_world(database, Vault([KEY]))
    sign(world)
    assert not vault.is_current(b"", SALESFORCE)
    wanted = parse_wanted(SECRETS[2])
    assert wanted
    matcher = Matcher(wanted, petitions(), load_mailbox_rules())
    assert [page.keys for page in SqlQueries(database, vault).search(matcher) if page.keys]
    assert not list((tmp_path / "petition-keys").iterdir())
