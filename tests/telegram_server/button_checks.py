"""Buttons about other chats, in keyboards and above inline results: what the server refuses."""

import re
from typing import Any

from tests.telegram_server.errors import bad_request

Json = dict[str, Any]

RIGHTS = (
    "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members",
    "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories",
    "can_delete_stories",
)  # fmt: skip
"""The fields that ChatAdministratorRights must have."""
_OPTIONAL = frozenset({
    "can_post_messages", "can_edit_messages", "can_pin_messages", "can_manage_topics", "can_manage_direct_messages",
    "can_manage_tags", "can_send_welcome_messages",
})  # fmt: skip
_REQUEST = frozenset({
    "request_id", "chat_is_channel", "chat_is_forum", "chat_has_username", "chat_is_created",
    "user_administrator_rights", "bot_administrator_rights", "bot_is_member", "request_title", "request_username",
    "request_photo",
})  # fmt: skip
_CHATS = ("allow_user_chats", "allow_bot_chats", "allow_group_chats", "allow_channel_chats")
_START = re.compile(r"[A-Za-z0-9_-]{1,64}")
_QUERY_LIMIT = 256
_INT32 = range(-(2**31), 2**31)


def check_request_chat(request: Any) -> None:
    """Raise a 400 for a KeyboardButtonRequestChat that the server would refuse."""
    failure = "can't parse keyboard button"
    if not isinstance(request, dict) or set(request) - _REQUEST:
        raise bad_request(f"{failure}: KeyboardButtonRequestChat expected")
    if not isinstance(request.get("request_id"), int) or request["request_id"] not in _INT32:
        raise bad_request(f'{failure}: Field "request_id" must be of type Number')
    if not isinstance(request.get("chat_is_channel"), bool):
        raise bad_request(f'{failure}: Field "chat_is_channel" must be of type Boolean')
    wanted = {name: _rights(request[name], failure) for name in request if name.endswith("administrator_rights")}
    if not wanted.get("bot_administrator_rights", set()) <= wanted.get("user_administrator_rights", set()):
        raise bad_request("the bot's rights must be a subset of the user's rights")


def _rights(rights: Json, failure: str) -> set[str]:
    missing = set(RIGHTS) - set(rights)
    if missing or set(rights) - set(RIGHTS) - _OPTIONAL:
        raise bad_request(f"{failure}: can't parse ChatAdministratorRights ({min(missing, default='unknown field')})")
    return {name for name, given in rights.items() if given}


def check_chosen_chat(value: Any) -> None:
    """Raise a 400 for a SwitchInlineQueryChosenChat that the server would refuse."""
    if not isinstance(value, dict) or set(value) - {"query", *_CHATS}:
        raise bad_request("can't parse inline keyboard button: SwitchInlineQueryChosenChat expected")
    if not any(value.get(name) for name in _CHATS):
        raise bad_request("can't parse inline keyboard button: At least one chat type must be allowed")
    if len(value.get("query", "")) > _QUERY_LIMIT:
        raise bad_request("BUTTON_DATA_INVALID")


def check_results_button(button: Json | None) -> None:
    """Raise a 400 for an InlineQueryResultsButton that the server would refuse."""
    if button is None:
        return
    if not button.get("text"):
        raise bad_request('can\'t parse InlineQueryResultsButton: Field "text" must be non-empty')
    if len({"web_app", "start_parameter"} & set(button)) != 1:
        raise bad_request("can't parse InlineQueryResultsButton: exactly one action is expected")
    if "start_parameter" in button and not _START.fullmatch(str(button["start_parameter"])):
        raise bad_request("START_PARAM_INVALID")


def check_place(markup: Json | None, *, inline_mode: bool, private: bool) -> None:
    """Raise a 400 for buttons that need inline mode, or a private chat."""
    rows = [row for name in ("inline_keyboard", "keyboard") for row in (markup or {}).get(name) or []]
    names = {name for row in rows for button in row if isinstance(button, dict) for name in button}
    if not inline_mode and any(name.startswith("switch_inline_query") for name in names):
        raise bad_request("BUTTON_TYPE_INVALID")
    if not private and "request_chat" in names:
        raise bad_request("BUTTON_TYPE_INVALID")
