"""Reply markups: what Telegram accepts on a message, and finding a button by its words."""

from typing import Any
from urllib.parse import urlsplit

from tests.telegram_server.button_checks import check_chosen_chat, check_request_chat
from tests.telegram_server.errors import bad_request

Button = dict[str, Any]
Markup = dict[str, Any]

BUTTONS_LIMIT = 100
ROW_LIMIT = 8
CALLBACK_BYTES = 64
COPY_TEXT_LIMIT = 256
PLACEHOLDER_LIMIT = 64

_ACTIONS = frozenset(
    [
        "url",
        "callback_data",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
        "disabled",
    ]
)
_STYLES = frozenset({"danger", "success", "primary"})
_LOOKS = frozenset({"text", "style", "icon_custom_emoji_id"})
_KINDS = ("inline_keyboard", "keyboard", "remove_keyboard", "force_reply")
_SCHEMES = frozenset({"http", "https", "tg", "ton"})


def check(markup: Any) -> Markup | None:
    """The markup as given; raises a 400 for anything that Telegram would refuse."""
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    kind = next((kind for kind in _KINDS if kind in markup), None)
    if kind is None:
        raise bad_request("can't parse reply markup JSON object")
    if kind in {"inline_keyboard", "keyboard"}:
        _check_rows(markup[kind], inline=kind == "inline_keyboard")
    if not 0 <= len(markup.get("input_field_placeholder", "")) <= PLACEHOLDER_LIMIT:
        raise bad_request("the input field placeholder is too long")
    return markup


def _check_rows(rows: Any, *, inline: bool) -> None:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    if sum(map(len, rows)) > BUTTONS_LIMIT:
        raise bad_request("reply markup is too long")
    if any(len(row) > ROW_LIMIT for row in rows):
        raise bad_request(f"a row of the keyboard has more than {ROW_LIMIT} buttons")
    for button in (button for row in rows for button in row):
        if inline:
            _check_inline(button)
        elif not (button if isinstance(button, str) else button.get("text")):
            raise bad_request("keyboard button text must be non-empty")
        elif isinstance(button, dict) and "request_chat" in button:
            check_request_chat(button["request_chat"])


def _check_inline(button: Button) -> None:
    failure = "can't parse inline keyboard button"
    if not button.get("text"):
        raise bad_request(f'{failure}: Field "text" must be non-empty')
    actions = [name for name in button if name in _ACTIONS]
    if unknown := set(button) - _ACTIONS - _LOOKS:
        raise bad_request(f"{failure}: unknown field {min(unknown)!r}")
    if not actions:
        raise bad_request(f"{failure}: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request(f"{failure}: exactly one action is expected, got {', '.join(actions)}")
    if "style" in button and button["style"] not in _STYLES:
        raise bad_request(f"{failure}: invalid button style specified")
    _check_action(actions[0], button[actions[0]])


def _check_action(action: str, value: Any) -> None:
    if action == "callback_data" and not 1 <= len(str(value).encode()) <= CALLBACK_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if action == "url":
        _check_url(str(value))
    if action == "copy_text" and not 1 <= len(str(value.get("text", ""))) <= COPY_TEXT_LIMIT:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if action == "switch_inline_query_chosen_chat":
        check_chosen_chat(value)
    if action == "web_app" and urlsplit(str(value.get("url"))).scheme != "https":
        raise bad_request("inline keyboard button Web App URL is invalid: Only HTTPS links are allowed")


def _check_url(url: str) -> None:
    failure = f"inline keyboard button URL '{url}' is invalid"
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host = parts.hostname or ""
    except ValueError:
        raise bad_request(f"{failure}: Wrong HTTP URL") from None
    if parts.scheme not in _SCHEMES:
        raise bad_request(f"{failure}: Unsupported URL protocol")
    if parts.scheme in {"http", "https"} and ("." not in host.strip(".") or " " in url):
        raise bad_request(f"{failure}: Wrong HTTP URL")


def buttons(markup: Markup | None) -> list[list[Button]]:
    """The rows of an inline or a reply keyboard, each button as an object."""
    rows = (markup or {}).get("inline_keyboard") or (markup or {}).get("keyboard") or []
    return [[{"text": button} if isinstance(button, str) else button for button in row] for row in rows]


def find(markup: Markup | None, words: str) -> Button | None:
    """The button with exactly these words, else the first that contains them."""
    flat = [button for row in buttons(markup) for button in row]
    exact = (button for button in flat if button["text"] == words)
    return next(exact, None) or next((button for button in flat if words in button["text"]), None)
