"""Fake Discord for tests: real HTTP and WebSockets on the loopback interface, and people to act as."""

from tests.discord_server.people import Guild, Person
from tests.discord_server.permissions import MEMBER, POSTER, READER, Permission
from tests.discord_server.server import TOKEN, DiscordServer
from tests.discord_server.state import ApiCall, Channel, Failure, Interaction, Message, Modal, Pings
from tests.discord_server.views import ChannelView
from tests.odd_answers import FOREVER, Answer

__all__ = [
    "FOREVER",
    "MEMBER",
    "POSTER",
    "READER",
    "TOKEN",
    "Answer",
    "ApiCall",
    "Channel",
    "ChannelView",
    "DiscordServer",
    "Failure",
    "Guild",
    "Interaction",
    "Message",
    "Modal",
    "Permission",
    "Person",
    "Pings",
]
