"""The product's functions that draw something for people, found in its code, and those of them that were called."""

from __future__ import annotations

import ast
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TypeAlias

ROOT = Path(__file__).parents[1]
ROOMS = ("core", "bots/common", "bots/discord", "bots/telegram")
_DRAWN = re.compile(r"\b(Screen|View|DiscordMessage|TelegramMessage)\b")

Place: TypeAlias = tuple[str, str]
"""The file of a function, and its qualified name."""

ELSEWHERE = {
    "bots/discord/handlers.py": "apology promise",
    "bots/discord/uploads.py": "data_apology",
}
"""Functions, by file, that draw one sentence of the catalog when Discord or the database fails (tests/bots/discord)."""


def is_elsewhere(place: Place) -> bool:
    """True for a function whose drawings are checked elsewhere."""
    path, name = place
    return name.rpartition(".")[2] in ELSEWHERE.get(path, "").split()


def drawing_functions() -> set[Place]:
    """All functions that return a screen, a view, or a message, by themselves or with more."""
    return {
        (path.relative_to(ROOT).as_posix(), name)
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        for name in _in_body(ast.parse(path.read_text("utf-8")).body, "")
    }


def _in_body(body: list[ast.stmt], above: str) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            is_protocol = any(isinstance(base, ast.Name) and base.id == "Protocol" for base in node.bases)
            yield from () if is_protocol else _in_body(node.body, f"{above}{node.name}.")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if node.returns and _DRAWN.search(ast.unparse(node.returns)):
                yield above + node.name
            yield from _in_body(node.body, f"{above}{node.name}.<locals>.")


@contextmanager
def noting_calls() -> Iterator[set[Place]]:
    """Note every function that is called meanwhile, in this thread and in those that start."""
    called: set[Place] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            called.add((frame.f_code.co_filename.removeprefix(f"{ROOT}/"), frame.f_code.co_qualname))

    sys.setprofile(note)
    threading.setprofile(note)
    try:
        yield called
    finally:
        threading.setprofile(None)
        sys.setprofile(None)
