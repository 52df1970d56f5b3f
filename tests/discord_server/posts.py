"""The fields of what people send besides plain text, by a name for each kind."""

from tests.discord_server.errors import Json

VOICE = 1 << 13  # the flag of a voice message
PIN, POLL_RESULT = 6, 46  # types of Discord's own notes


def _file(name: str, kind: str) -> Json:
    address = f"https://cdn.example.org/{name}"
    return {"id": "1", "filename": name, "size": 9, "url": address, "proxy_url": address, "content_type": kind}


_QUESTION: Json = {"question": {"text": "Q?"}, "answers": [], "allow_multiselect": False, "layout_type": 1}
_SNAPSHOT: Json = {"content": "", "embeds": [], "attachments": [], "flags": 0, "type": 0, "mentions": []}
_SNAPSHOT |= {"timestamp": "2026-11-23T12:00:00+00:00", "edited_timestamp": None}
_ORIGIN: Json = {"type": 1, "message_id": "5", "channel_id": "6"}
KINDS: dict[str, Json] = {
    "sticker": {"sticker_items": [{"id": "1", "name": "Wave", "format_type": 1}]},
    "voice": {"flags": VOICE, "attachments": [_file("voice-message.ogg", "audio/ogg") | {"duration_secs": 3.0}]},
    "photo": {"attachments": [_file("elm.png", "image/png")]},
    "album": {"attachments": [_file(f"elm{number}.png", "image/png") | {"id": str(number)} for number in range(10)]},
    "long text as a file": {"attachments": [_file("message.txt", "text/plain; charset=utf-8")]},
    "poll": {"poll": _QUESTION | {"expiry": "2026-11-30T12:00:00+00:00"}},
    "forwarded photo": {
        "message_reference": _ORIGIN,
        "message_snapshots": [{"message": _SNAPSHOT | {"attachments": [_file("elm.png", "image/png")]}}],
    },
}
"""Every kind of message without text."""


def forwarded(text: str) -> Json:
    """A forwarded message with text."""
    return {"message_reference": _ORIGIN, "message_snapshots": [{"message": _SNAPSHOT | {"content": text}}]}
