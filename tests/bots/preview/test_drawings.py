"""Messages become the HTML that readers of a platform see; only links of the petition's own work."""

from __future__ import annotations

from discord import ButtonStyle

from bots.discord.message import SECTION, SEPARATING, DiscordMessage, shown_text, tappable
from bots.preview import discord
from bots.preview.discord import markdown
from bots.preview.telegram import draw_message
from bots.telegram.renderer import TelegramMessage

OWN = "https://courier.example.org/elms?a=1&b=2"


def test_markdown_is_shown_as_discord_shows_it() -> None:
    shown = markdown("## Title\n-# **bold** \\*plain\\* <tag>")
    assert shown == "<h4>Title</h4><small><b>bold</b> *plain* &lt;tag&gt;</small>"


def test_words_to_copy_are_shown_as_code() -> None:
    assert markdown('`` "Shade*" "The Gazette" ``') == '<div><code>"Shade*" "The Gazette"</code></div>'
    message = TelegramMessage('"Shade"', ({"type": "code", "offset": 0, "length": 7},))
    assert draw_message(message) == '<div class="words"><code>&quot;Shade&quot;</code></div>'


def test_only_links_of_the_petition_itself_work() -> None:
    escaped = OWN.replace("&", "&amp;")
    link = f'<a href="{escaped}" target="_blank" rel="noopener noreferrer">elms</a>'
    assert markdown(f"[elms](<{OWN}>)", {OWN}) == f"<div>{link}</div>"
    assert markdown("[elms](<https://t.me/x>)", {OWN}) == "<div><u>elms</u></div>"
    message = TelegramMessage("𝔸 elms", ({"type": "text_link", "offset": 3, "length": 4, "url": OWN},))
    assert draw_message(message, {OWN}) == f'<div class="words">𝔸 {link}</div>'
    assert draw_message(message) == '<div class="words">𝔸 <u>elms</u></div>'


def test_a_section_has_its_button_and_a_petition_its_color() -> None:
    button = tappable("[1]", "s1..elms", ButtonStyle.secondary)
    section = {"type": SECTION, "components": [shown_text("They refused.")], "accessory": button}
    shown = discord.draw_message(DiscordMessage((section, SEPARATING), accent=0x0F8F8F))
    words = '<div><div class="words"><div>They refused.</div></div></div>'
    inside = f'<div class="section">{words}<span class="button">[1]</span></div><hr>'
    assert shown == f'<div class="edge" style="border-color: #0f8f8f">{inside}</div>'
