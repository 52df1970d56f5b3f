"""A Discord message as a value, and the components that it is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from discord import ButtonStyle, ComponentType, MessageFlags

from bots.common.json_object import JsonObject
from bots.discord.fitting import WORDLESS, FittingWords, fit
from bots.discord.limits import LONGEST_BUTTON, LONGEST_CAPTION, cut_to
from bots.papers.data_page import DataFile
from bots.papers.pictures import PictureFile

NOBODY: JsonObject = {"parse": []}  # a message pings nobody
CONTAINER, TEXT, SECTION, GALLERY, FILE, SEPARATOR = (
    ComponentType.container.value, ComponentType.text_display.value, ComponentType.section.value,
    ComponentType.media_gallery.value, ComponentType.file.value, ComponentType.separator.value,
)  # fmt: skip
ROW, BUTTON, MENU = ComponentType.action_row.value, ComponentType.button.value, ComponentType.select.value
SEPARATING: JsonObject = {"type": SEPARATOR}
"""A line across the message."""


def tappable(words: str, meaning: str, style: ButtonStyle) -> JsonObject:
    """A button whose tap comes back with its meaning (see bots.discord.custom_id)."""
    return {"type": BUTTON, "style": style.value, "label": cut_to(words, LONGEST_BUTTON), "custom_id": meaning}


def walk(components: Iterable[JsonObject]) -> Iterator[JsonObject]:
    """Every component, from outside to inside, in reading order."""
    for one in components:
        yield one
        yield from walk((*one.get("components", ()), *([one["accessory"]] if "accessory" in one else ())))


def shown_text(words: str) -> JsonObject:
    """Words in Markdown."""
    return {"type": TEXT, "content": words}


@dataclass(frozen=True, slots=True)
class DiscordMessage:
    """A message: a container with pictures, the body, a file, and rows of buttons and menus.

    The body has texts, sections, separators, and rows of buttons that belong to the text above them. `accent` is the
    color of the container's edge.
    """

    body: tuple[JsonObject, ...]
    rows: tuple[JsonObject, ...] = ()
    pictures: tuple[PictureFile, ...] = ()
    file: DataFile | None = None
    accent: int | None = None

    @classmethod
    def plain(cls, words: str, rows: tuple[JsonObject, ...] = (), file: DataFile | None = None) -> DiscordMessage:
        """A message with one text, above its rows."""
        return cls((shown_text(words),), rows, file=file)

    @property
    def text(self) -> str:
        """All words of the body, without those on buttons."""
        return "\n\n".join(one["content"] for one in walk(self.body) if one["type"] == TEXT)

    @property
    def size(self) -> int:
        """The number of components, with those inside others."""
        return sum(1 for _ in walk(self._components()))

    @property
    def attachments(self) -> tuple[PictureFile | DataFile, ...]:
        """Everything to upload with it."""
        return (*self.pictures, *([self.file] if self.file else []))

    def fitted(self, words: FittingWords, *, pictures: bool = False) -> DiscordMessage:
        """The same message, within Discord's limits (see bots.discord.fitting); `pictures` may be added later."""
        others = 1 + (pictures or bool(self.pictures)) + bool(self.file)
        body, rows = fit(self.body, self.rows, others, words)
        return replace(self, body=body, rows=rows)

    def content(self, *, private: bool = False) -> JsonObject:
        """The body of a call that sends or edits; only one person sees `private` messages, until they dismiss them."""
        flags = MessageFlags(components_v2=True, ephemeral=private).value
        files = [{"id": str(number), "filename": one.name} for number, one in enumerate(self.attachments)]
        return {
            "flags": flags,
            "components": self.fitted(WORDLESS)._components(),  # noqa: SLF001  (its own kind)
            "attachments": files,  # when a message is edited, its old attachments go
            "allowed_mentions": NOBODY,
        }

    def _components(self) -> list[JsonObject]:
        file = [{"type": FILE, "file": {"url": f"attachment://{self.file.name}"}}] if self.file else []
        inside: list[JsonObject] = [*self._gallery(), *self.body, *file, *self.rows]
        accent = {} if self.accent is None else {"accent_color": self.accent}
        return [{"type": CONTAINER, **accent, "components": inside}]

    def _gallery(self) -> Iterator[JsonObject]:
        items = [
            {
                "media": {"url": f"attachment://{one.name}"},
                "description": cut_to(one.words, LONGEST_CAPTION),
            }
            for one in self.pictures
        ]
        if items:
            yield {"type": GALLERY, "items": items}
