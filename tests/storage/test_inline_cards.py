"""Inline cards are remembered for a week, the newest hundred, and forgotten with whoever shared them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from core.conversation import state as ev
from core.outreach.inline_cards import INLINE_CARDS_KEPT, MOST_INLINE_CARDS, InlineCard
from core.ports import UnitOfWork
from core.services.inline_cards import InlineCardService
from storage.engine import Database
from storage.queries import SqlQueries
from storage.retention import SqlPersonalData, anonymise_petition
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.conftest import rows_of
from tests.storage.signers import sign, sql_world
from tests.world import NOW, SALESFORCE

CARD = InlineCard("AgAAAB1", "elms", "rabcdefghijkl", "es", "", NOW, NOW)
LATER = NOW + dt.timedelta(minutes=5)
Work = Callable[[], UnitOfWork]


def add(work: Work, *cards: InlineCard) -> None:
    with work() as unit:
        for card in cards:
            unit.inline_cards.add(card)
        unit.commit()


def stored(work: Work) -> list[InlineCard]:
    with work() as unit:
        return list(unit.inline_cards.all())


def test_the_first_to_know_a_card_counts(work: Work) -> None:
    add(work, CARD, replace(CARD, label="newsletter", locale="en", added_at=LATER))
    assert stored(work) == [CARD]


def test_the_newest_hundred_are_kept(work: Work) -> None:
    many = [
        replace(CARD, message=f"Ag{number}", added_at=NOW + dt.timedelta(seconds=number))
        for number in range(MOST_INLINE_CARDS + 3)
    ]
    add(work, *many)
    assert {card.message for card in stored(work)} == {card.message for card in many[3:]}


def test_a_card_is_claimed_once_and_forgotten(work: Work) -> None:
    add(work, CARD)
    with work() as unit:
        assert unit.inline_cards.claim(CARD, LATER)
        assert not unit.inline_cards.claim(CARD, LATER)
        assert not unit.inline_cards.claim(replace(CARD, message="another"), LATER)
        unit.inline_cards.forget(CARD)
        unit.inline_cards.forget(CARD)
        assert unit.inline_cards.all() == ()


def test_the_cards_of_one_sharer_are_forgotten(work: Work) -> None:
    others = [replace(CARD, message="2", label="newsletter"), replace(CARD, message="3", petition="oaks")]
    add(work, CARD, *others)
    with work() as unit:
        unit.inline_cards.forget_shared("elms", CARD.label)
        unit.commit()
    assert {card.message for card in stored(work)} == {"2", "3"}


def test_nothing_in_the_table_says_where_a_card_is_or_whose(database: Database, vault: Vault) -> None:
    add(lambda: SqlUnitOfWork(database, vault), CARD)
    (row,) = rows_of(database)["inline_cards"]
    assert not any(secret in str(value) for value in row.values() for secret in (CARD.message, CARD.label))


@pytest.mark.parametrize("erased", ["withdrawn", "forgotten"])
def test_a_sharer_takes_their_cards_along(database: Database, vault: Vault, erased: str) -> None:
    world = sql_world(database, vault)
    ada = sign(world)
    label = world.signing.profile(ada.signer).referrals[SALESFORCE]
    add(world.work, replace(CARD, petition=SALESFORCE, label=label), replace(CARD, message="2", petition=SALESFORCE))
    if erased == "withdrawn":
        ada.does(ev.Withdraw())
    else:
        world.signing.forget(ada.signer)
    assert len(rows_of(database)["inline_cards"]) == 1


def test_retention_forgets_old_cards_and_those_of_an_erased_petition(database: Database, vault: Vault) -> None:
    world = sql_world(database, vault)
    sign(world)
    old = replace(CARD, added_at=NOW - INLINE_CARDS_KEPT - dt.timedelta(seconds=1))
    add(
        world.work,
        old,
        replace(CARD, message="2", added_at=NOW - INLINE_CARDS_KEPT),
        replace(CARD, message="3", petition=SALESFORCE),
    )
    SqlPersonalData(database, vault).clean(NOW)
    assert len(rows_of(database)["inline_cards"]) == 2
    anonymise_petition(database, vault, SALESFORCE)
    assert [row["petition"] for row in rows_of(database)["inline_cards"]] == ["elms"]


def test_a_card_that_is_due_is_refreshed_by_one_process(database: Database, vault: Vault) -> None:
    world = sql_world(database, vault)
    service = InlineCardService(world.work, SqlQueries(database, vault), lambda: world.now)
    service.record("AgAAAB1", SALESFORCE, "", "en")
    assert service.due(lambda *_: "new") == (), "it is younger than a minute"
    world.now += dt.timedelta(seconds=61)
    (card,), (same,) = service.due(lambda *_: "new"), service.due(lambda *_: "new")
    assert service.due(lambda *_: None) == (), "cards of a petition that can't be read stay as they are"
    assert service.due(lambda petition, locale: "" if (petition, locale) == (SALESFORCE, "en") else "x") == ()
    assert [service.claim(card), service.claim(same)] == [True, False]
    service.record_refreshed(card, "new")
    world.now += dt.timedelta(seconds=61)
    assert service.due(lambda *_: "new") == ()
    assert len(service.due(lambda *_: "newer")) == 1
