"""A small bot made with discord.py, as tests of the server use it."""

import io
from typing import Any

import discord
from discord import app_commands, ui

Interaction = discord.Interaction[Any]


class Details(ui.Modal, title="Sign the petition"):
    """One field of each kind."""

    intro: ui.TextDisplay[Any] = ui.TextDisplay("We ask for little.")
    full_name: ui.Label[Any] = ui.Label(
        text="Your name", description="As on a letter", component=ui.TextInput(min_length=2, max_length=40)
    )
    shown: ui.Label[Any] = ui.Label(
        text="Shown as",
        component=ui.RadioGroup(
            options=[discord.RadioGroupOption(label="Full name"), discord.RadioGroupOption(label="Initials")]
        ),
    )
    topics: ui.Label[Any] = ui.Label(
        text="Tell me about",
        component=ui.CheckboxGroup(
            required=False,
            options=[discord.CheckboxGroupOption(label="News"), discord.CheckboxGroupOption(label="Events")],
        ),
    )
    agree: ui.Label[Any] = ui.Label(text="I agree", component=ui.Checkbox())

    async def on_submit(self, interaction: Interaction) -> None:
        labels = [self.full_name, self.shown, self.topics, self.agree]
        values = [
            getattr(label.component, "values", None) or getattr(label.component, "value", None) for label in labels
        ]
        await interaction.response.send_message(f"Signed: {values}", ephemeral=True)


class SignButton(ui.DynamicItem[ui.Button[Any]], template=r"sign:(?P<name>\w+)"):
    """A button that survives restarts."""

    def __init__(self, name: str) -> None:
        super().__init__(ui.Button(label="Sign", style=discord.ButtonStyle.success, custom_id=f"sign:{name}"))

    @classmethod
    async def from_custom_id(cls, _interaction: Interaction, _item: ui.Item[Any], match: Any) -> "SignButton":
        return cls(match["name"])

    async def callback(self, interaction: Interaction) -> None:
        await interaction.response.send_modal(Details(custom_id="details"))


class Topic(ui.Select[Any]):
    """Menu that changes its own message."""

    def __init__(self) -> None:
        options = [discord.SelectOption(label=label, value=label.lower()) for label in ("Rivers", "Forests")]
        super().__init__(placeholder="Pick a topic", custom_id="topic", options=options)

    async def callback(self, interaction: Interaction) -> None:
        view = ui.LayoutView(timeout=None)
        view.add_item(ui.TextDisplay(f"You picked {self.values[0]}."))
        await interaction.response.edit_message(view=view)


def card(name: str) -> ui.LayoutView:
    """A petition as a layout."""
    view = ui.LayoutView(timeout=None)
    section: ui.Section[Any] = ui.Section("## Save the river", accessory=ui.Thumbnail("https://example.org/river.png"))
    link: ui.Button[Any] = ui.Button(label="Read", url="https://example.org/letter")
    row: ui.ActionRow[Any] = ui.ActionRow(SignButton(name), link)
    menu: ui.ActionRow[Any] = ui.ActionRow(Topic())
    view.add_item(ui.Container(section, ui.Separator(), ui.TextDisplay("It is drying up."), row, menu))
    return view


class ExampleBot(discord.Client):
    """Commands, a card, a form, and one command that never answers."""

    def __init__(self, intents: discord.Intents) -> None:
        super().__init__(intents=intents, allowed_mentions=discord.AllowedMentions.none(), guild_ready_timeout=0)
        self.tree = app_commands.CommandTree(self)
        self.tree.add_command(PETITION)
        self.tree.add_command(forgetful)

    async def setup_hook(self) -> None:
        self.add_dynamic_items(SignButton)
        await self.tree.sync()


PETITION = app_commands.Group(
    name="petition",
    description="Petitions",
    allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
    allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
)


@PETITION.command(name="read", description="Read a petition")
async def read(interaction: Interaction, petition: str) -> None:
    await interaction.response.send_message(view=card(petition), ephemeral=True)


@read.autocomplete("petition")
async def complete(_interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=name, value=name) for name in ("salmon", "salt", "river") if typed in name]


@PETITION.command(name="count", description="Count slowly")
async def tally(interaction: Interaction) -> None:
    await interaction.response.defer(thinking=True, ephemeral=True)
    await interaction.edit_original_response(content="3 signatures")
    await interaction.followup.send("@everyone look", ephemeral=True)


@PETITION.command(name="thank", description="Thank a person")
async def thank(interaction: Interaction, user: discord.User) -> None:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.ActionRow(Warmly()))
    await interaction.response.send_message(view=view)
    await user.send(f"{interaction.user.mention} thanks you", file=discord.File(io.BytesIO(b"*"), "star.txt"))


class Warmly(ui.Button[Any]):
    """A button that answers with a message of its own."""

    def __init__(self) -> None:
        super().__init__(label="More warmly", custom_id="warmly")

    async def callback(self, interaction: Interaction) -> None:
        await interaction.response.send_message("<3")


@app_commands.command(name="forget", description="Never answers")
@app_commands.default_permissions(manage_guild=True)
@app_commands.guild_only()
async def forgetful(_interaction: Interaction) -> None:
    return
