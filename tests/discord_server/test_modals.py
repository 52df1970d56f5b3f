"""Forms: what Discord accepts of a bot, and what its app accepts of a person."""

from typing import Any

import pytest

from tests.discord_server import DiscordServer, Interaction, Modal
from tests.discord_server import forms as person_forms
from tests.discord_server.conftest import Call

OPTIONS = [{"label": "A", "value": "a", "default": True}, {"label": "B", "value": "b"}]


def field(**other: Any) -> dict[str, Any]:
    return {"type": 4, "style": 1, "custom_id": "name"} | other


def label(component: Any, **other: Any) -> dict[str, Any]:
    return {"type": 18, "label": "Name", "component": component} | other


def form(*components: Any, **other: Any) -> dict[str, Any]:
    return {"title": "Sign", "custom_id": "sign", "components": list(components)} | other


def group(kind: int, **other: Any) -> dict[str, Any]:
    return {"type": kind, "custom_id": "group", "options": OPTIONS} | other


IN_LABEL = "components.0.component"
REFUSED: list[tuple[dict[str, Any], str, str]] = [
    (form(label(field()), title="x" * 46), "title", "BASE_TYPE_BAD_LENGTH"),
    (form(label(field()), title=None), "title", "BASE_TYPE_REQUIRED"),
    (form(label(field(), label=" ")), "components.0.label", "BASE_TYPE_REQUIRED"),
    (form(label(field()), custom_id="x" * 101), "custom_id", "BASE_TYPE_BAD_LENGTH"),
    (form(), "components", "BASE_TYPE_BAD_LENGTH"),
    (form(*[label(field(custom_id=f"{number}")) for number in range(6)]), "components", "BASE_TYPE_BAD_LENGTH"),
    (form(field()), "components.0", "UNION_TYPE_CHOICES"),
    (form({"type": 10, "content": ""}), "components.0.content", "BASE_TYPE_BAD_LENGTH"),
    (form(*[{"type": 10, "content": "x" * 2001}] * 2), "components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"),
    (form({"type": 1, "components": [field()]}), "components.0.components.0.label", "BASE_TYPE_REQUIRED"),
    (form({"type": 1, "components": [group(3)]}), "components.0.components.0", "UNION_TYPE_CHOICES"),
    (form(label(None)), IN_LABEL, "BASE_TYPE_REQUIRED"),
    (form(label({"type": 2})), IN_LABEL, "UNION_TYPE_CHOICES"),
    (form(label(field(), label="x" * 46)), "components.0.label", "BASE_TYPE_BAD_LENGTH"),
    (form(label(field(), description="x" * 101)), "components.0.description", "BASE_TYPE_MAX_LENGTH"),
    (form(label(field(style=3))), f"{IN_LABEL}.style", "BASE_TYPE_CHOICES"),
    (form(label(field()), label(field())), "components.1.component.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED"),
    (form(label(field(placeholder="x" * 101))), f"{IN_LABEL}.placeholder", "BASE_TYPE_MAX_LENGTH"),
    (form(label(field(max_length=4001))), f"{IN_LABEL}.max_length", "NUMBER_TYPE_MAX"),
    (form(label(field(max_length=0))), f"{IN_LABEL}.max_length", "NUMBER_TYPE_MIN"),
    (form(label(field(min_length="1"))), f"{IN_LABEL}.min_length", "NUMBER_TYPE_COERCE"),
    (form(label(field(min_length=3, max_length=2))), f"{IN_LABEL}.min_length", "NUMBER_TYPE_MAX"),
    (form(label(field(max_length=2, value="abc"))), f"{IN_LABEL}.value", "BASE_TYPE_MAX_LENGTH"),
    (form(label(field(min_length=2, value="a"))), f"{IN_LABEL}.value", "BASE_TYPE_MIN_LENGTH"),
    (form(label(group(3, options=[]))), f"{IN_LABEL}.options", "BASE_TYPE_BAD_LENGTH"),
    (form(label(group(3, disabled=True))), f"{IN_LABEL}.disabled", "MODAL_SELECT_DISABLED"),
    (form(label(group(3, min_values=0))), f"{IN_LABEL}.min_values", "MODAL_COMPONENT_MIN_VALUES_INVALID"),
    (form(label(group(21, options=OPTIONS[:1]))), f"{IN_LABEL}.options", "BASE_TYPE_BAD_LENGTH"),
    (form(label(group(22, options=OPTIONS * 6))), f"{IN_LABEL}.options", "BASE_TYPE_BAD_LENGTH"),
    (form(label(group(22, min_values=0))), f"{IN_LABEL}.min_values", "MODAL_COMPONENT_MIN_VALUES_INVALID"),
    (form(label(field(), id=7), label(field(custom_id="b", id=7))), "components", "COMPONENT_ID_DUPLICATED"),
    (form(label(group(3, max_values=3))), f"{IN_LABEL}.options", "BASE_TYPE_BAD_LENGTH"),
    (form(label(group(22, min_values=2, max_values=1))), f"{IN_LABEL}.min_values", "NUMBER_TYPE_MAX"),
    (form(label({"type": 19, "custom_id": "a", "min_values": 2})), f"{IN_LABEL}.min_values", "NUMBER_TYPE_MAX"),
    (form(label({"type": 19, "custom_id": "a", "max_values": 11})), f"{IN_LABEL}.max_values", "NUMBER_TYPE_MAX"),
    (form(label({"type": 23})), f"{IN_LABEL}.custom_id", "BASE_TYPE_REQUIRED"),
]


@pytest.fixture
async def made(server: DiscordServer, call: Call) -> Interaction:
    await call("PUT", f"/applications/{server.world.bot.id}/commands", [{"name": "ping", "description": "Ping"}])
    return await server.person(11, "Anna").dm().command("ping", wait=False)


@pytest.mark.parametrize(("data", "where", "code"), REFUSED)
async def test_a_form_is_refused(call: Call, made: Interaction, data: dict[str, Any], where: str, code: str) -> None:
    path = f"/interactions/{made.id}/{made.token}/callback"
    status, answer = await call("POST", path, {"type": 9, "data": data})
    node = answer["errors"]["data"]
    for step in where.split("."):
        node = node[step]

    assert (status, answer["code"], node["_errors"][0]["code"]) == (400, 50035, code)
    assert made.modal is None


async def filled(call: Call, made: Interaction, *components: Any, **values: Any) -> list[Any]:
    """Values that the bot receives from a form with this component, labelled Name."""
    path = f"/interactions/{made.id}/{made.token}/callback"
    status, answer = await call("POST", path, {"type": 9, "data": form(*components)})
    assert status == 204, answer
    assert isinstance(made.modal, Modal)
    data = person_forms.submit(made.modal, values)
    inner = [each.get("component") or each.get("components", [{}])[0] for each in data["components"]]
    return [each.get("values", each.get("value")) for each in inner]


@pytest.mark.parametrize(
    ("component", "values", "got"),
    [
        (field(), {"Name": "Anna"}, "Anna"),
        (field(value="Anna"), {}, "Anna"),
        (field(value="Anna"), {"Name": "Ben"}, "Ben"),
        (field(required=False, min_length=2), {}, ""),
        (field(style=2), {"Name": "a\nb"}, "a\nb"),
        (group(3), {}, ["a"]),
        (group(3), {"Name": ["B"]}, ["b"]),
        (group(3, required=False), {"Name": []}, []),
        (group(21), {}, "a"),
        (group(21), {"Name": "B"}, "b"),
        (group(21, required=False), {"Name": None}, None),
        (group(22), {"Name": ["A", "B"]}, ["a", "b"]),
        (group(22, required=False), {"Name": []}, []),
        ({"type": 5, "custom_id": "who"}, {"Name": ["77"]}, ["77"]),
        ({"type": 23, "custom_id": "yes"}, {}, False),
        ({"type": 23, "custom_id": "yes", "default": True}, {}, True),
        ({"type": 23, "custom_id": "yes"}, {"Name": True}, True),
    ],
)
async def test_a_form_is_filled_in(
    call: Call, made: Interaction, component: dict[str, Any], values: dict[str, Any], got: Any
) -> None:
    assert await filled(call, made, label(component), {"type": 10, "content": "x"}, **values) == [got, None]


@pytest.mark.parametrize(
    ("component", "values", "reason"),
    [
        (field(), {}, "from 1 to 4000 characters"),
        (field(max_length=2), {"Name": "abc"}, "from 0|from 1 to 2"),
        (field(required=False, min_length=2), {"Name": "a"}, "from 2 to 4000"),
        (field(), {"Name": "a\nb"}, "one line only"),
        (field(), {"Name": "a", "Age": "3"}, r"no field \['Age'\]"),
        (group(3), {"Name": ["C"]}, r"\['C'\] is not among \['A', 'B'\]"),
        (group(3), {"Name": ["A", "B"]}, "from 1 to 1 must be chosen"),
        (group(21), {"Name": None}, "from 1 to 1 must be chosen, not 0"),
        (group(22), {"Name": []}, "from 1 to 2 must be chosen, not 0"),
    ],
)
async def test_the_app_holds_a_form_back(
    call: Call, made: Interaction, component: dict[str, Any], values: dict[str, Any], reason: str
) -> None:
    with pytest.raises(AssertionError, match=reason):
        await filled(call, made, label(component), **values)


async def test_the_older_kind_of_form(call: Call, made: Interaction) -> None:
    row = {"type": 1, "components": [field(label="Name", value="a")]}
    assert await filled(call, made, row) == ["a"]
    assert made.modal
    assert made.modal.as_text() == "# Sign\nName *\n  [a]"


async def test_a_form_as_text(server: DiscordServer, call: Call, made: Interaction) -> None:
    checkbox = label({"type": 23, "custom_id": "yes", "default": True}, label="Yes")
    menu = label(group(22, required=False), description="Some")
    await filled(call, made, {"type": 10, "content": "Please."}, menu, checkbox)
    view = server.person(11, "Anna").dm()

    assert view.modal is None
    assert made.modal
    assert made.modal.as_text() == "# Sign\nPlease.\nName\n  (Some)\n  (x) A\n  ( ) B\nYes\n  [x]"
    with pytest.raises(LookupError, match="no form is open"):
        await view.submit()
