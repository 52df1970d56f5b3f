"""Channels, requests for a chat, and sharing: what the server shows, and what it refuses."""

from typing import Any

import pytest

from tests.telegram_server import TelegramServer
from tests.telegram_server.button_checks import RIGHTS
from tests.telegram_server.channels import share_channel
from tests.telegram_server.conftest import Call

ALL_OFF = dict.fromkeys(RIGHTS, False)
POST = ALL_OFF | {"can_post_messages": True}
REQUEST: dict[str, Any] = {
    "request_id": 7, "chat_is_channel": True, "user_administrator_rights": POST, "bot_administrator_rights": POST,
}  # fmt: skip


def asking(request: dict[str, Any]) -> dict[str, Any]:
    return {"keyboard": [[{"text": "Choose", "request_chat": request}]]}


async def test_only_an_administrator_who_may_post_posts(server: TelegramServer, call: Call) -> None:
    olga = server.person(11, "Olga")
    channel = server.channel("News", olga)

    async def refusal() -> str:
        return str((await call("sendMessage", chat_id=channel.chat.id, text="x")).get("description", ""))

    assert await refusal() == "Forbidden: bot is not a member of the channel chat"
    await channel.promote_bot(None, "can_edit_messages", wait=False)
    assert await refusal() == "Bad Request: need administrator rights in the channel chat"
    await channel.promote_bot(None, "can_post_messages", wait=False)
    assert await refusal() == ""
    assert [message.text for message in channel.posts] == ["x"]
    await channel.dismiss_bot(wait=False)
    assert await refusal() == "Forbidden: bot was kicked from the channel chat"


async def test_a_post_names_the_channel_and_nobody(server: TelegramServer, call: Call) -> None:
    olga, reader = server.person(11, "Olga"), server.person(12, "Reader")
    channel = server.channel("News", olga)
    await channel.post("/petition", wait=False)
    assert not server.world.updates.pending, "only an administrator sees posts"
    await channel.promote_bot(wait=False)
    await channel.post("/petition", wait=False)
    updates = (await call("getUpdates"))["result"]
    assert [set(update) - {"update_id"} for update in updates] == [{"my_chat_member"}, {"channel_post"}]
    assert updates[0]["my_chat_member"]["new_chat_member"]["can_post_messages"] is True
    post = updates[1]["channel_post"]
    assert "from" not in post
    assert post["sender_chat"]["id"] == post["chat"]["id"] == channel.chat.id
    with pytest.raises(LookupError):
        await channel.post("mine", reader.account)


async def test_members_are_told_only_to_an_administrator(server: TelegramServer, call: Call) -> None:
    olga, editor = server.person(11, "Olga"), server.person(12, "Editor")
    channel = server.channel("News", olga)
    about = {"chat_id": channel.chat.id, "user_id": 12}
    assert (await call("getChatMember", **about))["description"] == "Bad Request: member list is inaccessible"
    await channel.promote_bot(wait=False)
    channel.admit(editor.account, "can_edit_messages")
    member = (await call("getChatMember", **about))["result"]
    assert (member["status"], member["can_edit_messages"]) == ("administrator", True)
    assert not member.get("can_post_messages")
    everyone = (await call("getChatAdministrators", chat_id=channel.chat.id))["result"]
    assert {each["user"]["id"] for each in everyone} == {11, 12}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"request_id": "7"}, "request_id"),
        ({"request_id": 2**31}, "request_id"),
        ({"chat_is_channel": None}, "chat_is_channel"),
        ({"bot_administrator_rights": POST | {"can_delete_messages": True}}, "subset"),
        ({"user_administrator_rights": {"can_post_messages": True}}, "ChatAdministratorRights"),
        ({"unheard_of": True}, "KeyboardButtonRequestChat"),
    ],
)
async def test_odd_requests_for_a_chat_are_refused(
    server: TelegramServer, call: Call, change: dict[str, Any], reason: str
) -> None:
    chat = server.person(11, "Olga").private_chat()
    chat.chat.started = True
    answer = await call("sendMessage", chat_id=11, text="x", reply_markup=asking(REQUEST | change))
    assert reason in answer["description"]


async def test_a_chat_is_asked_for_in_private_alone(server: TelegramServer, call: Call) -> None:
    olga = server.person(11, "Olga")
    group = server.group("Tenants", [olga])
    answer = await call("sendMessage", chat_id=group.chat.id, text="x", reply_markup=asking(REQUEST))
    assert answer["description"] == "Bad Request: BUTTON_TYPE_INVALID"


async def test_a_shared_channel_makes_the_bot_an_administrator_and_then_arrives(
    server: TelegramServer, call: Call
) -> None:
    olga, other = server.person(11, "Olga"), server.person(12, "Other")
    channel, view = server.channel("News", olga), olga.private_chat()
    view.chat.started = other.private_chat().chat.started = True
    for person in (11, 12):
        assert (await call("sendMessage", chat_id=person, text="x", reply_markup=asking(REQUEST)))["ok"]
    with pytest.raises(LookupError):
        await share_channel(other.private_chat(), "Choose", channel, wait=False)
    await share_channel(view, "Choose", channel, wait=False)
    updates = (await call("getUpdates"))["result"]
    assert updates[0]["my_chat_member"]["chat"]["id"] == channel.chat.id
    assert updates[1]["message"]["chat_shared"] == {"request_id": 7, "chat_id": channel.chat.id}


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        ({"query": "a"}, "At least one chat type must be allowed"),
        ({"query": "a", "allow_user_chats": True, "allow_pets": True}, "SwitchInlineQueryChosenChat expected"),
        ({"query": "a" * 257, "allow_user_chats": True}, "BUTTON_DATA_INVALID"),
    ],
)
async def test_odd_share_buttons_are_refused(
    server: TelegramServer, call: Call, button: dict[str, Any], reason: str
) -> None:
    server.person(11, "Olga").private_chat().chat.started = True
    markup = {"inline_keyboard": [[{"text": "Share", "switch_inline_query_chosen_chat": button}]]}
    assert reason in (await call("sendMessage", chat_id=11, text="x", reply_markup=markup))["description"]


async def test_without_inline_mode_no_button_leads_there(server: TelegramServer, call: Call) -> None:
    server.person(11, "Olga").private_chat().chat.started = True
    button = {"text": "Share", "switch_inline_query_chosen_chat": {"query": "a", "allow_user_chats": True}}
    message = {"chat_id": 11, "text": "x", "reply_markup": {"inline_keyboard": [[button]]}}
    assert (await call("sendMessage", **message))["ok"]
    server.world.inline_mode = False
    assert (await call("getMe"))["result"]["supports_inline_queries"] is False
    assert (await call("sendMessage", **message))["description"] == "Bad Request: BUTTON_TYPE_INVALID"
    with pytest.raises(LookupError):
        await server.person(11, "Olga").inline("a")


@pytest.mark.parametrize(
    "button", [{"text": ""}, {"text": "Open"}, {"text": "Open", "start_parameter": "é"}, {"text": "O", "url": "x"}]
)
async def test_odd_buttons_above_inline_results_are_refused(
    server: TelegramServer, call: Call, button: dict[str, Any]
) -> None:
    server._patience = 0.01
    with pytest.raises(TimeoutError):
        await server.person(11, "Olga").inline("a")
    (query,) = server.world.inline_queries
    answer = await call("answerInlineQuery", inline_query_id=query, results=[], button=button)
    assert answer["ok"] is False


async def test_a_tap_may_open_only_a_chat_with_the_bot(server: TelegramServer, call: Call) -> None:
    view = server.person(11, "Olga").private_chat()
    view.chat.started = True
    markup = {"inline_keyboard": [[{"text": "Read", "callback_data": "r"}]]}
    await call("sendMessage", chat_id=11, text="x", reply_markup=markup)
    tap = await view.tap(view.last, "Read", wait=False)
    refused = await call("answerCallbackQuery", callback_query_id=tap.id, url="https://example.org")
    assert refused["description"] == "Bad Request: URL_INVALID"
    assert (await call("answerCallbackQuery", callback_query_id=tap.id, url="https://t.me/undersign_bot?start=a"))["ok"]
