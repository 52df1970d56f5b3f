"""A story of an organizer in the organizers' own server on Discord, who uses only what the screen shows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.discord_server.views import ChannelView
from tests.scenarios.discord_stage import UNNAMED, DiscordTheatre
from tests.scenarios.stage import Theatre
from tests.world import SALESFORCE

_COMMAND = re.compile(r"/(organize(?: [a-z]+){1,2}?)(?: ([a-z]+):(.+))?$")


class Olga:
    """An organizer who copies commands from the screen, and taps what it offers."""

    def __init__(self, view: ChannelView) -> None:
        self.view = view

    def reads(self) -> str:
        """The newest message, without Markdown."""
        return re.sub(r"\\|\*\*", "", self.view.last.as_text())

    def menu(self) -> list[str]:
        """The commands that Discord offers her, without their descriptions."""
        return [line.partition(" - ")[0] for line in self.view.menu()]

    async def sends(self, line: str) -> None:
        """Send a command as she reads it, with its options."""
        words, *options = re.split(r" ([a-z]+):", line.removeprefix("/"))
        assert f"/{words}" in self.menu(), line
        values: dict[str, Any] = dict(zip(options[::2], options[1::2], strict=True))
        await self.view.command(words, **values)
        assert self.view.last.only_for is self.view.user


async def arrives(theatre: DiscordTheatre) -> Olga:
    """Olga sees the command once a manager of the server allows it to her."""
    person = await theatre.organizer()
    olga = Olga(person.in_channel(theatre.channel))
    assert "/organize stats" not in olga.menu()
    theatre.guild.allow("organize", person)
    return olga


@pytest.mark.parametrize("theatre", ["discord"], indirect=True)
async def test_olga_runs_a_petition_from_the_organizers_server(theatre: Theatre, tmp_path: Path) -> None:
    assert isinstance(theatre, DiscordTheatre)
    olga = await arrives(theatre)
    await olga.sends("/help")
    offered = re.findall(r"^\W*(/organize[a-z ]+): ", olga.reads(), re.MULTILINE)
    assert "/organize stats" in offered
    assert set(offered) <= set(olga.menu())
    await _makes_a_link(theatre, olga)
    await _announces(olga)
    await _gets_a_file(theatre, olga, tmp_path / "files")
    await _declares_victory(theatre, olga)
    assert [message for message in theatre.channel.messages.values() if message.only_for is None] == []
    assert not olga.view.failed


async def _makes_a_link(theatre: DiscordTheatre, olga: Olga) -> None:
    """Make a link, through which Ada signs, and see that it counts."""
    (choice,) = await olga.view.complete("organize link", "petition", "salesforce")
    await olga.view.command("organize link", petition=choice["value"])
    example = re.search(r"For example: (/organize link.*)", olga.reads())
    assert example
    await olga.sends(example[1].replace("newsletter", "flyer"))
    assert f"https://petitions.example.org/p/{SALESFORCE}?source=flyer" in olga.reads()
    assert [attachment.filename for attachment in olga.view.last.attachments] == [f"{SALESFORCE}-flyer.png"]
    ada = (await theatre.person("Ada")).view
    await ada.command("petition sign", petition=f"{SALESFORCE}--flyer")
    await ada.submit({"Postal code": "90210", **UNNAMED})
    await ada.press("Confirm")
    await olga.sends(f"/organize stats petition:{SALESFORCE} period:30d part:links")
    assert "flyer: 1" in olga.reads()


async def _announces(olga: Olga) -> None:
    """Write an announcement in the form, and choose its audience by a command that the screen shows."""
    await olga.sends("/organize announce")
    await olga.view.press("Write it in a form")
    await olga.view.submit({"Your announcement": "The council votes on Friday.\nCome along!"})
    await olga.view.press("Salesforce")
    assert "Come along!" in olga.reads()
    typed = re.search(r"/organize announcement number:1 audience:in es", olga.reads())
    assert typed
    await olga.sends(typed[0].replace("in es", "all"))
    assert "None of these people can be reached" in olga.reads()


async def _gets_a_file(theatre: DiscordTheatre, olga: Olga, folder: Path) -> None:
    """Ask for a file, which comes to her own chat with the bot and not to the server."""
    await olga.sends(f"/organize export petition:{SALESFORCE} format:csv")
    assert "in our private chat" in olga.reads()
    await theatre.files_arrive(folder)
    chat = next(each for each in theatre.server.world.channels.values() if each.guild is None)
    assert len([file for message in chat.messages.values() for file in message.attachments]) == 1


async def _declares_victory(theatre: DiscordTheatre, olga: Olga) -> None:
    """Write the words about a victory in the form; everyone sees them."""
    await olga.sends(f"/organize petition victory petition:{SALESFORCE}")
    await olga.view.press("Write it in a form")
    await olga.view.submit({"Your message about the victory": "The contract is canceled!"})
    await olga.view.press("Declare victory and stop signing")
    ben = (await theatre.person("Ben")).view
    await ben.command("petition show", petition=SALESFORCE)
    assert "The contract is canceled!" in ben.last.as_text()
    await olga.sends("/organize team audit")
    assert f"/organize petition victory petition:{SALESFORCE} text:The contract is canceled!" in olga.reads()
