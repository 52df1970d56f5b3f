"""Paints the SVG of a QR code, so that it can be read as from a screen."""

from __future__ import annotations

import re

from PIL import Image

PIXELS = 8  # of a module's side


def painted(svg: str) -> Image.Image:
    """The modules drawn as one path: moves, and horizontal lines of whole modules."""
    size = int(svg.partition('viewBox="0 0 ')[2].split()[0])
    picture = Image.new("L", (size, size), 255)
    path = svg.rpartition(' d="')[2].partition('"')[0]
    x = y = 0.0
    for kind, first, second in re.findall(r"([Mmh])([\d.-]+)(?: ([\d.-]+))?", path):
        if kind == "h":
            for module in range(int(first)):
                picture.putpixel((int(x) + module, int(y)), 0)
            x += int(first)
        else:
            x, y = (float(first), float(second)) if kind == "M" else (x + float(first), y + float(second))
    return picture.resize((size * PIXELS, size * PIXELS), Image.Resampling.NEAREST)
