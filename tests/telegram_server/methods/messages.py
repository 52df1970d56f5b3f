"""Sending, editing and deleting messages."""

from tests.telegram_server import ephemeral, formatting, keyboards
from tests.telegram_server.button_checks import check_place
from tests.telegram_server.chat_rights import check_posting
from tests.telegram_server.errors import ApiError, bad_request
from tests.telegram_server.forum import named_thread
from tests.telegram_server.methods.method import method
from tests.telegram_server.params import Params, Upload
from tests.telegram_server.state import ADMINS, Chat, Json, Message
from tests.telegram_server.world import World

_DELETABLE_SECONDS = 48 * 3600
_LARGEST_PHOTO, _LARGEST_FILE = 10 * 1024 * 1024, 50 * 1024 * 1024  # bytes
_LONGEST_SIDES = 10_000  # pixels, width and height together
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
SENT = (
    "business_connection_id chat_id message_thread_id direct_messages_topic_id disable_notification "
    "protect_content allow_paid_broadcast message_effect_id suggested_post_parameters reply_parameters "
    "reply_markup parse_mode ephemeral_message_parameters "
)
_EFFECTS = frozenset({"5046509860389126442", "5104841245755180586", "5107584321108051014"})  # 🎉 🔥 👍
EDITED = "business_connection_id chat_id message_id inline_message_id reply_markup "


def send_message(world: World, params: Params) -> Json:
    """SendMessage."""
    chat = world.writable(params)
    text, entities = formatting.message_text(params)
    message = compose(world, chat, params)
    message.text, message.entities = text, entities
    return deliver(world, chat, message)


def send_photo(world: World, params: Params) -> Json:
    """SendPhoto, uploaded or by file id."""
    return _send_file(world, params, "photo")


def send_document(world: World, params: Params) -> Json:
    """SendDocument, uploaded or by file id."""
    return _send_file(world, params, "document")


def _send_file(world: World, params: Params, kind: str) -> Json:
    chat = world.writable(params)
    upload = params.upload(kind)
    if upload is None and not params.text(kind):
        raise bad_request(f"there is no {kind} in the request")
    if upload is not None:
        _check_file(kind, upload.content)
    text, entities = formatting.caption(params)
    message = compose(world, chat, params)
    message.text, message.entities = text, entities
    message.file = upload.content if upload else None
    message.extra |= {kind: _describe(kind, upload, params.text(kind), world.number())}
    return deliver(world, chat, message)


def _check_file(kind: str, content: bytes) -> None:
    if not content:
        raise bad_request("file must be non-empty")
    if len(content) > _LARGEST_FILE:
        raise ApiError(413, "Request Entity Too Large")
    if kind != "photo":
        return
    if len(content) > _LARGEST_PHOTO:
        reason = f"file of size {len(content)} bytes is too big for a photo; the maximum size is {_LARGEST_PHOTO} bytes"
        raise bad_request(reason)
    # Width and height are in the first chunk of a PNG; of other pictures only the size is checked.
    if content.startswith(b"\x89PNG") and sum(_sides(content)) > _LONGEST_SIDES:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")


def _sides(png: bytes) -> tuple[int, int]:
    return int.from_bytes(png[16:20]), int.from_bytes(png[20:24])


def _describe(kind: str, upload: Upload | None, file_id: str, number: int) -> Json | list[Json]:
    file: Json = {"file_id": file_id if upload is None else f"file-{number}", "file_unique_id": f"u{number}"}
    if upload is not None:
        file["file_size"] = len(upload.content)
    if kind == "photo":
        width, height = _sides(upload.content) if upload and upload.content.startswith(b"\x89PNG") else (640, 480)
        return [file | {"width": width, "height": height}]
    return file | ({"file_name": upload.name, "mime_type": upload.mime} if upload else {})


def compose(world: World, chat: Chat, params: Params) -> Message:
    """A new message of the bot with its keyboard, not yet in the chat; counts against the rates."""
    check_posting(chat, world.bot)
    markup = keyboards.check(params.json("reply_markup"))
    check_place(markup, inline_mode=world.inline_mode, private=chat.kind == "private")
    if "ephemeral_message_parameters" in params and world.api != "10.0":
        message = ephemeral.compose(world, chat, params)
        if world.rates and message.receiver:
            world.rates.count_ephemeral(chat.id, message.receiver.id)
        message.markup = markup
        return message
    reply_to = _replied(world, chat, params)
    topic, effect = _topic(chat, params), _effect(chat, params)
    thread = named_thread(chat, params, is_admin=chat.status(world.bot) in ADMINS)
    if world.rates:
        world.rates.count(chat.id)
    message = world.new_message(chat, world.bot)
    message.markup, message.reply_to, message.extra = markup, reply_to, thread
    message.topic, message.effect = topic, effect
    if markup and "keyboard" in markup:
        chat.keyboard, chat.keyboard_hidden = markup, False
    elif markup and "remove_keyboard" in markup:
        chat.keyboard = None
    return message


def _topic(chat: Chat, params: Params) -> int | None:
    """The topic of a private chat; forums check their own."""
    topic = params.integer("message_thread_id") if chat.person else None
    if topic is not None and topic not in chat.topics:
        raise bad_request("message thread not found")
    return topic


def _effect(chat: Chat, params: Params) -> str:
    effect = params.text("message_effect_id")
    if effect and not chat.person:
        raise bad_request("can't use message effects in the chat")
    if effect and effect not in _EFFECTS:
        raise bad_request("EFFECT_ID_INVALID")
    return effect


def deliver(world: World, chat: Chat, message: Message) -> Json:
    """Show a message to everyone in the chat, or to the one member that it is for."""
    if message.receiver:
        world.inbox(chat, message.receiver).take(message, message.receiver)
        world.pulse.beat()
        return message.to_json()
    return world.add(chat, message).to_json()


def _replied(world: World, chat: Chat, params: Params) -> Message | None:
    wanted = params.json("reply_parameters")
    if not wanted:
        return None
    if "ephemeral_message_id" in wanted:
        if world.api == "10.0":
            return None
        raise bad_request("a reply to an ephemeral message must be ephemeral")
    message = chat.messages.get(int(wanted["message_id"]))
    if message is None and not wanted.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return message


def edit_caption(world: World, params: Params) -> Json | bool:
    """EditMessageCaption."""
    message = editable(world, params)
    if not message.is_media:
        raise bad_request("there is no caption in the message to edit")
    return change(world, message, *formatting.caption(params), params)


def edit_markup(world: World, params: Params) -> Json | bool:
    """EditMessageReplyMarkup."""
    message = editable(world, params)
    return change(world, message, message.text, message.entities, params)


def editable(world: World, params: Params) -> Message:
    """The message of the bot that a call edits; raises a 400 for any other."""
    if "inline_message_id" in params:
        inline = world.inline_messages.get(params.text("inline_message_id"))
        if inline is None:
            raise bad_request("MESSAGE_ID_INVALID")
        return inline
    message = world.writable(params).messages.get(params.required("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if message.sender is not world.bot:
        raise bad_request("message can't be edited")
    return message


def change(
    world: World, message: Message, text: str, entities: list[Json], params: Params, extra: Json | None = None
) -> Json | bool:
    """Put new content into a message, perhaps with other fields of its kind; raises a 400 if nothing changes."""
    markup = keyboards.check(params.json("reply_markup"))
    check_place(markup, inline_mode=world.inline_mode, private=True)
    if markup and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    # An empty keyboard is how bots take the buttons away.
    markup = markup if markup and any(markup["inline_keyboard"]) else None
    extra = message.extra if extra is None else extra
    if (*message.content(), message.extra) == (text, entities, markup, extra):
        raise bad_request(_NOT_MODIFIED)
    if world.rates and message.chat:
        world.rates.count(message.chat.id)
    message.text, message.entities, message.markup, message.extra = text, entities, markup, extra
    message.edits += 1
    message.edit_date = world.now()
    if message.chat is None:
        return True
    message.chat.journal.append(f"(edited) {message.as_text()}")
    return message.to_json()


def delete_message(world: World, params: Params) -> bool:
    """DeleteMessage."""
    chat = world.writable(params)
    message = chat.messages.get(params.required("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    foreign = message.sender is not world.bot
    if foreign and chat.kind != "private" and chat.status(world.bot) not in ADMINS:
        raise bad_request("message can't be deleted")
    if world.now() - message.date > _DELETABLE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    del chat.messages[message.id]
    chat.journal.append(f"(deleted) {message.as_text()}")
    return True


METHODS = (
    method("sendMessage", send_message, SENT + "text entities link_preview_options"),
    method(
        "sendPhoto",
        send_photo,
        SENT + "photo caption caption_entities show_caption_above_media has_spoiler",
    ),
    method(
        "sendDocument",
        send_document,
        SENT + "document thumbnail caption caption_entities disable_content_type_detection",
    ),
    method(
        "editMessageCaption",
        edit_caption,
        EDITED + "caption parse_mode caption_entities show_caption_above_media",
    ),
    method("editMessageReplyMarkup", edit_markup, EDITED),
    method("deleteMessage", delete_message, "chat_id message_id"),
)
