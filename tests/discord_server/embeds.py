"""Rules of Discord for the embeds of a message."""

from typing import Any

from tests.discord_server.errors import Form, Json, Path

COUNT_LIMIT = 10
TOTAL_LIMIT = 6000


def check(form: Form, embeds: Any) -> None:
    """Note all faults of the embeds."""
    listed = form.objects({"embeds": embeds}, ("embeds",), 0, COUNT_LIMIT, required=False)
    for index, embed in enumerate(listed):
        _check_one(form, embed, ("embeds", index))
    if form.clean and sum(map(_size, listed)) > TOTAL_LIMIT:
        words = f"Embed size exceeds maximum size of {TOTAL_LIMIT}"
        form.add(("embeds",), "MAX_EMBED_SIZE_EXCEEDED", words)


def _check_one(form: Form, embed: Json, path: Path) -> None:
    form.text(embed, (*path, "title"), 0, 256, required=False)
    form.text(embed, (*path, "description"), 0, 4096, required=False)
    form.text(embed.get("footer") or {}, (*path, "footer", "text"), 0, 2048, required="footer" in embed)
    form.text(embed.get("author") or {}, (*path, "author", "name"), 0, 256, required="author" in embed)
    for index, item in enumerate(form.objects(embed, (*path, "fields"), 0, 25, required=False)):
        form.text(item, (*path, "fields", index, "name"), 1, 256)
        form.text(item, (*path, "fields", index, "value"), 1, 1024)


def _size(embed: Json) -> int:
    texts = [embed.get("title"), embed.get("description")]
    texts += [(embed.get("footer") or {}).get("text"), (embed.get("author") or {}).get("name")]
    texts += [text for item in embed.get("fields") or [] for text in (item.get("name"), item.get("value"))]
    return sum(len(str(text).strip()) for text in texts if text)
