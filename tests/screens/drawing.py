"""HTML that looks enough like each surface: drawn from the very messages that the renderers make."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from html import escape
from itertools import pairwise
from typing import Any

from bots.discord.renderer import BUTTON, MENU, ROW, DiscordMessage
from bots.telegram.renderer import TelegramMessage

_TAGS = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ("<blockquote>", "</blockquote>"),
    "text_link": ("<u>", "</u>"),
}
_LINES = (("## ", "h4"), ("### ", "h5"), ("-# ", "small"), ("&gt; ", "blockquote"))


def telegram(message: TelegramMessage) -> str:
    """A message with its keyboard."""
    rows = "".join(_row(button["text"] for button in row) for row in message.keyboard)
    return f'<div class="words">{_with_entities(message)}</div>{rows}'


def _with_entities(message: TelegramMessage) -> str:
    units = message.text.encode("utf-16-le")
    marks: dict[int, list[str]] = {}
    for one in sorted(message.entities, key=lambda entity: -entity["length"]):
        begin, end = _TAGS[one["type"]]
        marks.setdefault(one["offset"], []).append(begin)
        marks.setdefault(one["offset"] + one["length"], []).insert(0, end)
    places = sorted({0, *marks, len(units) // 2})
    pieces = [units[2 * start : 2 * stop].decode("utf-16-le") for start, stop in pairwise(places)]
    marked = ["".join(sorted(marks.get(place, []), key=lambda tag: tag[1] != "/")) for place in places]
    return "".join(mark + escape(piece) for mark, piece in zip(marked, [*pieces, ""], strict=True))


def discord(message: DiscordMessage) -> str:
    """A message with its rows, and what screen readers say of its pictures."""
    rows = "".join(_component(one) for row in message.rows if row["type"] == ROW for one in [row["components"]])
    return f'<div class="words">{_markdown(message.text)}</div>{rows}'


def _component(components: list[dict[str, Any]]) -> str:
    if components[0]["type"] == MENU:
        options = "".join(f"<li>{escape(one['label'])}</li>" for one in components[0]["options"])
        return f'<div class="menu">{escape(components[0]["placeholder"])} ▾<ul>{options}</ul></div>'
    return _row(one["label"] for one in components if one["type"] == BUTTON)


def _markdown(text: str) -> str:
    return "".join(_markdown_line(escape(line, quote=False)) for line in text.split("\n"))


def _markdown_line(line: str) -> str:
    tag, line = next(((tag, line.removeprefix(mark)) for mark, tag in _LINES if line.startswith(mark)), ("div", line))
    line = re.sub(r"(?<!\\)\*\*(.+?)(?<!\\)\*\*", r"<b>\1</b>", line)
    line = re.sub(r"(?<!\\)\*(.+?)(?<!\\)\*", r"<i>\1</i>", line)
    line = re.sub(r"(?<!\\)\[(.+?)\]\(&lt;.+?&gt;\)", r"<u>\1</u>", line)
    line = re.sub(r"\\([^\w\s])", r"\1", line)
    return f"<{tag}>{line or '&nbsp;'}</{tag}>"


def form(modal: dict[str, Any]) -> str:
    """A form on Discord."""
    fields = "".join(_field(one) for one in modal["components"])
    return f'<div class="form"><h5>{escape(modal["title"])}</h5>{fields}</div>'


def _field(field: dict[str, Any]) -> str:
    inside = field["component"]
    options = "".join(f"<li>{escape(one['label'])}</li>" for one in inside.get("options", []))
    needed = " *" if inside["required"] else ""
    given = f"<ul>{options}</ul>" if options else f'<div class="input">{escape(inside.get("value", ""))}&nbsp;</div>'
    return f"<b>{escape(field['label'])}{needed}</b><small>{escape(field['description'])}</small>{given}"


def plain(text: str) -> str:
    """The output of a terminal."""
    return f"<pre>{escape(text.rstrip())}</pre>"


def page(html: str, style: str) -> str:
    """A page of the web front, in a frame of its own with its style and without its scripts."""
    html = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    words = re.sub(r"<[^>]*>", " ", html.partition("<body")[2])
    html = html.replace("</head>", f"<style>{style}</style></head>").replace('loading="lazy"', "")
    return f'<iframe sandbox="allow-same-origin" srcdoc="{escape(html)}"></iframe><span hidden>{words}</span>'


def picture(content: bytes, words: str = "", kind: str = "png") -> str:
    """A picture, and the words for people who can't see it below."""
    data = base64.b64encode(content).decode()
    shown = f"<figcaption>{escape(words)}</figcaption>" if words else ""
    return f'<figure><img alt="{escape(words)}" src="data:image/{kind};base64,{data}">{shown}</figure>'


def table(rows: Iterable[tuple[str, str]]) -> str:
    """Names and what is said of them, such as commands in a menu."""
    return (
        "<table>"
        + "".join(f"<tr><th>{escape(name)}</th><td>{escape(words)}</td></tr>" for name, words in rows)
        + ("</table>")
    )


def paragraphs(lines: Iterable[str]) -> str:
    """Sentences by themselves."""
    return "".join(_paragraphs(lines))


def _paragraphs(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield f'<div class="words">{escape(line)}</div>'


def _row(labels: Iterable[str]) -> str:
    return '<div class="row">' + "".join(f'<span class="button">{escape(label)}</span>' for label in labels) + "</div>"
