"""Messages with pictures or a file, and the body of a call: JSON, or multipart if it includes any."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import TypeAlias

import discord
from discord.http import MultipartParameters

from bots.common.json_object import JsonObject
from bots.discord.message import DiscordMessage
from bots.discord.renderer import DiscordRenderer
from bots.papers.data_page import DataFile
from bots.papers.pictures import Painter, PictureFile
from core.conversation.screen import View
from core.messages import Message

Attachments: TypeAlias = tuple[PictureFile | DataFile, ...]


async def draw(
    renderer: DiscordRenderer, view: View, *, offers_post: bool = False, label: str = ""
) -> DiscordMessage:  # fmt: skip
    """The message that shows a screen, with its pictures; `label` as for the renderer."""
    pictures = await Painter(renderer.catalog, renderer.links.counted).draw_in_thread(view)
    return replace(renderer.render(view, offers_post=offers_post, label=label), pictures=pictures)


async def data_message(renderer: DiscordRenderer, view: View) -> DiscordMessage:
    """The message with a signer's file, which no later screen replaces; or an apology."""
    file = await Painter(renderer.catalog, renderer.links.anywhere).file_in_thread(view)
    return DiscordMessage.plain(file.words, file=file) if file else data_apology(renderer, view)


def data_apology(renderer: DiscordRenderer, view: View) -> DiscordMessage:
    """The message that says sorry for a file that was not sent."""
    return DiscordMessage.plain(renderer.catalog.words(Message("notice.data_failed"), view.locale))


def parameters(body: JsonObject, attachments: Attachments = ()) -> MultipartParameters:
    """The body of a call with the message's content and its attachments. Use it for one attempt only."""
    if not attachments:
        return MultipartParameters(body, None, None)
    files = [discord.File(io.BytesIO(one.content), one.name) for one in attachments]
    parts: list[JsonObject] = [{"name": "payload_json", "value": json.dumps(body)}]
    for number, (file, one) in enumerate(zip(files, attachments, strict=True)):
        parts.append(
            {"name": f"files[{number}]", "value": file.fp, "filename": file.filename, "content_type": one.media_type}
        )
    return MultipartParameters(None, parts, files)
