"""The HTTP face of the server: tokens, body formats, dispatch, limits, and faults on the wire."""

import asyncio
import json
import re
from typing import Any

from aiohttp import web

from tests.discord_server.errors import INVALID_JSON, NOT_FOUND, UNAUTHORIZED, ApiError, Json, RateLimited, WriteLimited
from tests.discord_server.faults import Fault, FaultPlan
from tests.discord_server.rates import Rates
from tests.discord_server.routes import ROUTES
from tests.discord_server.routes.route import Call, Route
from tests.discord_server.schema import fault_in
from tests.discord_server.state import ApiCall, Upload
from tests.discord_server.world import World
from tests.odd_answers import Answer

PREFIX = "/api/v10"
_BODY_LIMIT = 60 * 1024 * 1024
# discord.py takes a 429 without this header for a ban by the proxy in front of Discord
_ALWAYS = {"Via": "1.1 google"}
_BAD_GATEWAY = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>cloudflare</body>\r\n</html>\r\n"


class RestApi:
    """Answers REST calls and keeps a log of them."""

    def __init__(self, world: World, token: str, plan: FaultPlan) -> None:
        self.log: list[ApiCall] = []
        self.crashes: list[Exception] = []
        self.in_flight = 0
        self.rates: Rates | None = None
        self._world = world
        self._token = token
        self._plan = plan

    def add_routes(self, app: web.Application) -> None:
        """Serve the API under its prefix."""
        app.router.add_get(f"{PREFIX}/gateway", self._gateway)
        app.router.add_get(f"{PREFIX}/gateway/bot", self._gateway)
        for route in ROUTES:
            app.router.add_route(route.method, PREFIX + route.path, self._handler(route))
        app.router.add_route("*", "/{anything:.*}", self._nowhere)

    def _handler(self, route: Route) -> Any:
        async def handle(request: web.Request) -> web.StreamResponse:
            self.in_flight += 1
            self._world.pulse.beat()
            try:
                return await self._receive(route, request)
            except Exception as crash:
                self.crashes.append(crash)
                raise
            finally:
                self.in_flight -= 1
                self._world.pulse.beat()

        return handle

    async def _gateway(self, request: web.Request) -> web.StreamResponse:
        fault = self._plan.take(request.method, _path(request))
        try:
            if fault and (spoilt := await self._spoil(fault, request, Call(request.match_info, request.query))):
                return spoilt
        except ApiError as refusal:
            self._note(request, {}, refusal.status, refusal)
            return _json(refusal.status, refusal.to_json(), _wait(refusal))
        body: Json = {"url": f"ws://{request.host}/"}
        if request.path.endswith("/bot"):
            if not self._is_bot(request):
                return _json(UNAUTHORIZED.status, UNAUTHORIZED.to_json())
            limits = {"total": 1000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": 1}
            body |= {"shards": self._world.gateway.wanted_shards, "session_start_limit": limits}
        return _json(200, body)

    async def _nowhere(self, request: web.Request) -> web.Response:
        self._note(request, {}, 404, NOT_FOUND)
        return _json(404, NOT_FOUND.to_json())

    def _is_bot(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == f"Bot {self._token}"

    async def _receive(self, route: Route, request: web.Request) -> web.StreamResponse:
        call = Call(request.match_info, request.query)
        headers: dict[str, str] = {}
        try:
            if not route.by_token and not self._is_bot(request):
                raise UNAUTHORIZED
            call = await _decode(request)
            headers = self._count(route, request)
            return await self._answer(route, request, call, headers)
        except ApiError as refusal:
            self._note(request, call.json, refusal.status, refusal)
            return _json(refusal.status, refusal.to_json(), headers | _wait(refusal))

    def _count(self, route: Route, request: web.Request) -> dict[str, str]:
        if self.rates is None:
            return {}
        major = route.major(request.match_info)
        return self.rates.count(f"{route.method} {route.path}", major, counts_for_bot=not route.by_token)

    async def _answer(
        self, route: Route, request: web.Request, call: Call, headers: dict[str, str]
    ) -> web.StreamResponse:
        fault = self._plan.take(request.method, _path(request))
        if fault and (spoilt := await self._spoil(fault, request, call)):
            return spoilt
        contradiction = fault_in(call.json, route.method, route.path)
        result = route.run(self._world, call)
        if contradiction:
            raise AssertionError(f"Discord's schema forbids this body: {route.method} {route.path}, {contradiction}")
        self._note(request, call.json, 204 if result is None else 200, answer=result)
        if fault and fault.kind == "drop_after":
            return _hang_up(request)
        if fault and callable(fault.odd):
            return await fault.odd(json.dumps(result).encode()).send(request, _ALWAYS)
        return web.Response(status=204, headers=_ALWAYS | headers) if result is None else _json(200, result, headers)

    async def _spoil(self, fault: Fault, request: web.Request, call: Call) -> web.StreamResponse | None:
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        elif fault.refusal is not None:
            raise fault.refusal
        elif fault.kind == "bad_gateway":
            self._note(request, call.json, 502)
            return web.Response(status=502, text=_BAD_GATEWAY, content_type="text/html")
        elif fault.kind == "drop_before":
            self._note(request, call.json, 0)
            return _hang_up(request)
        elif isinstance(fault.odd, Answer):
            self._note(request, call.json, fault.odd.status)
            return await fault.odd.send(request, _ALWAYS)
        return None

    def _note(
        self, request: web.Request, body: Any, status: int, refusal: ApiError | None = None, answer: object = None
    ) -> None:
        params = body if isinstance(body, dict) else {"list": body} if body else {}
        result = refusal.to_json() if refusal else answer
        code = refusal.code if refusal else 0
        self.log.append(ApiCall(request.method, _path(request), params, status, code, result))


def _path(request: web.Request) -> str:
    return request.path.removeprefix(PREFIX)


def _json(status: int, body: Any, headers: dict[str, str] | None = None) -> web.Response:
    # discord.py reads JSON only where no charset follows
    content = {"Content-Type": "application/json"}
    return web.Response(status=status, body=json.dumps(body).encode(), headers=_ALWAYS | content | (headers or {}))


def _wait(refusal: ApiError) -> dict[str, str]:
    if not isinstance(refusal, RateLimited):
        return {}
    if isinstance(refusal, WriteLimited):
        left = {"X-RateLimit-Reset-After": "0.999", "X-RateLimit-Remaining": "4", "X-RateLimit-Limit": "5"}
        return {"Retry-After": "1", "X-RateLimit-Scope": "shared"} | left
    left = {"X-RateLimit-Reset-After": f"{refusal.retry_after}", "X-RateLimit-Remaining": "0", "X-RateLimit-Limit": "5"}
    if refusal.whole_bot:
        left = {"X-RateLimit-Global": "true"}
    scope = {"X-RateLimit-Scope": "global" if refusal.whole_bot else "user"}
    return {"Retry-After": f"{refusal.retry_after}"} | left | scope


def _hang_up(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _decode(request: web.Request) -> Call:
    files: dict[int, Upload] = {}
    text: Any = b""
    if request.content_type == "multipart/form-data":
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                number = re.fullmatch(r"files\[(\d+)\]", name)
                files[int(number[1]) if number else len(files)] = Upload(value.filename, value.file.read())
            elif name == "payload_json":
                text = value
    else:
        text = await request.read()
    try:
        body = json.loads(text) if text else None
    except ValueError:
        raise INVALID_JSON from None
    return Call(request.match_info, request.query, body, files)
