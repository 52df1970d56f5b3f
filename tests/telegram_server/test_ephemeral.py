"""The server sends ephemeral messages as Bot API 10.3 describes them, and refuses what that refuses."""

from __future__ import annotations

from typing import Any

import pytest

from tests.telegram_server import ChatView, Group, Message, Person, Tap, TelegramServer
from tests.telegram_server.conftest import Call

KEYBOARD = {"inline_keyboard": [[{"text": "Sign", "callback_data": "sign"}]]}


@pytest.fixture
def group(server: TelegramServer) -> Group:
    """A group with two members."""
    return server.group("Tenants", [server.person(7, "Suzie"), server.person(8, "Omar")], supergroup=True)


@pytest.fixture
def suzie(server: TelegramServer, group: Group) -> ChatView:
    """The group, as one of them sees it."""
    return ChatView(server, server.world.accounts[7], group.chat)


async def tapped(call: Call, chat: ChatView) -> Tap:
    """A tap on a card."""
    await call("sendMessage", chat_id=chat.chat.id, text="card", reply_markup=KEYBOARD)
    tap = await chat.press("Sign", wait=False)
    assert isinstance(tap, Tap)
    return tap


async def sent(call: Call, chat: ChatView, tap: Tap, **more: Any) -> dict[str, Any]:
    options = {"receiver_user_id": 7, "callback_query_id": tap.id} | more.pop("options", {})
    return await call("sendMessage", chat_id=chat.chat.id, text="psst", ephemeral_message_parameters=options, **more)


async def test_one_member_sees_it_and_nobody_else(server: TelegramServer, call: Call, suzie: ChatView) -> None:
    answer = await sent(call, suzie, await tapped(call, suzie))
    assert answer["result"]["message_id"] == 0
    assert answer["result"]["ephemeral_message_id"]
    assert answer["result"]["receiver_user"]["id"] == 7
    assert suzie.last.text == "psst"
    assert [message.text for message in suzie.public] == ["card"]
    omar = ChatView(server, server.world.accounts[8], suzie.chat)
    assert [message.text for message in omar.messages] == ["card"]


@pytest.mark.parametrize(
    "options",
    [
        {"callback_query_id": "none"},
        {"receiver_user_id": 8},  # it was not their tap
        {"receiver_user_id": "7"},
        {"receiver_user_id": 99},
        {"callback_query_id": None},  # the bot doesn't administer the group
        {"callback_query_id": None, "replace_callback_query_message": True},
        {"reply_to": 1},
    ],
)
async def test_nothing_else_allows_one(call: Call, suzie: ChatView, options: dict[str, Any]) -> None:
    answer = await sent(call, suzie, await tapped(call, suzie), options=options)
    assert answer["error_code"] == 400
    assert len(suzie.messages) == 1


async def test_a_tap_allows_one_for_fifteen_seconds(server: TelegramServer, call: Call, suzie: ChatView) -> None:
    tap = await tapped(call, suzie)
    server.expire_grants()
    assert (await sent(call, suzie, tap))["error_code"] == 400
    suzie.chat.statuses[server.world.bot.id] = "administrator"
    assert (await sent(call, suzie, tap, options={"callback_query_id": None}))["ok"]


async def test_a_reply_to_one_is_one_and_so_is_the_answer(server: TelegramServer, call: Call, suzie: ChatView) -> None:
    await sent(call, suzie, await tapped(call, suzie), reply_markup=KEYBOARD | {"force_reply": True})
    typed = await suzie.send("90210", reply_to=suzie.last, wait=False)
    (update,) = [one for one in server.world.updates.pending.values() if "message" in one]
    assert update["message"]["message_id"] == 0
    assert update["message"]["ephemeral_message_id"] == typed.ephemeral_id
    assert "reply_to_message" not in update["message"]
    reply = {"ephemeral_message_id": typed.ephemeral_id}
    plain = await call("sendMessage", chat_id=suzie.chat.id, text="psst", reply_parameters=reply)
    assert plain["error_code"] == 400, "an answer to an ephemeral message is never public"
    options = {"receiver_user_id": 7}
    for wrong in (reply | {"message_id": 1}, reply | {"chat_id": suzie.chat.id}, {"ephemeral_message_id": 1}):
        answer = await call(
            "sendMessage", chat_id=suzie.chat.id, text="psst", reply_parameters=wrong,
            ephemeral_message_parameters=options,
        )  # fmt: skip
        assert answer["error_code"] == 400
    answer = await call(
        "sendMessage", chat_id=suzie.chat.id, text="psst", reply_parameters=reply, ephemeral_message_parameters=options
    )
    assert answer["result"]["message_id"] == 0
    assert [message.text for message in suzie.public] == ["card"]


async def test_edits_and_deletions_name_the_member_and_return_true(call: Call, suzie: ChatView) -> None:
    answer = await sent(call, suzie, await tapped(call, suzie), reply_markup=KEYBOARD | {"force_reply": True})
    which = {"chat_id": suzie.chat.id, "ephemeral_message_id": answer["result"]["ephemeral_message_id"]}
    assert (await call("editMessageText", chat_id=suzie.chat.id, message_id=0, text="x"))["error_code"] == 400
    assert (await call("deleteMessage", chat_id=suzie.chat.id, message_id=0))["error_code"] == 400
    assert (await call("editEphemeralMessageText", **which, receiver_user_id=8, text="x"))["error_code"] == 400
    edited = await call("editEphemeralMessageText", **which, receiver_user_id=7, text="done")
    assert edited["result"] is True
    assert suzie.last.text == "done"
    assert (suzie.last.markup or {}) == {"force_reply": True}, "an edit cannot change it"
    assert (await call("deleteEphemeralMessage", **which, receiver_user_id=7))["result"] is True
    assert (await call("deleteEphemeralMessage", **which, receiver_user_id=7))["error_code"] == 400


async def test_a_tap_on_one_cannot_be_replaced(call: Call, suzie: ChatView) -> None:
    await sent(call, suzie, await tapped(call, suzie), reply_markup=KEYBOARD)
    tap = await suzie.tap(suzie.last, "Sign", wait=False)
    assert tap.to_json()["message"]["message_id"] == 0
    replacing = {"replace_callback_query_message": True}
    assert (await sent(call, suzie, tap, options=replacing))["error_code"] == 400
    assert (await sent(call, suzie, tap))["ok"]


async def test_what_an_offline_app_was_sent_never_arrives(server: TelegramServer, call: Call, suzie: ChatView) -> None:
    tap = await tapped(call, suzie)
    person = Person(server, suzie.person)
    person.go_offline()
    answer = await sent(call, suzie, tap)
    assert answer["ok"]
    person.come_back()
    assert [message.text for message in suzie.messages] == ["card"]
    await sent(call, suzie, tap)
    person.restart_app()
    assert [message.text for message in suzie.messages] == ["card"]


async def test_after_a_restart_of_the_server_none_can_be_edited(
    server: TelegramServer, call: Call, suzie: ChatView
) -> None:
    answer = await sent(call, suzie, await tapped(call, suzie))
    server.forget_ephemeral()
    which = {"receiver_user_id": 7, "ephemeral_message_id": answer["result"]["ephemeral_message_id"]}
    edited = await call("editEphemeralMessageText", chat_id=suzie.chat.id, text="x", **which)
    assert "not found" in edited["description"]
    assert suzie.last.text == "psst"


async def test_an_older_server_shows_it_to_the_whole_group(call: Call, server: TelegramServer, suzie: ChatView) -> None:
    server.world.api = "10.0"
    answer = await sent(call, suzie, await tapped(call, suzie))
    assert answer["result"]["message_id"] == 2
    assert suzie.public[-1].text == "psst"
    edited = await call("editEphemeralMessageText", chat_id=suzie.chat.id, text="x")
    assert edited["error_code"] == 404


async def test_a_command_can_be_for_the_bot_alone(call: Call, server: TelegramServer, suzie: ChatView) -> None:
    commands = [{"command": "count", "description": "How many", "is_ephemeral": True}]
    await call("setMyCommands", commands=commands, scope={"type": "all_group_chats"})
    assert (await suzie.send("/count@undersign_bot", wait=False)).ephemeral_id
    assert not (await suzie.send("/petition", wait=False)).ephemeral_id
    server.world.api = "10.0"
    await call("setMyCommands", commands=commands, scope={"type": "all_group_chats"})
    assert not (await suzie.send("/count", wait=False)).ephemeral_id


async def test_a_tap_opens_only_a_chat_with_this_bot(call: Call, suzie: ChatView) -> None:
    tap = await tapped(call, suzie)
    wrong = await call("answerCallbackQuery", callback_query_id=tap.id, url="https://example.org")
    assert wrong["error_code"] == 400
    url = "https://t.me/undersign_bot?start=x"
    assert (await call("answerCallbackQuery", callback_query_id=tap.id, url=url))["ok"]
    assert tap.url == url
    assert isinstance(suzie.last, Message)
