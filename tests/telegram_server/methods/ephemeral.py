"""Editing and deleting ephemeral messages, which one member of a group sees."""

from tests.telegram_server import ephemeral, formatting, keyboards
from tests.telegram_server.errors import bad_request
from tests.telegram_server.methods.method import method
from tests.telegram_server.params import Params
from tests.telegram_server.state import Account, Chat, Message
from tests.telegram_server.world import World

_WHICH = "chat_id receiver_user_id ephemeral_message_id "


def edit_text(world: World, params: Params) -> bool:
    """EditEphemeralMessageText."""
    chat, person, message = _find(world, params, "edit")
    text, entities = formatting.message_text(params)
    markup = keyboards.check(params.json("reply_markup"))
    if markup and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    if world.rates:
        world.rates.count_ephemeral(chat.id, person.id)
    if person.offline:
        return True  # and nothing arrives
    asks = {"force_reply": True} if (message.markup or {}).get("force_reply") else {}
    markup = {key: value for key, value in (markup or {}).items() if key != "force_reply"} | asks  # an edit keeps it
    message.text, message.entities, message.markup = text, entities, markup or None
    message.edits += 1
    world.inbox(chat, person).journal.append(f"(edited) {message.as_text()}")
    world.pulse.beat()
    return True


def delete(world: World, params: Params) -> bool:
    """DeleteEphemeralMessage."""
    chat, person, message = _find(world, params, "delete")
    inbox = world.inbox(chat, person)
    assert message.ephemeral_id is not None
    del inbox.valid[message.ephemeral_id]
    if not person.offline:
        inbox.shown.pop(message.ephemeral_id, None)
        inbox.journal.append(f"(deleted) {message.as_text()}")
    return True


def _find(world: World, params: Params, aim: str) -> tuple[Chat, Account, Message]:
    """The bot's own message, by group, member and number together."""
    chat = world.writable(params)
    person = ephemeral.member(world, chat, params.required("receiver_user_id"))
    message = world.inbox(chat, person).valid.get(params.required("ephemeral_message_id"))
    if message is None or message.sender is not world.bot:
        raise bad_request(f"message to {aim} not found")
    return chat, person, message


METHODS = (
    method(
        "editEphemeralMessageText", edit_text, _WHICH + "text parse_mode entities link_preview_options reply_markup"
    ),
    method("deleteEphemeralMessage", delete, _WHICH.strip()),
)
