"""A topic of a forum as one person sees and uses it."""

from tests.telegram_server.forum import in_thread, thread_of
from tests.telegram_server.state import Account, Chat, Json, Message
from tests.telegram_server.views import ChatView, Server


class TopicView(ChatView):
    """One person in one topic; the messages are those of the topic alone."""

    def __init__(self, server: Server, person: Account, chat: Chat, thread: int) -> None:
        super().__init__(server, person, chat)
        self.thread = thread

    @property
    def messages(self) -> list[Message]:
        """All messages in the topic, oldest first."""
        return [message for message in super().messages if thread_of(message.extra) == self.thread]

    async def _post(self, extra: Json, text: str = "", reply_to: Message | None = None, *, wait: bool) -> Message:
        return await super()._post(extra | in_thread(self.thread), text, reply_to, wait=wait)
