"""Sending rich messages, and editing plain messages into rich ones or back."""

from tests.telegram_server import formatting, rich
from tests.telegram_server.errors import bad_request
from tests.telegram_server.methods import messages
from tests.telegram_server.methods.method import method
from tests.telegram_server.params import Params
from tests.telegram_server.state import Json
from tests.telegram_server.world import World


def send_rich(world: World, params: Params) -> Json:
    """SendRichMessage; the answer is the same if the person's app can't show the message."""
    chat = world.writable(params)
    content = rich.parse(params.json("rich_message"))
    message = messages.compose(world, chat, params)
    message.extra = {"rich_message": content}
    return messages.deliver(world, chat, message)


def edit_text(world: World, params: Params) -> Json | bool:
    """EditMessageText: into plain text or, with `rich_message`, into a rich message."""
    message = messages.editable(world, params)
    if message.is_media:
        raise bad_request("there is no text in the message to edit")
    extra = {name: value for name, value in message.extra.items() if name != "rich_message"}
    if "rich_message" not in params:
        return messages.change(world, message, *formatting.message_text(params), params, extra)
    if "text" in params:
        raise bad_request("exactly one of text and rich_message must be specified")
    content = rich.parse(params.json("rich_message"))
    return messages.change(world, message, "", [], params, extra | {"rich_message": content})


METHODS = (
    method("sendRichMessage", send_rich, messages.SENT + "rich_message"),
    method(
        "editMessageText", edit_text, messages.EDITED + "text parse_mode entities link_preview_options rich_message"
    ),
)
