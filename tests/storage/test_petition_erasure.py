"""After retention has erased a petition, nothing opens its answers: neither the database nor an earlier backup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from core.conversation import state as ev
from core.errors import ConfigurationError, SealError
from core.petition.loading import load_mailbox_rules
from core.signatures.search import Wanted
from core.signatures.signature import SignatureStatus, Signer
from storage.archive import open_archive
from storage.backups import Backups
from storage.contexts import context_of
from storage.engine import Database
from storage.key_files import DESTROYED
from storage.opening import prepare_petition_keys
from storage.petition_erasure import destroy_key
from storage.queries import SqlQueries
from storage.retention import SqlPersonalData, anonymise_petition
from storage.statements.sealed import PAGES
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.conftest import KEY, rows_of
from tests.statements import watched
from tests.storage.signers import SECRETS, sign, sql_world
from tests.storage.test_sealed_rows import as_before
from tests.world import NOW, SALESFORCE, TREES, World

BOXES = tuple(load_mailbox_rules().canonical(address) for address in (SECRETS[2], "ben@example.org"))
COUNTED = (SignatureStatus.COUNTED,)
ELMS: list[ev.Event] = [
    ev.Begin(), ev.Answer({"who": "Ben of the Elms", "country": "US", "code": "90210", "role": "tenant"}), ev.Confirm(),
]  # fmt: skip

pytestmark = [pytest.mark.process, pytest.mark.usefixtures("programs")]  # pg_dump, psql


@pytest.fixture
def world(database: Database, vault: Vault) -> World:
    """Ada signed one petition, and Ben that one and then another."""
    world = sql_world(database, vault)
    sign(world)
    sign(world, "ben", "Ben Lovelace", "ben@example.org").about(TREES).does(*ELMS)
    return world


@pytest.fixture
def backups(database: Database, vault: Vault, tmp_path: Path) -> Backups:
    """Backups of the database."""
    return Backups(database, vault, tmp_path, lambda *_: None)


def erase(database: Database, vault: Vault, petition: str) -> bool:
    anonymise_petition(database, vault, petition)
    return destroy_key(database, vault, petition)


def restore(backups: Backups, path: Path) -> None:
    with open_archive(path) as archive:
        backups.check(archive, force=True)
        backups.restore(archive)


def opened(database: Database, vault: Vault) -> Iterator[tuple[str, bytes]]:
    """Everything that any key opens, by table."""
    for table, rows in rows_of(database).items():
        for row in rows if table in PAGES else ():
            sealed: Any = row["sealed"]
            if sealed:
                try:
                    yield table, vault.open_bytes(sealed, *context_of(table, row))
                except SealError:
                    continue


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("with_key", [False, True])
def test_an_earlier_backup_opens_nothing_of_it(
    database: Database, vault: Vault, backups: Backups, tmp_path: Path, with_key: bool
) -> None:
    backups.write(tmp_path / "early.zip", [KEY] if with_key else [], "1.2.3", NOW)
    with open_archive(tmp_path / "early.zip") as archive:
        assert (bool(archive.keys), bool(archive.petition_keys)) == (with_key, with_key)
    before = rows_of(database)
    assert len([table for table, _ in opened(database, vault) if table == "signatures"]) == 3
    assert erase(database, vault, SALESFORCE)
    restore(backups, tmp_path / "early.zip")
    assert rows_of(database)["signatures"] == before["signatures"], "all of it is back, but sealed"

    fresh = Vault([KEY], tmp_path / "petition-keys")
    found = list(opened(database, fresh))
    assert [content for table, content in found if table == "signatures" and b"Ben of the Elms" not in content] == []
    assert len([table for table, _ in found if table == "signatures"]) == 1
    assert len([table for table, _ in found if table == "conversations"]) == 1
    [person] = [content for table, content in found if table == "signers"]
    assert b'"ben"' in person, "his other signature remains"
    hers = [secret for secret in SECRETS if secret != "90210"]  # which is his, too
    assert not [secret for secret in hers for _, content in found if secret.encode() in content]
    prints = {fresh.petition_fingerprint(SALESFORCE, "mailbox", SALESFORCE, box) for box in BOXES}
    prints |= {fresh.fingerprint("mailbox", SALESFORCE, box) for box in BOXES}
    assert not prints & {row["mailbox"] for row in before["signatures"]}, "nobody finds out who gave an address"


def test_the_restored_petition_is_erased_again_and_people_can_still_talk(
    database: Database, vault: Vault, world: World, backups: Backups, tmp_path: Path
) -> None:
    sign(world, "cem", "Cem Lovelace", "cem@example.org").about(TREES).does(ev.Begin())
    backups.write(tmp_path / "early.zip", [], "1.2.3", NOW)
    assert erase(database, vault, SALESFORCE)
    restore(backups, tmp_path / "early.zip")
    assert list(SqlQueries(database, vault).unopened()) != []
    assert [name for page in SqlQueries(database, vault).unopened() for name in page] == [], "it is not damaged"
    receipts = [str(row["receipt"]) for row in rows_of(database)["signatures"] if row["petition"] == SALESFORCE]
    with SqlUnitOfWork(database, vault) as work:
        keys = work.holdings.find(Wanted("", receipts=tuple(receipts)))
        assert None in [holding.signer for key in keys if (holding := work.holdings.get(key))], (
            "nobody knows whose it was"
        )
    ada = world.person("Ada", user_id="user-4711")
    assert "Ada Lovelace" not in ada.reads()
    ada.does(ev.Forget())
    assert anonymise_petition(database, vault, SALESFORCE), "Cem's account, which no key opens, is not in the way"
    assert not [row for row in rows_of(database)["signatures"] if row["petition"] == SALESFORCE and row["sealed"]]


def test_a_key_that_cannot_be_unwrapped_is_not_destroyed(database: Database, vault: Vault, world: World) -> None:
    sign(world, "cem", "Cem Lovelace", "cem@example.org")
    keys = vault.petition_keys
    assert keys
    assert anonymise_petition(database, vault, SALESFORCE)
    rotated = Vault(["a new key, of thirty-two characters or more"], keys.folder)
    with pytest.raises(SealError):
        destroy_key(database, rotated, SALESFORCE)
    assert keys.has_file(SALESFORCE), "whoever it seals could not be moved to another key"


def test_people_needed_for_another_petition_stay(database: Database, vault: Vault, world: World) -> None:
    cem = sign(world, "cem", "Cem Lovelace", "cem@example.org")
    cem.about(TREES).does(ev.Begin())
    dee = world.person("Dee", user_id="dee").about(TREES)
    dee.does(*ELMS)
    sign(world, "dee", "Dee Lovelace", "dee@example.org")
    assert erase(database, vault, SALESFORCE)
    assert not erase(database, vault, SALESFORCE)
    fresh = Vault([KEY], vault.petition_keys.folder if vault.petition_keys else None)
    with SqlUnitOfWork(database, fresh) as work:
        for name, details in (("ben", True), ("cem", False), ("dee", True)):
            person = work.signers.lock_or_create(Signer("test", name), NOW)
            assert bool(person.details) is details, name
            assert person.home == TREES, name
            again = work.signers.get(person.id)
            assert again
            assert again.signer.user_id == name
    [signature] = [each for each in SqlQueries(database, fresh).signatures(TREES, COUNTED) if each.number == 1]
    assert signature.answers["who"] == "Ben of the Elms"


def test_an_account_is_sealed_with_the_key_of_the_first_petition_and_then_of_the_one_signed_last(
    database: Database, vault: Vault
) -> None:
    def sealed_by() -> list[str]:
        return [vault.petition_of(bytes(row["sealed"])) for row in rows_of(database)["signers"]]  # type: ignore[call-overload]

    world = sql_world(database, vault)
    ben = world.person("Ben", user_id="ben")
    ben.about(TREES).does(ev.Begin())
    assert sealed_by() == [TREES]
    ben.about(SALESFORCE).does(ev.Begin())
    assert sealed_by() == [TREES]
    sign(world, "ben", "Ben Lovelace", "ben@example.org")
    assert sealed_by() == [SALESFORCE]
    ben.about(TREES).does(*ELMS)
    assert sealed_by() == [TREES]


def test_no_version_of_a_row_with_a_petition_is_sealed_with_the_installations_key(
    database: Database, vault: Vault
) -> None:
    sealed = list[bytes]()

    def note(statement: str, values: Sequence[Any]) -> None:
        if " signers" in statement:
            sealed.extend(value for value in values if isinstance(value, bytes))

    world = sql_world(database, vault)
    with watched(database, note):
        sign(world)
        world.person("Ben", user_id="ben").about(TREES).does(ev.Begin())
        world.person("Cem", user_id="cem").about("").does(ev.SetLocale("es"))
    assert [vault.petition_of(value) for value in sealed[-2:]] == ["", ""], "Cem has chosen no petition yet"
    assert {vault.petition_of(value) for value in sealed[:-2]} == {SALESFORCE, TREES}


def test_a_person_from_an_older_version_gets_the_key_of_what_they_signed(database: Database, vault: Vault) -> None:
    world = sql_world(database, vault)
    ben = sign(world, "ben", "Ben Lovelace", "ben@example.org")
    as_before(database, vault)
    ben.about(TREES).does(ev.Open())
    [row] = rows_of(database)["signers"]
    assert vault.petition_of(row["sealed"]) == SALESFORCE  # type: ignore[arg-type]
    as_before(database, vault)
    ben.does(ev.ListPetitions())
    [row] = rows_of(database)["signers"]
    assert vault.petition_of(row["sealed"]) == SALESFORCE, "it is never left with the installation's"  # type: ignore[arg-type]


@pytest.mark.usefixtures("world")
def test_the_key_stays_while_answers_are_there(database: Database, vault: Vault) -> None:
    assert not destroy_key(database, vault, SALESFORCE)
    assert len(list(SqlQueries(database, vault).signatures(SALESFORCE, COUNTED))) == 2
    assert vault.petition_keys
    assert SALESFORCE in vault.petition_keys.ids()


@pytest.mark.usefixtures("world")
def test_the_key_of_an_erased_petition_is_destroyed_at_once(database: Database, vault: Vault) -> None:
    data, keys = SqlPersonalData(database, vault), vault.petition_keys
    assert keys
    assert data.holds(SALESFORCE)
    assert data.erase(SALESFORCE) == 2
    assert (data.holds(SALESFORCE), data.holds(TREES)) == (False, True)
    assert list(keys.ids()) == [TREES]


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)  # on SQLite, only one transaction writes at a time
def test_a_key_that_could_not_be_destroyed_yet_is_tried_again(database: Database, vault: Vault, world: World) -> None:
    data, ben = SqlPersonalData(database, vault), Signer("test", "ben")
    world.person("Ben", user_id="ben").about(SALESFORCE).does(ev.Withdraw())
    sign(world, "ben", "Ben Lovelace", "ben@example.org")
    anonymise_petition(database, vault, SALESFORCE)
    with SqlUnitOfWork(database, vault) as work:
        work.signers.lock_or_create(ben, NOW)
        assert data.erase(SALESFORCE) == 0
        assert data.holds(SALESFORCE), "otherwise nobody would try again"
    assert data.erase(SALESFORCE) == 0
    assert not data.holds(SALESFORCE)


def test_a_petition_that_nobody_signed_has_no_key_to_destroy(database: Database, vault: Vault) -> None:
    assert not destroy_key(database, vault, SALESFORCE)


@pytest.mark.usefixtures("world")
def test_a_missing_key_is_said_before_anyone_signs(database: Database, backups: Backups, tmp_path: Path) -> None:
    backups.write(tmp_path / "kept.zip", [], "1.2.3", NOW)
    elsewhere = Vault([KEY], tmp_path / "empty")
    with (
        pytest.raises(ConfigurationError, match=r"The key of the petition .* is missing in"),
        open_archive(tmp_path / "kept.zip") as archive,
    ):
        Backups(database, elsewhere, tmp_path, lambda *_: None).check(archive, force=True)
    for slug in (SALESFORCE, TREES):
        with pytest.raises(ConfigurationError, match=f"The key of the petition {slug} is missing in") as caught:
            prepare_petition_keys(database, elsewhere)
        line = str(caught.value).split('"')[1]
        with (tmp_path / "empty" / DESTROYED).open("a") as file:
            file.write(f"{line}\n")
    prepare_petition_keys(database, elsewhere)


def test_mailboxes_of_older_versions_get_their_petitions_fingerprint(
    database: Database, vault: Vault, world: World
) -> None:
    new = {box: vault.petition_fingerprint(SALESFORCE, "mailbox", SALESFORCE, box) for box in BOXES}
    old = {box: vault.fingerprint("mailbox", SALESFORCE, box) for box in BOXES}

    def boxes() -> set[object]:
        return {row["mailbox"] for row in rows_of(database)["signatures"] if row["petition"] == SALESFORCE}

    assert boxes() == {*new.values()}
    with database.writing() as connection:
        for box in BOXES:
            change = sa.text("UPDATE signatures SET mailbox = :old WHERE mailbox = :new")
            connection.execute(change, {"old": old[box], "new": new[box]})
        connection.commit()
    prepare_petition_keys(database, vault)
    assert boxes() == {*old.values()}, "it is done once"
    with database.writing() as connection:
        connection.execute(sa.text("DELETE FROM marks WHERE name = 'mailboxes'"))
        connection.commit()
    prepare_petition_keys(database, vault)
    assert boxes() == {*new.values()}
    sign(world, "cem", "Ben Lovelace", "ben@example.org")
    assert world.counted() == 2, "his address is known from the time before"
