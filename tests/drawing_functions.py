"""The product's functions that draw something for people, found in its code, and those of them that were called."""

from __future__ import annotations

import ast
import re
import sys
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

_PASSED_ON = {
    "bots/discord/handlers.py": "_handle_event _open_form_or_handle _with_server_count answer_message apology",
    "bots/discord/message.py": "plain",
    "bots/discord/moderating.py": "_report",
    "bots/discord/servers.py": "draw",
    "bots/discord/uploads.py": "data_apology data_message draw",
    "bots/telegram/channel_posts.py": "message offer",
    "bots/telegram/channel_requests.py": "_answer _request",
    "bots/telegram/chat_kinds.py": "card",
    "bots/telegram/group_cards.py": "_draw _moved unposted",
    "bots/telegram/group_screens.py": "_anyones",
    "bots/telegram/group_signing.py": "_handle",
    "bots/telegram/handlers.py": "_handle_event _run_order _view_after",
    "bots/telegram/inline_cards.py": "draw",
}
"""Functions of surfaces, by file: they need a server, pass on what others drew, or send one sentence."""
_TOLD = {
    "core/organizer/announcement.py": "_send progress_screen",
    "core/organizer/find.py": "_stop",
    "core/organizer/outage.py": "notice",
    "core/organizer/retention.py": "notice",
    "core/organizer/review.py": "_confirm _preview _search answer_matches",
    "core/organizer/running_search.py": "screen",
    "core/organizer/service.py": "_join hint",
    "core/services/community.py": "report",
    "core/services/milestones.py": "post",
}
"""Functions that need more history than a crowd has: a story in tests/screens draws them under the same checks."""
ELSEWHERE = _PASSED_ON | _TOLD


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
    """Note every function that is called meanwhile in this thread."""
    called: set[Place] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            called.add((frame.f_code.co_filename.removeprefix(f"{ROOT}/"), frame.f_code.co_qualname))

    sys.setprofile(note)
    try:
        yield called
    finally:
        sys.setprofile(None)
