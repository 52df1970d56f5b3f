"""Holds messages and forms against what the platforms refuse, without a server."""

from __future__ import annotations

import json

from bots.common.json_object import JsonObject
from bots.discord.message import DiscordMessage
from bots.telegram.renderer import TelegramMessage
from core.text.pages import utf16_length
from tests.discord_server.components import ComponentChecker
from tests.discord_server.errors import Form
from tests.discord_server.modals import ModalChecker
from tests.discord_server.schema import fault_in
from tests.telegram_server import keyboards
from tests.telegram_server.entities import check as check_entities

CHANNEL = "/channels/{channel}/messages"
CALLBACK = "/interactions/{interaction}/{token}/callback"
LONGEST_ON_TELEGRAM = 4096


def check_discord(message: DiscordMessage) -> None:
    """Hold a message against the rules of the fake server and Discord's schemas; raises if either refuses it."""
    body, form = message.content(private=True), Form()
    ComponentChecker(form, ()).check(body["components"], layout=True)
    form.refuse()
    assert fault_in(body, "POST", CHANNEL) == ""


def check_form(modal: JsonObject) -> None:
    """Hold a form against the same rules; raises if either refuses it."""
    form = Form()
    ModalChecker(form).check(modal)
    form.refuse()
    assert fault_in({"type": 9, "data": modal}, "POST", CALLBACK) == ""


def check_telegram(message: TelegramMessage) -> None:
    """Hold a message against the limits of Telegram, for text, entities, and keyboard; raises if it breaks one."""
    assert 0 < utf16_length(message.text) <= LONGEST_ON_TELEGRAM
    check_entities(message.text, list(message.entities))
    keyboards.check(json.loads(json.dumps(message.content())).get("reply_markup"))
