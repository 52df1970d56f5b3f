"""A Telegram Bot API server of our own for tests: real HTTP on the loopback interface, people to play."""

from tests.odd_answers import FOREVER, Answer
from tests.telegram_server.people import Group, Person
from tests.telegram_server.server import TOKEN, TelegramServer
from tests.telegram_server.state import ApiCall, Message, Tap
from tests.telegram_server.views import ChatView

__all__ = [
    "FOREVER", "TOKEN", "Answer", "ApiCall", "ChatView", "Group", "Message", "Person", "Tap", "TelegramServer",
]  # fmt: skip
