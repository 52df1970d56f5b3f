"""Channels and their messages, as the bot itself reads and writes them."""

from tests.discord_server import errors
from tests.discord_server.drafts import Draft, write
from tests.discord_server.echoes import send_deletion, send_update
from tests.discord_server.errors import Json
from tests.discord_server.events import send_message
from tests.discord_server.payloads import channel_json, message_json
from tests.discord_server.permissions import Permission, allows
from tests.discord_server.places import refuse_archived, refuse_locked, refuse_without_messages, use, writing
from tests.discord_server.routes.publishing import count_edit
from tests.discord_server.routes.route import Call, Route
from tests.discord_server.state import EPHEMERAL, Channel, Message
from tests.discord_server.world import World

TYPING_SECONDS = 10


def channel(world: World, call: Call) -> Json:
    """GET /channels/{channel}."""
    return channel_json(world.channel(call["channel"]), world.bot)


def messages(world: World, call: Call) -> list[Json]:
    """GET /channels/{channel}/messages, newest first; none without the permission to read the history."""
    channel = world.channel(call["channel"])
    if not allows(channel.bot, Permission.READ_MESSAGE_HISTORY):
        return []
    before = int(call.query.get("before", 1 << 63))
    after = int(call.query.get("after", 0))
    visible = [each for each in channel.messages.values() if not each.deleted and not each.flags & EPHEMERAL]
    picked = [each for each in reversed(visible) if after < each.id < before]
    return [message_json(each, world.bot) for each in picked[: int(call.query.get("limit", 50))]]


def message(world: World, call: Call) -> Json:
    """GET /channels/{channel}/messages/{message}."""
    channel = world.channel(call["channel"])
    if not allows(channel.bot, Permission.READ_MESSAGE_HISTORY):
        raise errors.MISSING_PERMISSIONS
    return message_json(world.message(channel, call["message"]), world.bot)


def _need(channel: Channel, call: Call) -> None:
    needed = writing(channel)
    if call.files:
        needed |= Permission.ATTACH_FILES
    if call.body.get("embeds"):
        needed |= Permission.EMBED_LINKS
    if channel.guild is not None and not allows(channel.bot, needed):
        raise errors.MISSING_PERMISSIONS


def send(world: World, call: Call) -> Json:
    """POST /channels/{channel}/messages."""
    channel = world.channel(call["channel"])
    if channel.guild is None and not all(
        person is world.bot or world.can_write_to(person) for person in channel.people
    ):
        raise errors.CANNOT_WRITE_TO_USER
    refuse_without_messages(channel)
    _need(channel, call)
    refuse_locked(channel)
    made = Message(world.ids.next(), channel, world.bot, world.clock())
    again = _sent_before(channel, call.body)
    if again is not None:
        return message_json(again, world.bot)
    flags = (call.body.get("flags") or 0) & ~EPHEMERAL
    write(world, made, Draft(call.body | {"flags": flags}, call.files))
    channel.messages[made.id], channel.typing_until = made, 0.0
    use(channel, world.clock())
    send_message(world, made)
    return message_json(made, world.bot)


def _sent_before(channel: Channel, body: Json) -> Message | None:
    """The message that an enforced nonce names, so that a repeated call posts nothing twice."""
    nonce = body.get("nonce")
    if nonce is None or not body.get("enforce_nonce"):
        return None
    return next((each for each in channel.messages.values() if each.nonce == str(nonce)), None)


def edit(world: World, call: Call) -> Json:
    """PATCH /channels/{channel}/messages/{message}: the bot's own, even where it may no longer write."""
    edited = world.message(world.channel(call["channel"]), call["message"])
    if edited.author is not world.bot:
        raise errors.NOT_THE_AUTHOR
    refuse_archived(edited.channel)
    count_edit(world, edited)
    write(world, edited, call.draft())
    edited.edits, edited.edited = edited.edits + 1, world.clock()
    send_update(world, edited)
    return message_json(edited, world.bot)


def delete(world: World, call: Call) -> None:
    """DELETE /channels/{channel}/messages/{message}: the bot's own, or others' with the permission to."""
    where = world.channel(call["channel"])
    deleted = world.message(where, call["message"])
    if deleted.author is not world.bot and not allows(where.bot, Permission.MANAGE_MESSAGES):
        raise errors.MISSING_PERMISSIONS
    refuse_archived(where)
    deleted.deleted = True
    send_deletion(world, deleted)


def typing(world: World, call: Call) -> None:
    """POST /channels/{channel}/typing: people see it for ten seconds, or until the message comes."""
    channel = world.channel(call["channel"])
    _need(channel, call)
    refuse_locked(channel)
    channel.typing_until = world.clock() + TYPING_SECONDS


_MESSAGES = "/channels/{channel}/messages"

ROUTES = (
    Route("GET", "/channels/{channel}", channel),
    Route("POST", "/channels/{channel}/typing", typing),
    Route("GET", _MESSAGES, messages),
    Route("POST", _MESSAGES, send),
    Route("GET", f"{_MESSAGES}/{{message}}", message),
    Route("PATCH", f"{_MESSAGES}/{{message}}", edit),
    Route("DELETE", f"{_MESSAGES}/{{message}}", delete),
)
