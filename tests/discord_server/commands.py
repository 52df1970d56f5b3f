"""Application commands: what Discord accepts as their definitions, and those that are registered."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import regex

from tests.discord_server import errors
from tests.discord_server.errors import Form, Json, Path

TOTAL_CHARACTERS = 8000
_LOCALES = (
    "id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk "
    "hi th zh-CN ja zh-TW ko"
)
LOCALES = frozenset(_LOCALES.split())
SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(1, 12)
SLASH, ON_PERSON, ON_MESSAGE = 1, 2, 3
MOST_COMMANDS = {SLASH: 100, ON_PERSON: 5, ON_MESSAGE: 5}
CHANNEL_KINDS = (0, 1, 2, 3, 4, 5, *range(10, 17))

_NAME = regex.compile(r"[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}")
_VALUES = (STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT)
_WITH_CHOICES = (STRING, INTEGER, NUMBER)
_BAD_NAME = "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid"


def check(form: Form, command: Json, path: Path = ()) -> None:
    """Note all faults of one command as it is to be registered."""
    kind = form.choice({"type": SLASH} | command, (*path, "type"), (SLASH, ON_PERSON, ON_MESSAGE))
    _check_name(form, command, path, slash=kind == SLASH)
    if kind == SLASH:
        form.text(command, (*path, "description"), 1, 100)
        _check_words(form, command, path, "description", 100)
        _check_options(form, command, path, (SUBCOMMAND, GROUP, *_VALUES))
        if form.clean and _size(command) > TOTAL_CHARACTERS:
            words = f"Command exceeds maximum size ({TOTAL_CHARACTERS})"
            form.add(path, "APPLICATION_COMMAND_TOO_LARGE", words)
    else:
        _check_menu(form, command, path)
    for name, known in (("contexts", (0, 1, 2)), ("integration_types", (0, 1))):
        for index, value in enumerate(form.array(command, (*path, name), 1, len(known), required=False)):
            if value not in known:
                words = f"Value must be one of {{{', '.join(map(str, known))}}}."
                form.add((*path, name, index), "BASE_TYPE_CHOICES", words)
    permissions = command.get("default_member_permissions")
    if permissions is not None and not str(permissions).isdigit():
        form.add((*path, "default_member_permissions"), "NUMBER_TYPE_COERCE", f'Value "{permissions}" is not int.')


def _check_menu(form: Form, command: Json, path: Path) -> None:
    """Check that a command in the menu of a message or a person has neither a description nor options."""
    for name in ("description", "options"):
        if command.get(name):
            words = f"Context menu commands cannot have {name}"
            form.add((*path, name), f"APPLICATION_COMMAND_INVALID_{name.upper()}", words)


def _check_name(form: Form, body: Json, path: Path, *, slash: bool) -> None:
    name = form.text(body, (*path, "name"), 1, 32)
    if slash and name and not _is_name(name):
        form.add((*path, "name"), *_BAD_NAME)
    translated = _check_words(form, body, path, "name", 32)
    for locale, words in translated:
        if slash and not _is_name(words):
            form.add((*path, "name_localizations", locale), *_BAD_NAME)


def _is_name(name: str) -> bool:
    return _NAME.fullmatch(name) is not None and name == name.lower()


def _check_words(form: Form, body: Json, path: Path, what: str, limit: int) -> list[tuple[str, str]]:
    here = (*path, f"{what}_localizations")
    localizations = body.get(f"{what}_localizations") or {}
    for locale in set(localizations) - LOCALES:
        form.add((*here, locale), "BASE_TYPE_CHOICES", f"Value must be one of {{{', '.join(sorted(LOCALES))}}}.")
    return [
        (locale, form.text(localizations, (*here, locale), 1, limit)) for locale in localizations if locale in LOCALES
    ]


def _check_options(form: Form, parent: Json, path: Path, kinds: tuple[int, ...]) -> None:
    options = form.objects(parent, (*path, "options"), 0, 25, required=False)
    for index, option in enumerate(options):
        here = (*path, "options", index)
        kind = form.choice(option, (*here, "type"), kinds)
        _check_name(form, option, here, slash=True)
        form.text(option, (*here, "description"), 1, 100)
        _check_words(form, option, here, "description", 100)
        if kind in {SUBCOMMAND, GROUP}:
            _check_options(form, option, here, (SUBCOMMAND,) if kind == GROUP else _VALUES)
        else:
            _check_value(form, option, here)
    _check_together(form, options, (*path, "options"))


def _check_together(form: Form, options: list[Json], path: Path) -> None:
    """Check that names are unique, required options come first, and subcommands do not mix with values."""
    for index, option in enumerate(options):
        before = options[:index]
        if option.get("name") in [other.get("name") for other in before]:
            words = "Option name already exists in this command"
            form.add((*path, index, "name"), "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", words)
        if option.get("required") and not all(other.get("required") for other in before):
            words = "Required options must be placed before non-required options"
            form.add((*path, index), "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", words)
    if len({option.get("type") in {SUBCOMMAND, GROUP} for option in options}) > 1:
        words = "Sub-command and sub-command group option types are mutually exclusive to all other types"
        form.add(path, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", words)


def _check_value(form: Form, option: Json, path: Path) -> None:
    choices = form.objects(option, (*path, "choices"), 0, 25, required=False)
    if choices and option.get("autocomplete"):
        words = "Autocomplete cannot be set to true if choices are present"
        form.add((*path, "autocomplete"), "APPLICATION_COMMAND_OPTION_AUTOCOMPLETE_INVALID", words)
    if (choices or option.get("autocomplete")) and option.get("type") not in _WITH_CHOICES:
        words = "Option type does not support choices"
        form.add((*path, "type"), "APPLICATION_COMMAND_OPTION_TYPE_INVALID", words)
    check_choices(form, choices, (*path, "choices"), str if option.get("type") == STRING else (int, float))
    _check_once(form, choices, (*path, "choices"))
    form.bounds(option, path, "length", (0, 1, 6000), (0, 6000))
    for index, kind in enumerate(form.array(option, (*path, "channel_types"), 0, 100, required=False)):
        if kind not in CHANNEL_KINDS:
            words = f"Value must be one of {{{', '.join(map(str, CHANNEL_KINDS))}}}."
            form.add((*path, "channel_types", index), "BASE_TYPE_CHOICES", words)


def _check_once(form: Form, choices: list[Json], path: Path) -> None:
    """Check that no two choices of an option have the same name."""
    names = [choice.get("name") for choice in choices]
    for index, name in enumerate(names):
        if name in names[:index]:
            words = "Option choice name already exists"
            form.add((*path, index, "name"), "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS", words)


def check_choices(form: Form, choices: list[Any], path: Path, value: Any = (str, int, float)) -> None:
    """Check the choices of an option, or those of an autocomplete answer."""
    for index, choice in enumerate(choices):
        here = (*path, index)
        form.text(choice, (*here, "name"), 1, 100)
        _check_words(form, choice, here, "name", 100)
        if not isinstance(choice.get("value"), value):
            words = f'Could not interpret "{choice.get("value")}" as a value of this option.'
            form.add((*here, "value"), "STRING_TYPE_CONVERT", words)
        elif isinstance(choice["value"], str):
            form.size((*here, "value"), len(choice["value"]), 1, 100)


def _size(command: Json) -> int:
    """Names, descriptions and values, each at its longest among the languages."""
    total = sum(_longest(command, name) for name in ("name", "description"))
    total += sum(_longest(choice, "name") + len(str(choice.get("value"))) for choice in command.get("choices") or [])
    return total + sum(_size(option) for option in command.get("options") or [])


def _longest(body: Json, what: str) -> int:
    texts = [body.get(what) or "", *(body.get(f"{what}_localizations") or {}).values()]
    return max(len(str(text)) for text in texts)


class Registry:
    """The commands that are registered, for everywhere (None) or one guild."""

    def __init__(self) -> None:
        self._scopes: dict[int | None, dict[tuple[int, str], Json]] = {}

    def listed(self, guild: int | None) -> list[Json]:
        """The commands of one scope in their order of registration."""
        return list(self._scopes.get(guild, {}).values())

    def replace(self, guild: int | None, commands: list[Json], serial: Iterator[int], frame: Json) -> list[Json]:
        """Register these and only these; raises a 400."""
        form, names = Form(), set()
        for index, command in enumerate(commands):
            check(form, command, (index,))
            if _key(command) in names:
                words = "Application command names must be unique"
                form.add((index,), "APPLICATION_COMMANDS_DUPLICATE_NAME", words)
            names.add(_key(command))
        form.refuse()
        _refuse_too_many(names)
        old = self._scopes.get(guild, {})
        self._scopes[guild] = {_key(each): _registered(each, old.get(_key(each)), serial, frame) for each in commands}
        return self.listed(guild)

    def add(self, guild: int | None, command: Json, serial: Iterator[int], frame: Json) -> Json:
        """Register a command; it replaces one of the same name. Raises a 400."""
        form = Form()
        check(form, command)
        form.refuse()
        scope = self._scopes.setdefault(guild, {})
        _refuse_too_many({*scope, _key(command)})
        scope[_key(command)] = _registered(command, scope.get(_key(command)), serial, frame)
        return scope[_key(command)]

    def remove(self, guild: int | None, number: str) -> Json:
        """Take one out of its scope; raises a 404."""
        scope = self._scopes.get(guild, {})
        key = next((key for key, command in scope.items() if command["id"] == number), None)
        if key is None:
            raise errors.UNKNOWN_COMMAND
        return scope.pop(key)


def _refuse_too_many(keys: Iterable[tuple[int, str]]) -> None:
    """Raise a 400 for more commands of one type than a scope may have."""
    for kind, count in Counter(kind for kind, _ in keys).items():
        if count > MOST_COMMANDS[kind]:
            raise errors.too_many_commands(MOST_COMMANDS[kind])


def _key(command: Json) -> tuple[int, str]:
    return int(command.get("type") or SLASH), str(command.get("name"))


def _registered(command: Json, old: Json | None, serial: Iterator[int], frame: Json) -> Json:
    number = old["id"] if old else str(next(serial))
    filled = frame | {"type": SLASH, "options": [], "nsfw": False} | command
    permissions = command.get("default_member_permissions")
    filled |= {"default_member_permissions": None if permissions is None else str(permissions)}
    if filled.get("contexts") is None:
        filled["contexts"] = [0] if command.get("dm_permission") is False else [0, 1, 2]
    if filled.get("integration_types") is None:
        filled["integration_types"] = [0, 1]
    return filled | {"id": number, "version": str(next(serial)), "description": command.get("description") or ""}
