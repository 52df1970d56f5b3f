"""The fields of what people post besides plain text."""

from typing import Any

from tests.telegram_server.state import Account, Chat

Json = dict[str, Any]

ANONYMOUS = Account(1087968824, "Group", username="GroupAnonymousBot", is_bot=True)
CHANNEL = Account(136817688, "Channel", username="Channel_Bot", is_bot=True)
"""The accounts that Telegram names as the senders of what is written for a chat."""


def sticker(emoji: str, number: int) -> Json:
    """A sticker."""
    looks = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
    return {"sticker": _file(number) | looks | {"emoji": emoji}}


def voice(seconds: int, number: int) -> Json:
    """A voice message."""
    return {"voice": _file(number) | {"duration": seconds, "mime_type": "audio/ogg"}}


def photo(number: int) -> Json:
    """A photo in one size."""
    return {"photo": [_file(number) | {"width": 800, "height": 600}]}


def document(name: str, number: int) -> Json:
    """A file."""
    return {"document": _file(number) | {"file_name": name}}


def contact(phone: str, account: Account) -> Json:
    """A shared contact."""
    body: Json = {"phone_number": phone, "first_name": account.first_name, "user_id": account.id}
    return {"contact": body | ({"last_name": account.last_name} if account.last_name else {})}


def others(number: int, date: int) -> dict[str, Json]:
    """All other kinds of messages that a person can send, by the name of their field.

    The poll is of an older Bot API than the library's, and one kind of a later one.
    """
    file, place = _file(number), {"latitude": 45.5, "longitude": -122.7}
    size: Json = {"width": 320, "height": 240, "duration": 3}
    chat: Json = {"id": -1, "type": "channel", "title": "News"}
    poll: Json = {"id": "1", "question": "Q?", "options": [], "total_voter_count": 0, "is_closed": False}
    poll |= {"is_anonymous": True, "type": "regular", "allows_multiple_answers": False}
    task: Json = {"id": 1, "text": "Sign"}
    bodies: Json = {
        "animation": file | size, "audio": file | {"duration": 3}, "video": file | size,
        "video_note": file | {"length": 240, "duration": 3}, "dice": {"emoji": "🎲", "value": 6}, "location": place,
        "venue": {"location": place, "title": "Elm Street", "address": "1 Elm Street"}, "poll": poll,
        "story": {"chat": chat, "id": 1}, "checklist": {"title": "To do", "tasks": [task]},
        "game": {"title": "Chess", "description": "A game", "photo": []},
        "paid_media": {"star_count": 1, "paid_media": [{"type": "preview"}]},
        "giveaway": {"chats": [chat], "winners_selection_date": date, "winner_count": 1},
        "invoice": {"title": "T", "description": "D", "start_parameter": "", "currency": "USD", "total_amount": 1},
        "something_new": {"of": "a later Bot API"},
    }  # fmt: skip
    return {name: {name: body} for name, body in bodies.items()}


def forwarded(origin: Account | str | Chat, date: int) -> Json:
    """Origin of a forwarded message: a person, the bare name of a hidden one, or a channel."""
    if isinstance(origin, Account):
        return {"forward_origin": {"type": "user", "date": date, "sender_user": origin.to_json()}}
    if isinstance(origin, str):
        return {"forward_origin": {"type": "hidden_user", "date": date, "sender_user_name": origin}}
    body = {"type": "channel", "date": date, "chat": origin.to_json(), "message_id": 1}
    return {"forward_origin": body}


def _file(number: int) -> Json:
    return {"file_id": f"file-{number}", "file_unique_id": f"u{number}", "file_size": 1024}
