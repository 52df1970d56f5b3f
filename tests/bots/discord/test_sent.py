"""The bot's answers to everything that people can send in direct messages, at every stage."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.conversation.state import Conversation
from core.signatures.signature import Signer
from tests.discord_server import posts
from tests.discord_server.views import ChannelView
from tests.scenarios.discord_stage import DiscordTheatre
from tests.world import SALESFORCE

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
        dm.say("", extra)
        await dm.settle()
        assert len(dm.messages) == count + 2, kind
        said = "voice messages" if kind == "voice" else "only read text"
        assert said in dm.last.as_text(), kind
        assert replace(stored(theatre, dm), notice=None, revision=0) == before, kind


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
