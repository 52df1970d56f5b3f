"""Messages that Discord refuses, and the words of each refusal."""

from typing import Any

import pytest

from tests.discord_server import Channel
from tests.discord_server.conftest import Call

V2 = 1 << 15
HI = {"content": "hi"}


def row(*children: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(children)}


def button(**other: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "Go", "custom_id": "a"} | other


def link(**other: Any) -> dict[str, Any]:
    return {"type": 2, "style": 5, "label": "Go", "url": "https://a.org"} | other


def select(**other: Any) -> dict[str, Any]:
    return {"type": 3, "custom_id": "s", "options": [{"label": "A", "value": "a"}]} | other


def text(content: str = "hi") -> dict[str, Any]:
    return {"type": 10, "content": content}


def legacy(*components: dict[str, Any]) -> dict[str, Any]:
    return HI | {"components": list(components)}


def layout(*components: dict[str, Any], **other: Any) -> dict[str, Any]:
    return {"flags": V2, "components": list(components)} | other


def media(url: str = "https://a.org/b.png") -> dict[str, Any]:
    return {"url": url}


def options(count: int, **other: Any) -> dict[str, Any]:
    return select(options=[{"label": f"{number}", "value": f"{number}"} | other for number in range(count)])


BUTTONS = [button(custom_id=f"{number}") for number in range(6)]
SECTION = {"type": 9, "components": [text()], "accessory": link()}
FOOTER = {"footer": {"text": "x" * 2048}}

REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"content": "x" * 2001}, "content", "BASE_TYPE_MAX_LENGTH"),
    ({"content": 3}, "content", "STRING_TYPE_CONVERT"),
    (HI | {"nonce": "x" * 26}, "nonce", "BASE_TYPE_MAX_LENGTH"),
    (HI | {"attachments": [{"id": 0}]}, "attachments.0", "ATTACHMENT_NOT_FOUND"),
    (HI | {"allowed_mentions": {"parse": ["all"]}}, "allowed_mentions.parse.0", "BASE_TYPE_CHOICES"),
    (
        HI | {"allowed_mentions": {"parse": ["users"], "users": ["1"]}},
        "allowed_mentions",
        "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
    ),
    (legacy(text()), "components.0", "UNION_TYPE_CHOICES"),
    (legacy({"style": 1}), "components.0.type", "BASE_TYPE_REQUIRED"),
    (legacy(*[row(each) for each in BUTTONS]), "components", "BASE_TYPE_MAX_LENGTH"),
    (legacy(row(*BUTTONS)), "components.0.components", "BASE_TYPE_BAD_LENGTH"),
    (legacy(row()), "components.0.components", "BASE_TYPE_BAD_LENGTH"),
    (legacy(row(button(), select())), "components.0.components.1", "COMPONENT_LAYOUT_WIDTH_EXCEEDED"),
    (legacy(row(select(), button())), "components.0.components.1", "COMPONENT_LAYOUT_WIDTH_EXCEEDED"),
    (legacy(row(button(), button())), "components.0.components.1.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED"),
    (legacy(row(button(label="x" * 81))), "components.0.components.0.label", "BASE_TYPE_MAX_LENGTH"),
    (legacy(row(button(label=""))), "components.0.components.0.label", "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED"),
    (legacy(row(button(custom_id="x" * 101))), "components.0.components.0.custom_id", "BASE_TYPE_BAD_LENGTH"),
    (legacy(row(button(custom_id=None))), "components.0.components.0.custom_id", "BASE_TYPE_REQUIRED"),
    (legacy(row(button(style=9))), "components.0.components.0.style", "BASE_TYPE_CHOICES"),
    (legacy(row(button(style=6))), "components.0.components.0.sku_id", "BASE_TYPE_REQUIRED"),
    (
        legacy(row(button(url="https://a.org"))),
        "components.0.components.0.url",
        "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
    ),
    (legacy(row(link(url=None))), "components.0.components.0.url", "BASE_TYPE_REQUIRED"),
    (legacy(row(link(url="ftp://a.org"))), "components.0.components.0.url", "URL_TYPE_INVALID_SCHEME"),
    (legacy(row(link(url="https://nowhere"))), "components.0.components.0.url", "URL_TYPE_INVALID_URL"),
    (legacy(row(link(url="https://a.org/" + "x" * 512))), "components.0.components.0.url", "BASE_TYPE_BAD_LENGTH"),
    (
        legacy(row(link(custom_id="a"))),
        "components.0.components.0.custom_id",
        "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
    ),
    (legacy(row(options(26))), "components.0.components.0.options", "BASE_TYPE_BAD_LENGTH"),
    (legacy(row(options(0))), "components.0.components.0.options", "BASE_TYPE_BAD_LENGTH"),
    (legacy(row(options(1, label="x" * 101))), "components.0.components.0.options.0.label", "BASE_TYPE_BAD_LENGTH"),
    (legacy(row(options(1, value="x" * 101))), "components.0.components.0.options.0.value", "BASE_TYPE_BAD_LENGTH"),
    (
        legacy(row(options(1, description="x" * 101))),
        "components.0.components.0.options.0.description",
        "BASE_TYPE_MAX_LENGTH",
    ),
    (
        legacy(row(options(2, value="x"))),
        "components.0.components.0.options.1.value",
        "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
    ),
    (
        legacy(row(options(2, default=True))),
        "components.0.components.0.options",
        "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES",
    ),
    (legacy(row(select(max_values=2))), "components.0.components.0.options", "BASE_TYPE_BAD_LENGTH"),
    (legacy(row(select(options=["a"]))), "components.0.components.0.options.0", "MODEL_TYPE_CONVERT"),
    (legacy(row(select(placeholder="x" * 151))), "components.0.components.0.placeholder", "BASE_TYPE_MAX_LENGTH"),
    (legacy(row(select(max_values=26))), "components.0.components.0.max_values", "NUMBER_TYPE_MAX"),
    (legacy(row(select(max_values=0))), "components.0.components.0.max_values", "NUMBER_TYPE_MIN"),
    (legacy(row(select(min_values=2))), "components.0.components.0.min_values", "NUMBER_TYPE_MAX"),
    (HI | {"embeds": [{"title": "x"}] * 11}, "embeds", "BASE_TYPE_MAX_LENGTH"),
    ({"embeds": [{"title": "x" * 257}]}, "embeds.0.title", "BASE_TYPE_MAX_LENGTH"),
    ({"embeds": [{"description": "x" * 4097}]}, "embeds.0.description", "BASE_TYPE_MAX_LENGTH"),
    ({"embeds": [{"footer": {"text": "x" * 2049}}]}, "embeds.0.footer.text", "BASE_TYPE_MAX_LENGTH"),
    ({"embeds": [{"author": {"name": "x" * 257}}]}, "embeds.0.author.name", "BASE_TYPE_MAX_LENGTH"),
    ({"embeds": [{"fields": [{"name": "a", "value": "b"}] * 26}]}, "embeds.0.fields", "BASE_TYPE_MAX_LENGTH"),
    ({"embeds": [{"fields": [{"name": "a"}]}]}, "embeds.0.fields.0.value", "BASE_TYPE_REQUIRED"),
    ({"embeds": [{"fields": [{"name": "a", "value": "x" * 1025}]}]}, "embeds.0.fields.0.value", "BASE_TYPE_BAD_LENGTH"),
    ({"embeds": [{"description": "x" * 3953} | FOOTER]}, "embeds", "MAX_EMBED_SIZE_EXCEEDED"),
    (layout(text(), content="hi"), "content", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"),
    (layout(text(), embeds=[{"title": "a"}]), "embeds", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"),
    (layout(button()), "components.0", "UNION_TYPE_CHOICES"),
    (layout(text("")), "components.0.content", "BASE_TYPE_BAD_LENGTH"),
    (layout(text(" \n")), "components.0.content", "BASE_TYPE_REQUIRED"),
    (layout(*[text("x" * 1001)] * 4), "components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"),
    (layout(*[text()] * 41), "components", "BASE_TYPE_MAX_LENGTH"),
    (
        layout({"type": 17, "components": [SECTION] * 13}, row(button())),
        "components",
        "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
    ),
    (layout(text() | {"id": 7}, text() | {"id": 7}), "components", "COMPONENT_ID_DUPLICATED"),
    (layout({"type": 17, "components": []}), "components.0.components", "BASE_TYPE_BAD_LENGTH"),
    (layout({"type": 17, "components": [{"type": 17}]}), "components.0.components.0", "UNION_TYPE_CHOICES"),
    (
        layout({"type": 17, "components": [text()], "accent_color": 1 << 24}),
        "components.0.accent_color",
        "NUMBER_TYPE_MAX",
    ),
    (layout(SECTION | {"accessory": None}), "components.0.accessory", "BASE_TYPE_REQUIRED"),
    (layout(SECTION | {"accessory": text()}), "components.0.accessory", "UNION_TYPE_CHOICES"),
    (layout(SECTION | {"components": [text()] * 4}), "components.0.components", "BASE_TYPE_BAD_LENGTH"),
    (layout(SECTION | {"components": [row()]}), "components.0.components.0", "UNION_TYPE_CHOICES"),
    (layout({"type": 12, "items": []}), "components.0.items", "BASE_TYPE_BAD_LENGTH"),
    (layout({"type": 12, "items": [{"media": media()}] * 11}), "components.0.items", "BASE_TYPE_BAD_LENGTH"),
    (layout({"type": 12, "items": [{}]}), "components.0.items.0.media", "BASE_TYPE_REQUIRED"),
    (
        layout({"type": 12, "items": [{"media": media("x")}]}),
        "components.0.items.0.media.url",
        "URL_TYPE_INVALID_SCHEME",
    ),
    (
        layout({"type": 13, "file": media("attachment://a.txt")}),
        "components.0.file.url",
        "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
    ),
    (layout({"type": 13, "file": media()}), "components.0.file.url", "URL_TYPE_INVALID_SCHEME"),
    (layout({"type": 14, "spacing": 3}), "components.0.spacing", "BASE_TYPE_CHOICES"),
]

TAKEN: list[dict[str, Any]] = [
    {"content": "x" * 2000},
    {"content": "hi", "embeds": [{"title": "x" * 256, "fields": [{"name": "a", "value": "b"}] * 25}]},
    {"embeds": [{"description": "x" * 3952} | FOOTER]},
    legacy(*[row(each) for each in BUTTONS[:5]]),
    legacy(row(*BUTTONS[:5])),
    legacy(row(button(label=None, emoji={"name": "🌊"}, custom_id="x" * 100))),
    legacy(row(options(25))),
    layout(*[text("x" * 1000)] * 4),
    layout({"type": 17, "components": [SECTION] * 12}, row(button())),
    layout({"type": 17, "components": [text(), {"type": 14}, row(button())], "accent_color": 0xFFFFFF}),
    layout({"type": 12, "items": [{"media": media(), "description": "x" * 1024}] * 10}),
]


def fault(answer: dict[str, Any], where: str) -> str:
    node = answer["errors"]
    for step in where.split("."):
        node = node[step]
    return str(node["_errors"][0]["code"])


@pytest.mark.parametrize(("body", "where", "code"), REFUSED)
async def test_a_message_is_refused(call: Call, place: Channel, body: dict[str, Any], where: str, code: str) -> None:
    status, answer = await call("POST", f"/channels/{place.id}/messages", body)

    assert (status, answer["code"], fault(answer, where)) == (400, 50035, code)
    assert place.messages == {}


@pytest.mark.parametrize("body", TAKEN)
async def test_the_largest_allowed_values_are_accepted(call: Call, place: Channel, body: dict[str, Any]) -> None:
    status, answer = await call("POST", f"/channels/{place.id}/messages", body)
    assert (status, len(place.messages)) == (200, 1), answer


@pytest.mark.parametrize("body", [{}, {"content": " \n"}, layout(), {"components": [row(button())]}])
async def test_an_empty_message_is_refused(call: Call, place: Channel, body: dict[str, Any]) -> None:
    _, answer = await call("POST", f"/channels/{place.id}/messages", body)
    assert answer == {"message": "Cannot send an empty message", "code": 50006}


async def test_texts_of_many_bytes_break_the_server(call: Call, place: Channel) -> None:
    assert (await call("POST", f"/channels/{place.id}/messages", layout(text("語" * 3386))))[0] == 200
    assert (await call("POST", f"/channels/{place.id}/messages", layout(text("語" * 3387))))[0] == 500


async def test_a_message_becomes_a_layout_only_without_its_words(call: Call, place: Channel) -> None:
    path = f"/channels/{place.id}/messages"
    number = (await call("POST", path, HI))[1]["id"]
    _, answer = await call("PATCH", f"{path}/{number}", layout(text()))
    assert fault(answer, "content") == "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
    status, answer = await call("PATCH", f"{path}/{number}", layout(text("a"), text("b"), content=None))
    assert (status, [each["id"] for each in answer["components"]]) == (200, [1, 2])
    assert (await call("PATCH", f"{path}/{number}", HI))[0] == 400
