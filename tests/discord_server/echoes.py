"""Events about messages that exist: changed, deleted, pinned. The bot gets those about its own messages, too."""

from tests.discord_server.errors import Json
from tests.discord_server.events import DIRECT_MESSAGES, GUILD_MESSAGES, dispatch_in, message_body, send_message
from tests.discord_server.snowflakes import iso
from tests.discord_server.state import Channel, Message, User
from tests.discord_server.world import World

GUILDS = 1 << 0  # the intent
PIN = 6  # the type of Discord's note about a pinned message


def send_update(world: World, message: Message) -> None:
    """Send the event of a changed message."""
    _dispatch(world, "MESSAGE_UPDATE", message.channel, message_body(world, message))


def send_deletion(world: World, message: Message) -> None:
    """Send the event of a deleted message, which names nothing but its place."""
    _dispatch(world, "MESSAGE_DELETE", message.channel, _named(message))


def pin(world: World, person: User, message: Message) -> None:
    """Pin a message: everyone sees it, and a note in the person's name says so."""
    channel = message.channel
    message.extra = message.extra | {"pinned": True}
    body = {"channel_id": str(channel.id), "last_pin_timestamp": iso(world.clock())}
    dispatch_in(world, "CHANNEL_PINS_UPDATE", channel, body, (DIRECT_MESSAGES, GUILDS))
    send_update(world, message)
    about: Json = {"type": PIN, "message_reference": _named(message) | {"message_id": str(message.id), "type": 0}}
    note = Message(world.ids.next(), channel, person, world.clock(), extra=about)
    channel.messages[note.id] = note
    send_message(world, note)


def _named(message: Message) -> Json:
    return {"id": str(message.id), "channel_id": str(message.channel.id)}


def _dispatch(world: World, event: str, channel: Channel, body: Json) -> None:
    dispatch_in(world, event, channel, body, (DIRECT_MESSAGES, GUILD_MESSAGES))
