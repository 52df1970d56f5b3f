"""State of the server: accounts, chats, messages and taps. The rules are elsewhere."""

from dataclasses import dataclass, field
from typing import Any, Literal

from tests.telegram_server import rendering
from tests.telegram_server.entities import Entity
from tests.telegram_server.forum import Forum
from tests.telegram_server.keyboards import Markup

Json = dict[str, Any]
Status = Literal["creator", "administrator", "member", "left", "kicked"]
Kind = Literal["private", "group", "supergroup", "channel"]

PRESENT = frozenset({"creator", "administrator", "member"})
ADMINS = frozenset({"creator", "administrator"})


@dataclass(eq=False, slots=True)
class Account:
    """A person or a bot; `shows_rich` is False for a person with an app that can't show rich messages."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False
    deactivated: bool = False
    offline: bool = False
    shows_rich: bool = True

    @property
    def name(self) -> str:
        """First and last name as shown in a chat."""
        return " ".join(filter(None, (self.first_name, self.last_name)))

    def to_json(self) -> Json:
        """A User object; a person without a last name is called Sims in the app, so that bots see a full name."""
        names = ("last_name", "username", "language_code")
        known = {name: getattr(self, name) for name in names if getattr(self, name)}
        if not self.is_bot:
            known = {"last_name": "Sims"} | known
        return {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name} | known


@dataclass(eq=False, slots=True)
class Chat:
    """Private chat or group, with its members' states and its messages; `topics` are those of a private chat."""

    id: int
    kind: Kind
    title: str | None = None
    username: str | None = None
    person: Account | None = None
    statuses: dict[int, Status] = field(default_factory=dict)
    rights: dict[int, frozenset[str]] = field(default_factory=dict)  # of administrators of a channel
    messages: "dict[int, Message]" = field(default_factory=dict)
    next_id: int = 1
    started: bool = False
    blocked: bool = False
    migrated_to: int | None = None
    keyboard: Markup | None = None
    topics: set[int] = field(default_factory=set)
    keyboard_hidden: bool = False
    actions: list[str] = field(default_factory=list)
    journal: list[str] = field(default_factory=list)
    forum: Forum | None = None

    def to_json(self) -> Json:
        """A Chat object."""
        names: Json = {"title": self.title, "username": self.username, "is_forum": self.forum is not None}
        if self.person:
            person = self.person
            names = {
                "first_name": person.first_name,
                "last_name": person.last_name,
                "username": person.username,
            }
        return {"id": self.id, "type": self.kind} | {key: value for key, value in names.items() if value}

    def status(self, account: Account) -> Status:
        """Status of an account in this chat."""
        return self.statuses.get(account.id, "left")


@dataclass(eq=False, slots=True)
class Message:
    """One message; `extra` holds the fields of its kind (photo, sticker, forward_origin...).

    An ephemeral one has the id 0, and an `ephemeral_id` and a `receiver`. It came `at` this
    time, below message `after`.
    """

    id: int
    chat: Chat | None
    sender: Account
    date: int
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    markup: Markup | None = None
    extra: Json = field(default_factory=dict)
    reply_to: "Message | None" = None
    file: bytes | None = None
    edits: int = 0
    edit_date: int | None = None
    inline_id: str | None = None
    topic: int | None = None
    effect: str = ""
    ephemeral_id: int | None = None
    receiver: Account | None = None
    after: int = 0
    at: float = 0.0

    @property
    def position(self) -> tuple[int, int]:
        """Place in the chat, as everyone sees it who sees the message."""
        return (self.id, 0) if self.ephemeral_id is None else (self.after, self.ephemeral_id)

    @property
    def is_media(self) -> bool:
        """True if the text is the caption of a file."""
        kinds = ("photo", "document", "voice", "video", "audio", "animation", "paid_media", "live_photo")
        return any(kind in self.extra for kind in kinds)

    @property
    def reply_markup(self) -> Markup | None:
        """The inline keyboard under the message."""
        return self.markup if self.markup and "inline_keyboard" in self.markup else None

    def as_text(self) -> str:
        """The message as a person reads it: author, words, buttons in their rows."""
        return rendering.as_text(self)

    def content(self) -> tuple[str, list[Entity], Markup | None]:
        """Content that an edit is compared with."""
        return self.text, self.entities, self.reply_markup

    def to_json(self, *, with_reply: bool = True) -> Json:
        """A Message object."""
        assert self.chat is not None
        body: Json = {"message_id": self.id, "date": self.date, "chat": self.chat.to_json()}
        if self.chat.kind == "channel":  # posts name their channel alone
            body |= {"sender_chat": self.chat.to_json()} | self.extra
        else:
            body |= {"from": self.sender.to_json()} | self.extra
        text, entities = ("caption", "caption_entities") if self.is_media else ("text", "entities")
        optional: Json = {text: self.text, entities: self.entities, "edit_date": self.edit_date}
        optional["reply_markup"] = self.reply_markup
        if self.receiver:
            body |= {"ephemeral_message_id": self.ephemeral_id, "receiver_user": self.receiver.to_json()}
        optional["effect_id"] = self.effect
        if self.topic is not None:
            optional |= {"message_thread_id": self.topic, "is_topic_message": True}
        if with_reply and self.reply_to:
            optional["reply_to_message"] = self.reply_to.to_json(with_reply=False)
        return body | {key: value for key, value in optional.items() if value}


@dataclass(eq=False, slots=True)
class Tap:
    """A press of a callback button, and what the bot answered to it."""

    id: str
    person: Account
    message: Message
    data: str
    answers: list[Json] = field(default_factory=list)
    expired: bool = False
    at: float = 0.0

    @property
    def text(self) -> str:
        """The words that the bot showed over the chat; empty where it showed none."""
        return str(self.answers[-1].get("text", "")) if self.answers else ""

    @property
    def url(self) -> str:
        """The address that the bot opened; empty where it opened none."""
        return str(self.answers[-1].get("url", "")) if self.answers else ""

    @property
    def is_alert(self) -> bool:
        """True if those words came as an alert."""
        return bool(self.answers and self.answers[-1].get("show_alert"))

    def to_json(self) -> Json:
        """A CallbackQuery object."""
        body: Json = {"id": self.id, "from": self.person.to_json(), "data": self.data}
        body["chat_instance"] = str(self.message.chat.id if self.message.chat else self.message.inline_id)
        if self.message.chat is None:
            return body | {"inline_message_id": self.message.inline_id}
        return body | {"message": self.message.to_json()}


@dataclass(eq=False, slots=True)
class InlineQuery:
    """Text that a person typed after the bot's name, and the results that the bot offered."""

    id: str
    person: Account
    query: str
    answer: Json | None = None


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One call as it reached the server, and how it ended (status 0: the connection was dropped)."""

    method: str
    params: Json
    status: int
    description: str = ""
