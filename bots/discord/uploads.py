"""Messages with pictures, and the body of a call: JSON, or multipart if it includes pictures."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import TypeAlias

import discord
from discord.http import MultipartParameters

from bots.common.json_object import JsonObject
from bots.discord.renderer import DiscordMessage, DiscordRenderer
from bots.papers.pictures import Painter, PictureFile
from core.conversation.screen import View

Attachments: TypeAlias = tuple[PictureFile, ...]


async def draw(renderer: DiscordRenderer, view: View, *, in_company: bool = False) -> DiscordMessage:
    """The message that shows a screen, with its pictures."""
    pictures = await Painter(renderer.catalog, renderer.links.anywhere).draw_in_thread(view)
    return replace(renderer.render(view, in_company=in_company), pictures=pictures)


def parameters(body: JsonObject, pictures: Attachments = ()) -> MultipartParameters:
    """The body of a call with the message's content and its pictures. Use it for one attempt only."""
    if not pictures:
        return MultipartParameters(body, None, None)
    files = [discord.File(io.BytesIO(picture.content), picture.name) for picture in pictures]
    parts: list[JsonObject] = [{"name": "payload_json", "value": json.dumps(body)}]
    for number, file in enumerate(files):
        parts.append(
            {"name": f"files[{number}]", "value": file.fp, "filename": file.filename, "content_type": "image/png"}
        )
    return MultipartParameters(None, parts, files)
