"""Random updates of private chats as Telegram writes them, and the same with something odd in them."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st
from telegram import CallbackQuery, Chat, Message, Update, User

from bots.telegram.reading import _LARGEST
from tests.world import SALESFORCE

Json = dict[str, Any]

IDS = st.integers(1, 2**52)
NAMES = st.text(min_size=1, max_size=8)
DATES = st.integers(1_600_000_000, 2_000_000_000)
WORDS = st.sampled_from(["90210", "Ada", "ada@example.org", "/start", "/START", "/sign", "start"]) | st.text(min_size=1)
COMMANDS = st.sampled_from(["/start", f"/start {SALESFORCE}", "/Start  x  y", "/sign", "/help me", "/forget", "/x\ny"])
TAPPED = st.sampled_from(
    [f"g.3.{SALESFORCE}", f"p1..{SALESFORCE}", "q..", "!stats salesforce-cbp", "old button", f"u0.-.{SALESFORCE}"]
)


def _json(needed: dict[str, st.SearchStrategy[Any]], **optional: st.SearchStrategy[Any]) -> st.SearchStrategy[Json]:
    return st.fixed_dictionaries(needed, optional=optional)


PEOPLE = _json(
    {"id": IDS, "is_bot": st.booleans(), "first_name": NAMES},
    last_name=st.text(max_size=3), username=NAMES, language_code=st.sampled_from(["en", "es-MX", ""]),
    is_premium=st.just(True),
)  # fmt: skip
CHATS = _json({"id": IDS, "type": st.just("private")}, first_name=NAMES, username=NAMES, is_forum=st.just(True))
ENTITIES = st.lists(
    _json(
        {
            "type": st.sampled_from(["email", "url", "bold", "text_link", "something new"]),
            "offset": st.integers(0, 9), "length": st.integers(0, 9),
        },
        url=st.just("https://example.org"),
    ),
    max_size=3,
)  # fmt: skip
PREVIEWS = st.just({"is_disabled": True})
PLACES = {"message_thread_id": IDS, "is_topic_message": st.booleans()}
HEADS = {"message_id": IDS, "from": PEOPLE, "chat": CHATS, "date": DATES}
REPLIED = st.just({"message_id": 1, "chat": {"id": 5, "type": "private"}, "date": 1_600_000_000})
TYPED = _json(
    HEADS | {"text": WORDS}, entities=ENTITIES, link_preview_options=PREVIEWS, reply_to_message=REPLIED, **PLACES
)


@st.composite
def ordered(draw: st.DrawFn) -> Json:
    """A message with a command."""
    message, text = draw(TYPED), draw(COMMANDS)
    command = {"type": "bot_command", "offset": 0, "length": len(text.split()[0])}
    return message | {"text": text, "entities": [command, *draw(ENTITIES)]}


BUTTONS = _json({"text": NAMES}, callback_data=TAPPED, style=st.just("primary")) | _json(
    {"text": NAMES, "url": st.just("https://example.org")}
)
KEYBOARDS = st.fixed_dictionaries({"inline_keyboard": st.lists(st.lists(BUTTONS, max_size=3), max_size=3)})
SHOWN = _json(
    HEADS, text=WORDS, edit_date=DATES, entities=ENTITIES, reply_markup=KEYBOARDS, link_preview_options=PREVIEWS,
    effect_id=st.just("5046509860389126442"), **PLACES,
)  # fmt: skip
QUERIES = st.fixed_dictionaries({"id": NAMES, "from": PEOPLE, "message": SHOWN, "chat_instance": NAMES, "data": TAPPED})
NUMBERS = st.integers(0, _LARGEST - 1)
UPDATES: st.SearchStrategy[Json] = st.fixed_dictionaries(
    {"update_id": NUMBERS, "message": TYPED | ordered()}
) | st.fixed_dictionaries({"update_id": NUMBERS, "callback_query": QUERIES})
"""Texts, commands, and taps, as nearly all updates are."""

_ODD: st.SearchStrategy[Any] = st.sampled_from(
    [
        None, True, 0, -1, 1.5, 2**60, "", "x", "/start", "/start@other_bot", "private", "group", "supergroup",
        "bot_command", "#", "@en salesforce-cbp", "self", [], [None], [[]], {}, {"id": 1}, {"inline_keyboard": None},
        {"inline_keyboard": [[{"text": "x", "pay": True}]]}, {"inline_keyboard": [None]}, 1_700_000_000,
    ]
)  # fmt: skip
_FIELDS = st.sampled_from(
    [
        "photo", "forward_origin", "via_bot", "edit_date", "media_group_id", "caption", "sender_chat", "contact",
        "voice", "quote", "migrate_to_chat_id", "chat_shared", "new_chat_members", "pinned_message", "api_kwargs",
        "something_new", "text", "data", "message", "reply_markup", "entities", "url", "callback_data", "is_forum",
        "inline_message_id", "game_short_name", "ephemeral_message_id", "business_connection_id", "title", "self",
        "edited_message", "from", "type", "length", "unix_time", "user", "login_url", "is_topic_message",
    ]
)  # fmt: skip


def spoilt(value: Any) -> st.SearchStrategy[Any]:
    """The same JSON with something missing, added, or replaced, at any depth."""
    if isinstance(value, dict) and value:
        return st.sampled_from(sorted(value)).flatmap(
            lambda key: (
                st.just({name: inner for name, inner in value.items() if name != key})
                | st.tuples(_FIELDS, _ODD).map(lambda more: value | {more[0]: more[1]})
                | _ODD.map(lambda odd: value | {key: odd})
                | spoilt(value[key]).map(lambda inner: value | {key: inner})
            )
        )
    if isinstance(value, list) and value:
        return spoilt(value[0]).map(lambda inner: [inner, *value[1:]]) | _ODD.map(lambda odd: [*value, odd])
    return _ODD


_ANNA: Json = {"id": 7, "is_bot": False, "first_name": "Anna"}
_CHAT: Json = {"id": 7, "type": "private"}
_HEAD: Json = {"message_id": 1, "from": _ANNA, "chat": _CHAT, "date": 1_700_000_000, "text": "hi"}
A_TEXT: Json = {"update_id": 1, "message": _HEAD}
A_TAP: Json = {
    "update_id": 1,
    "callback_query": {"id": "1", "from": _ANNA, "message": _HEAD, "chat_instance": "1", "data": f"g..{SALESFORCE}"},
}


def grown(update: Json) -> Iterator[Json]:
    """The same with one more field that the library knows, in each object, as a number, a word, or an object."""
    for cls in (Update, CallbackQuery, Message, User, Chat):
        for name in inspect.signature(cls.__init__).parameters:
            for value in (0, 1, "/start", {"id": 1}, [{"type": "bold"}]):
                yield from _with_field(update, name, value)


def _with_field(value: Json, name: str, content: Any) -> Iterator[Json]:
    if name not in value:
        yield {**value, name: content}
    for key, inner in value.items():
        if isinstance(inner, dict):
            yield from ({**value, key: more} for more in _with_field(inner, name, content))
