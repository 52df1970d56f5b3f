"""Messages from the bodies of calls: checks them and writes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.discord_server import embeds, errors, mentions, rendering
from tests.discord_server.components import ComponentChecker
from tests.discord_server.errors import Form, Json, Path
from tests.discord_server.finishing import finished
from tests.discord_server.state import COMPONENTS_V2, EPHEMERAL, LOADING, Attachment, Message, Upload
from tests.discord_server.world import World

CONTENT_LIMIT = 2000
FILES_LIMIT = 10
DESCRIPTION_LIMIT = 1024
FILE_BYTES = 10 * 1024 * 1024
_SETTABLE = COMPONENTS_V2 | EPHEMERAL | 1 << 2 | 1 << 12
_LEGACY = ("content", "embeds", "poll", "sticker_ids")


@dataclass(frozen=True, slots=True)
class Draft:
    """Message as a call describes it; `root` is the path of the message within the body of the call."""

    body: Json
    files: Mapping[int, Upload] = field(default_factory=dict)
    root: Path = ()


def write(world: World, message: Message, draft: Draft) -> Message:
    """Write a new message or change one; raises a 400 and leaves the message alone where Discord refuses."""
    body, form = draft.body, Form(draft.root)
    attachments = _attachments(world, message, draft, form)
    layout = bool((message.flags | (body.get("flags") or 0)) & COMPONENTS_V2)
    form.text(body, ("content",), 0, CONTENT_LIMIT, required=False)
    embeds.check(form, body.get("embeds"))
    mentions.check(form, body.get("allowed_mentions"))
    form.text(body, ("nonce",), 0, 25, required=False)
    if layout:
        _check_legacy(message, body, form)
    checker = ComponentChecker(form, [attachment.filename for attachment in attachments])
    checker.check(body.get("components"), layout=layout)
    form.refuse()
    kept = {name: body.get(name) if name in body else getattr(message, name) for name in _KEPT}
    _check_not_empty(kept, attachments, layout=layout)
    _apply(message, draft, kept, attachments)
    return message


_KEPT = ("content", "embeds", "components")


def _check_legacy(message: Message, body: Json, form: Form) -> None:
    for name in _LEGACY:
        if body.get(name) or (name not in body and name in _KEPT and getattr(message, name)):
            words = f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            form.add((name,), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", words)


def _check_not_empty(kept: Json, attachments: list[Attachment], *, layout: bool) -> None:
    if layout:
        if not kept["components"]:
            raise errors.EMPTY_MESSAGE
    elif not ((kept["content"] or "").strip() or kept["embeds"] or attachments):
        raise errors.EMPTY_MESSAGE


def _attachments(world: World, message: Message, draft: Draft, form: Form) -> list[Attachment]:
    listed = draft.body.get("attachments")
    if listed is None:
        kept = message.attachments if "attachments" not in draft.body else []
        return kept + [_attach(world, message, upload, {}) for upload in draft.files.values()]
    old = {str(attachment.id): attachment for attachment in message.attachments}
    attachments: list[Attachment] = []
    for index, entry in enumerate(listed):
        number = str(entry.get("id"))
        if number in old:
            attachments.append(old[number])
        elif number.isdigit() and int(number) in draft.files:
            form.text(entry, ("attachments", index, "description"), 0, DESCRIPTION_LIMIT, required=False)
            attachments.append(_attach(world, message, draft.files[int(number)], entry))
        else:
            words = f"The file of attachment {number} was not found"
            form.add(("attachments", index), "ATTACHMENT_NOT_FOUND", words)
    form.size(("attachments",), len(attachments), 0, FILES_LIMIT)
    return attachments


def _attach(world: World, message: Message, upload: Upload, entry: Json) -> Attachment:
    if len(upload.content) > FILE_BYTES:
        raise errors.ApiError(413, 40005, "Request entity too large")
    number, name = world.ids.next(), entry.get("filename") or upload.name
    url = f"https://cdn.discordapp.com/attachments/{message.channel.id}/{number}/{name}"
    return Attachment(number, name, upload.content, url, entry.get("description"))


def _apply(message: Message, draft: Draft, kept: Json, attachments: list[Attachment]) -> None:
    body = draft.body
    first = message.loading or not message.versions
    if message.loading or "flags" in body:
        settable = _SETTABLE if not message.versions and not message.loading else _SETTABLE & ~EPHEMERAL
        message.flags = (message.flags | ((body.get("flags") or 0) & settable)) & ~LOADING
    message.content = (kept["content"] or "").strip()
    message.embeds = kept["embeds"] or []
    message.attachments = attachments
    if "components" in body:
        message.components = finished(kept["components"] or [], attachments)
    if body.get("nonce") is not None:
        message.nonce = str(body["nonce"])
    if first:
        message.pings = mentions.find(rendering.words(message), body.get("allowed_mentions"))
    message.versions.append(message.as_text())
