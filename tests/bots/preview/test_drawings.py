"""Messages become the HTML that readers of a platform see; only links of the petition's own work."""

from __future__ import annotations

from bots.preview.discord import markdown
from bots.preview.telegram import draw_message
from bots.telegram.renderer import TelegramMessage

OWN = "https://courier.example.org/elms?a=1&b=2"


def test_markdown_is_shown_as_discord_shows_it() -> None:
    shown = markdown("## Title\n-# **bold** \\*plain\\* <tag>")
    assert shown == "<h4>Title</h4><small><b>bold</b> *plain* &lt;tag&gt;</small>"


def test_only_links_of_the_petition_itself_work() -> None:
    escaped = OWN.replace("&", "&amp;")
    link = f'<a href="{escaped}" target="_blank" rel="noopener noreferrer">elms</a>'
    assert markdown(f"[elms](<{OWN}>)", {OWN}) == f"<div>{link}</div>"
    assert markdown("[elms](<https://t.me/x>)", {OWN}) == "<div><u>elms</u></div>"
    message = TelegramMessage("𝔸 elms", ({"type": "text_link", "offset": 3, "length": 4, "url": OWN},))
    assert draw_message(message, {OWN}) == f'<div class="words">𝔸 {link}</div>'
    assert draw_message(message) == '<div class="words">𝔸 <u>elms</u></div>'
