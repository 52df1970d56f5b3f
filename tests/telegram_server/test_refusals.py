"""Calls that Telegram refuses, and the words of each refusal."""

from typing import Any

import pytest

from tests.telegram_server import ChatView, TelegramServer
from tests.telegram_server.conftest import Call


@pytest.fixture
def chat(server: TelegramServer) -> ChatView:
    view = server.person(11, "Anna").private_chat()
    view.chat.started = True
    return view


def keyboard(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons)]}


def button(**action: Any) -> dict[str, Any]:
    return keyboard({"text": "Go"} | action)


REFUSED: dict[str, dict[str, Any]] = {
    "message text is empty": {"text": ""},
    "message text is empty ": {"text": " \n "},
    "message is too long": {"text": "😀" * 2049},
    "BUTTON_DATA_INVALID": {"reply_markup": button(callback_data="é" * 33)},
    "BUTTON_DATA_INVALID ": {"reply_markup": button(callback_data="")},
    "inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL": {"reply_markup": button(url="nowhere")},
    "inline keyboard button URL 'ftp://a.org' is invalid: Unsupported URL protocol": {
        "reply_markup": button(url="ftp://a.org")
    },
    "BUTTON_COPY_TEXT_INVALID": {"reply_markup": button(copy_text={"text": "x" * 257})},
    "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard": {"reply_markup": button()},
    "can't parse inline keyboard button: exactly one action is expected, got callback_data, url": {
        "reply_markup": button(callback_data="a", url="https://a.org")
    },
    "can't parse inline keyboard button: unknown field 'colour'": {
        "reply_markup": button(callback_data="a", colour="red")
    },
    "can't parse inline keyboard button: invalid button style specified": {
        "reply_markup": button(callback_data="a", style="green")
    },
    "can't parse inline keyboard button: exactly one action is expected, got callback_data, disabled": {
        "reply_markup": button(callback_data="a", disabled={})
    },
    "reply markup is too long": {"reply_markup": {"inline_keyboard": [[{"text": "Go", "callback_data": "a"}]] * 101}},
    "a row of the keyboard has more than 8 buttons": {
        "reply_markup": keyboard(*[{"text": "Go", "callback_data": "a"}] * 9)
    },
    'parameter "colour" is unknown to sendMessage': {"colour": "red"},
    "message to be replied not found": {"reply_parameters": {"message_id": 99}},
}


@pytest.mark.parametrize("reason", REFUSED)
async def test_a_message_is_refused(call: Call, chat: ChatView, reason: str) -> None:
    answer = await call("sendMessage", **({"chat_id": 11, "text": "hi"} | REFUSED[reason]))

    assert answer["description"] == f"Bad Request: {reason.rstrip()}"
    assert chat.messages == []


@pytest.mark.parametrize(
    "params",
    [
        {"text": "😀" * 2048},
        {"text": f"<b>{'x' * 4096}</b>", "parse_mode": "HTML"},
        {"reply_markup": button(callback_data="é" * 32)},
        {"reply_markup": button(url="https://example.org/a?b=c")},
        {"reply_markup": button(url="tg://user?id=1")},
        {"reply_markup": button(copy_text={"text": "x" * 256})},
        {"reply_markup": button(disabled={}, style="success")},
        {"reply_markup": {"inline_keyboard": [[{"text": "Go", "callback_data": "a"}] * 8] * 12}},
    ],
)
async def test_the_largest_allowed_values_are_accepted(call: Call, chat: ChatView, params: dict[str, Any]) -> None:
    assert (await call("sendMessage", **({"chat_id": 11, "text": "hi"} | params)))["ok"]
    assert len(chat.messages) == 1


async def test_an_edit_must_change_something_that_is_there(call: Call, chat: ChatView) -> None:
    sent = (await call("sendMessage", chat_id=11, text="hi", reply_markup=button(callback_data="a")))["result"]
    edit = {"chat_id": 11, "message_id": sent["message_id"], "text": "hi"}

    same = await call("editMessageText", **edit, reply_markup=button(callback_data="a"))
    assert same["description"].startswith("Bad Request: message is not modified: specified new message")
    assert (await call("editMessageText", **edit))["ok"]
    assert chat.last.reply_markup is None
    missing = await call("editMessageText", **(edit | {"message_id": 99}))
    assert missing["description"] == "Bad Request: message to edit not found"
    assert (await call("deleteMessage", chat_id=11, message_id=sent["message_id"]))["ok"]
    twice = await call("deleteMessage", chat_id=11, message_id=sent["message_id"])
    assert twice["description"] == "Bad Request: message to delete not found"


async def test_a_person_s_message_cannot_be_edited(call: Call, chat: ChatView) -> None:
    message = await chat.send("hello", wait=False)
    answer = await call("editMessageText", chat_id=11, message_id=message.id, text="bye")
    assert answer["description"] == "Bad Request: message can't be edited"


async def test_chats_that_cannot_be_reached(call: Call, server: TelegramServer) -> None:
    stranger = server.person(12, "Boris")
    blocker = server.person(13, "Cleo").private_chat()
    await blocker.send("/start", wait=False)
    await blocker.block_bot(wait=False)
    deactivated = server.person(14, "Dora")
    deactivated.deactivate()
    group = server.group("Tenants", [stranger], bot="kicked")
    unjoined = server.group("Owners", [stranger], bot="left", supergroup=True)

    async def refusal(chat_id: int) -> str:
        return str((await call("sendMessage", chat_id=chat_id, text="hi"))["description"])

    assert await refusal(99) == "Bad Request: chat not found"
    assert await refusal(12) == "Forbidden: bot can't initiate conversation with a user"
    assert await refusal(13) == "Forbidden: bot was blocked by the user"
    assert await refusal(14) == "Forbidden: user is deactivated"
    assert await refusal(group.chat.id) == "Forbidden: bot was kicked from the group chat"
    assert await refusal(unjoined.chat.id) == "Forbidden: bot is not a member of the supergroup chat"


async def test_an_upgraded_group_names_its_new_id(call: Call, server: TelegramServer) -> None:
    group = server.group("Tenants", [server.person(12, "Boris")])
    old = group.chat.id
    await group.upgrade(wait=False)

    answer = await call("sendMessage", chat_id=old, text="hi")
    assert answer["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert answer["parameters"] == {"migrate_to_chat_id": group.chat.id}
    assert (await call("sendMessage", chat_id=group.chat.id, text="hi"))["ok"]


async def test_a_stale_tap_cannot_be_answered(call: Call, chat: ChatView, server: TelegramServer) -> None:
    await call("sendMessage", chat_id=11, text="hi", reply_markup=button(callback_data="a"))
    tap = await chat.tap(chat.last, "Go", wait=False)

    long = await call("answerCallbackQuery", callback_query_id=tap.id, text="x" * 201)
    assert long["description"] == "Bad Request: MESSAGE_TOO_LONG"
    assert (await call("answerCallbackQuery", callback_query_id=tap.id, text="x" * 200, show_alert=True))["ok"]
    assert tap.is_alert
    server.expire_taps()
    stale = await call("answerCallbackQuery", callback_query_id=tap.id)
    assert stale["description"].startswith("Bad Request: query is too old")


@pytest.mark.parametrize(
    ("command", "description", "reason"),
    [
        ("Start", "ok", "BOT_COMMAND_INVALID"),
        ("", "ok", "BOT_COMMAND_INVALID"),
        ("x" * 33, "ok", "BOT_COMMAND_INVALID"),
        ("start", "", "BOT_COMMAND_DESCRIPTION_INVALID"),
        ("start", "x" * 257, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ],
)
async def test_commands_are_refused(call: Call, command: str, description: str, reason: str) -> None:
    answer = await call("setMyCommands", commands=[{"command": command, "description": description}])
    assert answer["description"] == f"Bad Request: {reason}"


async def test_the_narrowest_command_menu_in_the_persons_language_is_shown(call: Call, server: TelegramServer) -> None:
    anna, boris = server.person(11, "Anna", language_code="es"), server.person(12, "Boris")
    group = server.group("Tenants", [boris], admins=[anna])

    async def offer(name: str, scope: dict[str, Any], language: str = "") -> None:
        commands = [{"command": name, "description": "does it"}]
        assert (await call("setMyCommands", commands=commands, scope=scope, language_code=language))["ok"]

    await offer("start", {"type": "default"})
    await offer("empezar", {"type": "default"}, "es")
    await offer("count", {"type": "chat_administrators", "chat_id": group.chat.id})

    assert anna.private_chat().menu() == ["empezar"]
    assert boris.private_chat().menu() == ["start"]
    assert anna.in_group(group).menu() == ["count"]
    assert boris.in_group(group).menu() == ["start"]
    many = [{"command": f"c{number}", "description": "x"} for number in range(101)]
    assert (await call("setMyCommands", commands=many))["description"] == "Bad Request: BOT_COMMANDS_TOO_MUCH"
    assert len((await call("getMyCommands"))["result"]) == 1
    await call("deleteMyCommands")
    assert boris.private_chat().menu() == []


async def test_texts_about_the_bot_have_limits_and_languages(call: Call) -> None:
    assert not (await call("setMyDescription", description="x" * 513))["ok"]
    assert (await call("setMyShortDescription", short_description="x" * 120))["ok"]
    assert (await call("setMyName", name="Firma", language_code="es"))["ok"]
    assert (await call("getMyName", language_code="es"))["result"] == {"name": "Firma"}
    assert (await call("getMyName", language_code="fr"))["result"] == {"name": "Undersign"}


async def test_unknown_methods_and_tokens(call: Call, server: TelegramServer) -> None:
    assert await call("makeTea") == {"ok": False, "error_code": 404, "description": "Not Found"}
    server._api._token = "another"
    assert await call("getMe") == {"ok": False, "error_code": 401, "description": "Unauthorized"}


async def test_rates_are_enforced_on_request(call: Call, chat: ChatView, server: TelegramServer) -> None:
    server.limit(chat=(1, 2))
    answers = [await call("sendMessage", chat_id=11, text="hi") for _ in range(3)]

    assert [answer["ok"] for answer in answers] == [True, True, False]
    assert answers[2]["description"] == "Too Many Requests: retry after 1"
    assert answers[2]["parameters"] == {"retry_after": 1}
    assert len(chat.messages) == 2


async def test_inline_answers_are_checked(call: Call, server: TelegramServer) -> None:
    content = {"message_text": "<b>hi", "parse_mode": "HTML"}
    result = {"type": "article", "id": "1", "title": "t", "input_message_content": content}
    answer = await call("answerInlineQuery", inline_query_id="7", results=[result])
    assert answer["description"].startswith("Bad Request: query is too old")
    server.person(11, "Anna")
    server._patience = 0.01
    with pytest.raises(TimeoutError):
        await server.person(11, "Anna").inline("x")
    query = next(iter(server.world.inline_queries))
    answer = await call("answerInlineQuery", inline_query_id=query, results=[result])
    assert "Can't find end tag" in answer["description"]
    assert (await call("answerInlineQuery", inline_query_id=query, results=[]))["ok"]


async def test_members_and_administrators_are_listed(call: Call, server: TelegramServer) -> None:
    anna, boris = server.person(11, "Anna"), server.person(12, "Boris")
    group = server.group("Tenants", [boris], admins=[anna]).chat.id

    status = (await call("getChatMember", chat_id=group, user_id=12))["result"]["status"]
    admins = (await call("getChatAdministrators", chat_id=group))["result"]
    assert (status, [member["user"]["id"] for member in admins]) == ("member", [11])
    assert (await call("getChatMemberCount", chat_id=group))["result"] == 3
    assert (await call("leaveChat", chat_id=group))["ok"]
    assert (await call("getChat", chat_id=group))["result"]["title"] == "Tenants"
    assert not (await call("sendChatAction", chat_id=11, action="dancing"))["ok"]
