"""Members of a server who use a bot's commands, buttons and forms, and the interactions that Discord makes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, count
from typing import Any, TypeAlias

from tests.bench.discord import bots
from tests.bench.discord.scenery import CIRCUMSTANCES, FIRST_ID, MEMBER_ID, MESSAGE
from tests.discord_server.commands import SUBCOMMAND
from tests.discord_server.forms import fill
from tests.discord_server.kinds import BUTTON, Component, walk
from tests.discord_server.state import COMMAND, COMPONENT, MODAL

Json: TypeAlias = dict[str, Any]
TOKEN = "aW50ZXJhY3Rpb24" * 12  # as long as an interaction's token is, but for the id at its end


@dataclass(frozen=True, slots=True)
class Commands:
    """Use of a slash command."""

    words: str


@dataclass(frozen=True, slots=True)
class Presses:
    """Press of the button with this label, on the newest message that the bot showed or on the channel's card."""

    label: str
    on_card: bool = False


@dataclass(frozen=True, slots=True)
class Submits:
    """Submission of the open form with these values by field label; the other fields keep theirs."""

    values: Mapping[str, str]


Step: TypeAlias = Commands | Presses | Submits

POSTS = (Commands("moderate post"),)
"""The moderator's command; from then on, the card is in the channel."""
BEGINS = (Commands("petition show"), Commands("petition sign"))
READS = (Commands("petition read"),)
TURNS = (Presses("Next page"), Presses("[1]"), Presses("Back to the page"), Presses("Previous page"))
SIGNING: Sequence[Step] = (
    Presses("Sign", on_card=True), Submits({"Postal code": "90210", "Hand in your name?": "Yes"}),
)  # fmt: skip
"""A whole signing; the name is taken from the account."""
COUNTER = (Commands(bots.COMMAND),)
COUNTS = (Presses(bots.BUTTON),) * len(TURNS)


@dataclass(frozen=True, slots=True)
class BotMessage:
    """Message that a bot showed: the JSON that later events repeat."""

    id: int
    content: str = ""
    components: Sequence[Component] = ()
    flags: int = 0
    json: str = ""

    @classmethod
    def of(cls, number: int, data: Json, before: BotMessage | None = None) -> BotMessage:
        """Read a message that is sent or edited; parts that the body does not name keep their old value."""
        before = before or cls(number)
        components = data.get("components", before.components)
        for place, component in enumerate(walk(components), 1):
            component["id"] = place
        content, flags = data.get("content", before.content), data.get("flags", before.flags)
        text = (
            f'{{"id":"{number}","content":{json.dumps(content)},"components":{json.dumps(components)},"flags":{flags},'
            f"{MESSAGE}}}"
        )
        return cls(number, content, components, flags, text)

    def press(self, label: str) -> Json:
        """The data of an interaction with the first button whose label begins so."""
        for component in walk([*self.components]):
            if component["type"] == BUTTON and component["label"].startswith(label) and "custom_id" in component:
                return {"component_type": BUTTON, "custom_id": component["custom_id"], "id": component["id"]}
        raise RuntimeError(f"the bot shows no button {label!r} but: {self.content!r} {self.components}")


@dataclass(slots=True)
class Member:
    """Member of the server: the newest ephemeral message, and the open form."""

    id: int
    role: str = "member"
    steps: Iterator[Step] = field(default_factory=lambda: iter(()))
    newest: BotMessage | None = None
    form: Json | None = None
    _pressed: BotMessage | None = None

    def act(self, step: Step, number: int, card: BotMessage | None) -> str:
        """The interaction of this number that the step brings about, as JSON.

        A bot that is too late for a form offers it by a button, which takes a step more.
        """
        if isinstance(step, Submits) and self.form is None:
            self.steps, step = chain([step], self.steps), Presses("Fill out the form")
        match step:
            case Commands(words):
                self._pressed = None
                kind, data = COMMAND, _command(words)
            case Presses(label, on_card):
                self._pressed = card if on_card else self.newest
                kind, data = COMPONENT, (self._pressed or BotMessage(0)).press(label)
            case Submits(values):
                kind, data = MODAL, self._filled(values)
        message = f'"message":{self._pressed.json},' if self._pressed else ""
        return (
            f'{{"id":"{number}","token":"{TOKEN}{number}","type":{kind},"data":{json.dumps(data)},{message}'
            f"{CIRCUMSTANCES[self.role]}}}"
        ).replace(str(MEMBER_ID), str(self.id))

    def answer(self, data: Json, number: int) -> BotMessage:
        """Take a new message of this number."""
        self.newest = BotMessage.of(number, data)
        return self.newest

    def update(self, data: Json) -> BotMessage:
        """Take a change of the message whose button was pressed."""
        before = self._pressed or self.newest or BotMessage(0)
        self.newest = BotMessage.of(before.id, data, before)
        return self.newest

    def _filled(self, values: Mapping[str, str]) -> Json:
        if self.form is None:
            raise RuntimeError(f"the bot opened no form but showed: {self.newest}")
        form, self.form = self.form, None
        return {"custom_id": form["custom_id"], "components": fill(form["components"], dict(values))}


def _command(words: str) -> Json:
    name, *rest = words.split()
    options = [{"type": SUBCOMMAND, "name": word, "options": []} for word in rest]
    return {"id": str(FIRST_ID), "name": name, "type": 1, "options": options}


_ids = count(FIRST_ID)


def new_members(number: int) -> list[Member]:
    """People who have never used any bot of ours."""
    return [Member(next(_ids)) for _ in range(number)]


def moderator() -> Member:
    """Member who may post."""
    return Member(next(_ids), "moderator")
