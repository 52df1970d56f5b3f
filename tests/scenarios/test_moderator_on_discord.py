"""Story of a moderator on Discord who knows nothing about the bot but what the screen shows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.discord_server.permissions import MEMBER, Permission
from tests.discord_server.places import NEWS
from tests.discord_server.state import Channel, Message
from tests.discord_server.views import ChannelView
from tests.scenarios.discord_stage import UNNAMED, DiscordTheatre

pytestmark = pytest.mark.parametrize("theatre", ["discord"], indirect=True)


class Moderator:
    """Types only commands that the menu or an answer shows, with values that the app offers."""

    def __init__(self, theatre: DiscordTheatre, language: str = "en-US") -> None:
        person = theatre.server.person(900, "Mona", language)
        theatre.guild.join(person, MEMBER | Permission.MANAGE_MESSAGES)
        self.theatre, self.view = theatre, person.in_channel(theatre.channel)

    def goes_to(self, channel: Channel) -> None:
        """Open another channel."""
        self.view = ChannelView(self.theatre.server, self.view.user, channel)

    def finds(self, words: str) -> str:
        """The command whose description in the menu has these words."""
        (line,) = [line for line in self.view.menu() if words in line.partition(" - ")[2]]
        return line.partition(" - ")[0]

    def told(self, answer: str) -> str:
        """The command of the menu that an answer names."""
        commands = [line.partition(" - ")[0] for line in self.view.menu()]
        return max((each for each in commands if each in answer), key=len)

    async def uses(self, command: str, **values: Any) -> str:
        """Send a command; returns the answer, which only the moderator sees."""
        await self.view.command(command, **values)
        return next(each.as_text() for each in reversed(self.view.messages) if each.only_for is self.view.user)

    async def completes(self, command: str, option: str, typed: str) -> str:
        """Type into an option, and take the only choice."""
        (choice,) = await self.view.complete(command, option, typed)
        return str(choice["value"])

    def cards(self) -> list[Message]:
        """The messages for everyone in this channel."""
        return [message for message in self.view.messages if not message.ephemeral]


async def test_mona_runs_her_server_with_what_the_screen_shows(theatre: DiscordTheatre) -> None:
    mona = Moderator(theatre)
    post = mona.finds("Post a petition's card")
    again = mona.told(await mona.uses(post))
    assert again == post, "the answer asks which petition, and names the command"
    chosen = await mona.completes(again, "petition", "salesforce")
    answer = await mona.uses(again, petition=chosen)
    assert "The card is posted." in answer
    (card,) = mona.cards()
    for number in range(5):
        ada = (await theatre.person(f"Ada {chr(65 + number)}")).view
        await ada.press_on(card, "Sign")
        await ada.submit({"Postal code": "90210", **UNNAMED})
        await ada.press("Confirm")
    community = await mona.uses(mona.finds("how many people signed through this server"))
    assert "5 people have signed through this community." in community
    assert "Ada" not in community
    removed = await mona.uses(mona.told(answer), petition=chosen)
    assert "The card is removed." in removed
    assert mona.cards() == []


async def test_mona_publishes_milestones_in_another_channel_and_stops_them(theatre: DiscordTheatre) -> None:
    mona, news = Moderator(theatre), theatre.guild.channel("announcements", kind=NEWS)
    status = mona.finds("See where milestones are posted")
    turn_on = mona.told(await mona.uses(status))
    answer = await mona.uses(turn_on, channel=news, publish=True)
    assert f"<#{news.id}>" in answer
    assert await mona.uses(status) == answer, "the status says the same"
    stopped = await mona.uses(mona.told(answer))
    assert "I don't post milestones in this server." in stopped
    assert mona.told(stopped) == turn_on


async def test_mona_keeps_the_cards_of_members_in_check(theatre: DiscordTheatre) -> None:
    mona, ada = Moderator(theatre), await theatre.person("Ada")
    petition = await mona.completes("petition share", "petition", "salesforce")
    await ada.view.command("petition share", petition=petition)
    await ada.view.press("Post it here")
    (card,) = mona.cards()
    assert card.source is not None
    assert card.source.user.name == "Ada", "she sees who posted it"
    share = mona.finds("Choose who may post cards")
    assert "Only moderators can now post cards" in await mona.uses(share, who="Only moderators")
    assert "The card is removed." in await mona.uses(mona.finds("Remove the card"))
    theatre.world.now += dt.timedelta(days=1)
    await ada.view.command("petition share", petition=petition)
    assert "Post it here" not in ada.view.last.as_text(), "so nothing is offered that would be refused"
    assert mona.cards() == []


async def test_mona_reads_everything_in_her_own_language(theatre: DiscordTheatre) -> None:
    mona = Moderator(theatre, "es-ES")
    post = mona.finds("Publicar la tarjeta")
    assert post == "/moderar publicar"
    assert mona.told(await mona.uses(post)) == post
    answer = await mona.uses(post, petition=await mona.completes(post, "petition", "salesforce"))
    assert "La tarjeta está publicada." in answer
    language = mona.finds("Elegir el idioma")
    assert "de este servidor: Español" in await mona.uses(
        language, language=await mona.completes(language, "language", "espa")
    )
    assert "He quitado la tarjeta." in await mona.uses(mona.told(answer))


async def test_a_member_without_the_permission_never_sees_the_command(theatre: DiscordTheatre) -> None:
    ada = await theatre.person("Ada")
    assert not [line for line in ada.view.menu() if line.startswith("/moderate")]
    mona = Moderator(theatre)
    answer = await mona.uses(mona.finds("See where milestones are posted"))
    with pytest.raises(AssertionError, match="needs the permissions"):
        await ada.view.command(mona.told(answer))
