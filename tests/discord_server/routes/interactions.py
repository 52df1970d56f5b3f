"""Responses to interactions, and follow-ups with the interaction's token."""

from collections.abc import Callable

from tests.discord_server import errors
from tests.discord_server.commands import check_choices
from tests.discord_server.drafts import Draft, write
from tests.discord_server.echoes import send_deletion, send_update
from tests.discord_server.errors import Form, Json
from tests.discord_server.events import send_message
from tests.discord_server.finishing import numbered
from tests.discord_server.modals import ModalChecker
from tests.discord_server.payloads import message_json
from tests.discord_server.permissions import Permission, allows
from tests.discord_server.routes.route import Call, Route
from tests.discord_server.state import AUTOCOMPLETE, COMMAND, EPHEMERAL, LOADING, MODAL, Interaction, Message, Modal
from tests.discord_server.world import World

REPLY, DEFER_REPLY, DEFER_UPDATE, UPDATE, CHOICES, OPEN_MODAL = 4, 5, 6, 7, 8, 9
FOLLOWUPS_LIMIT = 5


def callback(world: World, call: Call) -> Json | None:
    """POST /interactions/{interaction}/{token}/callback."""
    interaction = world.unanswered(call["interaction"], call["token"])
    kind = call.body.get("type")
    try:
        _check_kind(interaction, kind)
        _ANSWERS[int(kind or 0)](world, interaction, Draft(call.body.get("data") or {}, call.files, ("data",)))
    except errors.ApiError as refusal:
        interaction.refusals.append(refusal)
        raise
    interaction.response = kind
    if interaction.kind == MODAL and interaction.modal:
        interaction.modal.closed, interaction.modal.trouble = True, ""
    return _receipt(world, interaction) if call.query.get("with_response") in {"1", "true"} else None


def _check_kind(interaction: Interaction, kind: object) -> None:
    allowed: tuple[int, ...] = (REPLY, DEFER_REPLY, DEFER_UPDATE, UPDATE, OPEN_MODAL, 10, 12)
    if interaction.kind == AUTOCOMPLETE:
        allowed = (CHOICES,)
    elif interaction.kind == MODAL:
        allowed = tuple(each for each in allowed if each != OPEN_MODAL)
    if interaction.kind == COMMAND or interaction.message is None:
        allowed = tuple(each for each in allowed if each not in {DEFER_UPDATE, UPDATE})
    form = Form()
    form.choice({"type": kind}, ("type",), allowed)
    form.refuse()
    if kind not in _ANSWERS:
        raise errors.INTERNAL


def _receipt(world: World, interaction: Interaction) -> Json:
    about: Json = {"id": str(interaction.id), "type": interaction.kind}
    resource: Json = {"type": interaction.response}
    reply = interaction.reply
    if reply is not None:
        about |= {"response_message_id": str(reply.id), "response_message_loading": reply.loading}
        about |= {"response_message_ephemeral": reply.ephemeral}
        if interaction.response in {REPLY, UPDATE}:
            resource["message"] = message_json(reply, world.bot)
    return {"interaction": about, "resource": resource}


def _blank(world: World, interaction: Interaction, flags: int) -> Message:
    made = Message(world.ids.next(), interaction.channel, world.bot, world.clock(), source=interaction)
    if _must_whisper(interaction):
        flags |= EPHEMERAL
    made.flags = flags & EPHEMERAL
    made.only_for = interaction.user if made.ephemeral else None
    return made


def _must_whisper(interaction: Interaction) -> bool:
    """Return true if a user-installed app may answer here only ephemerally."""
    guild = interaction.channel.guild
    if guild is None or not interaction.by_user_install:
        return False
    return not allows(guild.members[interaction.user.id].permissions, Permission.USE_EXTERNAL_APPS)


def _reply(world: World, interaction: Interaction, draft: Draft) -> None:
    made = _blank(world, interaction, draft.body.get("flags") or 0)
    interaction.reply = write(world, made, draft)
    interaction.channel.messages[made.id] = made
    send_message(world, made)


def _defer_reply(world: World, interaction: Interaction, draft: Draft) -> None:
    made = _blank(world, interaction, draft.body.get("flags") or 0)
    made.flags |= LOADING
    interaction.reply = interaction.channel.messages[made.id] = made
    send_message(world, made)


def _defer_update(_world: World, interaction: Interaction, _draft: Draft) -> None:
    interaction.reply = interaction.message


def _update(world: World, interaction: Interaction, draft: Draft) -> None:
    assert interaction.message is not None
    if interaction.message.deleted:
        raise errors.UNKNOWN_MESSAGE
    interaction.reply = _edit(world, interaction.message, draft)


def _edit(world: World, message: Message, draft: Draft) -> Message:
    was_loading = message.loading
    write(world, message, draft)
    if not was_loading:
        message.edits, message.edited = message.edits + 1, world.clock()
    if not message.ephemeral:
        send_update(world, message)
    return message


def _offer(_world: World, interaction: Interaction, draft: Draft) -> None:
    form = Form(draft.root)
    choices = form.objects(draft.body, ("choices",), 0, 25)
    check_choices(form, choices, ("choices",))
    form.refuse()
    interaction.choices = choices


def _open_modal(_world: World, interaction: Interaction, draft: Draft) -> None:
    form = Form(draft.root)
    ModalChecker(form).check(draft.body)
    form.refuse()
    body = draft.body
    interaction.modal = Modal(body["custom_id"], body["title"], numbered(body["components"]), interaction)


_ANSWERS: dict[int, Callable[[World, Interaction, Draft], None]] = {
    REPLY: _reply,
    DEFER_REPLY: _defer_reply,
    DEFER_UPDATE: _defer_update,
    UPDATE: _update,
    CHOICES: _offer,
    OPEN_MODAL: _open_modal,
}


def follow_up(world: World, call: Call) -> Json:
    """POST /webhooks/{application}/{token}; the first one after a deferral replaces its message."""
    interaction = world.answered(call["application"], call["token"])
    draft = call.draft()
    if interaction.reply is not None and interaction.reply.loading:
        return message_json(_edit(world, interaction.reply, draft), world.bot)
    if interaction.by_user_install and interaction.followups >= FOLLOWUPS_LIMIT:
        raise errors.TOO_MANY_FOLLOWUPS
    made = _blank(world, interaction, draft.body.get("flags") or 0)
    write(world, made, draft)
    interaction.channel.messages[made.id] = made
    interaction.followups += 1
    send_message(world, made)
    return message_json(made, world.bot)


def _named(world: World, call: Call) -> Message:
    interaction = world.answered(call["application"], call["token"])
    if call["message"] == "@original":
        named = interaction.reply
    else:
        number = int(call["message"]) if call["message"].isdigit() else 0
        named = interaction.channel.messages.get(number)
        mine = named is not None and (named.source is interaction or named is interaction.message)
        named = named if mine else None
    if named is None or named.deleted:
        raise errors.UNKNOWN_MESSAGE
    return named


def get(world: World, call: Call) -> Json:
    """GET /webhooks/{application}/{token}/messages/{message}."""
    return message_json(_named(world, call), world.bot)


def edit(world: World, call: Call) -> Json:
    """PATCH /webhooks/{application}/{token}/messages/{message}."""
    return message_json(_edit(world, _named(world, call), call.draft()), world.bot)


def delete(world: World, call: Call) -> None:
    """DELETE /webhooks/{application}/{token}/messages/{message}."""
    deleted = _named(world, call)
    deleted.deleted = True
    if not deleted.ephemeral:
        send_deletion(world, deleted)


_HOOK = "/webhooks/{application}/{token}"
_MESSAGE = f"{_HOOK}/messages/{{message}}"

ROUTES = (
    Route("POST", "/interactions/{interaction}/{token}/callback", callback, by_token=True),
    Route("POST", _HOOK, follow_up, by_token=True),
    Route("GET", _MESSAGE, get, by_token=True),
    Route("PATCH", _MESSAGE, edit, by_token=True),
    Route("DELETE", _MESSAGE, delete, by_token=True),
)
