"""One card lives in each topic of a group: asking again leads to it, and only administrators move it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from core.petition.petition import Decision, PetitionStatus
from tests.bots.telegram.private_chats import signed
from tests.bots.telegram.test_groups import later, links, one_petition
from tests.scenarios.stage import TelegramTheatre
from tests.telegram_server import ChatView, Group
from tests.world import NOW, SALESFORCE, TREES

__all__ = ["one_petition"]
VICTORY = Decision(PetitionStatus.VICTORY, words="We won.", since=NOW)


def tenants(theatre: TelegramTheatre, *, supergroup: bool = True) -> tuple[Group, ChatView, ChatView]:
    """A group as its administrator and a member see it."""
    mod = theatre.server.person(50, "Mod", language_code="de")
    member = theatre.server.person(51, "Member", language_code="es")
    group = theatre.server.group("Tenants", [member], admins=[mod], supergroup=supergroup)
    return group, mod.in_group(group), member.in_group(group)


def decide(theatre: TelegramTheatre, decision: Decision) -> None:
    with theatre.world.work() as work:
        work.decisions.save(SALESFORCE, decision)
        work.commit()


def buttons(chat: ChatView) -> list[str]:
    """The first row, whose buttons people tap in the group."""
    return [each["text"] for each in (chat.last.markup or {})["inline_keyboard"][0]]


async def test_asking_five_times_in_a_minute_gets_one_answer(theatre: TelegramTheatre) -> None:
    _, mod, member = tenants(theatre)
    await mod.send("/petition")
    card = mod.last
    for _ in range(5):
        await member.send("/petition")
    await mod.send("/petition")
    answers = [each for each in mod.messages if each.reply_to is card]
    assert len(answers) == 2, "one for each person"
    assert len([each for each in mod.messages if "A petition to" in each.text]) == 1


async def test_a_deleted_card_is_posted_anew_when_it_is_asked_for(theatre: TelegramTheatre) -> None:
    _, mod, member = tenants(theatre)
    await mod.send("/petition")
    await mod.delete(mod.last)
    await member.send("/petition")
    assert "A petition to" in mod.last.text
    await signed(theatre)
    await later(theatre)
    assert "1 person has signed." in mod.last.text


@pytest.mark.parametrize("supergroup", [True, False])
async def test_an_administrator_moves_the_card_and_the_old_one_says_so(
    theatre: TelegramTheatre, supergroup: bool
) -> None:
    _, mod, member = tenants(theatre, supergroup=supergroup)
    await mod.send("/petition")
    old = mod.last
    await member.send("/petition move")
    assert mod.last.text == "Only administrators of this group can use /petition move."
    await member.send("/petition here")
    assert old.edits == 0, "and it isn't said again within a minute"
    await mod.send("/petition move")
    new = mod.last
    assert new.text.startswith("Tell Salesforce")
    assert old.text == "This card has moved down."
    urls = [each["url"] for row in (old.markup or {}).get("inline_keyboard", []) for each in row]
    assert urls == ([f"https://t.me/c/{str(mod.chat.id)[4:]}/{new.id}"] if supergroup else [])
    await member.send("/petition")
    assert mod.last.reply_to is new
    await signed(theatre)
    await later(theatre)
    assert "1 person has signed." in new.text
    assert old.text == "This card has moved down."


async def test_a_crash_after_a_move_leaves_no_card_that_nobody_refreshes(theatre: TelegramTheatre) -> None:
    _, mod, _ = tenants(theatre)
    await mod.send("/petition")
    old = mod.last
    theatre.server.fail_next("editMessageText", 400, "Bad Request: something passing", chat_id=mod.chat.id)
    await mod.send("/petition move")
    assert old.text.startswith("Tell Salesforce")
    await later(theatre)
    await later(theatre)
    assert old.text == "This card has moved down."


async def test_anonymous_administrators_may_do_what_administrators_may(theatre: TelegramTheatre) -> None:
    _, mod, _ = tenants(theatre)
    await mod.send("/petition")
    old = mod.last
    await mod.send_as(mod.chat, "/petition move")
    assert old.text == "This card has moved down."
    await mod.send_as(mod.chat, "/petition language es")
    assert mod.last.text.startswith("Hecho.")


async def test_moving_one_of_several_cards_asks_which(theatre: TelegramTheatre) -> None:
    theatre.world.petitions["oaks"] = replace(theatre.world.petitions[SALESFORCE], slug="oaks")
    _, mod, _ = tenants(theatre)
    await mod.send("/petition oaks")
    oaks = mod.last
    await mod.send("/petition move")
    assert oaks.text == "This card has moved down.", "the only card here"
    await mod.send(f"/petition {SALESFORCE}")
    await mod.send("/petition move")
    assert mod.last.text.startswith("Which card do you want to move here?")
    assert "/petition move oaks" in mod.last.text
    before = len(mod.messages)
    await mod.send("/petition move oaks")
    assert links(mod)[0].startswith("https://t.me/undersign_bot?start=oaks--g")
    assert len(mod.messages) == before + 2


async def test_a_decision_reaches_cards_without_signatures_and_so_do_days_goals_and_texts(
    theatre: TelegramTheatre,
) -> None:
    _, mod, _ = tenants(theatre)
    petition = theatre.world.petitions[SALESFORCE]
    await mod.send("/petition")
    assert buttons(mod) == ["Sign", "Read"]
    decide(theatre, Decision(PetitionStatus.PAUSED, since=NOW))
    await later(theatre)
    assert "Signing is paused for now." in mod.last.text
    assert buttons(mod) == ["Read"]
    decide(theatre, Decision(goal=77, since=NOW))
    await later(theatre)
    assert "Be the first to sign. First goal: 77." in mod.last.text
    assert buttons(mod) == ["Sign", "Read"]
    theatre.world.petitions[SALESFORCE] = replace(petition, closes=theatre.world.now.date())
    await later(theatre)
    edits = mod.last.edits
    assert buttons(mod) == ["Sign", "Read"]
    await later(theatre, 24 * 3600)
    assert (mod.last.edits, buttons(mod)) == (edits + 1, ["Read"]), "its last day is over"
    text = replace(petition.text("en"), title="Another title")
    theatre.world.petitions[SALESFORCE] = replace(petition, texts={"en": text})
    await later(theatre)
    assert mod.last.text.startswith("Another title")
    decide(theatre, VICTORY)
    await later(theatre)
    assert "We won." in mod.last.text


async def test_a_card_that_shows_what_it_should_is_not_edited(theatre: TelegramTheatre) -> None:
    _, mod, _ = tenants(theatre)
    await mod.send("/petition")
    for _ in range(3):
        await later(theatre)
    assert mod.last.edits == 0


async def test_a_card_survives_a_refusal_that_passes(theatre: TelegramTheatre) -> None:
    _, mod, _ = tenants(theatre)
    await mod.send("/petition")
    decide(theatre, VICTORY)
    theatre.server.fail_next(
        "editMessageText", 400, "Bad Request: not enough rights to send text messages to the chat", chat_id=mod.chat.id
    )
    await later(theatre)
    assert "We won." not in mod.last.text
    await later(theatre)
    assert "We won." in mod.last.text


async def test_the_groups_language_is_the_petitions_until_an_administrator_chooses(theatre: TelegramTheatre) -> None:
    _, mod, member = tenants(theatre)
    await member.send("/petition")
    assert buttons(mod) == ["Sign", "Read"], "not the member's Spanish"
    card = mod.last
    await member.send("/count")
    assert "Be the first" in mod.last.text
    await mod.send("/milestone on")
    assert mod.last.text.startswith("I'll post here")
    await member.send("/petition language es")
    assert mod.last.text == "Only administrators of this group can use /petition language."
    before = len(mod.messages)
    await member.send("/petition language")
    assert len(mod.messages) == before + 1, "said once a minute"
    await mod.send("/petition language")
    assert "I post in this group in English." in mod.last.text
    assert "/petition language es: Español" in mod.last.text
    assert "/petition language xx" not in mod.last.text
    await mod.send("/petition language ES")
    assert mod.last.text.startswith("Hecho. Nuevo idioma")
    await later(theatre)
    assert "Sé la primera persona en firmar." in card.text
    await mod.send("/count")
    assert "Sé la primera persona en firmar." in mod.last.text
    with theatre.world.work() as work:
        follower = work.milestones.follower("telegram", str(mod.chat.id))
    assert follower is not None
    assert follower.locale == "es"


async def test_a_petition_written_in_spanish_is_posted_in_spanish(theatre: TelegramTheatre) -> None:
    petition = theatre.world.petitions[SALESFORCE]
    text = petition.text("en")
    theatre.world.petitions[SALESFORCE] = replace(petition, texts={"es": replace(text, language="es"), "en": text})
    _, mod, _ = tenants(theatre)
    await mod.send("/petition")
    assert buttons(mod) == ["Firmar", "Leer"]
    await mod.send("/count")
    assert "Sé la primera persona" in mod.last.text


async def test_each_topic_has_its_own_card_and_a_decision_reaches_them_all(theatre: TelegramTheatre) -> None:
    group, mod, _ = tenants(theatre)
    news, trees = group.open_topic("News"), group.open_topic("Trees")
    person = theatre.server.person(50, "Mod")
    in_news, in_trees = person.in_topic(group, news), person.in_topic(group, trees)
    for place in (in_news, in_trees, mod):
        await place.send("/petition")
    cards = [each for each in mod.messages if "A petition to" in each.text]
    assert [each.extra.get("message_thread_id") for each in cards] == [news, trees, None]
    await in_news.send("/petition")
    assert in_news.last.reply_to is cards[0]
    group.close_topic(news)
    decide(theatre, VICTORY)
    for _ in cards:
        await later(theatre)
    assert ["We won." in each.text for each in cards] == [True] * 3
    await in_trees.send("/petition move")
    (url,) = [each["url"] for row in (cards[1].markup or {})["inline_keyboard"] for each in row]
    assert url == f"https://t.me/c/{str(group.chat.id)[4:]}/{trees}/{in_trees.last.id}"
    group.delete_topic(trees)
    decide(theatre, Decision(since=NOW))
    for _ in range(3):
        await later(theatre)
    calls = len(theatre.server.calls("editMessageText"))
    decide(theatre, VICTORY)
    for _ in range(4):
        theatre.world.now += dt.timedelta(minutes=1)
        await later(theatre)
    assert len(theatre.server.calls("editMessageText")) == calls + 2, "those of the topics that are left"
    assert TREES not in theatre.world.petitions
