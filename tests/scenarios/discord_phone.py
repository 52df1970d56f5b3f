"""A person on Discord who uses only what the phone shows, and how much that costs: actions, and calls of the bot."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Any

from tests.discord_server import DiscordServer
from tests.discord_server.kinds import TEXT_INPUT, Component
from tests.discord_server.state import Message
from tests.discord_server.views import ChannelView

CALLS = ("/callback", "/messages", "/webhooks/")
"""Parts of the paths of calls that show something; typing and what goes on by itself don't count."""


@dataclass
class Phone:
    """One chat on a person's phone; `details` are what the person knows to answer, by a form's labels."""

    server: DiscordServer
    view: ChannelView
    details: dict[str, str]
    calls: list[int] = field(default_factory=list)

    @property
    def actions(self) -> int:
        """The number of taps, forms, commands, and messages so far."""
        return len(self.calls)

    def start_counting(self) -> None:
        """Count from here."""
        self.calls.clear()

    async def taps(self, words: str, message: Message | None = None) -> None:
        """Tap the newest button with these words, or the one on a message."""
        tap = self.view.press_on(message, words) if message else self.view.press(words)
        await self._act(tap)

    async def types(self, text: str) -> None:
        """Say something in the chat."""
        self.view.say(text)
        await self._act(self.view.settle())

    async def commands(self, words: str, **values: Any) -> None:
        """Send a slash command."""
        await self._act(self.view.command(words, **dict[str, Any](values)))

    async def fills_in(self) -> None:
        """Fill in the open form, and send it."""
        await self._act(self.view.submit(self.answers()))

    def answers(self) -> dict[str, str]:
        """The answers to what the open form requires and doesn't have yet."""
        modal = self.view.modal
        assert modal is not None, self.view.transcript()
        asked = [part for part in modal.components if "component" in part and _is_empty(part["component"])]
        return {part["label"]: self._answer(part) for part in asked}

    async def signs(self, card: Message | None = None) -> None:
        """Tap Sign, fill in the form if one opens, and confirm if that is asked for."""
        await self.taps("Sign", card)
        if self.view.modal:
            await self.fills_in()
        if any("[Confirm]" in line for line in self.reads().splitlines()):
            await self.taps("Confirm")

    def reads(self) -> str:
        """The newest message of the bot."""
        return self.view.last.as_text().replace("\\", "")

    def _answer(self, part: Component) -> str:
        inner = part["component"]
        if inner["type"] != TEXT_INPUT and part["label"] not in self.details:
            return str(inner["options"][-1]["label"])
        return self.details[part["label"]]

    async def _act(self, action: Awaitable[object]) -> None:
        before = len(self._shown())
        await action
        self.calls.append(len(self._shown()) - before)

    def _shown(self) -> list[str]:
        paths = (call.path for call in self.server.log if call.method != "GET")
        return [path for path in paths if any(part in path for part in CALLS)]


def _is_empty(component: Component) -> bool:
    chosen = any(option.get("default") for option in component.get("options", []))
    return component.get("required", True) and not component.get("value") and not chosen
