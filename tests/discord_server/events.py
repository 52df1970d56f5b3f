"""Events that the gateway sends to the bot: INTERACTION_CREATE and MESSAGE_CREATE, and their payloads."""

import secrets
from base64 import urlsafe_b64encode as b64encode
from dataclasses import dataclass

from tests.discord_server.errors import Json
from tests.discord_server.payloads import channel_json, member_json, message_json, user_json
from tests.discord_server.permissions import MEMBER, Permission, allows
from tests.discord_server.state import (
    IN_BOT_DM,
    IN_GUILD,
    IN_PRIVATE_CHANNEL,
    Channel,
    GuildState,
    Interaction,
    Member,
    Message,
    Modal,
    User,
)
from tests.discord_server.world import World

ATTACHMENT_BYTES = 10 * 1024 * 1024
GUILD_MESSAGES, DIRECT_MESSAGES = 1 << 9, 1 << 12  # intents
_ALONE = MEMBER | Permission.MENTION_EVERYONE


@dataclass(frozen=True, slots=True)
class Action:
    """Action of a person: the type and data of its interaction, with the message or the form that it was made in."""

    kind: int
    data: Json
    message: Message | None = None
    modal: Modal | None = None


def context(channel: Channel) -> int:
    """Context of an interaction, as Discord numbers them."""
    if channel.guild is not None:
        return IN_GUILD
    return IN_BOT_DM if channel.with_bot else IN_PRIVATE_CHANNEL


def owners(channel: Channel, user: User) -> dict[str, str]:
    """Installations that bring the bot here: key 0 is the guild's (or "0" in its own chat), key 1 the person's."""
    integration_owners: dict[str, str] = {}
    if channel.bot_is_in:
        integration_owners["0"] = str(channel.guild.id) if channel.guild else "0"
    if user.installed:
        integration_owners["1"] = str(user.id)
    return integration_owners


def create_interaction(world: World, user: User, channel: Channel, action: Action) -> Interaction:
    """Create the interaction of an action and send it to the bot, which has three seconds to answer."""
    number = world.ids.next()
    token = b64encode(f"interaction:{number}:{secrets.token_urlsafe(60)}".encode()).decode().rstrip("=")
    payload: Json = {"id": str(number), "application_id": str(world.bot.id), "type": action.kind, "token": token}
    payload |= {"version": 1, "data": action.data, "locale": user.locale, "context": context(channel)}
    payload |= {"entitlements": [], "entitlement_sku_ids": [], "attachment_size_limit": ATTACHMENT_BYTES}
    payload |= {"authorizing_integration_owners": owners(channel, user)} | _place(world, user, channel)
    if action.message is not None:
        payload["message"] = message_json(action.message, world.bot)
    interaction = Interaction(
        number, token, action.kind, user, channel, world.clock(), payload, action.message, modal=action.modal
    )
    world.note(interaction)
    send_interaction(world, interaction)
    return interaction


def send_interaction(world: World, interaction: Interaction) -> None:
    """Send the event of an interaction, for the first time or again."""
    guild = interaction.channel.guild
    world.gateway.dispatch("INTERACTION_CREATE", interaction.payload, guild.id if guild else None)


def send_message(world: World, message: Message) -> None:
    """Send the event of a new message, including the bot's own, unless only one person sees it."""
    if not message.ephemeral:
        body = message_body(world, message)
        dispatch_in(world, "MESSAGE_CREATE", message.channel, body, (DIRECT_MESSAGES, GUILD_MESSAGES))


def message_body(world: World, message: Message) -> Json:
    """A message as events have it; in a guild the bot sees only the words of its own."""
    guild, body = message.channel.guild, message_json(message, world.bot)
    if guild is None:
        return body
    own = message.author is world.bot
    member = member_json(Member(world.bot) if own else guild.members[message.author.id], guild.made)
    hidden: Json = {} if own else {"content": "", "embeds": [], "components": [], "attachments": []}
    return body | hidden | {"guild_id": str(guild.id), "member": member}


def dispatch_in(world: World, event: str, channel: Channel, body: Json, intents: tuple[int, int]) -> None:
    """Send an event of a channel that the bot is in; it needs the first intent in private, the second in a guild."""
    guild = channel.guild
    if channel.bot_is_in:
        place: Json = {"guild_id": str(guild.id)} if guild else {}
        intent = intents[1] if guild else intents[0]
        world.gateway.dispatch(event, body | place, guild.id if guild else None, intent=intent)


def _place(world: World, user: User, channel: Channel) -> Json:
    about = channel_json(channel, world.bot)
    guild = channel.guild
    body: Json = {"channel_id": str(channel.id), "user": user_json(user)}
    if guild is None:
        del about["recipients"]
        about["permissions"] = body["app_permissions"] = str(int(_ALONE))
        return body | {"channel": about}
    member = guild.members[user.id]
    about["permissions"] = str(int(member.permissions))
    whole = member_json(member, guild.made) | {"permissions": about["permissions"]}
    body = {"channel_id": str(channel.id), "member": whole, "guild_id": str(guild.id)}
    held = channel.bot if guild.has_bot else _ALONE
    body |= {"app_permissions": str(int(held)), "guild_locale": guild.locale, "guild": _partial(guild)}
    return body | {"channel": about}


def _partial(guild: GuildState) -> Json:
    return {"id": str(guild.id), "locale": guild.locale, "features": ["COMMUNITY"] if guild.locale != "en-US" else []}


def refusal(command: Json, user: User, channel: Channel) -> str:
    """Reason why Discord does not offer the command to this person here; empty where it does."""
    here = owners(channel, user)
    if context(channel) not in command["contexts"]:
        return f"context {context(channel)} is not among its contexts {command['contexts']}"
    if not set(map(int, here)) & set(command["integration_types"]):
        return f"installed here as {sorted(here)}, but its integration_types are {command['integration_types']}"
    guild, wanted = channel.guild, command["default_member_permissions"]
    held = guild.members[user.id].permissions if guild else MEMBER
    if not allows(held, Permission.USE_APPLICATION_COMMANDS):
        return "members need Use Application Commands for any command"
    if guild is None or wanted is None or not guild.has_bot:
        return ""
    if (command["name"], user.id) in guild.allowed:
        return ""
    if user.id == guild.owner or allows(held, Permission(int(wanted)) or Permission.ADMINISTRATOR):
        return ""
    return f"it needs the permissions {wanted}"
