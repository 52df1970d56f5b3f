"""The HTTP face of the server: tokens, body formats, dispatch, and faults on the wire."""

import asyncio
import inspect
import json
from typing import Any

from aiohttp import web

from tests.odd_answers import Answer
from tests.telegram_server.errors import ApiError, bad_request
from tests.telegram_server.faults import GATEWAY_PAGE, Fault, FaultPlan
from tests.telegram_server.methods import METHODS
from tests.telegram_server.params import Params, Upload
from tests.telegram_server.state import ApiCall
from tests.telegram_server.world import World

_BODY_LIMIT = 60 * 1024 * 1024
_NOT_FOUND = ApiError(404, "Not Found")
_UNAUTHORIZED = ApiError(401, "Unauthorized")


class BotApi:
    """Answers Bot API calls over HTTP and keeps a log of them."""

    def __init__(self, world: World, token: str, plan: FaultPlan) -> None:
        self.log: list[ApiCall] = []
        self.in_flight = 0
        self._world = world
        self._token = token
        self._plan = plan

    def app(self) -> web.Application:
        """The web application, to be served at any root."""
        app = web.Application(client_max_size=_BODY_LIMIT)
        app.router.add_route("*", "/bot{token}/{method}", self._receive)
        return app

    async def call(self, name: str, params: Params) -> Any:
        """Carry out one call and log it; raises ApiError."""
        try:
            result = await self._run(name, params)
        except ApiError as refusal:
            self._note(name, params, refusal.status, refusal.description)
            raise
        self._note(name, params, 200)
        return result

    async def _run(self, name: str, params: Params) -> Any:
        method = METHODS.get(name.lower())
        if method is None or (self._world.api == "10.0" and "ephemeral" in name.lower()):
            raise _NOT_FOUND
        if self._world.api == "refusing" and "ephemeral_message_parameters" in params:
            raise bad_request("ephemeral messages are not supported")
        if unknown := params.names() - method.parameters:
            raise bad_request(f'parameter "{min(unknown)}" is unknown to {method.name}')
        if self._world.logged_out:
            raise bad_request("Logged out")
        result = method.handler(self._world, params)
        return await result if inspect.isawaitable(result) else result

    async def _receive(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        counted = name.lower() != "getupdates"
        self.in_flight += counted
        try:
            if request.match_info["token"] != self._token:
                raise _UNAUTHORIZED
            return await self._answer(request, name, await _decode(request))
        except ApiError as refusal:
            return web.json_response(refusal.to_json(), status=refusal.status)
        finally:
            self.in_flight -= counted
            self._world.pulse.beat()

    async def _answer(self, request: web.Request, name: str, params: Params) -> web.StreamResponse:
        fault = self._plan.take(name, _chat_id(params))
        if fault and (spoilt := await self._spoil(fault, request, name, params)):
            return spoilt
        result = await self.call(name, params)
        if fault and fault.kind == "drop_after":
            return _hang_up(request)
        if fault and fault.kind == "gateway_timeout":
            return _gateway_page(504, "Gateway Time-out")
        if fault and callable(fault.odd):
            genuine = json.dumps({"ok": True, "result": result}, ensure_ascii=False).encode()
            return await fault.odd(genuine).send(request)
        return web.json_response({"ok": True, "result": result})

    async def _spoil(self, fault: Fault, request: web.Request, name: str, params: Params) -> web.StreamResponse | None:
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        elif fault.released is not None:
            await fault.released.wait()
        elif fault.refusal is not None:
            self._note(name, params, fault.refusal.status, fault.refusal.description)
            raise fault.refusal
        elif fault.kind == "bad_gateway":
            self._note(name, params, 502, "Bad Gateway")
            return _gateway_page(502, "Bad Gateway")
        elif fault.kind == "drop_before":
            self._note(name, params, 0, "dropped")
            return _hang_up(request)
        elif isinstance(fault.odd, Answer):
            self._note(name, params, fault.odd.status, "odd")
            return await fault.odd.send(request)
        return None

    def _note(self, name: str, params: Params, status: int, description: str = "") -> None:
        readable = {key: _readable(value) for key, value in params.raw.items()} | dict(params.files)
        known = METHODS.get(name.lower())
        self.log.append(ApiCall(known.name if known else name, readable, status, description))


def _gateway_page(status: int, words: str) -> web.Response:
    page = GATEWAY_PAGE.format(status=f"{status} {words}")
    return web.Response(status=status, text=page, content_type="text/html")


def _hang_up(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _decode(request: web.Request) -> Params:
    raw: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError:
            raise bad_request("can't parse JSON object") from None
        return Params(raw | (body or {}))
    files: dict[str, Upload] = {}
    for key, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            files[key] = Upload(value.filename, value.file.read(), value.content_type)
        else:
            raw[key] = value
    return Params(raw, files)


def _chat_id(params: Params) -> int | None:
    value = str(params.raw.get("chat_id", ""))
    return int(value) if value.lstrip("-").isdigit() else None


def _readable(value: Any) -> Any:
    """Decode a form field that is JSON: tests see the same value however it was sent."""
    if not isinstance(value, str) or not value.startswith(("{", "[", "-", *"0123456789", "true", "false")):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
