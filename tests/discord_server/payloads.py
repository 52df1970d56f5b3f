"""Users, guilds, channels and messages as Discord writes them."""

from tests.discord_server.errors import Json
from tests.discord_server.permissions import EVERYTHING, MEMBER
from tests.discord_server.places import own_fields
from tests.discord_server.snowflakes import iso
from tests.discord_server.state import (
    COMMAND,
    COMPONENT,
    Attachment,
    Channel,
    GuildState,
    Interaction,
    Member,
    Message,
    Role,
    User,
)

_FLAGGED_USER = {
    "discriminator": "0",
    "avatar": None,
    "public_flags": 0,
    "flags": 0,
    "banner": None,
    "accent_color": None,
}


def user_json(user: User) -> Json:
    """A User object; a person without a last name is called Sims in the app, so that bots see a full name."""
    shown = user.name if user.is_bot or " " in user.name else f"{user.name} Sims"
    names: Json = {"id": str(user.id), "username": user.name.lower().replace(" ", "_"), "global_name": shown}
    return names | _FLAGGED_USER | {"bot": user.is_bot}


def member_json(member: Member, made: float) -> Json:
    """A Guild Member object without permissions."""
    roles = [str(role.id) for role in member.roles]
    looks: Json = {"nick": None, "avatar": None, "premium_since": None, "communication_disabled_until": None}
    body: Json = {"user": user_json(member.user), "roles": roles, "joined_at": iso(made), "flags": 0}
    return body | looks | {"deaf": False, "mute": False, "pending": False}


def channel_json(channel: Channel, bot: User) -> Json:
    """A Channel object; a direct message names its people except the bot."""
    last = max(channel.messages, default=None)
    body: Json = {"id": str(channel.id), "last_message_id": str(last) if last else None, "flags": 0}
    if channel.guild is None:
        people = [user_json(user) for user in channel.people if user is not bot]
        return body | {"type": 1, "recipients": people}
    allow, deny = channel.bot, EVERYTHING & ~channel.bot
    overwrite: Json = {"id": str(bot.id), "type": 1, "allow": str(int(allow)), "deny": str(int(deny))}
    parent = str(channel.parent) if channel.parent else None
    place: Json = {"type": channel.kind, "name": channel.name, "guild_id": str(channel.guild.id), "position": 0}
    place |= {"parent_id": parent} | own_fields(channel)
    looks: Json = {"topic": None, "nsfw": False, "rate_limit_per_user": 0}
    return body | place | looks | {"permission_overwrites": [overwrite]}


_LEVELS = ("verification_level", "default_message_notifications", "explicit_content_filter", "mfa_level")
_NUMBERS = ("nsfw_level", "premium_tier", "system_channel_flags", "afk_timeout")
_LOOKS = ("emojis", "stickers", "features", "soundboard_sounds")
_DOINGS = ("threads", "presences", "voice_states", "stage_instances", "guild_scheduled_events")


def guild_json(guild: GuildState, bot: User) -> Json:
    """A Guild object as in GUILD_CREATE, with its channels and the bot as the only member named."""
    names: Json = {"id": str(guild.id), "name": guild.name, "preferred_locale": guild.locale, "icon": None}
    roles = [role_json(role) for role in (Role(guild.id, "@everyone", MEMBER), *guild.roles)]
    body = names | dict.fromkeys(_LEVELS + _NUMBERS, 0) | {name: [] for name in _LOOKS + _DOINGS}
    body |= {"owner_id": str(guild.owner), "roles": roles, "member_count": len(guild.members) + 1}
    body |= {"joined_at": iso(guild.made), "large": False, "unavailable": False, "max_members": 500000}
    body["members"] = [member_json(Member(bot), guild.made)]
    body["channels"] = [channel_json(channel, bot) for channel in guild.channels.values()]
    return body


def resolved_json(users: list[User], guild: GuildState | None) -> Json:
    """Resolved data of an interaction: the users named in it, and their Guild Member objects in a guild."""
    body: Json = {"users": {str(user.id): user_json(user) for user in users}}
    members = [guild.members[user.id] for user in users if user.id in guild.members] if guild else []
    if guild and members:
        body["members"] = {str(each.user.id): _partial_member(each, guild.made) for each in members}
    return body


def _partial_member(member: Member, made: float) -> Json:
    body = member_json(member, made) | {"permissions": str(int(member.permissions))}
    return {name: value for name, value in body.items() if name not in {"user", "deaf", "mute"}}


def role_json(role: Role) -> Json:
    """A Role object."""
    looks: Json = {"color": 0, "colors": {"primary_color": 0}, "hoist": False, "position": 0, "flags": 0}
    body: Json = {"id": str(role.id), "name": role.name, "permissions": str(int(role.permissions))}
    return body | looks | {"managed": False, "mentionable": False}


def attachment_json(attachment: Attachment) -> Json:
    """An Attachment object."""
    body: Json = {"id": str(attachment.id), "filename": attachment.filename, "size": len(attachment.content)}
    body |= {"url": attachment.url, "proxy_url": attachment.url, "content_type": "application/octet-stream"}
    return body | ({"description": attachment.description} if attachment.description else {})


def message_json(message: Message, bot: User) -> Json:
    """A Message object."""
    source = message.source
    body: Json = {"id": str(message.id), "channel_id": str(message.channel.id), "author": user_json(message.author)}
    body |= {"content": message.content, "embeds": message.embeds, "components": message.components}
    body |= {"attachments": [attachment_json(each) for each in message.attachments]}
    body |= {"timestamp": iso(message.made), "edited_timestamp": iso(message.edited) if message.edited else None}
    body |= {"flags": message.flags, "tts": False, "pinned": False, "type": 0}
    pings = message.pings
    body |= {"mention_everyone": pings.everyone, "mention_roles": [str(role) for role in sorted(pings.roles)]}
    body |= {"mentions": [], "nonce": message.nonce}
    if message.author is bot:
        body["application_id"] = str(bot.id)
    return body | (_origin(source, bot) if source else {}) | message.extra


def _origin(source: Interaction, bot: User) -> Json:
    owners = source.payload["authorizing_integration_owners"]
    about: Json = {"id": str(source.id), "type": source.kind, "user": user_json(source.user)}
    about["authorizing_integration_owners"] = owners
    body: Json = {"webhook_id": str(bot.id), "interaction_metadata": about}
    if source.kind == COMMAND:
        about["name"] = source.payload["data"]["name"]
        return body | {"type": 20}
    if source.kind == COMPONENT and source.message:
        about["interacted_message_id"] = str(source.message.id)
        place: Json = {"message_id": str(source.message.id), "channel_id": str(source.channel.id), "type": 0}
        return body | {"type": 19, "message_reference": place}
    return body
