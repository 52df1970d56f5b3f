"""Registers the slash commands with Discord: only if its list differs, and without the translations that it refuses."""

from __future__ import annotations

import copy
import logging
from collections.abc import Callable, Sequence
from typing import Any

import discord
from discord.http import HTTPClient, Route

from bots.common.json_object import JsonObject
from bots.common.patience import LONGEST_WAIT, Backoff, Waits
from bots.discord.answers import UNREADABLE, OddAnswer, fault_name, refused_fields
from bots.discord.commands import EVERYWHERE, differ

log = logging.getLogger(__name__)

SLOWEST = 600.0  # seconds between two attempts, at most
_TRANSLATIONS = ("name_localizations", "description_localizations")


async def register(
    http: HTTPClient,
    application: int,
    commands: list[JsonObject],
    guild: int | None = None,
    reason_of: Callable[[BaseException], str] = fault_name,
) -> None:
    """Bring Discord's list of commands, or a `guild`'s own, up to date.

    It tries again after growing pauses until it works; `reason_of` makes the words for the log.
    """
    backoff = Backoff(log, "the commands are not up to date", waits=Waits(LONGEST_WAIT, SLOWEST))
    while True:
        try:
            if not await _is_current(http, application, commands, guild):
                await _replace(http, application, commands, guild)
                log.info("Discord: the commands are up to date")
        except Exception as error:  # noqa: BLE001  (whatever it is, nobody else would notice)
            reason = reason_of(error)
            await backoff.pause(reason, reason)
        else:
            return


async def _is_current(http: HTTPClient, application: int, commands: list[JsonObject], guild: int | None) -> bool:
    """True if Discord has the same commands; False too if its list cannot be read."""
    place = "/applications/{application_id}/commands"
    if guild is not None:
        place = "/applications/{application_id}/guilds/{guild_id}/commands"
    route = Route("GET", place, application_id=application, guild_id=guild)
    try:
        present = await http.request(route, params={"with_localizations": "true"})
        return not differ(present if guild is None else [_in_guild(command) for command in present], commands)
    except (OddAnswer, *UNREADABLE):
        return False


def _in_guild(command: JsonObject) -> JsonObject:
    """A guild's command without the places that only commands for everywhere can have."""
    return {key: value for key, value in command.items() if key not in EVERYWHERE}


async def _replace(http: HTTPClient, application: int, commands: list[JsonObject], guild: int | None) -> None:
    """Replace Discord's list. Each time Discord refuses translations, try again without them."""
    omitted: list[str] = []
    while True:
        try:
            # A copy, since the library removes members.
            mine = copy.deepcopy(commands)
            if guild is None:
                answer: Any = await http.bulk_upsert_global_commands(application, mine)
            else:
                answer = await http.bulk_upsert_guild_commands(application, guild, mine)
        except discord.HTTPException as refusal:
            commands, names = without_translations(commands, await refused_fields(refusal))
            if not names:
                raise
            omitted += names
        else:
            break
    if not isinstance(answer, list) or len(answer) != len(commands):
        raise OddAnswer("another list")
    if omitted:
        log.warning("Discord refuses these translations of commands, so they stay English: %s", ", ".join(omitted))


def without_translations(
    commands: list[JsonObject], paths: Sequence[tuple[str, ...]]
) -> tuple[list[JsonObject], list[str]]:
    """The commands without the translations that the paths lead to, and the names of those translations."""
    left = copy.deepcopy(commands)
    return left, [name for path in paths for name in _remove(left, path)]


def _remove(commands: list[JsonObject], path: tuple[str, ...]) -> list[str]:
    """Remove the translation, or all in the same place; returns its name, such as "petition sign (name, de)"."""
    node: Any = commands
    names: list[str] = []
    for number, step in enumerate(path):
        if isinstance(node, list):
            if not (step.isdecimal() and int(step) < len(node)):
                break
            node = node[int(step)]
            names.append(node["name"])
        elif step in _TRANSLATIONS:
            locales = path[number + 1 : number + 2] or tuple(node[step])
            removed = [locale for locale in locales if node[step].pop(locale, None) is not None]
            return [f"{' '.join(names)} ({step.partition('_')[0]}, {locale})" for locale in removed]
        elif step != "options" or step not in node:
            break
        else:
            node = node[step]
    return []
