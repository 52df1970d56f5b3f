"""Slash commands as a person types them: which there are, their options, and the data that the bot gets."""

from typing import Any

from tests.discord_server.commands import (
    BOOLEAN,
    CHANNEL,
    GROUP,
    INTEGER,
    NUMBER,
    ON_MESSAGE,
    SLASH,
    STRING,
    SUBCOMMAND,
    USER,
)
from tests.discord_server.errors import Json
from tests.discord_server.events import refusal
from tests.discord_server.payloads import channel_json, message_json, resolved_json
from tests.discord_server.permissions import Permission
from tests.discord_server.state import Channel, Message, User
from tests.discord_server.world import World

_PYTHON: dict[int, Any] = {STRING: str, INTEGER: int, BOOLEAN: bool, NUMBER: (int, float), USER: User, CHANNEL: Channel}


class Line:
    """Input line: a command with its subcommand, found by the words that the person types."""

    def __init__(self, world: World, user: User, channel: Channel, words: str) -> None:
        self._world = world
        self._locale = user.locale
        self._guild = channel.guild
        self._held = channel.guild.members[user.id].permissions if channel.guild else Permission.NONE
        first, *rest = words.removeprefix("/").split()
        self.command = self._find(offered(world, user, channel), first, lambda: _why_not(world, user, channel, first))
        self._path: list[Json] = []
        node = self.command
        for word in rest:
            steps = [option for option in node["options"] if option["type"] in {SUBCOMMAND, GROUP}]
            node = self._find(steps, word, lambda: "no such subcommand")
            node.setdefault("options", [])
            self._path.append(node)
        self._options: list[Json] = node["options"]
        if any(option["type"] in {SUBCOMMAND, GROUP} for option in self._options):
            raise AssertionError(f"/{words} needs a subcommand: {[option['name'] for option in self._options]}")

    def _find(self, among: list[Json], word: str, why: Any) -> Json:
        for each in among:
            if word in {each["name"], (each.get("name_localizations") or {}).get(self._locale)}:
                return each
        raise AssertionError(f"/{word} cannot be used here: {why()}")

    def data(self, values: dict[str, Any]) -> Json:
        """The data of the command with these values; raises AssertionError where Discord would not send it."""
        missing = [each["name"] for each in self._options if each.get("required") and each["name"] not in values]
        if missing:
            raise AssertionError(f"options {missing} of /{self.command['name']} must be given")
        resolved: Json = {}
        return self._wrap([self._value(name, value, resolved) for name, value in values.items()], resolved)

    def typing(self, option: str, typed: Any, values: dict[str, Any]) -> Json:
        """Data of an autocomplete interaction; raises AssertionError for an option without autocomplete."""
        declared = self._option(option)
        if not declared.get("autocomplete"):
            raise AssertionError(f"the option {option} of /{self.command['name']} has no autocomplete")
        others = [self._value(name, value, {}) for name, value in values.items()]
        focused: Json = {"type": declared["type"], "name": option, "value": typed, "focused": True}
        return self._wrap([*others, focused], {})

    def _option(self, name: str) -> Json:
        declared = next((each for each in self._options if each["name"] == name), None)
        if declared is None:
            known = [each["name"] for each in self._options]
            raise AssertionError(f"/{self.command['name']} has no option {name!r}, only {known}")
        return declared

    def _value(self, name: str, value: Any, resolved: Json) -> Json:
        option = self._option(name)
        choices = {choice["name"]: choice["value"] for choice in option.get("choices") or []}
        if choices:
            value = choices.get(value, value)
            if value not in choices.values():
                raise AssertionError(f"{value!r} is not among the choices {sorted(choices)} of {name}")
        value = getattr(value, "user", value)
        if not isinstance(value, _PYTHON.get(option["type"], ())) or (option["type"] != BOOLEAN and value is True):
            raise AssertionError(f"{value!r} is not a value for the option {name} of type {option['type']}")
        kinds = option.get("channel_types")
        if kinds and value.kind not in kinds:
            raise AssertionError(f"#{value.name} is of kind {value.kind}, and {name} takes only {kinds}")
        if isinstance(value, str):
            low, high = option.get("min_length") or 0, option.get("max_length") or 6000
            if not low <= len(value) <= high:
                raise AssertionError(f"{name} must have from {low} to {high} characters")
        return {"type": option["type"], "name": name, "value": self._resolve(value, resolved)}

    def _resolve(self, value: Any, resolved: Json) -> Any:
        if isinstance(value, User):
            for kind, objects in resolved_json([value], self._guild).items():
                resolved.setdefault(kind, {}).update(objects)
        elif isinstance(value, Channel):
            about = channel_json(value, self._world.bot) | {"permissions": str(int(self._held))}
            resolved.setdefault("channels", {})[str(value.id)] = about
        else:
            return value
        return str(value.id)

    def _wrap(self, options: list[Json], resolved: Json) -> Json:
        for node in reversed(self._path):
            options = [{"type": node["type"], "name": node["name"], "options": options}]
        body: Json = {"id": self.command["id"], "name": self.command["name"], "type": 1, "options": options}
        if self.command.get("guild_id"):
            body["guild_id"] = self.command["guild_id"]
        return body | ({"resolved": resolved} if resolved else {})


def on_message(world: World, user: User, message: Message, words: str) -> Json:
    """The data of a command in a message's menu; raises AssertionError where Discord does not offer it."""
    for command in offered(world, user, message.channel, ON_MESSAGE):
        if words in {command["name"], (command.get("name_localizations") or {}).get(user.locale)}:
            resolved = {"messages": {str(message.id): message_json(message, world.bot)}}
            about = {"id": command["id"], "name": command["name"], "type": ON_MESSAGE}
            return about | {"target_id": str(message.id), "resolved": resolved}
    raise AssertionError(f"{words!r} is not in the menu of the message:\n{message.as_text()}")


def offered(world: World, user: User, channel: Channel, kind: int = SLASH) -> list[Json]:
    """The commands of a kind that this person is offered here, those of the guild first."""
    return [each for each in _registered(world, channel, kind) if not refusal(each, user, channel)]


def _registered(world: World, channel: Channel, kind: int = SLASH) -> list[Json]:
    local = world.commands.listed(channel.guild.id) if channel.guild else []
    return [each for each in [*local, *world.commands.listed(None)] if each["type"] == kind]


def _why_not(world: World, user: User, channel: Channel, name: str) -> str:
    reasons = [refusal(each, user, channel) for each in _registered(world, channel) if each["name"] == name]
    return "; ".join(filter(None, reasons)) or "it is not registered"


def menu(world: World, user: User, channel: Channel) -> list[str]:
    """The commands as the person reads them: name and description in their own language."""
    return [line for each in offered(world, user, channel) for line in _lines(each, user.locale, "/")]


def _lines(node: Json, locale: str, before: str) -> list[str]:
    name = (node.get("name_localizations") or {}).get(locale) or node["name"]
    inner = [option for option in node.get("options") or [] if option["type"] in {SUBCOMMAND, GROUP}]
    if inner:
        return [line for option in inner for line in _lines(option, locale, f"{before}{name} ")]
    about = (node.get("description_localizations") or {}).get(locale) or node["description"]
    return [f"{before}{name} - {about}"]
