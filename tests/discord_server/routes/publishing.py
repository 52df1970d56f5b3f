"""Published messages of announcement channels, and their limits by the hour."""

from tests.discord_server import errors
from tests.discord_server.errors import Json, WriteLimited
from tests.discord_server.payloads import message_json
from tests.discord_server.permissions import Permission, allows
from tests.discord_server.places import NEWS, viewing, writing
from tests.discord_server.routes.route import Call, Route
from tests.discord_server.state import CROSSPOSTED, Message
from tests.discord_server.world import World

HOUR = 3600.0
PUBLISHED_PER_HOUR, EDITS_PER_HOUR = 10, 3


def publish(world: World, call: Call) -> Json:
    """POST /channels/{channel}/messages/{message}/crosspost."""
    channel = world.channel(call["channel"])
    message = world.message(channel, call["message"])
    needed = viewing(channel) | writing(channel)
    if message.author is not world.bot:
        needed |= Permission.MANAGE_MESSAGES
    if not allows(channel.bot, needed):
        raise errors.MISSING_PERMISSIONS
    if channel.kind != NEWS:
        raise errors.WRONG_CHANNEL_TYPE
    if message.flags & CROSSPOSTED:
        raise errors.ALREADY_PUBLISHED
    channel.publishings = _counted(world, channel.publishings, PUBLISHED_PER_HOUR)
    message.flags |= CROSSPOSTED
    return message_json(message, world.bot)


def count_edit(world: World, message: Message) -> None:
    """Count an edit of a published message; raises a 429 whose headers name a shorter wait than the body."""
    if message.flags & CROSSPOSTED:
        message.published_edits = _counted(world, message.published_edits, EDITS_PER_HOUR)


def _counted(world: World, times: list[float], most: int) -> list[float]:
    now = world.hours()
    recent = [each for each in times if now - each < HOUR]
    if len(recent) >= most:
        raise WriteLimited(round(recent[0] + HOUR - now, 3))
    return [*recent, now]


ROUTES = (Route("POST", "/channels/{channel}/messages/{message}/crosspost", publish),)
