"""Chat as one person sees and uses it."""

from typing import Protocol, TypeVar

from tests.telegram_server import ephemeral, keyboards, posts
from tests.telegram_server.entities import find
from tests.telegram_server.membership import announce
from tests.telegram_server.methods.profile import scope_key
from tests.telegram_server.state import ADMINS, PRESENT, Account, Chat, Json, Message, Tap
from tests.telegram_server.world import World

T = TypeVar("T")
LONGEST = 4096  # UTF-16 units of a message


class Server(Protocol):
    """Part of the server that a view uses."""

    world: World

    async def settle(self) -> None:
        """Wait until the bot has nothing more to do."""


class ChatView:
    """One person in one chat. Every action waits for the bot's reaction unless told `wait=False`.

    With a `topic`, the person writes in that topic of the chat, and sees only its messages.
    """

    def __init__(self, server: Server, person: Account, chat: Chat, topic: int | None = None) -> None:
        self.person = person
        self.chat = chat
        self.topic = topic
        self._server = server
        self._world = server.world

    @property
    def messages(self) -> list[Message]:
        """All messages that this person sees in the chat, oldest first."""
        own = self._world.inbox(self.chat, self.person).shown.values()
        every = [message for message in self.chat.messages.values() if self.topic in (None, message.topic)]
        return sorted([*every, *own], key=lambda message: message.position)

    @property
    def public(self) -> list[Message]:
        """The messages that everyone in the chat sees, oldest first."""
        return [message for message in self.messages if message.ephemeral_id is None]

    def new_topic(self) -> "ChatView":
        """The private chat as seen in a new topic."""
        topic = self._world.number()
        self.chat.topics.add(topic)
        return ChatView(self._server, self.person, self.chat, topic)

    def close_topic(self) -> None:
        """Delete the topic; what was written in it stays on the other devices for a moment."""
        self.chat.topics.discard(self.topic or 0)

    @property
    def last(self) -> Message:
        """The bot's newest message that is not deleted; raises LookupError if there is none."""
        for message in reversed(self.messages):
            if message.sender is self._world.bot:
                return message
        raise LookupError("the bot has said nothing in this chat")

    def transcript(self) -> str:
        """Current conversation as text."""
        return "\n\n".join(message.as_text() for message in self.messages)

    def story(self) -> str:
        """The conversation as it went: sent, tapped, answered, edited, deleted."""
        return "\n\n".join(self.chat.journal)

    def menu(self) -> list[str]:
        """The commands that Telegram offers this person here, the narrowest scope and own language first."""
        return [command["command"] for command in self.commands()]

    def commands(self) -> list[Json]:
        """The same, as the bot registered them."""
        member = scope_key("chat_member", self.chat.id, self.person.id)
        here = [scope_key("chat", self.chat.id)]
        wide = ["all_private_chats"]
        if not self.chat.person:
            admin = self.chat.status(self.person) in ADMINS
            here = [member, *([scope_key("chat_administrators", self.chat.id)] if admin else []), *here]
            wide = [*(["all_chat_administrators"] if admin else []), "all_group_chats"]
        for scope in (*here, *wide, "default"):
            for language in (self.person.language_code or "", ""):
                if commands := self._world.commands.get((scope, language)):
                    return commands
        return []

    async def send(self, text: str, *, reply_to: Message | None = None, wait: bool = True) -> Message:
        """Type something."""
        return await self._post({}, text, reply_to, wait=wait)

    async def send_as(self, sender: Chat, text: str, *, wait: bool = True) -> Message:
        """Send a text as a chat: this one, as anonymous administrators do, or the person's own channel."""
        if sender is self.chat and self.chat.status(self.person) not in ADMINS:
            raise LookupError(f"{self.person.name} does not administer {self.chat.title}")
        stands_in = posts.ANONYMOUS if sender is self.chat else posts.CHANNEL
        message = self._world.new_message(self.chat, stands_in, text)
        message.entities, message.extra = find(text), {"sender_chat": sender.to_json()}
        self._world.add(self.chat, message)
        self._world.updates.post("message", message.to_json())
        return await self._done(message, wait=wait)

    async def sticker(self, emoji: str = "👍", *, wait: bool = True) -> Message:
        """Send a sticker."""
        return await self._post(posts.sticker(emoji, self._world.number()), wait=wait)

    async def voice(self, seconds: int = 3, *, wait: bool = True) -> Message:
        """Send a voice message."""
        return await self._post(posts.voice(seconds, self._world.number()), wait=wait)

    async def photo(self, caption: str = "", *, wait: bool = True) -> Message:
        """Send a photo."""
        return await self._post(posts.photo(self._world.number()), caption, wait=wait)

    async def document(self, name: str, caption: str = "", *, wait: bool = True) -> Message:
        """Send a file."""
        return await self._post(posts.document(name, self._world.number()), caption, wait=wait)

    async def post(self, extra: Json, caption: str = "", *, wait: bool = True) -> Message:
        """Send a message of any other kind (see tests.telegram_server.posts.others)."""
        return await self._post(extra, caption, wait=wait)

    async def album(self, *captions: str) -> None:
        """Send photos as one album, each with its caption or without one; the app sends them one by one."""
        group = {"media_group_id": str(self._world.number())}
        for caption in captions:
            await self._post(posts.photo(self._world.number()) | group, caption, wait=False)
        await self._server.settle()

    async def send_long(self, text: str) -> None:
        """Type a text of any length, which the app splits where a message is full."""
        for start in range(0, len(text), LONGEST):
            await self.send(text[start : start + LONGEST], wait=False)
        await self._server.settle()

    async def contact(self, phone: str = "+15550100", of: Account | None = None, *, wait: bool = True) -> Message:
        """Share a contact, by default the person's own."""
        return await self._post(posts.contact(phone, of or self.person), wait=wait)

    async def forward(self, text: str, origin: Account | str | Chat, *, wait: bool = True) -> Message:
        """Forward a text that another person wrote."""
        return await self._post(posts.forwarded(origin, self._world.now()), text, wait=wait)

    async def edit(self, message: Message, text: str, *, wait: bool = True) -> Message:
        """Edit a message of this person."""
        message.text, message.entities = text, find(text)
        message.edits += 1
        message.edit_date = self._world.now()
        self._world.updates.post("edited_message", message.to_json())
        return await self._done(message, wait=wait)

    async def delete(self, message: Message, *, wait: bool = True) -> Message:
        """Delete a message of this person or (in a private chat) the bot; the bot gets no update."""
        del self.chat.messages[message.id]
        return await self._done(message, wait=wait)

    async def press(self, words: str, message: Message | None = None, *, wait: bool = True) -> Tap | Message:
        """Press a button: an inline one gives a Tap, one of the reply keyboard sends its words."""
        if message is None and (button := keyboards.find(self.chat.keyboard, words)):
            if button.get("request_contact"):
                return await self.contact(wait=wait)
            return await self.send(button["text"], wait=wait)
        message_with_button = message or self._message_with(words)
        return await self.tap(message_with_button, words, wait=wait)

    async def tap(self, message: Message, words: str, *, wait: bool = True) -> Tap:
        """Press an inline button of this very message, even one that was changed or deleted since."""
        return await tap(self._server, self.person, message, words, wait=wait)

    async def block_bot(self, *, wait: bool = True) -> None:
        """Block the bot."""
        self.chat.blocked = True
        announce(self._world, self.chat, self.person, "member", "kicked")
        await self._done(None, wait=wait)

    async def unblock_bot(self, *, wait: bool = True) -> None:
        """Let the bot write again."""
        self.chat.blocked = False
        announce(self._world, self.chat, self.person, "kicked", "member")
        await self._done(None, wait=wait)

    async def settle(self) -> None:
        """Wait until the bot has reacted to everything."""
        await self._server.settle()

    async def _post(self, extra: Json, text: str = "", reply_to: Message | None = None, *, wait: bool) -> Message:
        world, chat = self._world, self.chat
        if chat.status(self.person) not in PRESENT and not chat.person:
            raise LookupError(f"{self.person.name} is not in {chat.title}")
        chat.started = True
        if self._is_ephemeral(text, reply_to):
            message = ephemeral.typed(world, chat, self.person, text)
            message.entities, message.extra = find(text), extra
            world.updates.post("message", message.to_json())
            return await self._done(message, wait=wait)
        message = world.new_message(chat, self.person, text)
        message.entities, message.extra, message.reply_to = find(text), extra, reply_to
        message.topic = self.topic
        world.add(chat, message)
        if self._bot_sees(message) and not chat.blocked:
            world.updates.post("message", message.to_json())
        return await self._done(message, wait=wait)

    def _is_ephemeral(self, text: str, reply_to: Message | None) -> bool:
        """True if the app sends this to the bot alone: a reply to an ephemeral message, or a command of that kind."""
        if reply_to and reply_to.ephemeral_id is not None:
            return True
        name = text.removeprefix("/").split("@")[0].split()[:1] if text.startswith("/") else []
        return any([command["command"]] == name and command.get("is_ephemeral") for command in self.commands())

    def _bot_sees(self, message: Message) -> bool:
        # Group privacy mode: commands, replies to the bot and mentions of it; everything as an administrator.
        if self.chat.person or self.chat.status(self._world.bot) in ADMINS:
            return True
        to_bot = message.reply_to is not None and message.reply_to.sender is self._world.bot
        named = message.text.startswith("/") or f"@{self._world.bot.username}" in message.text
        return (to_bot or named) and self.chat.status(self._world.bot) in PRESENT

    def _message_with(self, words: str) -> Message:
        for message in reversed(self.messages):
            if keyboards.find(message.reply_markup, words):
                return message
        raise LookupError(f"no message has a button {words!r}; the chat is:\n{self.transcript()}")

    async def _done(self, result: T, *, wait: bool) -> T:
        if wait:
            await self._server.settle()
        return result


async def tap(server: Server, person: Account, message: Message, words: str, *, wait: bool) -> Tap:
    """Press a callback button of a message, in a chat or inserted with an inline query."""
    button = keyboards.find(message.reply_markup, words)
    if button is None or "callback_data" not in button:
        raise LookupError(f"no button {words!r} that calls back in:\n{message.as_text()}")
    world = server.world
    made = Tap(str(world.number()), person, message, button["callback_data"], at=world.clock())
    world.taps[made.id] = made
    if message.chat and message.ephemeral_id is None:
        message.chat.journal.append(f"{person.name} taps [{button['text']}]")
    world.updates.post("callback_query", made.to_json())
    if wait:
        await server.settle()
    return made
