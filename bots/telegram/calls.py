"""The everyday Bot API calls, with plain values.

The library's own methods turn every keyboard, entity and answer into an object, which costs more than the transport and
the limiter together. We need only a message's number and chat from an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bots.common.json_object import JsonObject
from bots.papers.data_page import DataFile
from bots.papers.pictures import PictureFile
from bots.telegram.limiter import SPARE, Limiter, Sending
from bots.telegram.renderer import TelegramMessage
from bots.telegram.transport import AiohttpRequest
from bots.telegram.upload import FileBody
from core.text.truncation import truncate

LONGEST_CAPTION = 1024 // 2  # in characters, one of which may count twice


@dataclass(frozen=True)
class Calls:
    """Sends, edits and answers for one bot. Raises telegram.error.TelegramError as the library's methods do.

    `root` is the address of the Bot API with the token in it, as the library's `base_url`.
    """

    request: AiohttpRequest
    limiter: Limiter
    root: str

    async def send(
        self,
        chat: int,
        message: TelegramMessage,
        sending: Sending | None = None,
        *,
        thread: int | None = None,
        reply_to: int | None = None,
        effect: str = "",
    ) -> JsonObject:
        """Send a message to a chat, or to one of its topics; returns the message as Telegram stored it.

        `effect` is the id of an effect, which only private chats show. Raises BadRequest if the message to `reply_to`
        is gone.
        """
        values = _address(chat, thread) | message.content()
        if effect:
            values["message_effect_id"] = effect
        if reply_to is not None:
            values["reply_parameters"] = {"message_id": reply_to}
        sent: JsonObject = await self._call("sendMessage", values, sending)
        return sent

    async def send_rich(
        self, chat: int, rich_message: JsonObject, sending: Sending | None = None, *, thread: int | None = None
    ) -> None:
        """Send a rich message, an InputRichMessage of the Bot API."""
        await self._call("sendRichMessage", _address(chat, thread) | {"rich_message": rich_message}, sending)

    async def send_photo(
        self, chat: int, picture: PictureFile, sending: Sending | None = None, *, thread: int | None = None,
    ) -> None:  # fmt: skip
        """Send a picture with a caption."""
        values = _address(chat, thread) | {"caption": truncate(picture.words, LONGEST_CAPTION)}
        await self._call_with("sendPhoto", FileBody(values, "photo", picture.name, picture.content), sending)

    async def send_data(
        self, chat: int, file: DataFile, sending: Sending | None = None, *, thread: int | None = None,
    ) -> None:  # fmt: skip
        """Send a file that is only in memory, with a caption."""
        values = _address(chat, thread) | {"caption": truncate(file.words, LONGEST_CAPTION)}
        await self._call_with("sendDocument", FileBody(values, "document", file.name, file.content), sending)

    async def send_document(self, chat: int, file: Path, sending: Sending | None = None) -> None:
        """Send a file under its own name."""
        await self._call_with("sendDocument", FileBody({"chat_id": chat}, "document", file.name, path=file), sending)

    async def edit(self, chat: int, number: int, message: TelegramMessage, sending: Sending | None = None) -> None:
        """Replace the content of a message."""
        await self._call(
            "editMessageText", {"chat_id": chat, "message_id": number, **message.content(edits=True)}, sending
        )

    async def take_keyboard(self, chat: int, number: int) -> None:
        """Remove a message's buttons, when nothing else is to be sent to the chat."""
        await self._call("editMessageReplyMarkup", {"chat_id": chat, "message_id": number}, SPARE)

    async def answer_tap(self, query: str, words: str = "", url: str = "") -> None:
        """Let a tapped button stop waiting; `words`, if any, open as a dialog, and `url` opens a chat with the bot."""
        values: JsonObject = {"callback_query_id": query} | ({"url": url} if url else {})
        await self._call("answerCallbackQuery", {**values, "text": words, "show_alert": True} if words else values)

    async def chat(self, chat: int) -> JsonObject:
        """The title and the type of a group or a channel that the bot is in."""
        found: JsonObject = await self._call("getChat", {"chat_id": chat})
        return found

    async def member(self, chat: int, user: int) -> JsonObject:
        """The status and the rights of a member; in a channel, the bot must be an administrator to ask."""
        found: JsonObject = await self._call("getChatMember", {"chat_id": chat, "user_id": user})
        return found

    async def administrators(self, chat: int) -> frozenset[int]:
        """The ids of a group's administrators; Telegram may not tell a bot about other members."""
        members: list[JsonObject] = await self._call("getChatAdministrators", {"chat_id": chat})
        return frozenset(member["user"]["id"] for member in members)

    async def answer_inline(
        self, query: str, results: Sequence[JsonObject], button: JsonObject, cache_seconds: int, further: str
    ) -> None:
        """Offer results, and a button above them, to a person who typed the bot's name.

        Telegram caches them for this person only. When they scroll down, it asks for the results from `further` on,
        unless that is empty.
        """
        values = {"inline_query_id": query, "results": results, "cache_time": cache_seconds, "is_personal": True}
        await self._call("answerInlineQuery", values | {"button": button, "next_offset": further})

    async def edit_inline(self, message: str, content: TelegramMessage, sending: Sending | None = None) -> None:
        """Replace the content of a message that someone sent with inline mode."""
        values = {"inline_message_id": message, **content.content(edits=True)}
        await self._call("editMessageText", values, sending)

    async def post(self, method: str, values: JsonObject, sending: Sending | None = None) -> Any:
        """Any other method, with plain values; returns its result."""
        return await self._call(method, values, sending)

    async def _call_with(self, method: str, body: FileBody, sending: Sending | None) -> Any:
        address = f"{self.root}/{method}"
        return await self.limiter.process_request(
            self.request.post_file, (address, body), {}, method, body.values, sending
        )

    async def _call(self, method: str, values: JsonObject, sending: Sending | None = None) -> Any:
        address = f"{self.root}/{method}"
        return await self.limiter.process_request(
            self.request.post_json, (address, values), {}, method, values, sending
        )


def _address(chat: int, thread: int | None) -> JsonObject:
    """The parameters for a chat, or for one of its topics."""
    return {"chat_id": chat} | ({} if thread is None else {"message_thread_id": thread})
