"""Cards are remembered, refreshed at most once a minute a community, moved and dropped, on both engines."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from core.outreach.cards import Card
from core.services.cards import CardService
from core.signatures.signature import SignatureStatus
from storage.cards import SqlCards
from storage.engine import Database
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.world import NOW

CARD = Card("telegram", "-1", "10", "elms", "gabc", "en", 0, NOW)


@pytest.fixture
def moment() -> list[dt.datetime]:
    """The present time, to be set."""
    return [NOW]


@pytest.fixture
def cards(database: Database, vault: Vault, moment: list[dt.datetime]) -> CardService:
    """Cards on a database in which one signature counts."""
    with SqlUnitOfWork(database, vault) as work:
        work.tallies.add("elms", SignatureStatus.COUNTED, 1)
        work.commit()
    return CardService(lambda: SqlCards(database), lambda: moment[0])


def test_a_card_is_due_when_a_minute_is_over_and_the_count_is_another(
    cards: CardService, moment: list[dt.datetime]
) -> None:
    cards.posted(CARD)
    assert cards.due("telegram") == ()
    moment[0] += dt.timedelta(seconds=61)
    assert [(one.message, one.shown) for one in cards.due("telegram")] == [(CARD.message, 0)]
    assert cards.due("discord") == ()
    cards.refreshed(CARD, 1)
    moment[0] += dt.timedelta(seconds=61)
    assert cards.due("telegram") == ()


def test_one_card_a_community_and_minute(cards: CardService, moment: list[dt.datetime]) -> None:
    elsewhere = replace(CARD, chat="-2", refreshed_at=NOW - dt.timedelta(seconds=5))
    for card in (CARD, elsewhere):
        cards.posted(card)
    moment[0] += dt.timedelta(seconds=61)
    due = cards.due("telegram")
    assert [card.chat for card in due] == ["-2", "-1"], "who waited longest comes first"
    for card in due:
        cards.refreshed(card, 1)
    assert cards.due("telegram") == ()


def test_a_card_that_is_gone_is_not_looked_after(cards: CardService, moment: list[dt.datetime]) -> None:
    cards.posted(CARD)
    cards.gone(CARD)
    moment[0] += dt.timedelta(seconds=61)
    assert cards.due("telegram") == ()


def test_a_community_keeps_its_label_when_its_id_changes(cards: CardService) -> None:
    assert cards.label("telegram", "-1", "gabc") == "gabc"
    assert cards.label("telegram", "-1", "gnew") == "gabc"
    cards.posted(CARD)
    cards.moved("telegram", "-1", "-100")
    cards.moved("telegram", "-1", "-100")
    assert cards.label("telegram", "-100", "gnew") == "gabc"
    assert cards.recent("telegram", "-1", "elms") is None


def test_only_the_newest_card_of_a_petition_is_kept(cards: CardService, moment: list[dt.datetime]) -> None:
    cards.posted(CARD)
    cards.posted(replace(CARD, message="11"))
    cards.posted(replace(CARD, message="12", petition="oaks"))
    moment[0] += dt.timedelta(seconds=61)
    assert [card.message for card in cards.due("telegram")] == ["11"]


def test_a_card_that_is_due_is_refreshed_by_one_process(cards: CardService, moment: list[dt.datetime]) -> None:
    cards.posted(CARD)
    moment[0] += dt.timedelta(seconds=61)
    (one,), (other,) = cards.due("telegram"), cards.due("telegram")
    assert [cards.claim(one), cards.claim(other)] == [True, False]
    assert cards.due("telegram") == ()
