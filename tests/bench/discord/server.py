"""A lean Discord for load: it plays members of a server and waits for the bot's answers, and checks nothing.

The one in tests/discord_server is as strict as Discord, and would cost more than the bots that are measured.
"""

from __future__ import annotations

import json
from itertools import count
from typing import Any

from aiohttp import web

from tests.bench.discord.gateway import Gateway
from tests.bench.discord.members import TOKEN, BotMessage, Member, Step
from tests.bench.discord.scenery import APPLICATION, BOT_JSON, FIRST_ID, GUILD
from tests.bench.load.server import LoadServer
from tests.discord_server.routes.interactions import DEFER_REPLY, DEFER_UPDATE, OPEN_MODAL, REPLY, UPDATE

ANSWER, EDIT = "answer", "edit"
"""The calls that answer an interaction: the first answer, and what follows a sign of life."""
_LIMITS = '{"total":1000,"remaining":999,"reset_after":86400000,"max_concurrency":1}'


class DiscordLoadServer(LoadServer[Member, Step]):
    """Tells a bot of interactions by the gateway's socket."""

    def __init__(self) -> None:
        super().__init__()
        self._gateway = Gateway(self.look_again)
        self._numbers = count(FIRST_ID)
        self._acting: dict[str, Member] = {}
        self._put_off: dict[str, int] = {}
        self._commands = "[]"
        self._card: BotMessage | None = None

    def begin(self, person: Member, step: Step) -> None:
        """Send the interaction."""
        number = next(self._numbers)
        self._acting[str(number)] = person
        self._gateway.dispatch("INTERACTION_CREATE", person.act(step, number, self._card))

    def rests(self) -> bool:
        """Return true when the bot is connected and has answered everything."""
        return self._gateway.ready and not self._acting

    async def receive(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a call, or serve the socket."""
        if request.path.startswith("/socket"):
            return await self._gateway.accept(request)
        body = await request.read()
        text = await self._answer(request.method, request.path[1:].split("/"), json.loads(body) if body else None)
        return web.Response(body=text.encode(), content_type="application/json")

    async def _answer(self, method: str, path: list[str], body: Any) -> str:
        match path:
            case ["interactions", number, _, "callback"]:
                return await self._answered(number, body["type"], body.get("data") or {})
            case ["webhooks", _, token, "messages", _]:
                return await self._edited(token.removeprefix(TOKEN), body)
            case ["channels", _, "messages", *_] if body:
                return self._posted(body)
            case ["channels", _, "messages", _] if self._card:
                return self._card.json
            case ["applications", _, "commands"]:
                self._commands = json.dumps(body) if method == "PUT" else self._commands
                return self._commands
            case ["gateway", "bot"]:
                socket = self.root.replace("http", "ws", 1) + "/socket"
                return f'{{"url":"{socket}","shards":1,"session_start_limit":{_LIMITS}}}'
            case ["oauth2", "applications", "@me"]:
                return APPLICATION
            case ["guilds", _]:
                return GUILD
            case ["users", "@me"]:
                return json.dumps(BOT_JSON)
        raise RuntimeError(f"this server knows no {method} {path}")

    async def _answered(self, number: str, kind: int, data: dict[str, Any]) -> str:
        self.calls[ANSWER] += 1
        person, message = self._acting[number], ""
        if kind in (DEFER_REPLY, DEFER_UPDATE):
            self._put_off[number] = kind
        elif kind == OPEN_MODAL:
            person.form = data
        else:
            message = f',"message":{self._show(person, kind, data).json}'
        if number not in self._put_off:
            await self._over(number)
        return f'{{"interaction":{{"id":"{number}","type":2}},"resource":{{"type":{kind}{message}}}}}'

    async def _edited(self, number: str, data: dict[str, Any]) -> str:
        self.calls[EDIT] += 1
        if number not in self._put_off:  # the bot tries once more, since this machine was too busy to hear the answer
            return "{}"
        kind = REPLY if self._put_off.pop(number) == DEFER_REPLY else UPDATE
        message = self._show(self._acting[number], kind, data)
        await self._over(number)
        return message.json

    def _posted(self, data: dict[str, Any]) -> str:
        """The card of the only channel, posted or refreshed."""
        self._card = BotMessage.of(self._card.id if self._card else next(self._numbers), data)
        return self._card.json

    def _show(self, person: Member, kind: int, data: dict[str, Any]) -> BotMessage:
        return person.update(data) if kind == UPDATE else person.answer(data, next(self._numbers))

    async def _over(self, number: str) -> None:
        """The interaction was answered for good; it cannot be again."""
        await self.replied(self._acting.pop(number))
