"""The bot's own description: who it is, its commands, names and descriptions in every language."""

import re
from collections.abc import Callable
from typing import Any

from tests.telegram_server.entities import units
from tests.telegram_server.errors import bad_request
from tests.telegram_server.methods.method import method
from tests.telegram_server.params import Params
from tests.telegram_server.state import Json
from tests.telegram_server.world import World

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"(?:[a-z]{2})?")
_SCOPES = {
    "default": (), "all_private_chats": (), "all_group_chats": (), "all_chat_administrators": (),
    "chat": ("chat_id",), "chat_administrators": ("chat_id",), "chat_member": ("chat_id", "user_id"),
}  # fmt: skip
COMMANDS_LIMIT = 100
LIMITS = {"name": 64, "description": 512, "short_description": 120}


def get_me(world: World, _params: Params) -> Json:
    """GetMe."""
    can = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": world.inline_mode}
    can["has_topics_enabled"] = any(chat.topics for chat in world.chats.values() if chat.person)
    return world.bot.to_json() | can


def set_commands(world: World, params: Params) -> bool:
    """SetMyCommands."""
    commands = params.json("commands")
    if not isinstance(commands, list):
        raise bad_request("can't parse commands: Array of BotCommand expected")
    if len(commands) > COMMANDS_LIMIT:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _COMMAND.fullmatch(command.get("command", "")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= units(command.get("description", "")) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        if world.api == "10.0":
            command.pop("is_ephemeral", None)
    world.commands[_scope(world, params), _language(params)] = commands
    return True


def get_commands(world: World, params: Params) -> list[Json]:
    """GetMyCommands."""
    return world.commands.get((_scope(world, params), _language(params)), [])


def delete_commands(world: World, params: Params) -> bool:
    """DeleteMyCommands."""
    world.commands.pop((_scope(world, params), _language(params)), None)
    return True


def _scope(world: World, params: Params) -> str:
    scope: dict[str, Any] = params.json("scope") or {"type": "default"}
    kind = str(scope.get("type"))
    if kind not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    needed = _SCOPES[kind]
    if set(scope) != {"type", *needed}:
        raise bad_request(f"can't parse BotCommandScope: {kind} takes {', '.join(needed) or 'nothing'}")
    if needed:
        world.chat(scope["chat_id"])
    return scope_key(kind, *(scope[name] for name in needed))


def scope_key(kind: str, *ids: object) -> str:
    """Key of a scope in `World.commands`."""
    return ":".join(map(str, (kind, *ids)))


def _language(params: Params) -> str:
    language = params.text("language_code")
    if not _LANGUAGE.fullmatch(language):
        raise bad_request("LANG_CODE_INVALID" if language else "language_code is empty")
    return language


def _setter(name: str) -> Callable[[World, Params], bool]:
    def set_text(world: World, params: Params) -> bool:
        if units(params.text(name)) > LIMITS[name]:
            raise bad_request(f"BOT_{name.upper()}_INVALID")
        world.profile[name, _language(params)] = params.text(name)
        return True

    return set_text


def _getter(name: str) -> Callable[[World, Params], Json]:
    def get_text(world: World, params: Params) -> Json:
        usual = world.profile.get((name, ""), world.bot.first_name if name == "name" else "")
        return {name: world.profile.get((name, _language(params)), usual)}

    return get_text


METHODS = (
    method("getMe", get_me),
    method("setMyCommands", set_commands, "commands scope language_code"),
    method("getMyCommands", get_commands, "scope language_code"),
    method("deleteMyCommands", delete_commands, "scope language_code"),
    method("setMyName", _setter("name"), "name language_code"),
    method("getMyName", _getter("name"), "language_code"),
    method("setMyDescription", _setter("description"), "description language_code"),
    method("getMyDescription", _getter("description"), "language_code"),
    method("setMyShortDescription", _setter("short_description"), "short_description language_code"),
    method("getMyShortDescription", _getter("short_description"), "language_code"),
)
