"""Messages and forms as a person reads them: the words, then what can be pressed, chosen or filled in."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tests.discord_server.kinds import (
    BUTTON,
    CHECKBOX,
    CONTAINER,
    FILE,
    GALLERY,
    ROW,
    SECTION,
    SEPARATOR,
    TEXT,
    TEXT_INPUT,
    THUMBNAIL,
    Component,
    walk,
)

if TYPE_CHECKING:
    from tests.discord_server.state import Message, Modal


def as_text(message: "Message") -> str:
    """Draw a message as text: its author and audience, its words, its buttons."""
    audience = f" (only {message.only_for.name} sees this)" if message.only_for else ""
    head = f"{message.author.name}{audience}:"
    if message.loading:
        return f"{head} is thinking…"
    lines = [*message.content.splitlines(), *_embeds(message), *_files(message)]
    for component in message.components:
        lines += _lines(component)
    return "\n".join([" ".join([head, *lines[:1]]), *(f"  {line}" for line in lines[1:])])


def words(message: "Message") -> str:
    """Words of the message without its buttons."""
    parts = [
        message.content,
        *(str(component["content"]) for component in walk(message.components) if component["type"] == TEXT),
    ]
    return "\n".join(part for part in parts if part)


def _embeds(message: "Message") -> Iterator[str]:
    for embed in message.embeds:
        texts = [embed.get("title"), embed.get("description")]
        texts += [f"{item['name']}: {item['value']}" for item in embed.get("fields", [])]
        texts += [embed.get("footer", {}).get("text")]
        for text in filter(None, texts):
            yield from (f"> {line}" for line in str(text).splitlines())


def _files(message: "Message") -> Iterator[str]:
    if not message.layout:
        yield from (f"({attachment.filename})" for attachment in message.attachments)


def _lines(component: Component) -> Iterator[str]:
    kind = component["type"]
    if kind == TEXT:
        yield from component["content"].splitlines()
    elif kind == ROW:
        yield " ".join(_pressable(child) for child in component["components"])
    elif kind in {SECTION, CONTAINER}:
        for child in [*component["components"], *filter(None, [component.get("accessory")])]:
            yield from _lines(child)
    elif kind == SEPARATOR:
        yield "---" if component.get("divider", True) else ""
    elif kind == GALLERY:
        yield from (_picture(item) for item in component["items"])
    elif kind == THUMBNAIL:
        yield _picture(component)
    elif kind == FILE:
        yield f"({component.get('name') or component['file']['url']})"
    else:
        yield _pressable(component)


def _picture(item: Component) -> str:
    return f"(picture: {item.get('description') or item['media']['url']})"


def _pressable(component: Component) -> str:
    off = " (off)" if component.get("disabled") else ""
    if component["type"] == BUTTON:
        link = f" -> {component['url']}" if component.get("url") else ""
        return f"[{button_words(component)}{link}{off}]"
    options = " | ".join(f"*{o['label']}" if o.get("default") else o["label"] for o in component.get("options", []))
    return f"<{component.get('placeholder') or 'Make a selection'}: {options}{off}>"


def button_words(button: Component) -> str:
    """Label of a button, after its emoji."""
    emoji = (button.get("emoji") or {}).get("name")
    return " ".join(filter(None, (emoji, button.get("label"))))


def modal_as_text(modal: "Modal") -> str:
    """A form: its title, then texts and fields; what must be filled in has an asterisk."""
    lines = [f"# {modal.title}"]
    for component in modal.components:
        if component["type"] == TEXT:
            lines += component["content"].splitlines()
        else:
            lines += _field(component)
    return "\n".join([*lines, *([f"! {modal.trouble}"] if modal.trouble else [])])


def _field(component: Component) -> Iterator[str]:
    inner = component.get("component") or component["components"][0]
    label = component.get("label") or inner.get("label") or ""
    needed = "" if inner["type"] == CHECKBOX or not inner.get("required", True) else " *"
    yield f"{label}{needed}"
    if component.get("description"):
        yield f"  ({component['description']})"
    if inner["type"] == TEXT_INPUT:
        yield f"  [{inner.get('value') or inner.get('placeholder') or ''}]"
    elif inner["type"] == CHECKBOX:
        yield f"  [{'x' if inner.get('default') else ' '}]"
    for option in inner.get("options", []):
        about = f" - {option['description']}" if option.get("description") else ""
        yield f"  ({'x' if option.get('default') else ' '}) {option['label']}{about}"
