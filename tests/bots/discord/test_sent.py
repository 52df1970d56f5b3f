"""The bot's answers to everything that people can send in direct messages, at every stage."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bots.discord.bursts import PAUSE
from core.conversation.state import Conversation
from core.signatures.signature import Signer
from tests.discord_server import posts
from tests.discord_server.state import Message
from tests.discord_server.views import ChannelView
from tests.scenarios.discord_stage import DiscordTheatre
from tests.world import SALESFORCE, CountedWork

STAGES: dict[str, tuple[str, ...]] = {
    "cover": (),
    "question": ("Sign",),
    "refused": ("Sign", "9021"),
    "review": ("Sign", "90210"),
    "finished": ("Sign", "90210", "Confirm"),
}


async def at(theatre: DiscordTheatre, stage: str) -> ChannelView:
    """Direct messages in which the signer is at a stage."""
    dm = (await theatre.person("Ada")).dm
    await dm.command("petition show", petition=SALESFORCE)
    for step in STAGES[stage]:
        dm.say(step)
        await dm.settle()
    return dm


def stored(theatre: DiscordTheatre, dm: ChannelView) -> Conversation:
    with theatre.world.work() as work:
        person = work.signers.find(Signer("discord", str(dm.user.id)))
        conversation = work.conversations.get(person, SALESFORCE) if person else None
    assert conversation
    return conversation


@pytest.mark.parametrize("stage", STAGES)
async def test_what_is_not_text_changes_nothing_and_gets_a_sentence(theatre: DiscordTheatre, stage: str) -> None:
    dm = await at(theatre, stage)
    before = replace(stored(theatre, dm), notice=None, revision=0)
    for kind, extra in posts.KINDS.items():
        count = len(dm.messages)
        theatre.server.skip(PAUSE.total_seconds())
        dm.say("", extra)
        await dm.settle()
        assert len(dm.messages) == count + 2, kind
        said = "voice messages" if kind == "voice" else "only read text"
        assert said in dm.last.as_text(), kind
        assert replace(stored(theatre, dm), notice=None, revision=0) == before, kind


@pytest.mark.parametrize("stage", ["cover", "question", "review"])
async def test_many_messages_without_text_in_a_row_get_one_sentence(theatre: DiscordTheatre, stage: str) -> None:
    dm = await at(theatre, stage)
    before = replace(stored(theatre, dm), notice=None, revision=0)
    count, kinds = len(answers(dm)), list(posts.KINDS.values())
    for number in range(40):
        dm.say("", kinds[number % len(kinds)])
        theatre.server.skip(1)
    await dm.settle()
    assert len(answers(dm)) == count + 1
    assert replace(stored(theatre, dm), notice=None, revision=0) == before


@pytest.mark.parametrize("between", ["text", "tap", "pause"])
async def test_the_next_one_is_answered_after_something_else(theatre: DiscordTheatre, between: str) -> None:
    dm = await at(theatre, "cover")
    for _ in range(2):
        dm.say("", posts.KINDS["sticker"])
    await dm.settle()
    if between == "text":
        dm.say("hello")
    elif between == "tap":
        await dm.press("More")
    else:
        theatre.server.skip(PAUSE.total_seconds())
    await dm.settle()
    count = len(answers(dm))
    dm.say("", posts.KINDS["sticker"])
    await dm.settle()
    assert len(answers(dm)) == count + 1
    assert "only read text" in dm.last.as_text()


async def test_each_persons_burst_is_their_own(theatre: DiscordTheatre) -> None:
    chats = [(await theatre.person(name)).dm for name in ("Ada", "Ben")]
    for _ in range(3):
        for dm in chats:
            dm.say("", posts.KINDS["photo"])
    await chats[0].settle()
    assert [len(answers(dm)) for dm in chats] == [1, 1]


def answers(dm: ChannelView) -> list[Message]:
    """The bot's messages."""
    return [message for message in dm.messages if message.author.is_bot]


async def test_what_the_bot_itself_did_comes_back_and_costs_nothing(theatre: DiscordTheatre) -> None:
    dm = await at(theatre, "cover")
    await dm.press("More")
    (session,) = theatre.server.gateway.sessions
    own = [data for event, data in session.history if event == "MESSAGE_CREATE" and data["author"]["bot"]]
    assert len(own) == len(answers(dm)), "each of them came back"
    assert [event for event, _ in session.history if event == "MESSAGE_UPDATE"], "so did the edit"
    before, calls = stored(theatre, dm), len(theatre.server.log)
    work = theatre.world.work
    assert isinstance(work, CountedWork)
    begun = work.begun
    for event, data in list(session.history):
        if event.startswith("MESSAGE_") and data["author"]["bot"]:
            theatre.server.gateway.dispatch(event, data, None)
    await dm.settle()
    assert (len(theatre.server.log), work.begun) == (calls, begun)
    assert stored(theatre, dm) == before


async def test_changed_deleted_and_pinned_messages_are_not_answered(theatre: DiscordTheatre) -> None:
    dm = await at(theatre, "question")
    said = dm.say("90210")
    await dm.settle()
    review, count = dm.last, len(answers(dm))
    for _ in range(5):
        dm.pin(review)
        dm.edit(said, "1234")
    dm.delete(said)
    await dm.settle()
    events = {event for event, _ in theatre.server.gateway.sessions[0].history}
    assert {"CHANNEL_PINS_UPDATE", "MESSAGE_UPDATE", "MESSAGE_DELETE"} <= events
    assert len(answers(dm)) == count
    assert dm.last is review
    assert "You're about to sign" in review.as_text()


async def test_words_beside_a_file_and_forwarded_ones_are_text(theatre: DiscordTheatre) -> None:
    dm = await at(theatre, "question")
    dm.say("9021", posts.KINDS["photo"])
    await dm.settle()
    assert "That isn't a valid postal code" in dm.last.as_text()
    dm.say("", posts.forwarded("90210"))
    await dm.settle()
    assert "You're about to sign" in dm.last.as_text()


@pytest.mark.parametrize("kind", [posts.PIN, posts.POLL_RESULT])
async def test_discords_own_notes_are_not_answered(theatre: DiscordTheatre, kind: int) -> None:
    dm = await at(theatre, "question")
    count = len(dm.messages)
    dm.say("", {"type": kind})
    await dm.settle()
    assert len(dm.messages) == count + 1
    dm.say("90210", {"type": 19})
    await dm.settle()
    assert "You're about to sign" in dm.last.as_text()


async def test_signers_commands_can_be_typed(theatre: DiscordTheatre) -> None:
    dm = await at(theatre, "review")
    for line, words in {
        "/privacy": "What we store", "/back": "You're about to sign", "cancel": "kept your answers",
        "/cancel": "erased your answers", "!updates": "only if you sign it and ask", "/stop": "any more updates",
    }.items():  # fmt: skip
        dm.say(line)
        await dm.settle()
        assert words in dm.last.as_text(), line
