"""People in private chats with a bot: what they do next, and the update that Telegram would make of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import TypeAlias

from tests.bench.workbench import SLUG

BOT = '{"id":7654321,"is_bot":true,"first_name":"Undersign","username":"undersign_bot"}'
DATE = 1_790_000_000
FIRST_CHAT = 5_000_000_000  # ids of today's accounts need more than 32 bits


@dataclass(frozen=True, slots=True)
class Types:
    """Text message that a person sends."""

    text: str


@dataclass(frozen=True, slots=True)
class Taps:
    """Tap of the button with this label, on the newest message of the bot."""

    label: str


Step: TypeAlias = Types | Taps

OPENS = (Types(f"/start {SLUG}"),)
BEGINS = (Taps("Sign"),)
ANSWERS = (Types("90210"),)
CONFIRMS = (Taps("Confirm"),)
SIGNING: Sequence[Step] = (*OPENS, *BEGINS, *ANSWERS, *CONFIRMS)
"""A whole signing; the name is taken from the account."""


@dataclass(slots=True)
class Chat:
    """A private chat: its newest message of the bot's, and which replies it still waits for."""

    id: int
    steps: Iterator[Step] = field(default_factory=lambda: iter(()))
    waits_for: set[str] = field(default_factory=set)
    text: str = ""
    _shown: str = ""
    _keyboard: str = ""
    _messages: int = 0

    def act(self, step: Step, number: int) -> str:
        """The update of this number that the step brings about, as JSON."""
        if isinstance(step, Types):
            self.waits_for = {"message"}
            return f'{{"update_id":{number},"message":{self._typed(step.text)}}}'
        self.waits_for = {"message", "answer"}
        tap = (
            f'{{"id":"{self.id}","from":{self._person()},"message":{self._shown},'
            f'"chat_instance":"-{self.id}","data":{json.dumps(self._data(step.label))}}}'
        )
        return f'{{"update_id":{number},"callback_query":{tap}}}'

    def show(self, call: dict[str, str]) -> str:
        """Take what the bot sends or edits; the message as Telegram answers it."""
        self._messages = int(call.get("message_id") or self._messages + 1)
        self.text, self._keyboard = call["text"], call.get("reply_markup", "")
        parts = [f'{{"message_id":{self._messages},"from":{BOT},"chat":{self._chat()},"date":{DATE}']
        parts.append(f'"text":{json.dumps(self.text)}')
        optional = ("entities", "reply_markup", "link_preview_options")
        parts += [f'"{name}":{call[name]}' for name in optional if call.get(name)]
        self._shown = ",".join(parts) + "}"
        return self._shown

    def _typed(self, text: str) -> str:
        self._messages += 1
        command = f',"entities":[{{"type":"bot_command","offset":0,"length":{len(text.split(maxsplit=1)[0])}}}]'
        return (
            f'{{"message_id":{self._messages},"from":{self._person()},"chat":{self._chat()},"date":{DATE},'
            f'"text":{json.dumps(text)}{command if text.startswith("/") else ""}}}'
        )

    def _data(self, label: str) -> str:
        keyboard = json.loads(self._keyboard or "{}").get("inline_keyboard", [])
        for button in (button for row in keyboard for button in row):
            if label in button["text"] and "callback_data" in button:
                return str(button["callback_data"])
        raise RuntimeError(f"the bot shows no button {label!r} but: {self.text!r} {self._keyboard}")

    def _person(self) -> str:
        return (
            f'{{"id":{self.id},"is_bot":false,"first_name":"Ada","last_name":"Lovelace","username":"ada{self.id}",'
            '"language_code":"en"}'
        )

    def _chat(self) -> str:
        name = f'"first_name":"Ada","last_name":"Lovelace","username":"ada{self.id}"'
        return f'{{"id":{self.id},"type":"private",{name}}}'


_ids = count(FIRST_CHAT)


def new_chats(number: int) -> list[Chat]:
    """People who have never written to any bot of ours."""
    return [Chat(next(_ids)) for _ in range(number)]
