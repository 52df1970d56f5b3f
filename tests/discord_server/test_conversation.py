"""A whole discord.py bot against the server: commands, layouts, forms, menus, private messages, foreign places."""

from collections.abc import AsyncIterator

import discord
import pytest

from tests.discord_server import DiscordServer
from tests.discord_server.client import library_idle, running
from tests.discord_server.example import ExampleBot, card

CARD = (
    "Undersign (only Anna sees this): ## Save the river\n"
    "  (picture: https://example.org/river.png)\n"
    "  ---\n"
    "  It is drying up.\n"
    "  [Sign] [Read -> https://example.org/letter]\n"
    "  <Pick a topic: Rivers | Forests>"
)


@pytest.fixture(params=[discord.Intents.none(), discord.Intents(guilds=True)], ids=["no intents", "guilds"])
async def bot(server: DiscordServer, request: pytest.FixtureRequest) -> AsyncIterator[ExampleBot]:
    server.wait_also(library_idle)
    async with running(ExampleBot(request.param), server) as client:
        yield client


@pytest.mark.usefixtures("bot")
async def test_a_person_reads_and_signs(server: DiscordServer) -> None:
    anna, ben = server.person(11, "Anna"), server.person(12, "Ben")
    place = server.guild("Riverside", [anna, ben]).channel()
    view = anna.in_channel(place)

    await view.command("petition read", petition="salmon")
    assert view.last.as_text() == CARD
    assert ben.in_channel(place).messages == []
    await view.press("Sign")
    assert view.modal
    assert view.modal.as_text().splitlines()[:4] == [
        "# Sign the petition",
        "We ask for little.",
        "Your name *",
        "  (As on a letter)",
    ]
    await view.submit({"Your name": "Anna Berg", "Shown as": "Initials", "Tell me about": ["News"], "I agree": True})

    assert view.last.content == "Signed: ['Anna Berg', 'Initials', ['News'], True]"
    assert view.modal is None
    assert not view.failed


@pytest.mark.usefixtures("bot")
async def test_a_menu_changes_its_message(server: DiscordServer) -> None:
    view = server.person(11, "Anna").dm()
    await view.command("petition read", petition="salmon")
    await view.choose("Pick a topic", ["Forests"])

    assert view.last.as_text() == "Undersign (only Anna sees this): You picked forests."
    assert (view.last.edits, len(view.messages)) == (1, 1)


@pytest.mark.usefixtures("bot")
async def test_an_answer_put_off_takes_the_place_of_the_waiting_message(server: DiscordServer) -> None:
    view = server.person(11, "Anna").dm()
    await view.command("petition count")

    assert [each.content for each in view.messages] == ["3 signatures", "@everyone look"]
    assert all(each.ephemeral and not each.pings for each in view.messages)


@pytest.mark.usefixtures("bot")
async def test_choices_come_while_a_person_types(server: DiscordServer) -> None:
    view = server.person(11, "Anna").dm()
    assert await view.complete("petition read", "petition", "sal") == [
        {"name": "salmon", "value": "salmon"},
        {"name": "salt", "value": "salt"},
    ]


@pytest.mark.usefixtures("bot")
async def test_a_private_message_with_a_file_and_a_public_answer(server: DiscordServer) -> None:
    anna, ben = server.person(11, "Anna"), server.person(12, "Ben")
    view = anna.in_channel(server.guild("Riverside", [anna, ben]).channel())
    await view.command("petition thank", user=ben)
    await view.press("More warmly")

    assert view.last.content == "<3"
    assert ben.dm().last.as_text() == f"Undersign: {anna.mention} thanks you\n  (star.txt)"
    assert ben.dm().last.attachments[0].content == b"*"
    assert ben.in_channel(view.channel).transcript() == "Undersign: [More warmly]\n\nUndersign: <3"


@pytest.mark.usefixtures("bot")
async def test_a_bot_that_forgets_an_interaction_is_noticed_at_once(server: DiscordServer) -> None:
    anna = server.person(11, "Anna")
    view = anna.in_channel(server.guild("Riverside", managers=[anna]).channel())
    await view.command("forget")

    assert view.failed == ["The application did not respond"]
    assert str(server.failures[0]) == "Anna: The application did not respond"


@pytest.mark.usefixtures("bot")
async def test_only_what_is_offered_can_be_sent(server: DiscordServer) -> None:
    anna = server.person(11, "Anna")
    view = anna.in_channel(server.guild("Riverside", [anna]).channel())

    assert view.menu()[0] == "/petition read - Read a petition"
    for words, values, reason in (
        ("forget", {}, "it needs the permissions 32"),
        ("vanish", {}, "it is not registered"),
        ("petition", {}, "needs a subcommand"),
        ("petition lose", {}, "no such subcommand"),
        ("petition read", {}, r"options \['petition'\] of /petition must be given"),
        ("petition read", {"petition": 3}, "3 is not a value"),
        ("petition count", {"petition": "x"}, "has no option 'petition'"),
    ):
        with pytest.raises(AssertionError, match=reason):
            await view.command(words, **values)
    with pytest.raises(AssertionError, match="context 1 is not among its contexts"):
        await anna.dm().command("forget")


async def test_an_own_app_comes_along_everywhere(server: DiscordServer, bot: ExampleBot) -> None:
    anna, ben = server.person(11, "Anna"), server.person(12, "Ben")
    foreign = server.guild("Elsewhere", [anna, ben], bot=False).channel()
    with pytest.raises(AssertionError, match=r"installed here as \[\]"):
        await ben.in_channel(foreign).command("petition count")
    anna.install()

    for view in (anna.anywhere(), anna.in_channel(foreign)):
        made = await view.command("petition read", petition="salmon")
        assert view.last.layout
        assert made.payload["authorizing_integration_owners"] == {"1": str(anna.id)}
        assert made.payload["context"] == (0 if view.channel is foreign else 2)
        with pytest.raises(discord.Forbidden, match="50001"):
            await bot.get_partial_messageable(view.channel.id).send("hello")


async def test_a_card_in_a_channel_is_edited(server: DiscordServer, bot: ExampleBot) -> None:
    anna = server.person(11, "Anna")
    place = server.guild("Riverside", moderators=[anna]).channel()
    posted = await bot.get_partial_messageable(place.id).send(view=card("salmon"))
    view = anna.in_channel(place)
    await view.press("Sign")
    view.dismiss_modal()
    await posted.edit(view=discord.ui.LayoutView().add_item(discord.ui.TextDisplay(anna.mention)))

    assert (view.last.as_text(), view.last.edits, view.modal) == (f"Undersign: {anna.mention}", 1, None)
    assert not view.last.pings
    view.delete(view.last)
    with pytest.raises(discord.NotFound, match="10008"):
        await posted.edit(view=card("salmon"))
