"""Messages as a person reads them: the words, and the buttons in their rows."""

from typing import TYPE_CHECKING

from tests.telegram_server import rich
from tests.telegram_server.keyboards import Button, buttons

if TYPE_CHECKING:
    from tests.telegram_server.state import Message

_PLACEHOLDERS = ("photo", "document", "sticker", "voice", "contact", "new_chat_members", "left_chat_member")


def as_text(message: "Message") -> str:
    """One message: who wrote it, what it says, what can be pressed."""
    head = f"{message.sender.name}:"
    lines = [*_extras(message), *message.text.splitlines(), *_rich(message)]
    rows = ["  " + " ".join(_button(button) for button in row) for row in buttons(message.markup)]
    return "\n".join([" ".join([head, *lines[:1]]), *(f"  {line}" for line in lines[1:]), *rows])


def _rich(message: "Message") -> list[str]:
    """A rich message, or what an app shows that can't."""
    content = message.extra.get("rich_message")
    if content is None:
        return []
    reader = message.chat.person if message.chat else None
    return rich.lines(content["blocks"]) if reader is None or reader.shows_rich else [rich.UNSUPPORTED]


def _extras(message: "Message") -> list[str]:
    origin = message.extra.get("forward_origin")
    extras = [f"(forwarded from {_origin_name(origin)})"] if origin else []
    for kind in _PLACEHOLDERS:
        if kind in message.extra:
            value = message.extra[kind]
            name = value.get("file_name") or value.get("emoji") or "" if isinstance(value, dict) else ""
            extras.append(f"({' '.join(filter(None, (kind, name)))})")
    return [" ".join(extras)] if extras else []


def _origin_name(origin: dict[str, object]) -> str:
    user = origin.get("sender_user")
    name = user["first_name"] if isinstance(user, dict) else origin.get("sender_user_name")
    return str(name or "a chat")


def _button(button: Button) -> str:
    return f"[{button['text']} -> {button['url']}]" if button.get("url") else f"[{button['text']}]"
