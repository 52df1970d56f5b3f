"""Components as Discord returns them: each with an id, media with their URLs."""

from copy import deepcopy
from itertools import count

from tests.discord_server.kinds import FILE, Component, walk
from tests.discord_server.state import Attachment


def numbered(components: list[Component]) -> list[Component]:
    """A copy in which every component has an id of its own."""
    done = deepcopy(components)
    taken = {component.get("id") for component in walk(done)}
    free = (number for number in count(1) if number not in taken)
    for component in walk(done):
        if not component.get("id"):
            component["id"] = next(free)
    return done


def finished(components: list[Component], attachments: list[Attachment]) -> list[Component]:
    """Copy the components with ids, and replace attachment:// by the URL of the file."""
    done = numbered(components)
    for component in walk(done):
        for item in (component, *component.get("items", [])):
            for name in {"media", "file"} & set(item):
                item[name] = _media(item[name]["url"], attachments)
        if component["type"] == FILE:
            component["name"] = component["file"]["url"].rpartition("/")[2]
    return done


def _media(url: str, attachments: list[Attachment]) -> Component:
    attachment = next((each for each in attachments if url == f"attachment://{each.filename}"), None)
    address = attachment.url if attachment else url
    body: Component = {"url": address, "proxy_url": address, "width": 0, "height": 0, "flags": 0}
    body |= {"content_type": "application/octet-stream", "loading_state": 2, "placeholder": None}
    return body | ({"attachment_id": str(attachment.id)} if attachment else {})
