"""The fake server takes and refuses rich messages as the official description says."""

from __future__ import annotations

from typing import Any

import pytest

from tests.telegram_server import TelegramServer, rich
from tests.telegram_server.conftest import Call
from tests.telegram_server.errors import ApiError

Json = dict[str, Any]


def paragraph(text: Any = "x") -> Json:
    return {"type": "paragraph", "text": text}


def nested(levels: int) -> Json:
    block = paragraph()
    for _ in range(levels):
        block = {"type": "blockquote", "blocks": [block]}
    return block


MARK = {"type": "reference_link", "text": "1", "reference_name": "n"}
NOTE = {"type": "reference", "text": "words", "name": "n"}


@pytest.mark.parametrize(
    "message",
    [
        {"blocks": [paragraph(["a", MARK]), paragraph(NOTE)], "is_rtl": True, "skip_entity_detection": True},
        {"blocks": [{"type": "heading", "text": "x", "size": 6}, {"type": "divider"}]},
        {"blocks": [{"type": "list", "items": [{"blocks": [paragraph()], "value": 2, "type": "1"}]}]},
        {"blocks": [paragraph("x" * 32_768)]},
        {"blocks": [paragraph()] * 500},
        {"blocks": [nested(14)]},
        {"blocks": [paragraph({"type": "bold", "text": {"type": "url", "text": "x", "url": "https://e.org"}})]},
    ],
)
def test_it_takes_what_telegram_takes(message: Json) -> None:
    assert rich.parse(message)["blocks"] == message["blocks"]


@pytest.mark.parametrize(
    "message",
    [
        None,
        {},
        {"blocks": [paragraph()], "html": "<p>x</p>"},
        {"blocks": [paragraph()], "text": "x"},
        {"blocks": []},
        {"blocks": [{"type": "carousel"}]},
        {"blocks": [{"type": "paragraph"}]},
        {"blocks": [paragraph() | {"size": 1}]},
        {"blocks": [paragraph("")]},
        {"blocks": [paragraph({"type": "blink", "text": "x"})]},
        {"blocks": [paragraph({"type": "url", "text": "x", "url": "javascript:x"})]},
        {"blocks": [{"type": "heading", "text": "x", "size": 7}]},
        {"blocks": [{"type": "list", "items": []}]},
        {"blocks": [{"type": "list", "items": [{"blocks": [paragraph()], "type": "z"}]}]},
        {"blocks": [paragraph("x" * 32_769)]},
        {"blocks": [paragraph()] * 501},
        {"blocks": [{"type": "list", "items": [{"blocks": [paragraph()]}] * 250}]},
        {"blocks": [nested(16)]},
        {"blocks": [paragraph(MARK)]},
        {"blocks": [paragraph(NOTE)]},
        {"blocks": [paragraph(MARK), paragraph(NOTE), paragraph(NOTE)]},
    ],
)
def test_it_refuses_what_telegram_refuses(message: Json | None) -> None:
    with pytest.raises(ApiError) as refusal:
        rich.parse(message)
    assert refusal.value.status == 400


async def test_one_edit_turns_plain_into_rich_and_back(server: TelegramServer, call: Call) -> None:
    view = server.person(11, "Anna").private_chat()
    view.chat.started = True
    content = {"blocks": [paragraph("first"), paragraph("second")]}
    sent = await call("sendRichMessage", chat_id=11, rich_message=content)
    message = sent["result"]
    assert message["rich_message"] == content
    assert "text" not in message
    assert "first\n  second" in view.last.as_text()
    view.person.shows_rich = False
    assert view.last.as_text() == f"Undersign: {rich.UNSUPPORTED}"
    where = {"chat_id": 11, "message_id": message["message_id"]}
    assert "not modified" in (await call("editMessageText", **where, rich_message=content))["description"]
    both = await call("editMessageText", **where, rich_message=content, text="x")
    assert both["description"] == "Bad Request: exactly one of text and rich_message must be specified"
    plain = (await call("editMessageText", **where, text="plain"))["result"]
    assert (plain["text"], "rich_message" in plain) == ("plain", False)
    rich_again = (await call("editMessageText", **where, rich_message=content))["result"]
    assert ("text" in rich_again, rich_again["rich_message"]) == (False, content)
