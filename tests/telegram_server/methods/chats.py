"""Methods that describe a chat, and leaving one."""

from tests.telegram_server.button_checks import RIGHTS
from tests.telegram_server.chat_rights import check_members_visible, rights_of
from tests.telegram_server.errors import bad_request
from tests.telegram_server.methods.method import method
from tests.telegram_server.params import Params
from tests.telegram_server.state import ADMINS, PRESENT, Account, Chat, Json, Status
from tests.telegram_server.world import World

ACTIONS = frozenset({
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
})  # fmt: skip
_RIGHTS = (
    "can_be_edited can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members "
    "can_promote_members can_change_info can_invite_users can_post_stories can_edit_stories "
    "can_delete_stories"
)
_GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


def get_chat(world: World, params: Params) -> Json:
    """GetChat."""
    chat = world.named(params)
    gifts = dict.fromkeys(_GIFTS, True)
    facts: Json = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}
    return chat.to_json() | facts


def get_member(world: World, params: Params) -> Json:
    """GetChatMember."""
    chat = world.named(params)
    check_members_visible(chat, world.bot)
    account = world.accounts.get(params.required("user_id"))
    if account is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    return member_json(account, chat.status(account), chat, rights_of(chat, account))


def get_administrators(world: World, params: Params) -> list[Json]:
    """GetChatAdministrators."""
    chat = world.writable(params)
    if chat.kind == "private":
        raise bad_request("there are no administrators in the private chat")
    check_members_visible(chat, world.bot)
    members = ((world.accounts[number], status) for number, status in chat.statuses.items())
    return [
        member_json(account, status, chat, rights_of(chat, account))
        for account, status in members
        if status in ADMINS and account is not world.bot
    ]


def count_members(world: World, params: Params) -> int:
    """GetChatMemberCount."""
    chat = world.named(params)
    return 2 if chat.person else sum(status in PRESENT for status in chat.statuses.values())


def leave(world: World, params: Params) -> bool:
    """LeaveChat."""
    chat = world.writable(params)
    if chat.person:
        raise bad_request("chat member status can't be changed in private chats")
    chat.statuses[world.bot.id] = "left"
    return True


def send_action(world: World, params: Params) -> bool:
    """SendChatAction."""
    chat = world.writable(params)
    if params.text("action") not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.actions.append(params.text("action"))
    return True


def member_json(account: Account, status: Status, chat: Chat, rights: frozenset[str] = frozenset()) -> Json:
    """A ChatMember object; only in a channel does it have rights of its own."""
    member: Json = {"user": account.to_json(), "status": status}
    if status in ADMINS:
        member["is_anonymous"] = False
    if status == "administrator" and chat.kind == "channel":
        member |= dict.fromkeys((*RIGHTS, "can_be_edited"), False) | dict.fromkeys(rights, True)
        member["can_manage_chat"] = True
    elif status == "administrator":
        member |= dict.fromkeys(_RIGHTS.split(), True)
    if status == "kicked":
        member["until_date"] = 0
    return member


METHODS = (
    method("getChat", get_chat, "chat_id"),
    method("getChatMember", get_member, "chat_id user_id"),
    method("getChatAdministrators", get_administrators, "chat_id return_bots"),
    method("getChatMemberCount", count_members, "chat_id"),
    method("leaveChat", leave, "chat_id"),
    method("sendChatAction", send_action, "business_connection_id chat_id message_thread_id action"),
)
