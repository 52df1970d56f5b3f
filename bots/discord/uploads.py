"""Messages with pictures, and the body of a call: JSON, or multipart where pictures go with it."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import TypeAlias

import discord
from discord.http import MultipartParameters

from bots.discord.renderer import DiscordMessage, DiscordRenderer, Json
from bots.papers.pictures import Painter, PictureFile
from core.conversation.screen import View

Pictures: TypeAlias = tuple[PictureFile, ...]


async def drawn(renderer: DiscordRenderer, shown: View, *, in_company: bool = False) -> DiscordMessage:
    """The message that shows a screen, with its pictures."""
    pictures = await Painter(renderer.catalog, renderer.links.anywhere).drawn(shown)
    return replace(renderer.render(shown, in_company=in_company), pictures=pictures)


def parameters(body: Json, pictures: Pictures = ()) -> MultipartParameters:
    """The body, which holds the message's content, with its pictures; good for one try."""
    if not pictures:
        return MultipartParameters(body, None, None)
    files = [discord.File(io.BytesIO(one.content), one.name) for one in pictures]
    parts: list[Json] = [{"name": "payload_json", "value": json.dumps(body)}]
    for number, file in enumerate(files):
        parts.append(
            {"name": f"files[{number}]", "value": file.fp, "filename": file.filename, "content_type": "image/png"}
        )
    return MultipartParameters(None, parts, files)
