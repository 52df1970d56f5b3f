"""Consent on SQLite and PostgreSQL: sealed with the answers, with each wording stored once."""

from __future__ import annotations

import sqlalchemy as sa

from core.conversation import state as ev
from core.signatures.consent import words_digest
from core.signatures.signature import SignatureStatus
from storage.engine import Database
from storage.queries import SqlQueries
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.world import World

SIGNS: tuple[ev.Event, ...] = (ev.Begin(), ev.Reply("90210"), ev.Confirm(named=True))


def receipt_of(world: World, name: str) -> str:
    with world.work() as work:
        person = work.signers.find(world.person(name).signer)
        assert person
        return work.signatures.standing(person)[0].receipt


def test_the_proof_is_kept_with_every_choice_and_erased_with_the_answers(database: Database, vault: Vault) -> None:
    world, queries = World(work=lambda: SqlUnitOfWork(database, vault)), SqlQueries(database, vault)
    ada = world.person("Ada Lovelace")
    ada.does(*SIGNS)
    ada.taps("Send me updates")
    receipt = receipt_of(world, "Ada Lovelace")
    proof = queries.consents_of(receipt)
    assert proof
    assert [(consent.choice, consent.locale, consent.at) for consent, _ in proof] == [
        ("name", "en", world.now), ("no", "en", world.now), (proof[2][0].choice, "en", world.now),
    ]  # fmt: skip
    assert proof[0][1].endswith("Confirm, and hand in my name")
    assert proof[2][1].startswith("Send me updates")
    assert [queries.shown_words(consent.words) for consent, _ in proof] == [words for _, words in proof]
    assert queries.shown_words("0" * 64) == ""
    (signature,) = queries.signatures(ada.petition, tuple(SignatureStatus))
    assert signature.named is True
    assert signature.answers["show_name"] == "yes"
    ada.does(ev.Withdraw())
    assert queries.consents_of(receipt) == ()
    assert queries.consents_of("AAAA-AAAA-AAAA") is None


def test_words_shown_to_many_are_stored_once(database: Database, vault: Vault) -> None:
    world = World(work=lambda: SqlUnitOfWork(database, vault))
    for name in ("Ada Lovelace", "Grace Hopper"):
        world.person(name).does(*SIGNS)
    with database.reading() as connection:
        rows = connection.execute(sa.text("SELECT digest, words FROM shown_words")).all()
    ((digest, words),) = rows
    assert digest == words_digest(words)
    assert "Ada" not in words
    with world.work() as work:
        assert work.words.of(digest) == words
        assert work.words.of("0" * 64) is None
