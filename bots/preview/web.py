"""Draws pages of the web front as HTML: each in a frame of its own, with its style and without its script."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from html import escape, unescape

_TAG = re.compile(r"<html[^>]*>")
_SCHEME = re.compile(r'<meta name="color-scheme"[^>]*>')
_PRINTED = re.compile(r"@media print \{\n.*?\n\}", re.DOTALL)
_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
_BODY = re.compile(r"<body.*</body>", re.DOTALL)
_LINK = re.compile(r' href="([^"]*)"')
_PICTURE = re.compile(r' src="([^"]*)"')
_ON_PAPER = "@media print { :root { color-scheme: light; print-color-adjust: exact; } }"


def draw_page(
    html: str, style: str, title: str, own: Collection[str] = (), picture: Callable[[str], str] = lambda _: ""
) -> str:
    """A page in a frame. Links within it work, and those of the petition's `own`; any other leads nowhere.

    Every detail is open, and on paper the page has all that it has on a screen. `picture` gives the address of a
    picture that the page shows.
    """
    # Without this base, a link within the page would open the preview itself in the frame.
    head = '<meta charset="utf-8"><base href="about:srcdoc" target="_blank">'
    styles = [f"<style>{_PRINTED.sub(_ON_PAPER, style)}</style>", *_STYLE.findall(html)]
    head += "".join((*_SCHEME.findall(html), *styles))
    (tag,), (body,) = _TAG.findall(html), _BODY.findall(html)
    body = body.replace("<details>", "<details open>")
    body = _LINK.sub(lambda found: _link(found, own), body)
    body = _PICTURE.sub(lambda found: f' src="{picture(unescape(found[1]))}"', body)
    page = f"<!DOCTYPE html>{tag}<head>{head}</head>{body}</html>"
    sandbox = "allow-same-origin allow-popups allow-popups-to-escape-sandbox"
    return f'<iframe title="{escape(title)}" sandbox="{sandbox}" srcdoc="{escape(page)}"></iframe>'


def _link(found: re.Match[str], own: Collection[str]) -> str:
    if found[1].startswith("#"):
        return f'{found[0]} target="_self"'
    return found[0] if unescape(found[1]) in own else ""
