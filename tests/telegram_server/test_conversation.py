"""A whole bot against the server: polling, buttons, groups, inline mode, blocking, a webhook."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    Update,
)
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bots.telegram.transport import AiohttpRequest
from tests.telegram_server import Tap, TelegramServer

SIGN = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("✍️ Sign", callback_data="sign")],
        [InlineKeyboardButton("Read", url="https://example.org/letter")],
    ]
)

Context = ContextTypes.DEFAULT_TYPE


async def on_start(update: Update, _context: Context) -> None:
    assert update.message
    await update.message.reply_html("<b>Stop it</b>", reply_markup=SIGN)


async def on_tap(update: Update, _context: Context) -> None:
    assert update.callback_query
    await update.callback_query.answer("Thank you")
    await update.callback_query.edit_message_text("Signed.")


async def on_text(update: Update, _context: Context) -> None:
    message = update.effective_message
    assert message
    kind = "forwarded" if message.forward_origin else "edited" if update.edited_message else "said"
    what = next((name for name in ("sticker", "voice", "contact", "photo") if getattr(message, name)), "")
    await message.reply_text(f"{kind} {what or message.text}")


async def on_inline(update: Update, _context: Context) -> None:
    assert update.inline_query
    content = InputTextMessageContent("Sign this")
    article = InlineQueryResultArticle("1", update.inline_query.query, content, reply_markup=SIGN)
    await update.inline_query.answer([article])


async def on_membership(update: Update, context: Context) -> None:
    assert update.my_chat_member
    context.bot_data["status"] = update.my_chat_member.new_chat_member.status


def handlers(app: "Application[Any, Any, Any, Any, Any, Any]") -> None:
    app.add_handlers(
        [
            CommandHandler("start", on_start),
            CallbackQueryHandler(on_tap),
            InlineQueryHandler(on_inline),
            ChatMemberHandler(on_membership),
            MessageHandler(filters.ALL, on_text),
        ]
    )


@pytest.fixture
async def app(server: TelegramServer) -> AsyncIterator["Application[Any, Any, Any, Any, Any, Any]"]:
    built = (
        ApplicationBuilder()
        .token(server.token)
        .base_url(server.base_url)
        .request(AiohttpRequest())
        .get_updates_request(AiohttpRequest(connections=1))
        .build()
    )
    handlers(built)
    assert built.updater
    async with built:
        await built.updater.start_polling(allowed_updates=Update.ALL_TYPES)
        await built.start()
        server.wait_also(built.update_queue.join)
        yield built
        await built.updater.stop()
        await built.stop()


@pytest.mark.usefixtures("app")
async def test_a_person_signs(server: TelegramServer) -> None:
    anna = server.person(11, "Anna", "Berg")
    chat = anna.private_chat()

    await chat.send("/start")
    assert chat.last.text == "Stop it"
    assert chat.last.entities == [{"type": "bold", "offset": 0, "length": 7}]
    tap = await chat.press("Sign")

    assert isinstance(tap, Tap)
    assert (tap.text, tap.is_alert) == ("Thank you", False)
    assert (chat.last.text, chat.last.edits, chat.last.reply_markup) == ("Signed.", 1, None)
    assert chat.transcript() == "Anna Berg: /start\n\nUndersign: Signed."
    assert chat.story() == "\n\n".join(
        (
            "Anna Berg: /start",
            "Undersign: Stop it\n  [✍️ Sign]\n  [Read -> https://example.org/letter]",
            "Anna Berg taps [✍️ Sign]",
            "(notice) Thank you",
            "(edited) Undersign: Signed.",
        )
    )


@pytest.mark.usefixtures("app")
async def test_everything_a_person_can_post_reaches_the_bot(server: TelegramServer) -> None:
    anna = server.person(11, "Anna")
    chat = anna.private_chat()

    message = await chat.send("hello")
    await chat.edit(message, "hello again")
    await chat.forward("news", anna.account)
    await chat.forward("news", "Ned")
    await chat.sticker()
    await chat.voice()
    await chat.contact()
    await chat.photo("my cat")

    assert [message.text for message in chat.messages if message.sender.is_bot] == [
        "said hello", "edited hello again", "forwarded news", "forwarded news",
        "said sticker", "said voice", "said contact", "said photo",
    ]  # fmt: skip
    assert "Anna: (sticker 👍)" in chat.transcript()
    assert "Anna: (photo) my cat" in chat.transcript().replace("\n ", "")


@pytest.mark.usefixtures("app")
async def test_inline_results_are_sent_elsewhere_and_tapped_there(server: TelegramServer) -> None:
    anna = server.person(11, "Anna")

    results = await anna.inline("rent")
    assert [result["title"] for result in results] == ["rent"]
    message = await anna.choose(results[0])
    tap = await anna.tap(message, "Sign")

    assert (message.text, tap.text) == ("Signed.", "Thank you")


async def test_a_group_shows_the_bot_only_what_is_meant_for_it(
    server: TelegramServer, app: "Application[Any, Any, Any, Any, Any, Any]"
) -> None:
    anna, boris = server.person(11, "Anna"), server.person(12, "Boris")
    group = server.group("Tenants", [boris], admins=[anna], bot="left")
    chat = boris.in_group(group)

    await group.add_bot()
    assert app.bot_data["status"] == "member"
    await chat.send("just talking")
    assert not server.calls("sendMessage")
    await chat.send("/start@undersign_bot")
    assert chat.last.text == "Stop it"
    await group.kick_bot()
    assert app.bot_data["status"] == "kicked"


async def test_blocking_sends_an_update_and_then_no_messages(
    server: TelegramServer, app: "Application[Any, Any, Any, Any, Any, Any]"
) -> None:
    chat = server.person(11, "Anna").private_chat()
    await chat.send("/start")

    await chat.block_bot()
    assert app.bot_data["status"] == "kicked"
    await chat.unblock_bot()
    assert app.bot_data["status"] == "member"


@pytest.mark.usefixtures("app")
async def test_a_redelivered_update_comes_once_more(server: TelegramServer) -> None:
    chat = server.person(11, "Anna").private_chat()
    await chat.send("hello")

    server.redeliver(next(iter(server.world.updates.history)))
    await server.settle()

    assert [call.params["text"] for call in server.calls("sendMessage")] == ["said hello"] * 2


async def test_settling_without_a_bot_fails_with_the_reason(server: TelegramServer) -> None:
    server._patience = 0.05
    chat = server.person(11, "Anna").private_chat()

    with pytest.raises(TimeoutError, match=r"updates \[1000\] wait"):
        await chat.send("anybody?")


@pytest.mark.usefixtures("app")
async def test_a_bot_that_cannot_be_asked_is_idle_after_a_silence(server: TelegramServer) -> None:
    server._also.clear()
    chat = server.person(11, "Anna").private_chat()

    await chat.send("/start")
    await chat.press("Sign")

    assert chat.last.text == "Signed."


async def test_a_pressed_button_must_exist(server: TelegramServer) -> None:
    chat = server.person(11, "Anna").private_chat()

    with pytest.raises(LookupError, match="no message has a button 'Sign'"):
        await chat.press("Sign", wait=False)
