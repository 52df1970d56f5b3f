"""The Bot API methods that this server knows, by name."""

from tests.telegram_server.methods import answers, chats, delivery, ephemeral, messages, profile, rich
from tests.telegram_server.methods.method import Method

METHODS: dict[str, Method] = {
    method.name.lower(): method
    for module in (messages, ephemeral, rich, answers, profile, chats, delivery)
    for method in module.METHODS
}
