"""QR codes of links, as pictures to scan from a screen or from paper."""

from __future__ import annotations

from itertools import groupby, product

import zxingcpp

from bots.papers.typesetting import set_png

SIDE = 800  # pixels, roughly
QUIET_ZONE = 4  # modules of white around it, as ISO/IEC 18004 requires
_MASK = 2  # for links like ours, its penalty is 3% above that of the best mask of each
_SVG = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
    '<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path stroke="#000" d="{path}"/></svg>\n'
)


def draw_qr(link: str, words: str, locale: str) -> bytes:
    """A PNG of the link as a QR code, black on white, with `words` (such as the link in readable form) below it.

    Error correction M: it can be read with 15% of it damaged. Every module is a whole number of pixels.

    Raises:
        ValueError: the link is longer than a QR code can hold (about 2,300 bytes).
    """
    rows = _rows(link)
    values = {"rows": [list(row) for row in rows], "quiet": QUIET_ZONE, "words": words}
    scale = max(SIDE // (len(rows) + 2 * QUIET_ZONE), 2)
    return set_png("qr.typ", values, locale, scale)


def draw_qr_svg(link: str) -> bytes:
    """An SVG of the link as a QR code, black on white, that scales to any size.

    All have the same mask, since comparing eight takes most of the time (ISO/IEC 18004, 7.8.3), and a page may ask for
    one for each label. Readers take any of them.

    Raises:
        ValueError: the link is longer than a QR code can hold (about 2,300 bytes).
    """
    rows = _rows(link, dataMask=_MASK)
    lines = (
        f"M{QUIET_ZONE} {y}.5" + "".join([_STROKES[row[x : x + 8]] for x in range(0, len(row), 8)])
        for y, row in enumerate(rows, QUIET_ZONE)
    )
    return _SVG.format(side=len(rows) + 2 * QUIET_ZONE, path="".join(lines)).encode()


def _rows(link: str, **options: int) -> list[bytes]:
    """The modules of each row, each 0 if it is dark and 255 if it is light."""
    code = zxingcpp.create_barcode(link, zxingcpp.BarcodeFormat.QRCode, ecLevel="M", **options)
    image = code.to_image(add_quiet_zones=False)
    side, modules = image.shape[1], bytes(image)  # type: ignore[call-overload]  # a buffer, which its stubs leave out
    return [modules[start : start + side] for start in range(0, len(modules), side)]


def _stroke(modules: bytes) -> str:
    """A line through dark modules that leaves out the light ones, as a part of an SVG path."""
    runs = ((value, len(list(run))) for value, run in groupby(modules))
    return "".join(f"m{length} 0" if value else f"h{length}" for value, length in runs)


_STROKES = {modules: _stroke(modules) for size in range(1, 9) for modules in map(bytes, product((0, 255), repeat=size))}
"""The strokes of any eight modules, and of the fewer at the end of a row."""
