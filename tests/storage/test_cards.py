"""Cards are remembered, refreshed at most once a minute per community, moved and forgotten."""

from __future__ import annotations

import datetime as dt
import itertools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import pytest

from core.outreach.cards import Card, PostingRules
from core.outreach.communities import Community
from core.outreach.milestones import Follower
from core.ports import UnitOfWork
from core.services.cards import CardService
from storage.engine import Database
from storage.queries import SqlQueries
from storage.repositories.outreach import SqlCards
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.world import NOW

CARD = Card("telegram", "-1", "10", "elms", "gabc", "en", "old", NOW)
CURRENT = {("elms", "en"): "new", ("oaks", "en"): "new"}
LATER = NOW + dt.timedelta(minutes=5)
Work = Callable[[], UnitOfWork]


@pytest.fixture
def moment() -> list[dt.datetime]:
    """The present time, to be set."""
    return [NOW]


@pytest.fixture
def cards(database: Database, vault: Vault, moment: list[dt.datetime]) -> CardService:
    """Cards on a database."""
    return CardService(lambda: SqlUnitOfWork(database, vault), SqlQueries(database, vault), lambda: moment[0])


def save(work: Work, *cards: Card) -> None:
    with work() as unit:
        for card in cards:
            unit.cards.save(card)
        unit.commit()


def outdated(work: Work, platform: str = "telegram", before: dt.datetime = LATER) -> list[str]:
    with work() as unit:
        return [card.message for card in unit.cards.outdated(platform, before, CURRENT)]


def test_a_community_has_its_cards_the_last_refreshed_first(work: Work) -> None:
    older, newer = CARD, replace(CARD, message="11", refreshed_at=LATER, posted_at=NOW)
    save(work, older, newer, replace(CARD, chat="-2"), replace(CARD, platform="discord"))
    with work() as unit:
        assert unit.cards.in_chat("telegram", "-1") == (newer, older)
        unit.cards.save(replace(older, shown="new", refreshed_at=LATER + dt.timedelta(seconds=1)))
        assert [card.shown for card in unit.cards.in_chat("telegram", "-1")] == ["new", "old"], "saved again, not twice"
        unit.cards.forget(older)
        unit.cards.forget(older)
        assert unit.cards.in_chat("telegram", "-1") == (newer,)


def test_a_card_is_outdated_when_it_shows_something_else(work: Work) -> None:
    save(work, CARD, replace(CARD, message="11", chat="-2", shown="new"), replace(CARD, message="12", chat="-3"))
    save(work, replace(CARD, message="13", chat="-4", locale="es"), replace(CARD, message="14", petition="pines"))
    assert outdated(work) == ["10", "12"], "of other editions nobody knows what they should show"
    assert outdated(work, "discord") == []
    with work() as unit:
        assert sorted(unit.cards.editions("telegram")) == [("elms", "en"), ("elms", "es"), ("pines", "en")]
        assert unit.cards.editions("discord") == ()


def test_a_replaced_card_is_outdated_whatever_it_shows(work: Work) -> None:
    save(work, replace(CARD, shown="new", moved_to="11"), replace(CARD, message="11", shown="new"))
    assert outdated(work) == ["10"]
    save(work, replace(CARD, message="11", shown="new", refreshed_at=LATER))
    assert outdated(work, before=NOW) == [], "one in its community was just refreshed"


def test_no_card_is_outdated_in_a_community_where_one_was_just_refreshed(work: Work) -> None:
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


def test_a_community_keeps_its_last_title_and_takes_it_along(work: Work) -> None:
    with work() as unit:
        for title in ("", "Elm Club", "Élm Club 🌳", ""):
            assert unit.cards.community("telegram", "-1", "gabc", title).label == "gabc"
        unit.cards.community("discord", "5", "gdef")
        unit.cards.move("telegram", "-1", "-100")
        found = sorted(unit.cards.communities(), key=lambda each: each.label)
        assert found == [Community("gabc", "telegram", "Élm Club 🌳"), Community("gdef", "discord")]


def test_a_community_keeps_its_first_label_and_takes_it_along(work: Work) -> None:
    save(work, CARD)
    with work() as unit:
        assert unit.cards.community("telegram", "-1", "gabc").label == "gabc"
        assert unit.cards.community("telegram", "-1", "gnew").label == "gabc"
        assert unit.cards.community("telegram", "-100", "gother").label == "gother"
        unit.cards.move("telegram", "-1", "-100")
        unit.cards.move("telegram", "-1", "-100")
        assert unit.cards.community("telegram", "-100", "gnew").label == "gabc"
        assert unit.cards.community("telegram", "-1", "gnew").label == "gnew"
        assert unit.cards.in_chat("telegram", "-1") == ()


def test_a_card_is_due_when_a_minute_is_over_and_it_shows_something_old(
    cards: CardService, moment: list[dt.datetime]
) -> None:
    cards.record_posted(CARD)
    assert cards.due("telegram", CURRENT) == ()
    moment[0] += dt.timedelta(seconds=61)
    assert [(card.message, card.shown) for card in cards.due("telegram", CURRENT)] == [(CARD.message, "old")]
    assert cards.due("discord", CURRENT) == ()
    cards.record_refreshed(CARD, "new")
    moment[0] += dt.timedelta(seconds=61)
    assert cards.due("telegram", CURRENT) == ()


def test_one_card_a_community_and_minute(cards: CardService, moment: list[dt.datetime]) -> None:
    elsewhere = replace(CARD, chat="-2", refreshed_at=NOW - dt.timedelta(seconds=5))
    for card in (CARD, elsewhere):
        cards.record_posted(card)
    moment[0] += dt.timedelta(seconds=61)
    due = cards.due("telegram", CURRENT)
    assert [card.chat for card in due] == ["-2", "-1"], "the longest waiting comes first"
    for card in due:
        cards.record_refreshed(card, "new")
    assert cards.due("telegram", CURRENT) == ()


def test_a_card_of_a_missing_petition_waits_and_holds_up_no_other(
    cards: CardService, moment: list[dt.datetime]
) -> None:
    cards.record_posted(CARD)
    cards.record_posted(replace(CARD, message="11", petition="oaks", refreshed_at=NOW + dt.timedelta(seconds=1)))
    moment[0] += dt.timedelta(seconds=62)
    without = {edition: digest for edition, digest in CURRENT.items() if edition[0] != "elms"}
    assert [card.message for card in cards.due("telegram", without)] == ["11"]
    assert [card.message for card in cards.due("telegram", CURRENT)] == ["10"], "it is kept"


def test_a_refused_card_is_tried_again_after_pauses_that_double_and_forgotten_after_a_week(
    cards: CardService, moment: list[dt.datetime]
) -> None:
    cards.record_posted(CARD)
    tried: list[dt.timedelta] = []
    while moment[0] < NOW + dt.timedelta(days=11):
        moment[0] += dt.timedelta(minutes=1, seconds=1) if len(tried) < 7 else dt.timedelta(minutes=20)
        for card in cards.due("telegram", CURRENT):
            tried.append(moment[0] - NOW)
            cards.record_refused(card, dt.timedelta(days=7))
    pauses = [later - earlier for earlier, later in itertools.pairwise(tried)]
    assert [round(pause / dt.timedelta(minutes=1)) for pause in pauses[:5]] == [1, 1, 2, 4, 8]
    assert dt.timedelta(days=1) <= pauses[-1] < dt.timedelta(days=1, minutes=30)
    assert dt.timedelta(days=7) < tried[-1] < dt.timedelta(days=9)
    cards.record_posted(CARD)
    cards.record_refused(CARD)
    cards.record_refreshed(CARD, "old")
    moment[0] += dt.timedelta(minutes=2)
    assert [card.refused_at for card in cards.due("telegram", CURRENT)] == [None], "once accepted, all is forgiven"


def test_a_forgotten_card_is_not_refreshed(cards: CardService, moment: list[dt.datetime]) -> None:
    cards.record_posted(CARD)
    cards.forget(CARD)
    moment[0] += dt.timedelta(seconds=61)
    assert cards.due("telegram", CURRENT) == ()


def test_a_community_keeps_its_label_when_its_id_changes(cards: CardService) -> None:
    assert cards.community("telegram", "-1", "gabc").label == "gabc"
    cards.record_posted(CARD)
    assert cards.recent("telegram", "-1", "elms") is not None
    cards.move("telegram", "-1", "-100")
    assert cards.community("telegram", "-100", "gnew").label == "gabc"
    assert cards.recent("telegram", "-1", "elms") is None


def test_only_one_card_of_a_petition_and_a_place_lives(cards: CardService, moment: list[dt.datetime]) -> None:
    assert cards.record_posted(CARD) == ()
    kept = [
        replace(CARD, message="12", petition="oaks"),
        replace(CARD, message="13", thread="7"),
        replace(CARD, message="14", label="r123"),
        replace(CARD, message="15", chat="-2"),
    ]
    for other in kept:
        assert cards.record_posted(other) == (), other
    (replaced,) = cards.record_posted(replace(CARD, message="11"))
    assert (replaced.message, replaced.moved_to) == ("10", "11")
    assert [living and living.message for living in map(cards.living, (CARD, *kept))] == ["11", "12", "13", "14", "15"]
    assert [card.message for card in cards.in_thread("telegram", "-1", "7")] == ["13"]
    cards.record_refreshed(replaced, "")
    moment[0] += dt.timedelta(seconds=61)
    with cards.work() as unit:
        assert "10" not in {card.message for card in unit.cards.in_chat("telegram", "-1")}, "it has said so"


def test_a_chat_has_the_rules_of_its_community_and_the_cards_of_its_moderators(cards: CardService) -> None:
    rules = partial(cards.posting_rules, "telegram", "server", "-1")
    assert rules() == PostingRules(members_post=True, taken=())
    posted = replace(CARD, label=cards.community("telegram", "server", "g" + "a1" * 6).label)
    cards.record_posted(replace(CARD, label="rmember", message="1"))
    cards.record_posted(replace(posted, message="2", chat="-2"))
    assert rules().allow(CARD.petition)
    cards.record_posted(replace(posted, message="3"))
    cards.record_posted(replace(posted, message="4"))
    assert [card.message for card in rules().taken] == ["4"], "that one replaced the other"
    assert (rules().allow(CARD.petition), rules().allow("another")) == (False, True)
    cards.set_members_post("telegram", "server", allowed=False)
    assert not rules().allow("another")


def test_a_communitys_language_reaches_its_cards_and_its_milestone_posts(cards: CardService) -> None:
    assert cards.community("telegram", "-1", "gabc").locale == ""
    for card in (CARD, replace(CARD, message="11", chat="-2", label="gdef"), replace(CARD, message="12", chat="-3")):
        cards.record_posted(card)
    follower = Follower("telegram", "-1", "7", "gabc", "")
    with cards.work() as unit:
        unit.milestones.follow(follower)
        unit.commit()
    cards.set_locale("telegram", "-1", "es")
    assert cards.community("telegram", "-1", "gabc") == Community("gabc", "telegram", "", "es")
    with cards.work() as unit:
        assert unit.milestones.follower("telegram", "-1") == replace(follower, locale="es")
        assert [card.locale for card in unit.cards.in_chat("telegram", "-1")] == ["es"]
        assert [card.locale for card in unit.cards.in_chat("telegram", "-2")] == ["en"]
        assert [card.locale for card in unit.cards.in_chat("telegram", "-3")] == ["es"], "a channel of the community"
    cards.move("telegram", "-1", "-100")
    assert cards.community("telegram", "-100", "gnew").locale == "es"


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
    assert [card.message for card in cards.due("telegram", CURRENT)] == [CARD.message]


def test_a_card_that_is_due_is_refreshed_by_one_process(cards: CardService, moment: list[dt.datetime]) -> None:
    cards.record_posted(CARD)
    moment[0] += dt.timedelta(seconds=61)
    (card,), (same,) = cards.due("telegram", CURRENT), cards.due("telegram", CURRENT)
    assert [cards.claim(card), cards.claim(same)] == [True, False]
    assert cards.due("telegram", CURRENT) == ()


def test_reading_cards_does_not_wait_for_a_writer(database: Database, vault: Vault, cards: CardService) -> None:
    cards.record_posted(CARD)
    with ThreadPoolExecutor(1) as pool, SqlUnitOfWork(database, vault) as writer:
        writer.cards.community("telegram", "-9", "gxyz")
        assert pool.submit(cards.due, "telegram", CURRENT).result(timeout=20) == ()
        assert pool.submit(cards.recent, "telegram", "-1", "elms").result(timeout=20) is not None
