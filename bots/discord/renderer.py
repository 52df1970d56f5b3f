"""Draws a screen as a Discord message made of components, and its form as a modal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from discord import ButtonStyle, ComponentType, MessageFlags

from bots.common.callback_data import encode, encode_order
from bots.common.captions import truncate, with_colon
from bots.common.goal import draw_goal, goal_words
from bots.common.json_object import JsonObject
from bots.common.links import Links
from bots.discord import custom_id, text
from bots.discord.commands import ORGANIZER_SIGN
from bots.discord.inputs import form_prompts, text_input
from bots.papers.data_page import DataFile
from bots.papers.pictures import PictureFile
from core.conversation import state as ev
from core.conversation.screen import Button, Emphasis, Facts, Line, Passage, Progress, Prompt, ShareLink, Style, View
from core.conversation.state import Overlay
from core.conversation.typed import SendProof, SendText
from core.messages import Catalog, Message, Words
from core.petition.petition import Petition
from core.petition.trial import is_trial
from core.text.pages import utf16_length

LONGEST_TEXT = 4000  # in all texts of a message, counted in UTF-16 units to be safe
MOST_BYTES = 9000  # Discord fails above about 10,000 bytes of text (discord-api-docs, issue 8554)
LONGEST_BUTTON = 80
LONGEST_OPTION = 100
LONGEST_DESCRIPTION = 1024  # of a picture
LONGEST_TITLE = LONGEST_FIELD = 45
MOST_OPTIONS = 25
MOST_RADIOS = 10
MENU_FROM = 4  # this many single buttons of a kind below each other become a menu
NOBODY: JsonObject = {"parse": []}  # a message pings nobody
LABEL, RADIO_GROUP, CONTAINER, TEXT, GALLERY, FILE = (
    ComponentType.label.value, ComponentType.radio_group.value, ComponentType.container.value,
    ComponentType.text_display.value, ComponentType.media_gallery.value, ComponentType.file.value,
)  # fmt: skip
ROW, BUTTON, MENU = ComponentType.action_row.value, ComponentType.button.value, ComponentType.select.value
_CUTS = (None, 400, 160, 60, 30)  # characters of a value, tried in turn until the message fits
_IN_MENUS = (ev.Edit, ev.ShowSource, ev.Open, ev.Answer, ev.SetLocale, ev.SetUpdates, SendText, SendProof)
_OVERLAYS_IN_MENUS = (ev.Show(Overlay.CHANGES), ev.Show(Overlay.WITHDRAW))
_STYLES = {each: ButtonStyle[each.value or "secondary"] for each in Emphasis}


@dataclass(frozen=True, slots=True)
class DiscordMessage:
    """A message: a container with pictures, text and a file, and rows of buttons and menus."""

    text: str
    rows: tuple[JsonObject, ...] = ()
    pictures: tuple[PictureFile, ...] = ()
    file: DataFile | None = None

    @property
    def attachments(self) -> tuple[PictureFile | DataFile, ...]:
        """Everything to upload with it."""
        return (*self.pictures, *([self.file] if self.file else []))

    def content(self, *, private: bool = False) -> JsonObject:
        """The body of a call that sends or edits; only one person sees `private` messages, until they dismiss them."""
        flags = MessageFlags(components_v2=True, ephemeral=private).value
        file = [{"type": FILE, "file": {"url": f"attachment://{self.file.name}"}}] if self.file else []
        inside: list[JsonObject] = [*self._gallery(), {"type": TEXT, "content": self.text}, *file, *self.rows]
        files = [{"id": number, "filename": one.name} for number, one in enumerate(self.attachments)]
        return {
            "flags": flags,
            "components": [{"type": CONTAINER, "components": inside}],
            "attachments": files,  # when a message is edited, its old attachments go
            "allowed_mentions": NOBODY,
        }

    def _gallery(self) -> Iterator[JsonObject]:
        items = [
            {"media": {"url": f"attachment://{one.name}"}, "description": cut_to(one.words, LONGEST_DESCRIPTION)}
            for one in self.pictures
        ]
        if items:
            yield {"type": GALLERY, "items": items}


@dataclass(frozen=True)
class DiscordRenderer:
    """Draws messages for one application."""

    catalog: Catalog
    petitions: Mapping[str, Petition]
    links: Links

    def __post_init__(self) -> None:
        object.__setattr__(self, "catalog", self.catalog.typed_with(ORGANIZER_SIGN))

    def render(self, view: View, *, in_company: bool = False, label: str = "") -> DiscordMessage:
        """The message that shows a screen; `in_company` means there are others to share a petition with.

        `label` is credited when people choose a petition from a list.
        """
        for cut in _CUTS:
            words = "\n\n".join(self._lines(view, cut, in_company=in_company))
            if _fits(words):
                break
        else:
            words = truncate(words, MOST_BYTES // 4)
        rows = self._share_rows(view) if in_company else ()
        return DiscordMessage(words, (*rows, *self._rows(view, label)))

    def card(self, view: View, label: str) -> DiscordMessage:
        """A screen with the buttons of a card, which work for everyone and forever."""
        petition = self.petitions[view.petition]
        rows = tuple(
            {"type": ROW, "components": [self._on_card(button, petition, view.locale, label) for button in row]}
            for row in view.screen.buttons
        )
        return DiscordMessage(self.render(view).text, rows)

    def _on_card(self, button: Button, petition: Petition, locale: str, label: str) -> JsonObject:
        assert button.event is not None  # noqa: S101  (posts for a community have no orders and no addresses)
        meaning = custom_id.on_card(encode(button.event, petition, None), label)
        return _button(self.catalog.words(button.text, locale), meaning, _STYLES[button.emphasis])

    def form(self, view: View, label: str | None = None) -> JsonObject | None:
        """The modal with the screen's questions and earlier answers; None for a screen without, or with too many."""
        screen = view.screen
        prompts = form_prompts(screen)
        if not prompts:
            return None
        petition = self.petitions[view.petition]
        title = petition.text(view.locale).title
        if petition.is_trial:
            title = self.catalog.words(Message("trial.form", {"title": title}), view.locale)
        return {
            "custom_id": custom_id.form(view.petition, label),
            "title": cut_to(title, LONGEST_TITLE),
            "components": [self._field(prompt, view.locale) for prompt in prompts],
        }

    def _field(self, prompt: Prompt, locale: str) -> JsonObject:
        about = prompt.error or prompt.hint
        placeholder = cut_to(self.catalog.words(prompt.placeholder, locale), LONGEST_OPTION)
        component = self._menu_of(prompt, locale) if prompt.options else text_input(prompt, placeholder)
        return {
            "type": LABEL,
            "label": cut_to(self.catalog.words(prompt.caption, locale), LONGEST_FIELD),
            "description": cut_to(self.catalog.words(about, locale), LONGEST_OPTION),
            "component": component | {"custom_id": prompt.field.name, "required": prompt.required},
        }

    def _menu_of(self, prompt: Prompt, locale: str) -> JsonObject:
        options = [
            {
                "value": key,
                "label": cut_to(self.catalog.words(words, locale), LONGEST_OPTION),
                "default": key == prompt.value,
            }
            for key, words in prompt.options[:MOST_OPTIONS]
        ]
        return {"type": RADIO_GROUP if 1 < len(options) <= MOST_RADIOS else MENU, "options": options}

    def _lines(self, view: View, cut: int | None, *, in_company: bool) -> Iterator[str]:
        for part in view.screen.parts:
            if isinstance(part, ShareLink):
                yield self._invitation(part, view.locale, in_company=in_company)
            else:
                yield self._part(part, view.locale, cut)
        for prompt in view.screen.prompts[1:]:  # the first one's error is on the screen
            if prompt.error:
                caption, error = (self.catalog.words(words, view.locale) for words in (prompt.caption, prompt.error))
                yield f"⚠️ **{text.escaped(with_colon(caption))}** {text.escaped(error)}"

    def _part(self, part: Line | Passage | Facts | Progress, locale: str, cut: int | None) -> str:
        match part:
            case Line(words, style):
                return _styled(text.escaped(self.catalog.words(words, locale)), style)
            case Passage(document, quoted):
                return text.document(document, quoted=quoted)
            case Facts(rows):
                return "\n".join(self._fact(name, value, locale, cut) for name, value in rows)
            case Progress():
                return f"{draw_goal(part)}\n{self.catalog.words(goal_words(part), locale)}"

    def _invitation(self, part: ShareLink, locale: str, *, in_company: bool) -> str:
        """The invitation to share. Only links to the web pages carry a label, so no other may say that it counts."""
        link = self.links.anywhere(part.petition, part.label)
        if self.links.public_url:
            return f"{text.escaped(self.catalog.words(part.invitation, locale))}\n\n{link}"
        key = "discord.share_here" if in_company else "discord.share"
        return f"{text.escaped(self.catalog.words(Message(key), locale))}\n\n{link}"

    def _share_rows(self, view: View) -> Iterator[JsonObject]:
        for part in view.screen.parts:
            if isinstance(part, ShareLink) and not is_trial(part.petition):
                words = self.catalog.words(Message("discord.post_here"), view.locale)
                post = _button(words, custom_id.to_post(part.petition, part.label), ButtonStyle.secondary)
                yield {"type": ROW, "components": [post]}

    def _fact(self, name: Words, value: Words, locale: str, cut: int | None) -> str:
        caption, content = (self.catalog.words(words, locale) for words in (name, value))
        content = content if cut is None else cut_to(content, cut)
        return f"**{text.escaped(with_colon(caption))}** {text.escaped(content)}"

    def _rows(self, view: View, label: str) -> Iterator[JsonObject]:
        if view.screen.prompts:
            key = "discord.correct" if any(prompt.error for prompt in view.screen.prompts) else "discord.fill"
            words = self.catalog.words(Message(key), view.locale)
            fill = _button(words, custom_id.to_fill(view.petition), ButtonStyle.primary)
            yield {"type": ROW, "components": [fill]}
        number = 0
        for kind, group in groupby(view.screen.buttons, key=_kind_of_row):
            rows = list(group)
            if kind is None or len(rows) < MENU_FROM:
                yield from (
                    {"type": ROW, "components": [self._component(button, view, label) for button in row]}
                    for row in rows
                )
                continue
            for start in range(0, len(rows), MOST_OPTIONS):
                yield self._menu(kind, [row[0] for row in rows[start : start + MOST_OPTIONS]], view, label, number)
                number += 1

    def _menu(
        self, kind: type[ev.Event] | ev.Event, buttons: Sequence[Button], view: View, label: str, number: int
    ) -> JsonObject:
        key = "discord.edit" if kind is ev.Edit else "discord.choose"
        options = [
            {
                "label": cut_to(self.catalog.words(button.text, view.locale), LONGEST_OPTION),
                "value": self._meaning(button, view, label),
            }
            for button in buttons
        ]
        placeholder = self.catalog.words(Message(key), view.locale)
        menu = {"type": MENU, "custom_id": f"s{number}", "placeholder": placeholder, "options": options}
        return {"type": ROW, "components": [menu]}

    def _component(self, button: Button, view: View, source: str) -> JsonObject:
        words = self.catalog.words(button.text, view.locale)
        if button.url:
            return {
                "type": BUTTON,
                "style": ButtonStyle.link.value,
                "label": cut_to(words, LONGEST_BUTTON),
                "url": button.url,
            }
        return _button(words, self._meaning(button, view, source), _STYLES[button.emphasis])

    def _meaning(self, button: Button, view: View, label: str) -> str:
        if button.order:
            return encode_order(button.order)
        assert button.event is not None  # noqa: S101  (a button has an event, an order or an address)
        elsewhere = button.petition and button.petition != view.petition
        slug = button.petition or view.petition
        revision, lasting = None if elsewhere else view.revision, view.lasting and not view.screen.is_receipt
        meaning = encode(button.event, self.petitions.get(slug), revision, slug, lasting=lasting)
        return custom_id.on_card(meaning, label) if label and isinstance(button.event, ev.Open) else meaning


def _fits(words: str) -> bool:
    return utf16_length(words) <= LONGEST_TEXT and len(words.encode()) <= MOST_BYTES


def cut_to(words: str, longest: int) -> str:
    """The text on one line, in at most `longest` characters."""
    return truncate(" ".join(words.split()), longest)


def _kind_of_row(row: tuple[Button, ...]) -> type[ev.Event] | ev.Event | None:
    """The kind of a row's only button, if buttons of that kind may form a menu."""
    (button, *more) = row
    if not more and button.event in _OVERLAYS_IN_MENUS:
        return button.event
    return type(button.event) if not more and isinstance(button.event, _IN_MENUS) else None


def _button(words: str, meaning: str, style: ButtonStyle) -> JsonObject:
    return {"type": BUTTON, "style": style.value, "label": cut_to(words, LONGEST_BUTTON), "custom_id": meaning}


def _styled(words: str, style: Style) -> str:
    match style:
        case Style.TITLE:
            return "## " + " ".join(words.split())
        case Style.HEADING:
            return "### " + " ".join(words.split())
        case Style.NOTE:
            return "\n".join(f"-# {line}" if line.strip() else line for line in words.split("\n"))
        case Style.NOTICE:
            return f"**{words}**"
        case Style.ALERT:
            return f"⚠️ **{words}**"
    return words
