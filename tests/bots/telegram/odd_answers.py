"""Answers that the Bot API never gives, but that come all the same: from proxies, captive portals, broken servers."""

from __future__ import annotations

import gzip
import json
from typing import Any

from tests.telegram_server import Answer

BOMB = 2_000_000  # bytes that the longest answer has, but for compression
NAME = "Zacharias Quixote"
"""Part of every body that can hold it, and never to be found in a log."""


def written(value: Any) -> bytes:
    """JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False).encode()


def page(status: int) -> Answer:
    """A proxy's page."""
    words = f"<html><body><h1>{status}</h1>{NAME}</body></html>".encode()
    return Answer(words, status, {"Content-Type": "text/html", "Location": "http://127.0.0.1:1/elsewhere"})


def refusal(code: int, status: int = 200, **more: Any) -> Answer:
    """Telegram's own words, under any status."""
    return Answer(written({"ok": False, "error_code": code, "description": f"Refused: {NAME}", **more}), status)


_ZIPPED = {"Content-Encoding": "gzip"}
_DEEP = b'{"ok":true,"result":' + b"[" * 200_000
_RESULTS: tuple[Any, ...] = (None, NAME, {}, 1, False)
_ODD_JSON: dict[str, Any] = {
    "empty object": {}, "empty list": [], "null": None, "string": NAME, "number": 7, "true": True,
    "no result": {"ok": True}, "no ok": {"result": []}, "not ok": {"ok": False},
    "ok is 1": {"ok": 1, "result": True}, "ok is text": {"ok": "true", "result": []},
    **{f"result {value!r}": {"ok": True, "result": value} for value in _RESULTS},
    "not ok, but a result": {"ok": False, "result": []},
}  # fmt: skip
ODD: dict[str, Answer] = {
    **{name: Answer(written(value)) for name, value in _ODD_JSON.items()},
    **{f"page {status}": page(status) for status in (200, 204, 301, 302, 307, 400, 401, 403, 404, 409, 429, 500, 502)},
    **{f"bare {status}": Answer(b"{}", status) for status in (400, 401, 403, 404, 409, 429, 500)},
    **{f"refusal {code} with 200": refusal(code) for code in (400, 401, 403, 404, 409, 500)},
    "401 and 404": refusal(401, 404),
    "code as text": Answer(written({"ok": False, "error_code": "401", "description": NAME}), 401),
    "description as a list": Answer(written({"ok": False, "error_code": 401, "description": [NAME]}), 401),
    "empty body": Answer(b""),
    "half of it": Answer(written({"ok": True, "result": {"first_name": NAME}})[:-5]),
    "broken off": Answer(written({"ok": True, "result": {"first_name": NAME}}), missing=5),
    "latin-1": Answer('{"ok": true, "result": "\u00e9"}'.encode("latin-1")),
    "utf-16": Answer('{"ok": true, "result": []}'.encode("utf-16")),
    "byte order mark": Answer(b"\xef\xbb\xbf" + written({"ok": True, "result": []})),
    "NaN": Answer(b'{"ok": true, "result": NaN}'),
    "very deep": Answer(_DEEP + b"]" * 200_000 + b"}"),
    "a very long number": Answer(b'{"ok": true, "result": ' + b"9" * 10_000 + b"}"),
    "no gzip": Answer(b"no gzip", headers=_ZIPPED),
    "half of gzip": Answer(gzip.compress(written({"ok": True, "result": []}))[:-9], headers=_ZIPPED),
    "a gzip bomb": Answer(gzip.compress(written({"ok": True, "result": True}).ljust(BOMB)), headers=_ZIPPED),
    "unknown compression": Answer(b"[]", headers={"Content-Encoding": "x-odd"}),
}
"""By name, what no method answers."""
