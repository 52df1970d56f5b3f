"""An app that shares with inline mode."""

from tests.telegram_server.keyboards import find
from tests.telegram_server.people import Person
from tests.telegram_server.state import Message


async def share(person: Person, message: Message, words: str) -> Message:
    """Press a share button, choose a chat that the bot does not see, and send the first result there."""
    button = find(message.reply_markup, words)
    if button is None or "switch_inline_query_chosen_chat" not in button:
        raise LookupError(f"no button {words!r} shares in:\n{message.as_text()}")
    query = button["switch_inline_query_chosen_chat"]["query"]
    results = await person.inline(query)
    return await person.choose(results[0], query)
