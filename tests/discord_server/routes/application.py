"""The application, its commands, and what a bot asks for when it starts."""

from collections.abc import Iterator

from tests.discord_server import errors
from tests.discord_server.errors import Form, Json
from tests.discord_server.payloads import channel_json, guild_json, user_json
from tests.discord_server.routes.route import Call, Route
from tests.discord_server.state import Channel
from tests.discord_server.world import World


def me(world: World, _call: Call) -> Json:
    """GET /users/@me."""
    return user_json(world.bot) | {"verified": True, "mfa_enabled": False, "email": None, "locale": "en-US"}


def user(world: World, call: Call) -> Json:
    """GET /users/{user}."""
    return user_json(world.user(call["user"]))


def application(world: World, _call: Call) -> Json:
    """GET /applications/@me."""
    names: Json = {"id": str(world.bot.id), "name": world.bot.name, "description": "", "icon": None}
    rights: Json = {"bot_public": True, "bot_require_code_grant": False, "verify_key": "0" * 64, "flags": 0}
    installs: Json = {str(kind): {} for kind in (0, 1)}
    more: Json = {"owner": user_json(world.bot), "team": None, "integration_types_config": installs, "summary": ""}
    return names | rights | more | {"interactions_endpoint_url": None, "approximate_guild_count": len(world.guilds)}


def guild(world: World, call: Call) -> Json:
    """GET /guilds/{guild}."""
    body = guild_json(world.guild(call["guild"]), world.bot)
    return {name: value for name, value in body.items() if name not in {"members", "channels", "joined_at"}}


def guild_channels(world: World, call: Call) -> list[Json]:
    """GET /guilds/{guild}/channels."""
    return [channel_json(each, world.bot) for each in world.guild(call["guild"]).channels.values()]


def guilds(world: World, _call: Call) -> list[Json]:
    """GET /users/@me/guilds."""
    wanted = ("id", "name", "icon", "features")
    bodies = [guild_json(each, world.bot) for each in world.guilds.values() if each.has_bot]
    return [{name: body[name] for name in wanted} | {"owner": False, "permissions": "0"} for body in bodies]


def leave(world: World, call: Call) -> None:
    """DELETE /users/@me/guilds/{guild}."""
    world.guild(call["guild"]).has_bot = False


def open_dm(world: World, call: Call) -> Json:
    """POST /users/@me/channels: it always works for a user who exists; only writing may be refused."""
    number = str(call.body.get("recipient_id", ""))
    if not number.isdigit() or int(number) not in world.users:
        raise errors.INVALID_RECIPIENT
    person = world.users[int(number)]
    if person is world.bot:
        raise errors.CANNOT_WRITE_TO_USER
    private = (each for each in world.channels.values() if each.guild is None and each.with_bot)
    channel = next((each for each in private if person in each.people), None)
    if channel is None:
        channel = Channel(world.ids.next(), people=[person, world.bot])
        world.channels[channel.id] = channel
    return channel_json(channel, world.bot)


def _scope(world: World, call: Call) -> int | None:
    if call["application"] != str(world.bot.id):
        raise errors.UNKNOWN_APPLICATION
    if "guild" not in call.path:
        return None
    number = int(call["guild"]) if call["guild"].isdigit() else 0
    if number not in world.guilds or not world.guilds[number].has_bot:
        raise errors.MISSING_ACCESS
    return number


def _frame(world: World, scope: int | None) -> Json:
    return {"application_id": str(world.bot.id)} | ({"guild_id": str(scope)} if scope else {})


def _serial(world: World) -> Iterator[int]:
    while True:
        yield world.ids.next()


def commands(world: World, call: Call) -> list[Json]:
    """GET .../commands."""
    return world.commands.listed(_scope(world, call))


def replace_commands(world: World, call: Call) -> list[Json]:
    """PUT .../commands: these and no others."""
    scope = _scope(world, call)
    form = Form()
    listed = form.objects({"commands": call.json}, ("commands",), 0, 1000)
    form.refuse()
    return world.commands.replace(scope, listed, _serial(world), _frame(world, scope))


def add_command(world: World, call: Call) -> Json:
    """POST .../commands."""
    scope = _scope(world, call)
    return world.commands.add(scope, call.body, _serial(world), _frame(world, scope))


def command(world: World, call: Call) -> Json:
    """GET .../commands/{command}."""
    listed = world.commands.listed(_scope(world, call))
    stored = next((each for each in listed if each["id"] == call["command"]), None)
    if stored is None:
        raise errors.UNKNOWN_COMMAND
    return stored


def edit_command(world: World, call: Call) -> Json:
    """PATCH .../commands/{command}."""
    scope, old = _scope(world, call), command(world, call)
    world.commands.remove(scope, old["id"])
    added = world.commands.add(scope, old | call.body, _serial(world), _frame(world, scope))
    added["id"] = old["id"]
    return added


def delete_command(world: World, call: Call) -> None:
    """DELETE .../commands/{command}."""
    world.commands.remove(_scope(world, call), call["command"])


_SCOPES = ("/applications/{application}/commands", "/applications/{application}/guilds/{guild}/commands")

ROUTES = (
    Route("GET", "/users/@me", me),
    Route("POST", "/users/@me/channels", open_dm),
    Route("GET", "/users/@me/guilds", guilds),
    Route("DELETE", "/users/@me/guilds/{guild}", leave),
    Route("GET", "/users/{user}", user),
    Route("GET", "/applications/@me", application),
    Route("GET", "/oauth2/applications/@me", application),
    Route("GET", "/guilds/{guild}", guild),
    Route("GET", "/guilds/{guild}/channels", guild_channels),
    *(
        route
        for scope in _SCOPES
        for route in (
            Route("GET", scope, commands),
            Route("PUT", scope, replace_commands),
            Route("POST", scope, add_command),
            Route("GET", f"{scope}/{{command}}", command),
            Route("PATCH", f"{scope}/{{command}}", edit_command),
            Route("DELETE", f"{scope}/{{command}}", delete_command),
        )
    ),
)
