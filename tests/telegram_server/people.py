"""People and groups, as a test plays them."""

from tests.telegram_server import formatting, membership
from tests.telegram_server.forum import GENERAL, Forum
from tests.telegram_server.params import Params
from tests.telegram_server.state import Account, Chat, InlineQuery, Json, Message, Tap
from tests.telegram_server.topics import TopicView
from tests.telegram_server.views import ChatView, Server, tap


class Group:
    """A group chat; the bot is in it unless the test says otherwise."""

    def __init__(self, server: Server, chat: Chat, owner: Account) -> None:
        self.chat = chat
        self._server = server
        self._owner = owner

    async def add_bot(self, *, admin: bool = False, wait: bool = True) -> None:
        """Let the owner add the bot."""
        membership.change(self._server.world, self.chat, self._owner, "administrator" if admin else "member")
        await self._settled(wait=wait)

    async def kick_bot(self, *, wait: bool = True) -> None:
        """Let the owner throw the bot out."""
        membership.change(self._server.world, self.chat, self._owner, "kicked")
        await self._settled(wait=wait)

    async def upgrade(self, *, wait: bool = True) -> None:
        """Turn into a supergroup; calls to the old id are refused with the new one from now on."""
        self.chat = membership.upgrade(self._server.world, self.chat, self._owner)
        await self._settled(wait=wait)

    def open_topic(self, name: str) -> int:
        """Begin a topic; the group is a forum from now on. Returns the topic's id."""
        assert self.chat.kind == "supergroup"
        self.chat.forum = self.chat.forum or Forum()
        self.chat.next_id = max(self.chat.next_id, GENERAL + 1)
        return self.chat.forum.open_topic(self._server.world.new_message(self.chat, self._owner).id, name)

    def close_topic(self, thread: int) -> None:
        """Let nobody but administrators write in a topic."""
        assert self.chat.forum
        self.chat.forum.topics[thread].closed = True

    def delete_topic(self, thread: int) -> None:
        """Delete a topic with all its messages."""
        assert self.chat.forum
        self.chat.forum.delete(self.chat, thread)

    async def _settled(self, *, wait: bool) -> None:
        if wait:
            await self._server.settle()


class Person:
    """Person with a Telegram account."""

    def __init__(self, server: Server, account: Account) -> None:
        self.account = account
        self._server = server

    def private_chat(self) -> ChatView:
        """The chat with the bot; the bot may write there once the person has."""
        world = self._server.world
        chat = world.chats.setdefault(self.account.id, Chat(self.account.id, "private", person=self.account))
        return ChatView(self._server, self.account, chat)

    async def inline_button(self, words: str) -> Json | None:
        """Type the bot's name and some words; gives the button above the results."""
        await self.inline(words)
        (query,) = list(self._server.world.inline_queries.values())[-1:]
        return query.answer["button"] if query.answer else None

    def in_group(self, group: Group) -> ChatView:
        """A group as this person sees it."""
        return ChatView(self._server, self.account, group.chat)

    def in_topic(self, group: Group, thread: int) -> TopicView:
        """A topic of a group as this person sees it."""
        return TopicView(self._server, self.account, group.chat, thread)

    async def inline(self, words: str) -> list[Json]:
        """Type the bot's name and some words anywhere, and scroll down; gives all results that the bot offers."""
        world = self._server.world
        if not world.inline_mode:
            raise LookupError("the bot has no inline mode")
        found: list[Json] = []
        offset: str | None = ""
        while offset is not None:
            query = InlineQuery(str(world.number()), self.account, words)
            world.inline_queries[query.id] = query
            payload: Json = {"id": query.id, "from": self.account.to_json(), "query": words, "offset": offset}
            world.updates.post("inline_query", payload | {"chat_type": "group"})
            await self._server.settle()
            answer = query.answer or {"results": [], "next_offset": ""}
            found += answer["results"]
            offset = answer["next_offset"] or None
        return found

    async def choose(self, result: Json, query: str = "", *, wait: bool = True) -> Message:
        """Send one of the inline results into some chat that the bot does not see."""
        world = self._server.world
        inline_id = f"AgAAAinline-{world.number()}"
        content = Params(result["input_message_content"])
        text, entities = formatting.message_text(content, "message_text")
        message = Message(0, None, self.account, world.now(), text, entities, result.get("reply_markup"))
        message.inline_id = inline_id
        world.inline_messages[inline_id] = message
        payload: Json = {"result_id": result["id"], "from": self.account.to_json(), "query": query}
        if message.reply_markup:  # the id of any other message is of no use
            payload["inline_message_id"] = inline_id
        if world.inline_feedback:
            world.updates.post("chosen_inline_result", payload)
        if wait:
            await self._server.settle()
        return message

    async def tap(self, message: Message, words: str, *, wait: bool = True) -> Tap:
        """Press a button of an inline message."""
        return await tap(self._server, self.account, message, words, wait=wait)

    def go_offline(self) -> None:
        """Lose the connection: ephemeral messages sent from now on never arrive."""
        self.account.offline = True

    def come_back(self) -> None:
        """Get the connection back."""
        self.account.offline = False

    def restart_app(self) -> None:
        """Start the app again, which forgets the ephemeral messages that it showed."""
        for (_, person), inbox in self._server.world.inboxes.items():
            if person == self.account.id:
                inbox.shown.clear()

    def deactivate(self) -> None:
        """Delete the account."""
        self.account.deactivated = True
