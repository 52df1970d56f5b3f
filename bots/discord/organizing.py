"""`/organize`: every organizers' command as a slash command, made from the list of commands, and read back from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from discord import AppCommandOptionType, AppCommandType

from bots.common.json_object import JsonObject
from bots.discord.commands import ORGANIZER_SIGN, Invocation, Translator
from core.messages import Catalog, Message
from core.organizer import COMMANDS, FAMILIES, GROUP
from core.organizer.command import PERSON, PETITION, TEXT, AnyCommand, CommandLine, Parameter
from core.petition.petition import Petition

_UNSUGGESTED = (TEXT, PERSON, Parameter("day"), Parameter("entry"))
_FAMILY_OF = {command.name: family for family, commands in FAMILIES.items() for command in commands}
_COMMANDS = {command.name: command for command in COMMANDS}


def _path(command: AnyCommand) -> str:
    """The whole name of a command, without the slash: `organize stats`, `organize petition close`."""
    return " ".join(filter(None, (GROUP, _FAMILY_OF.get(command.name), command.name)))


_BY_PATH: Mapping[str, AnyCommand] = {_path(command): command for command in COMMANDS}


def organize_definition(catalog: Catalog) -> JsonObject:
    """The definition of the command, for Discord: at first only administrators of the server see it."""
    translator = Translator(catalog)
    alone = (_subcommand(translator, command) for command in COMMANDS if command.name not in _FAMILY_OF)
    groups = (
        translator.described(family, Message(f"family.{family}"))
        | {
            "type": AppCommandOptionType.subcommand_group.value,
            "options": [_subcommand(translator, command) for command in commands],
        }
        for family, commands in FAMILIES.items()
    )
    return translator.described(GROUP, Message("discord.organize")) | {
        "type": AppCommandType.chat_input.value,
        "options": [*alone, *groups],
        "default_member_permissions": 0,
    }


def _subcommand(translator: Translator, command: AnyCommand) -> JsonObject:
    options = [
        translator.described(parameter.name, Message(f"parameter.{parameter.name}"))
        | {
            "type": AppCommandOptionType.string.value,
            "required": False,
            "autocomplete": parameter not in _UNSUGGESTED,
        }
        for parameter in command.parameters
    ]
    kind = {"type": AppCommandOptionType.subcommand.value, "options": options}
    return translator.described(command.name, command.description) | kind


def command_of(typed: Invocation) -> AnyCommand | None:
    """The organizers' command that was typed; None for any other."""
    return _BY_PATH.get(typed.name)


def command_line(typed: Invocation) -> CommandLine | None:
    """The command that was typed with its options, as `!` takes it; None for any other."""
    command = command_of(typed)
    if command is None:
        return None
    words = (typed.options.get(parameter.name, "").strip() for parameter in command.parameters)
    return CommandLine(command.name, " ".join(filter(None, words)))


def spell(line: str, petitions: Mapping[str, Petition]) -> str:
    """A command as organizers type it in their server: `/organize stats period:30d part:links`.

    One that isn't there, such as `join`, is as in a direct message.
    """
    name, _, argument = line.partition(" ")
    command = _COMMANDS.get(name)
    if command is None:
        return ORGANIZER_SIGN + line
    options = (f"{option}:{words}" for option, words in _options(command, argument.strip(), petitions))
    return " ".join((f"/{_path(command)}", *options))


def _options(command: AnyCommand, argument: str, petitions: Mapping[str, Petition]) -> Iterator[tuple[str, str]]:
    """The argument as options: each takes the next word if it may have it, and the last takes the rest."""
    rest = argument
    for parameter in command.parameters[:-1]:
        word, _, after = rest.partition(" ")
        if word and _takes(parameter, word.lower(), petitions):
            yield parameter.name, word
            rest = after.strip()
    if rest and command.parameters:
        yield command.parameters[-1].name, rest


def _takes(parameter: Parameter, word: str, petitions: Mapping[str, Petition]) -> bool:
    if parameter == PETITION:
        return word in petitions
    return not parameter.words or word in parameter.words
