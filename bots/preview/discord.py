"""Draws Discord's messages and forms as HTML, from the very components that the renderer makes."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from html import escape, unescape

from discord import ButtonStyle

from bots.common.json_object import JsonObject
from bots.discord.forms import form_prompts
from bots.discord.message import BUTTON, MENU, ROW, SECTION, SEPARATOR, TEXT, DiscordMessage
from bots.discord.renderer import DiscordRenderer
from bots.preview.html import button, button_link, button_row, link
from core.conversation.screen import Prompt, View
from core.platforms import Platform

_LINES = (("## ", "h4"), ("### ", "h5"), ("-# ", "small"), ("&gt; ", "blockquote"))
_CODE = re.compile("`` (.+) ``")
_LOOKS = {style.value: style.name for style in (ButtonStyle.primary, ButtonStyle.success, ButtonStyle.danger)}


@dataclass(frozen=True)
class DiscordChat:
    """Messages on Discord that only one person sees, and the server that gets the card."""

    renderer: DiscordRenderer
    own: Collection[str] = ()
    name = "Discord"
    has_forms = True
    platform = Platform.DISCORD

    def greeting(self, locale: str) -> str:  # noqa: ARG002
        """Nothing, since nothing comes before the first screen."""
        return ""

    def draw(self, view: View) -> str:
        """A screen for one person."""
        return draw_message(self.renderer.render(view), self.own)

    def asks(self, view: View) -> Sequence[Prompt]:
        """The questions of the form for a screen."""
        return form_prompts(view.screen)

    def question(self, view: View) -> str:
        """The form for a screen, or the screen if it has none."""
        modal = self.renderer.form(view)
        return draw_form(modal) if modal else self.draw(view)

    def card(self, view: View, label: str) -> str:
        """A post in a server."""
        return draw_message(self.renderer.card(view, label), self.own)


def draw_message(message: DiscordMessage, own: Collection[str] = ()) -> str:
    """A message with its rows, and what screen readers say of its pictures; only links of the petition's `own` work."""
    drawn = "".join(_part(part, own) for part in (*message.body, *message.rows))
    if message.accent is None:
        return drawn
    return f'<div class="edge" style="border-color: #{message.accent:06x}">{drawn}</div>'


def _part(part: JsonObject, own: Collection[str]) -> str:
    if part["type"] == ROW:
        return _row(part["components"], own)
    if part["type"] == SECTION:
        texts = "".join(_part(text, own) for text in part["components"])
        return f'<div class="section"><div>{texts}</div>{_button(part["accessory"], own)}</div>'
    if part["type"] == SEPARATOR:
        return "<hr>"
    return f'<div class="words">{markdown(part["content"], own)}</div>'


def _row(components: Sequence[JsonObject], own: Collection[str]) -> str:
    if components[0]["type"] == MENU:
        options = "".join(f"<li>{escape(one['label'])}</li>" for one in components[0]["options"])
        return f'<div class="menu">{escape(components[0]["placeholder"])} ▾<ul>{options}</ul></div>'
    return button_row(_button(one, own) for one in components if one["type"] == BUTTON)


def _button(component: JsonObject, own: Collection[str]) -> str:
    url = component.get("url")
    if url:
        return button_link(component["label"], url, own)
    return button(component["label"], _LOOKS.get(component["style"], ""))


def markdown(text: str, own: Collection[str] = ()) -> str:
    """Discord's Markdown as Discord shows it, as far as the renderer uses it."""
    return "".join(_line(escape(line, quote=False), own) for line in text.split("\n"))


def _line(line: str, own: Collection[str]) -> str:
    def linked(found: re.Match[str]) -> str:
        return link(unescape(found[2]), found[1], own)

    if found := _CODE.fullmatch(line):
        return f"<div><code>{found[1]}</code></div>"
    tag, line = next(((tag, line.removeprefix(mark)) for mark, tag in _LINES if line.startswith(mark)), ("div", line))
    line = re.sub(r"(?<!\\)\*\*(.+?)(?<!\\)\*\*", r"<b>\1</b>", line)
    line = re.sub(r"(?<!\\)\*(.+?)(?<!\\)\*", r"<i>\1</i>", line)
    line = re.sub(r"(?<!\\)\[(.+?)\]\(&lt;(.+?)&gt;\)", linked, line)
    line = re.sub(r"\\([^\w\s])", r"\1", line)
    return f"<{tag}>{line or '&nbsp;'}</{tag}>"


def draw_form(modal: JsonObject) -> str:
    """A form, with its answers and examples."""
    fields = "".join(_field(one) for one in modal["components"])
    return f'<div class="form"><h4>{escape(modal["title"])}</h4>{fields}</div>'


def _field(field: JsonObject) -> str:
    if field["type"] == TEXT:
        return f'<div class="words">{markdown(field["content"])}</div>'
    inside = field["component"]
    options = "".join(f"<li>{_option(one)}</li>" for one in inside.get("options", []))
    needed = " *" if inside["required"] else ""
    given = f"<ul>{options}</ul>" if options else _input(inside)
    return f"<b>{escape(field['label'])}{needed}</b><small>{escape(field.get('description', ''))}</small>{given}"


def _option(option: JsonObject) -> str:
    about = option.get("description", "")
    return escape(option["label"]) + (f"<small>{escape(about)}</small>" if about else "")


def _input(component: JsonObject) -> str:
    """A box with the earlier answer, or else the example."""
    if "value" in component:
        return f'<div class="input">{escape(component["value"])}</div>'
    return f'<div class="input example">{escape(component.get("placeholder", ""))}&nbsp;</div>'
