"""Many signatures at once, as the service would have stored them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from core.services.ledger import Ledger
from core.signatures.signature import Signature, SignatureStatus, Signer
from tests.world import SALESFORCE, World

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


def withdraw(world: World, receipt: str) -> None:
    with world.work() as work:
        person = work.signers.lock_or_create(Signer("telegram", f"9{receipt[2:]}"), world.now)
        Ledger(work, world.now).withdraw(person, work.signatures.standing(person)[0])
        work.commit()


def _digest(world: World) -> str:
    return world.petitions[SALESFORCE].text("en").digest
