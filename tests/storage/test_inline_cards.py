"""Inline cards are remembered for a week, the newest hundred, and forgotten with whoever shared them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from core.conversation import state as ev
from core.outreach.inline_cards import INLINE_CARDS_KEPT, MOST_INLINE_CARDS, InlineCard
from core.petition.petition import Decision, PetitionStatus
from core.ports import UnitOfWork
from core.services.inline_cards import InlineCardService
from core.signatures.signature import SignatureStatus
from storage.engine import Database
from storage.queries import SqlQueries
from storage.retention import SqlPersonalData, anonymise_petition
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.conftest import rows_of
from tests.storage.signers import sign, sql_world
from tests.world import NOW, SALESFORCE

CARD = InlineCard("AgAAAB1", "elms", "rabcdefghijkl", "es", 0, NOW, NOW)
LATER = NOW + dt.timedelta(minutes=5)
Work = Callable[[], UnitOfWork]


def add(work: Work, *cards: InlineCard) -> None:
    with work() as unit:
        for card in cards:
            unit.inline_cards.add(card)
        unit.commit()


def outdated(work: Work, before: dt.datetime = LATER) -> list[InlineCard]:
    with work() as unit:
        return list(unit.inline_cards.outdated(before))


def count(work: Work) -> None:
    with work() as unit:
        unit.tallies.add("elms", SignatureStatus.COUNTED, 1)
        unit.commit()


def test_a_card_is_outdated_when_it_shows_another_count(work: Work) -> None:
    add(work, CARD)
    assert outdated(work) == [], "no tally means zero"
    count(work)
    assert outdated(work) == [CARD]
    with work() as unit:
        unit.inline_cards.set_shown(CARD, 1)
        unit.commit()
    assert outdated(work) == []
    with work() as unit:
        unit.decisions.save("elms", Decision(PetitionStatus.VICTORY, words="Won!", since=NOW))
        unit.commit()
    assert len(outdated(work)) == 1, "a decision shows on it"
    assert outdated(work, NOW - dt.timedelta(seconds=1)) == [], "it was just refreshed"


def test_the_first_to_know_a_card_counts(work: Work) -> None:
    add(work, CARD, replace(CARD, label="newsletter", locale="en", added_at=LATER))
    count(work)
    assert outdated(work) == [CARD]


def test_the_newest_hundred_are_kept(work: Work) -> None:
    count(work)
    many = [
        replace(CARD, message=f"Ag{number}", added_at=NOW + dt.timedelta(seconds=number))
        for number in range(MOST_INLINE_CARDS + 3)
    ]
    add(work, *many)
    assert {card.message for card in outdated(work)} == {card.message for card in many[3:]}


def test_a_card_is_claimed_once_and_forgotten(work: Work) -> None:
    add(work, CARD)
    count(work)
    with work() as unit:
        assert unit.inline_cards.claim(CARD, LATER)
        assert not unit.inline_cards.claim(CARD, LATER)
        assert not unit.inline_cards.claim(replace(CARD, message="another"), LATER)
        unit.inline_cards.forget(CARD)
        unit.inline_cards.forget(CARD)
        assert unit.inline_cards.outdated(LATER) == ()


def test_the_cards_of_one_sharer_are_forgotten(work: Work) -> None:
    count(work)
    others = [replace(CARD, message="2", label="newsletter"), replace(CARD, message="3", petition="oaks", shown=9)]
    add(work, CARD, *others)
    with work() as unit:
        unit.inline_cards.forget_shared("elms", CARD.label)
        unit.commit()
    assert {card.message for card in outdated(work)} == {"2", "3"}


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
    add(world.work, old, replace(CARD, message="2"), replace(CARD, message="3", petition=SALESFORCE))
    SqlPersonalData(database, vault).clean(NOW)
    assert len(rows_of(database)["inline_cards"]) == 2
    anonymise_petition(database, vault, SALESFORCE)
    assert [row["petition"] for row in rows_of(database)["inline_cards"]] == ["elms"]


def test_a_card_that_is_due_is_refreshed_by_one_process(database: Database, vault: Vault) -> None:
    world = sql_world(database, vault)
    service = InlineCardService(world.work, SqlQueries(database, vault), lambda: world.now)
    service.record("AgAAAB1", SALESFORCE, "", "en")
    assert service.due() == (), "it is younger than a minute"
    world.now += dt.timedelta(seconds=61)
    (card,), (same,) = service.due(), service.due()
    assert service.due({SALESFORCE}) == ()
    assert [service.claim(card), service.claim(same)] == [True, False]
    service.record_refreshed(card, 0)
    world.now += dt.timedelta(seconds=61)
    assert service.due() == ()
