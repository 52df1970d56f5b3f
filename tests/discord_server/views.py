"""Channel as one person sees and uses it."""

from typing import Any, Protocol

from tests.discord_server import echoes, events, forms, places, rendering, slash
from tests.discord_server.errors import Json
from tests.discord_server.events import Action
from tests.discord_server.kinds import BUTTON, SELECTS, STRING_SELECT, Component, walk
from tests.discord_server.payloads import resolved_json
from tests.discord_server.permissions import Permission, allows
from tests.discord_server.state import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MODAL,
    Channel,
    Interaction,
    Message,
    Modal,
    User,
)
from tests.discord_server.world import World


class Server(Protocol):
    """Part of the server that a view uses."""

    world: World

    async def settle(self) -> None:
        """Wait until the bot has nothing more to do."""


class ChannelView:
    """One person in one channel. Every action waits for the bot's reaction unless told `wait=False`."""

    def __init__(self, server: Server, user: User, channel: Channel) -> None:
        self.user = user
        self.channel = channel
        self._server = server
        self._world = server.world

    @property
    def messages(self) -> list[Message]:
        """All messages that this person sees, oldest first."""
        visible = (each for each in self.channel.messages.values() if not each.deleted)
        return [each for each in visible if each.only_for in {None, self.user}]

    @property
    def last(self) -> Message:
        """The bot's newest message that this person sees; raises LookupError if there is none."""
        for message in reversed(self.messages):
            if message.author is self._world.bot:
                return message
        raise LookupError(f"{self.user.name} sees nothing of the bot's here")

    @property
    def modal(self) -> Modal | None:
        """The form that is open now."""
        opened = [each.modal for each in self._mine() if each.kind != MODAL and each.modal]
        return opened[-1] if opened and not opened[-1].closed else None

    @property
    def failed(self) -> list[str]:
        """Failures shown to this person here because the bot did not answer."""
        return [each.failed for each in self._mine() if each.failed]

    def transcript(self) -> str:
        """Current conversation as text, with the open form."""
        return "\n\n".join(
            [*(each.as_text() for each in self.messages), *([self.modal.as_text()] if self.modal else [])]
        )

    def menu(self) -> list[str]:
        """The slash commands that this person is offered here, in their language."""
        return slash.menu(self._world, self.user, self.channel)

    async def command(self, words: str, *, wait: bool = True, **values: Any) -> Interaction:
        """Send a slash command; raises AssertionError where Discord does not offer it or the options do not fit."""
        line = slash.Line(self._world, self.user, self.channel, words)
        return await self._interact(Action(COMMAND, line.data(values)), wait=wait)

    async def use_on(self, message: Message, words: str, *, wait: bool = True) -> Interaction:
        """Use a command from a message's menu; raises AssertionError where Discord does not offer it."""
        data = slash.on_message(self._world, self.user, message, words)
        return await self._interact(Action(COMMAND, data), wait=wait)

    async def complete(self, words: str, option: str, typed: Any, *, wait: bool = True, **values: Any) -> list[Json]:
        """Type into an option; gives the choices that the bot offers, none where it fails."""
        line = slash.Line(self._world, self.user, self.channel, words)
        action = Action(AUTOCOMPLETE, line.typing(option, typed, values))
        return (await self._interact(action, wait=wait)).choices

    async def press(self, words: str, *, wait: bool = True) -> Interaction:
        """Press a button of the newest message that has it; raises LookupError if there is none."""
        return await self.press_on(self._newest(words, _button), words, wait=wait)

    async def press_on(self, message: Message, words: str, *, wait: bool = True) -> Interaction:
        """Press a button of this very message, even a deleted one, as it happens when two people are quick."""
        button = _button(message, words)
        if button is None or not button.get("custom_id"):
            raise LookupError(f"no button {words!r} to be pressed in:\n{message.as_text()}")
        return await self._use(message, button, {}, wait=wait)

    async def choose(self, words: str, labels: list[Any], *, wait: bool = True) -> Interaction:
        """Choose in the newest select menu with this placeholder or one of these options, by labels or people."""
        message = self._newest(words, _select)
        select = _select(message, words)
        assert select is not None
        low, high = select.get("min_values", 1), select.get("max_values", 1)
        if not low <= len(labels) <= high:
            raise AssertionError(f"{words}: from {low} to {high} must be chosen, not {len(labels)}")
        if select["type"] == STRING_SELECT:
            return await self._use(message, select, {"values": forms.values_of(select, words, labels)}, wait=wait)
        users = [getattr(each, "user", each) for each in labels]
        resolved = resolved_json(users, self.channel.guild)
        values = {"values": [str(user.id) for user in users], "resolved": resolved}
        return await self._use(message, select, values, wait=wait)

    async def submit(self, values: dict[str, Any] | None = None, *, wait: bool = True) -> Interaction:
        """Send the open form with these values by label, the rest as prefilled; raises AssertionError like the app."""
        modal = self.modal
        if modal is None:
            raise LookupError(f"no form is open; the channel is:\n{self.transcript()}")
        action = Action(MODAL, forms.submit(modal, values or {}), modal.opener.message, modal)
        return await self._interact(action, wait=wait)

    def dismiss_modal(self) -> None:
        """Close the open form without sending it; the bot is not told."""
        if self.modal is not None:
            self.modal.closed = True

    def dismiss(self, message: Message) -> None:
        """Let an ephemeral message vanish; the bot is not told."""
        assert message.only_for is self.user
        message.deleted = True

    def say(self, text: str, extra: Json | None = None) -> Message:
        """Write something, which the bot hears only with the intent for it, and in a guild without the words.

        `extra` has the fields of what is sent with it or instead (see tests.discord_server.posts).
        """
        made = Message(self._world.ids.next(), self.channel, self.user, self._world.clock(), text, extra=extra or {})
        assert not self.channel.locked, "nobody can write in a locked thread"
        places.use(self.channel, made.made)
        self.channel.messages[made.id] = made
        events.send_message(self._world, made)
        return made

    def edit(self, message: Message, text: str) -> None:
        """Change the words of an own message."""
        assert message.author is self.user
        message.content, message.edited = text, self._world.clock()
        echoes.send_update(self._world, message)

    def pin(self, message: Message) -> None:
        """Pin a message, which in a direct message everyone may."""
        echoes.pin(self._world, self.user, message)

    @property
    def sees_typing(self) -> bool:
        """True while the app shows that the bot is typing here."""
        return self._world.clock() < self.channel.typing_until

    def delete(self, message: Message) -> None:
        """Delete an own message, or any with the permission to; without the intents the bot gets no event."""
        guild = self.channel.guild
        held = guild.members[self.user.id].permissions if guild else Permission.NONE
        if message.author is not self.user and not allows(held, Permission.MANAGE_MESSAGES):
            raise AssertionError(f"{self.user.name} may not delete messages of others")
        message.deleted = True
        echoes.send_deletion(self._world, message)

    async def settle(self) -> None:
        """Wait until the bot has reacted to everything."""
        await self._server.settle()

    def _mine(self) -> list[Interaction]:
        return self._world.by_place.get((self.user.id, self.channel.id), [])

    def _newest(self, words: str, find: Any) -> Message:
        for message in reversed(self.messages):
            if find(message, words):
                return message
        raise LookupError(f"no message has {words!r}; the channel is:\n{self.transcript()}")

    async def _use(self, message: Message, component: Component, values: Json, *, wait: bool) -> Interaction:
        if component.get("disabled"):
            raise AssertionError(f"{component.get('label') or component.get('placeholder')!r} is disabled")
        data: Json = {"id": component["id"], "component_type": component["type"], "custom_id": component["custom_id"]}
        return await self._interact(Action(COMPONENT, data | values, message), wait=wait)

    async def _interact(self, action: Action, *, wait: bool) -> Interaction:
        made = events.create_interaction(self._world, self.user, self.channel, action)
        if wait:
            await self._server.settle()
        return made


def _button(message: Message, words: str) -> Component | None:
    """The button with exactly these words, else the first that contains them."""
    buttons = [each for each in walk(message.components) if each["type"] == BUTTON]
    exact = (each for each in buttons if words in {each.get("label"), rendering.button_words(each)})
    return next(exact, None) or next((each for each in buttons if words in rendering.button_words(each)), None)


def _select(message: Message, words: str) -> Component | None:
    """The select menu with this placeholder, else the first with an option that says so."""
    selects = [each for each in walk(message.components) if each["type"] in SELECTS]
    named = (each for each in selects if each.get("placeholder") == words)
    offering = (each for each in selects if words in [option["label"] for option in each.get("options", [])])
    return next(named, None) or next(offering, None)
