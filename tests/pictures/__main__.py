"""Renews the pictures in docs/pictures: `make pictures`."""

from __future__ import annotations

import asyncio
import sys

from tests.pictures.album import FOLDER, PAGE, chats
from tests.pictures.page import page_picture


async def main() -> int:
    """Draw all of them; the page needs Chromium."""
    for name, picture in (await chats()).items():
        (FOLDER / name).write_text(picture, encoding="utf-8")
    page = await page_picture()
    if page is None:
        print(f"{PAGE} is as it was: there is no Chromium (apt-get install chromium)", file=sys.stderr)
        return 1
    (FOLDER / PAGE).write_bytes(page)
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
