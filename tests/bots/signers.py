"""Many signatures at once, as the service would have stored them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from functools import cache
from pathlib import Path

from core.services.ledger import Ledger
from core.signatures.signature import Signature, SignatureStatus, Signer
from storage.engine import Database
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.conftest import KEY
from tests.databases import FILE, migrated_sqlite, opened_sqlite
from tests.world import SALESFORCE, World

KEYS = "petition-keys"

NAMES = ("Ada Lovelace", "=Ben Smith", "Дмитрий Иванов", "محمد الخوارزمي")


def signatures(count: int, digest: str = "") -> Iterator[Signature]:
    """Of the shipped petition; every second agreed to updates, every fifth gave the first one's address."""
    for number in range(count):
        name, mail = f"{NAMES[number % len(NAMES)]} {number:04}", f"p{number if number % 5 else 0}@example.org"
        answers = {"full_name": name, "postal_code": f"{10001 + number}", "email": mail, "comment": "one\ntwo"}
        yield Signature(
            SALESFORCE, f"R-{number:04}", f"r{number:012}", 0, SignatureStatus.COUNTED, digest, World.now,
            "telegram", "en", "newsletter", updates=number % 2 == 0, by_email=number % 2 == 0,
            mailbox=mail, answers=answers,
        )  # fmt: skip


def store(world: World, signatures: Iterable[Signature]) -> None:
    """Each by a person of its own, in one transaction."""
    with world.work() as work:
        for signature in signatures:
            person = work.signers.lock_or_create(Signer("telegram", f"9{signature.receipt[2:]}"), world.now)
            Ledger(work, world.now).sign(person, replace(signature, digest=signature.digest or _digest(world)))
        work.commit()


def sqlite_with(count: int, folder: Path) -> Database:
    """A database in a folder, with so many signatures: a copy of one that each process fills once.

    The petition's key is a copy too. Its folder, `petition-keys`, is that of the fixture `vault`.
    """
    (folder / KEYS).mkdir(exist_ok=True)
    for name, content in _filled_files(count).items():
        (folder / name).write_bytes(content)
    return opened_sqlite(folder)


@cache
def _filled_files(count: int) -> Mapping[str, bytes]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with closing(migrated_sqlite(folder)) as database:
            vault = Vault([KEY], folder / KEYS)
            store(World(work=lambda: SqlUnitOfWork(database, vault)), signatures(count))
        files = [folder / FILE, *(folder / KEYS).iterdir()]
        return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def withdraw(world: World, receipt: str) -> None:
    with world.work() as work:
        person = work.signers.lock_or_create(Signer("telegram", f"9{receipt[2:]}"), world.now)
        Ledger(work, world.now).withdraw(person, work.signatures.standing(person)[0])
        work.commit()


def _digest(world: World) -> str:
    return world.petitions[SALESFORCE].text("en").digest
