"""Cards are remembered, refreshed at most once a minute per community, moved and forgotten."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from core.outreach.cards import Card
from core.outreach.communities import Community
from core.petition.petition import Decision, PetitionStatus
from core.ports import UnitOfWork
from core.services.cards import CardService
from core.signatures.signature import SignatureStatus
from storage.engine import Database
from storage.queries import SqlQueries
from storage.repositories.outreach import SqlCards
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.world import NOW

CARD = Card("telegram", "-1", "10", "elms", "gabc", "en", 0, NOW)
LATER = NOW + dt.timedelta(minutes=5)
Work = Callable[[], UnitOfWork]


@pytest.fixture
def moment() -> list[dt.datetime]:
    """The present time, to be set."""
    return [NOW]


@pytest.fixture
def cards(database: Database, vault: Vault, moment: list[dt.datetime]) -> CardService:
    """Cards on a database in which one signature counts."""
    work: Work = lambda: SqlUnitOfWork(database, vault)  # noqa: E731
    count(work)
    return CardService(work, SqlQueries(database, vault), lambda: moment[0])


def count(work: Work, petition: str = "elms") -> None:
    with work() as unit:
        unit.tallies.add(petition, SignatureStatus.COUNTED, 1)
        unit.commit()


def save(work: Work, *cards: Card) -> None:
    with work() as unit:
        for card in cards:
            unit.cards.save(card)
        unit.commit()


def outdated(work: Work, platform: str = "telegram", before: dt.datetime = LATER) -> list[str]:
    with work() as unit:
        return [card.message for card in unit.cards.outdated(platform, before)]


def test_a_community_has_its_cards_the_last_refreshed_first(work: Work) -> None:
    older, newer = CARD, replace(CARD, message="11", refreshed_at=LATER, posted_at=NOW)
    save(work, older, newer, replace(CARD, chat="-2"), replace(CARD, platform="discord"))
    with work() as unit:
        assert unit.cards.in_chat("telegram", "-1") == (newer, older)
        unit.cards.save(replace(older, shown=7, refreshed_at=LATER + dt.timedelta(seconds=1)))
        assert [card.shown for card in unit.cards.in_chat("telegram", "-1")] == [7, 0], "saved again, not twice"
        unit.cards.forget(older)
        unit.cards.forget(older)
        assert unit.cards.in_chat("telegram", "-1") == (newer,)


def test_a_card_is_outdated_when_it_shows_another_count(work: Work) -> None:
    save(work, CARD, replace(CARD, message="11", chat="-2", shown=1), replace(CARD, message="12", chat="-3"))
    assert outdated(work) == [], "nothing is counted yet"
    count(work)
    assert outdated(work) == ["10", "12"]
    assert outdated(work, "discord") == []


def test_no_card_is_outdated_in_a_community_where_one_was_just_refreshed(work: Work) -> None:
    count(work)
    count(work, "oaks")
    first = NOW - dt.timedelta(seconds=5)
    save(work, CARD, replace(CARD, message="11", petition="oaks", refreshed_at=LATER))
    save(work, replace(CARD, message="12", chat="-2", refreshed_at=first), replace(CARD, message="13", chat="-3"))
    assert outdated(work, before=NOW) == ["12", "13"], "the longest waiting comes first"
    assert sorted(outdated(work, before=LATER)) == ["10", "11", "12", "13"]


def test_a_card_is_claimed_once(work: Work) -> None:
    save(work, CARD)
    with work() as unit:
        assert unit.cards.claim(CARD, LATER)
        assert not unit.cards.claim(CARD, LATER)
        assert not unit.cards.claim(replace(CARD, message="11"), LATER)
        assert unit.cards.in_chat("telegram", "-1") == (replace(CARD, refreshed_at=LATER),)


def test_one_of_many_claims_at_once_wins(work: Work) -> None:
    save(work, CARD)
    claims: list[bool] = []

    def claim() -> None:
        with work() as unit:
            claims.append(unit.cards.claim(CARD, LATER))
            unit.commit()

    threads = [threading.Thread(target=claim) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claims) == [False] * 5 + [True]


def test_a_decision_makes_a_petitions_cards_due(work: Work) -> None:
    count(work)
    save(work, replace(CARD, shown=1), replace(CARD, message="11", chat="-2", petition="oaks", shown=0))
    assert outdated(work) == []
    with work() as unit:
        unit.decisions.save("elms", Decision(PetitionStatus.PAUSED, since=NOW))
        unit.commit()
    assert outdated(work) == ["10"]


def test_a_community_keeps_its_last_title_and_takes_it_along(work: Work) -> None:
    with work() as unit:
        for title in ("", "Elm Club", "Élm Club 🌳", ""):
            assert unit.cards.label("telegram", "-1", "gabc", title) == "gabc"
        unit.cards.label("discord", "5", "gdef")
        unit.cards.move("telegram", "-1", "-100")
        found = sorted(unit.cards.communities(), key=lambda each: each.label)
        assert found == [Community("gabc", "telegram", "Élm Club 🌳"), Community("gdef", "discord")]


def test_a_community_keeps_its_first_label_and_takes_it_along(work: Work) -> None:
    save(work, CARD)
    with work() as unit:
        assert unit.cards.label("telegram", "-1", "gabc") == "gabc"
        assert unit.cards.label("telegram", "-1", "gnew") == "gabc"
        assert unit.cards.label("telegram", "-100", "gother") == "gother"
        unit.cards.move("telegram", "-1", "-100")
        unit.cards.move("telegram", "-1", "-100")
        assert unit.cards.label("telegram", "-100", "gnew") == "gabc"
        assert unit.cards.label("telegram", "-1", "gnew") == "gnew"
        assert unit.cards.in_chat("telegram", "-1") == ()


def test_a_card_is_due_when_a_minute_is_over_and_the_count_is_another(
    cards: CardService, moment: list[dt.datetime]
) -> None:
    cards.record_posted(CARD)
    assert cards.due("telegram") == ()
    moment[0] += dt.timedelta(seconds=61)
    assert [(card.message, card.shown) for card in cards.due("telegram")] == [(CARD.message, 0)]
    assert cards.due("discord") == ()
    cards.record_refreshed(CARD, 1)
    moment[0] += dt.timedelta(seconds=61)
    assert cards.due("telegram") == ()


def test_one_card_a_community_and_minute(cards: CardService, moment: list[dt.datetime]) -> None:
    elsewhere = replace(CARD, chat="-2", refreshed_at=NOW - dt.timedelta(seconds=5))
    for card in (CARD, elsewhere):
        cards.record_posted(card)
    moment[0] += dt.timedelta(seconds=61)
    due = cards.due("telegram")
    assert [card.chat for card in due] == ["-2", "-1"], "the longest waiting comes first"
    for card in due:
        cards.record_refreshed(card, 1)
    assert cards.due("telegram") == ()


def test_a_card_of_a_broken_petition_waits_and_holds_up_no_other(cards: CardService, moment: list[dt.datetime]) -> None:
    cards.record_posted(CARD)
    cards.record_posted(replace(CARD, chat="-2", refreshed_at=NOW - dt.timedelta(seconds=5)))
    moment[0] += dt.timedelta(seconds=61)
    assert cards.due("telegram", {CARD.petition}) == ()
    assert len(cards.due("telegram")) == 2, "they are kept"


def test_a_forgotten_card_is_not_refreshed(cards: CardService, moment: list[dt.datetime]) -> None:
    cards.record_posted(CARD)
    cards.forget(CARD)
    moment[0] += dt.timedelta(seconds=61)
    assert cards.due("telegram") == ()


def test_a_community_keeps_its_label_when_its_id_changes(cards: CardService) -> None:
    assert cards.label("telegram", "-1", "gabc") == "gabc"
    cards.record_posted(CARD)
    assert cards.recent("telegram", "-1", "elms") is not None
    cards.move("telegram", "-1", "-100")
    assert cards.label("telegram", "-100", "gnew") == "gabc"
    assert cards.recent("telegram", "-1", "elms") is None


def test_only_the_newest_card_of_a_petition_is_kept(cards: CardService, moment: list[dt.datetime]) -> None:
    cards.record_posted(CARD)
    cards.record_posted(replace(CARD, message="11"))
    cards.record_posted(replace(CARD, message="12", petition="oaks"))
    moment[0] += dt.timedelta(seconds=61)
    assert [card.message for card in cards.due("telegram")] == ["11"]


def test_a_crash_while_a_card_is_recorded_leaves_the_old_one_as_it_was(
    cards: CardService, moment: list[dt.datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    cards.record_posted(CARD)

    def crash(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch, pytest.raises(RuntimeError):
        patch.setattr(SqlCards, "save", crash)
        cards.record_posted(replace(CARD, message="11"))
    moment[0] += dt.timedelta(seconds=61)
    assert [card.message for card in cards.due("telegram")] == [CARD.message]


def test_a_card_that_is_due_is_refreshed_by_one_process(cards: CardService, moment: list[dt.datetime]) -> None:
    cards.record_posted(CARD)
    moment[0] += dt.timedelta(seconds=61)
    (card,), (same,) = cards.due("telegram"), cards.due("telegram")
    assert [cards.claim(card), cards.claim(same)] == [True, False]
    assert cards.due("telegram") == ()


def test_reading_cards_does_not_wait_for_a_writer(database: Database, vault: Vault, cards: CardService) -> None:
    cards.record_posted(CARD)
    with ThreadPoolExecutor(1) as pool, SqlUnitOfWork(database, vault) as writer:
        writer.cards.label("telegram", "-9", "gxyz")
        assert pool.submit(cards.due, "telegram").result(timeout=20) == ()
        assert pool.submit(cards.recent, "telegram", "-1", "elms").result(timeout=20) is not None
