"""Topics of a supergroup that is a forum, and what Telegram refuses in them."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.telegram_server.errors import bad_request
from tests.telegram_server.params import Params

if TYPE_CHECKING:
    from tests.telegram_server.state import Chat

GENERAL = 1  # the topic that no message names


@dataclass(eq=False, slots=True)
class Topic:
    """A topic; nobody but administrators may write in a closed one."""

    name: str
    closed: bool = False


@dataclass(eq=False, slots=True)
class Forum:
    """The topics of a group by the id of the message that began them; a deleted one is gone with its messages."""

    topics: dict[int, Topic] = field(default_factory=lambda: {GENERAL: Topic("General")})

    def open_topic(self, number: int, name: str) -> int:
        """Begin a topic; returns its id."""
        self.topics[number] = Topic(name)
        return number

    def delete(self, chat: "Chat", thread: int) -> None:
        """Delete a topic and everything in it."""
        del self.topics[thread]
        for number in [number for number, each in chat.messages.items() if thread_of(each.extra) == thread]:
            del chat.messages[number]


def thread_of(extra: dict[str, Any]) -> int:
    """The topic of a message."""
    return int(extra.get("message_thread_id", GENERAL))


def in_thread(thread: int | None) -> dict[str, Any]:
    """The fields of a message in a topic; those in General have none."""
    return {} if thread in (None, GENERAL) else {"message_thread_id": thread, "is_topic_message": True}


def named_thread(chat: "Chat", params: Params, *, is_admin: bool) -> dict[str, Any]:
    """The fields of the bot's message in the topic that a call names; raises a 400 if it may not write there."""
    thread = params.integer("message_thread_id")
    if chat.kind == "private":
        return {}
    topics = chat.forum.topics if chat.forum else {}
    if thread is not None and (thread == GENERAL or thread not in topics):
        raise bad_request("message thread not found")
    if topics and topics[thread or GENERAL].closed and not is_admin:
        raise bad_request("TOPIC_CLOSED")
    return in_thread(thread)
