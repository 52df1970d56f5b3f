"""Answers that Discord would not give, from a proxy or out of order; none tells whether the call took effect."""

from __future__ import annotations

from tests.discord_server import Answer

SECRET = "Suzie Quatro"
_HTML = {"Content-Type": "text/html"}
_PAGE = f"<html>{SECRET}</html>".encode()


def _redirect(status: int, to: str) -> Answer:
    return Answer(_PAGE, status, {"Content-Type": "text/html", "Location": to})


GARBLED = [
    Answer(_PAGE, 200, _HTML), Answer(b"", 200, _HTML), Answer(b""), Answer(b"null"), Answer(b"5"), Answer(b"true"),
    Answer(f'"{SECRET}"'.encode()), Answer(f'{{"id": "{SECRET}'.encode()), Answer(b'{"id": "1"}', missing=3),
    Answer(b"\xff\xfe\x00"), Answer(b"[" * 100_000), Answer(_PAGE, 200), Answer(_PAGE, 401, _HTML),
    Answer(_PAGE, 403, _HTML), Answer(_PAGE, 404, _HTML), Answer(_PAGE, 302, _HTML), _redirect(302, "/nowhere"),
    _redirect(307, "/nowhere"), _redirect(302, "/api/v10/users/@me"),
    Answer(b"{}", 400), Answer(b"[]", 403), Answer(b"null", 404), Answer(b"7", 400),
    Answer(f'{{"message": "{SECRET}"}}'.encode(), 401), Answer(f'{{"code": "{SECRET}", "message": 5}}'.encode(), 400),
    Answer(f'{{"code": 1, "message": "x", "errors": ["{SECRET}"]}}'.encode(), 400), Answer(b"{}", 429),
    Answer(f'["{SECRET}"]'.encode(), 429),
]  # fmt: skip
"""Not JSON, not whole, or not in any shape that Discord has."""
EMPTY = [
    Answer(b"{}"),
    Answer(b"[]"),
    Answer(b"[null]"),
    Answer(f'{{"id": "{SECRET}", "url": 5, "name": []}}'.encode()),
]
"""JSON that could be Discord's, but for another call."""
AWAY = [Answer(_PAGE, 429, _HTML), Answer(_PAGE, 503, _HTML), Answer(b"{}", 503), Answer(_PAGE, 520, _HTML)]
"""Signs that Discord is out of reach."""
ODD = [*GARBLED, *EMPTY, *AWAY]
