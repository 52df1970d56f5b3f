"""Answers to taps and to inline queries."""

from typing import Any

from tests.telegram_server import formatting, keyboards
from tests.telegram_server.button_checks import check_place, check_results_button
from tests.telegram_server.entities import units
from tests.telegram_server.errors import bad_request
from tests.telegram_server.methods.method import method
from tests.telegram_server.params import Params
from tests.telegram_server.world import World

_STALE = "query is too old and response timeout expired or query ID is invalid"
_TAP_TEXT_LIMIT = 200
_RESULTS_LIMIT = 50
_RESULT_ID_BYTES = _OFFSET_BYTES = 64


def answer_tap(world: World, params: Params) -> bool:
    """AnswerCallbackQuery."""
    tap = world.taps.get(params.text("callback_query_id"))
    if tap is None or tap.expired:
        raise bad_request(_STALE)
    if units(params.text("text")) > _TAP_TEXT_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    url = params.text("url")
    if url and not url.startswith(f"https://t.me/{world.bot.username}?start="):
        raise bad_request("URL_INVALID")
    answer = {"text": params.text("text"), "show_alert": params.flag("show_alert"), "url": url}
    tap.answers.append(answer)
    if tap.text and tap.message.chat:
        tap.message.chat.journal.append(f"({'alert' if tap.is_alert else 'notice'}) {tap.text}")
    return True


def answer_inline(world: World, params: Params) -> bool:
    """AnswerInlineQuery."""
    query = world.inline_queries.get(params.text("inline_query_id"))
    if query is None or query.answer is not None:
        raise bad_request(_STALE)
    results = params.json("results") or []
    if len(results) > _RESULTS_LIMIT:
        raise bad_request("RESULTS_TOO_MUCH")
    if len({result.get("id") for result in results}) < len(results):
        raise bad_request("RESULT_ID_DUPLICATE")
    for result in results:
        _check_result(result)
        check_place(result.get("reply_markup"), inline_mode=world.inline_mode, private=False)
    check_results_button(params.json("button"))
    if len(params.text("next_offset").encode()) > _OFFSET_BYTES:
        raise bad_request("NEXT_OFFSET_INVALID")
    query.answer = {"results": results, "button": params.json("button"), "next_offset": params.text("next_offset")}
    return True


def _check_result(result: dict[str, Any]) -> None:
    if not 1 <= len(str(result.get("id", "")).encode()) <= _RESULT_ID_BYTES:
        raise bad_request("RESULT_ID_INVALID")
    if result.get("type") != "article":
        raise bad_request(f"inline results of type {result.get('type')!r} are unknown to this test server")
    if not result.get("title"):
        raise bad_request("can't parse inline query result: Can't find field \"title\"")
    content = result.get("input_message_content")
    if not content:
        raise bad_request("can't parse inline query result: Can't find field \"input_message_content\"")
    formatting.message_text(Params(content), "message_text")
    keyboards.check(result.get("reply_markup"))


METHODS = (
    method("answerCallbackQuery", answer_tap, "callback_query_id text show_alert url cache_time"),
    method(
        "answerInlineQuery",
        answer_inline,
        "inline_query_id results cache_time is_personal next_offset button",
    ),
)
