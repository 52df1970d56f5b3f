"""Everything on the server at one moment, and the look-ups with Telegram's own refusals."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from tests.telegram_server.ephemeral import Inbox
from tests.telegram_server.errors import bad_request, forbidden
from tests.telegram_server.params import Params
from tests.telegram_server.pulse import Pulse
from tests.telegram_server.rates import Rates
from tests.telegram_server.state import PRESENT, Account, Chat, InlineQuery, Json, Message, Tap
from tests.telegram_server.updates import UpdateQueue

Api = Literal["10.0", "10.3", "refusing"]


@dataclass(eq=False, slots=True)
class World:
    """The bot and everyone on Telegram; `clock` returns Unix seconds.

    `api` 10.0 knows no ephemeral messages and ignores their parameters, so the whole group sees what is sent with them;
    a `refusing` server knows them, and sends none.
    """

    bot: Account
    clock: Callable[[], float]
    pulse: Pulse
    updates: UpdateQueue
    rates: Rates | None = None
    accounts: dict[int, Account] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    inline_messages: dict[str, Message] = field(default_factory=dict)
    taps: dict[str, Tap] = field(default_factory=dict)
    inline_queries: dict[str, InlineQuery] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    profile: dict[tuple[str, str], str] = field(default_factory=dict)
    webhook: Json = field(default_factory=dict)
    logged_out: bool = False
    inline_mode: bool = True
    inline_feedback: bool = False  # BotFather's /setinlinefeedback, off for new bots
    serial: int = 0
    api: Api = "10.3"
    inboxes: dict[tuple[int, int], Inbox] = field(default_factory=dict)

    def now(self) -> int:
        """The time in whole Unix seconds."""
        return int(self.clock())

    def number(self) -> int:
        """A number that was not given out before, for ids of all sorts."""
        self.serial += 1
        return self.serial

    def inbox(self, chat: Chat, person: Account) -> Inbox:
        """The ephemeral messages of a member of a group."""
        return self.inboxes.setdefault((chat.id, person.id), Inbox())

    def chat(self, chat_id: int | str) -> Chat:
        """The chat by its id or @name; raises a 400 if there is none, or if it has a new id."""
        if isinstance(chat_id, str) and chat_id.startswith("@"):
            chat = next((chat for chat in self.chats.values() if chat.username == chat_id[1:]), None)
        else:
            chat = self.chats.get(int(chat_id)) if str(chat_id).lstrip("-").isdigit() else None
        if chat is None:
            raise bad_request("chat not found")
        if chat.migrated_to is not None:
            reason = "group chat was upgraded to a supergroup chat"
            raise bad_request(reason, migrate_to_chat_id=chat.migrated_to)
        return chat

    def named(self, params: Params) -> Chat:
        """The chat that a call names; raises a 400 where it names none."""
        chat_id = params.raw.get("chat_id")
        if chat_id in {None, ""}:
            raise bad_request("chat_id is empty")
        return self.chat(chat_id)

    def writable(self, params: Params) -> Chat:
        """The chat that a call names if the bot may write there; raises a 400 or 403 otherwise."""
        chat = self.named(params)
        if chat.person:
            self._check_person(chat, chat.person)
        elif chat.status(self.bot) == "kicked":
            raise forbidden(f"bot was kicked from the {chat.kind} chat")
        elif chat.status(self.bot) not in PRESENT:
            raise forbidden(f"bot is not a member of the {chat.kind} chat")
        return chat

    def _check_person(self, chat: Chat, person: Account) -> None:
        if person.is_bot:
            raise forbidden("bot can't send messages to bots")
        if person.deactivated:
            raise forbidden("user is deactivated")
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.started:
            raise forbidden("bot can't initiate conversation with a user")

    def add(self, chat: Chat, message: Message) -> Message:
        """Put a message into a chat."""
        chat.messages[message.id] = message
        chat.journal.append(message.as_text())
        self.pulse.beat()
        return message

    def new_message(self, chat: Chat, sender: Account, text: str = "") -> Message:
        """Message with the chat's next id; `add` puts it into the chat."""
        number, chat.next_id = chat.next_id, chat.next_id + 1
        return Message(id=number, chat=chat, sender=sender, date=self.now(), text=text)
