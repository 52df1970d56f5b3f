"""Takes a picture of the web page in the system's Chromium, and notes in it which words it shows."""

from __future__ import annotations

import asyncio
import io
import shutil
import tempfile
from pathlib import Path

from justhtml import JustHTML
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo
from playwright.async_api import async_playwright

from storage.vault import Vault
from tests.bots.web.site import served
from tests.pictures.sheet import HEIGHT, WIDTH
from tests.pictures.stories import SIGNED_BEFORE
from tests.world import SALESFORCE, petitions

WORDS = "Words"  # the note's name
_PATH = f"/p/{SALESFORCE}"
_SCALE = 2
_COLORS = 128


async def page_words() -> str:
    """The words of the page as it is now."""
    with tempfile.TemporaryDirectory() as folder:
        async with served(Path(folder), Vault(["k" * 32]), petitions()[SALESFORCE]) as site:
            await site.counts(SIGNED_BEFORE)
            return _words(await site.page(_PATH))


async def page_picture() -> bytes | None:
    """The page on a phone as PNG; None without Chromium."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        async with served(Path(folder), Vault(["k" * 32]), petitions()[SALESFORCE]) as site, async_playwright() as play:
            await site.counts(SIGNED_BEFORE)
            words = _words(await site.page(_PATH))
            browser = await play.chromium.launch(executable_path=chromium, args=["--disable-dev-shm-usage"])
            viewport = {"width": 372, "height": 372 * HEIGHT // WIDTH}
            page = await browser.new_page(viewport=viewport, device_scale_factor=_SCALE, color_scheme="light")  # type: ignore[arg-type]
            await page.goto(site.root + _PATH)
            shot = await page.screenshot()
            await browser.close()
    return await asyncio.to_thread(_framed, shot, words)


def noted_words(picture: Path) -> str:
    """The words that a picture was taken of."""
    with Image.open(picture) as image:
        return str(image.info.get(WORDS, ""))


def _words(html: str) -> str:
    main = JustHTML(html, sanitize=False).query("main")[0]
    return " ".join(str(main.to_text()).split())


def _framed(shot: bytes, words: str) -> bytes:
    """The picture with a phone's corners and edge, in few colours, with the words noted in it."""
    image = (
        Image.open(io.BytesIO(shot)).convert("RGB").resize((WIDTH * _SCALE, HEIGHT * _SCALE), Image.Resampling.LANCZOS)
    )
    edge, radius = 4 * _SCALE, 27 * _SCALE
    framed = Image.new("RGBA", (image.width + 2 * edge, image.height + 2 * edge), (255, 255, 255, 0))
    mask = Image.new("L", framed.size, 0)
    outer = (edge // 2, edge // 2, framed.width - edge // 2 - 1, framed.height - edge // 2 - 1)
    ImageDraw.Draw(mask).rounded_rectangle(outer, radius, fill=255)
    framed.paste((154, 164, 175, 255), (0, 0), mask)
    inside = Image.new("L", image.size, 0)
    ImageDraw.Draw(inside).rounded_rectangle((0, 0, image.width - 1, image.height - 1), radius - _SCALE, fill=255)
    framed.paste(image, (edge, edge), inside)
    note, file = PngInfo(), io.BytesIO()
    note.add_itxt(WORDS, words, zip=True)
    framed.quantize(_COLORS, method=Image.Quantize.FASTOCTREE).save(file, "PNG", optimize=True, pnginfo=note)
    return file.getvalue()
