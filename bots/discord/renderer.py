"""Draws a screen as a Discord message made of components."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby

from discord import ButtonStyle

from bots.common.callback_data import encode, encode_order
from bots.common.captions import with_colon
from bots.common.goal import draw_goal, goal_words
from bots.common.json_object import JsonObject
from bots.common.links import Links
from bots.common.shortening import shorter_and_shorter
from bots.discord import custom_id, text
from bots.discord.accents import accent_of
from bots.discord.commands import ORGANIZER_SIGN
from bots.discord.fitting import FittingWords
from bots.discord.forms import DiscordForms
from bots.discord.limits import (
    LONGEST_BUTTON,
    LONGEST_OPTION,
    LONGEST_URL,
    MOST_COMPONENTS,
    MOST_OPTIONS,
    cut_to,
    fits,
)
from bots.discord.message import BUTTON, MENU, ROW, SEPARATING, DiscordMessage, tappable
from bots.discord.organizer_forms import to_write
from bots.discord.passages import ButtonedText, arranged, only_first, paragraphs
from core.conversation import state as ev
from core.conversation.form_screen import in_form_words
from core.conversation.screen import Button, Emphasis, Facts, Line, Passage, Progress, ShareLink, Style, View
from core.conversation.state import Overlay
from core.conversation.typed import SendProof, SendText
from core.messages import Catalog, Message, Spelling, Words
from core.petition.label import is_personal
from core.petition.petition import Petition
from core.petition.trial import is_trial

MENU_FROM = 4  # this many single buttons of a kind below each other become a menu
_IN_MENUS = (ev.Edit, ev.ShowSource, ev.Open, ev.Answer, ev.SetLocale, ev.SetUpdates, SendText, SendProof)
_OVERLAYS_IN_MENUS = (ev.Show(Overlay.CHANGES), ev.Show(Overlay.WITHDRAW))
_STYLES = {each: ButtonStyle[each.value or "secondary"] for each in Emphasis}


@dataclass(frozen=True)
class DiscordRenderer:
    """Draws messages for one application; `spell` makes organizers' commands into what they type where they read."""

    catalog: Catalog
    petitions: Mapping[str, Petition]
    links: Links
    spell: Spelling = ORGANIZER_SIGN.__add__

    def __post_init__(self) -> None:
        object.__setattr__(self, "catalog", self.catalog.typed_with(self.spell))

    def render(self, view: View, *, offers_post: bool = False, label: str = "") -> DiscordMessage:
        """The message that shows a screen.

        `offers_post` means that the reader may post a petition's card here, for others to see, where it is shared;
        `label` is credited when people choose a petition from a list.
        """
        view = replace(view, screen=in_form_words(view.screen))
        for screen in shorter_and_shorter(view.screen):
            shown = replace(view, screen=screen)
            paragraphs = list(self._paragraphs(shown, offers_post=offers_post))
            if fits("\n\n".join(each.words for each in paragraphs)):
                break
        share_rows = tuple(self._share_rows(view)) if offers_post else ()
        message = self._arranged(paragraphs, view, label, share_rows)
        return message.fitted(self._fitting_words(view.locale), pictures=bool(view.screen.pictures))

    def _arranged(
        self, paragraphs: Sequence[ButtonedText], view: View, label: str, share_rows: tuple[JsonObject, ...]
    ) -> DiscordMessage:
        """The message, with as many buttons in its body as it has room for; the others are below."""
        most = MOST_COMPONENTS - bool(view.screen.pictures)
        for count in range(min(sum(bool(each.buttons) for each in paragraphs), most), -1, -1):
            shown = list(only_first(paragraphs, count))
            body = tuple(arranged(shown, partial(self._in_body, view)))
            moved = [button.meaning for each in shown for button in each.buttons]
            rows = (*share_rows, *self._rows(view, label, moved))
            line = (SEPARATING,) if moved and rows else ()
            message = DiscordMessage((*body, *line), rows, accent=accent_of(view.petition))
            if message.size <= most:
                break
        return message

    def _in_body(self, view: View, button: Button, times: int) -> JsonObject:
        drawn = self._component(button, view, "")
        return drawn if button.url else drawn | {"custom_id": custom_id.again(drawn["custom_id"], times)}

    def _fitting_words(self, locale: str) -> FittingWords:
        def more(count: int) -> str:
            return _styled(self.catalog.words(Message("page.more", {"count": count}), locale), Style.NOTE)

        return FittingWords(self.catalog.words(Message("discord.choose"), locale), more)

    def card(self, view: View, label: str) -> DiscordMessage:
        """A screen with the buttons of a card, which work for everyone and forever."""
        petition = self.petitions[view.petition]
        rows = tuple(
            {"type": ROW, "components": [self._on_card(button, petition, view.locale, label) for button in row]}
            for row in view.screen.buttons
        )
        return replace(self.render(view), rows=rows)

    def _on_card(self, button: Button, petition: Petition, locale: str, label: str) -> JsonObject:
        assert button.event is not None  # noqa: S101  (posts for a community have no orders and no addresses)
        meaning = custom_id.on_card(encode(button.event, petition, None), label)
        return tappable(self.catalog.words(button.text, locale), meaning, _STYLES[button.emphasis])

    def form(self, view: View, label: str | None = None) -> JsonObject | None:
        """The modal with the screen's questions; None for a screen without, or with too many (see DiscordForms)."""
        return DiscordForms(self.catalog, self.petitions).draw(view, label)

    def _paragraphs(self, view: View, *, offers_post: bool) -> Iterator[ButtonedText]:
        buttons = [button.event for row in view.screen.buttons for button in row]
        sources = frozenset(event.number for event in buttons if isinstance(event, ev.ShowSource))
        for part in view.screen.parts:
            if isinstance(part, ShareLink):
                yield ButtonedText(self._invitation(part, view.locale, offers_post=offers_post))
            elif isinstance(part, Passage):
                yield from paragraphs(part.document, sources, quoted=part.quoted)
            else:
                yield ButtonedText(self._part(part, view.locale), tuple(_beside(part)))

    def _part(self, part: Line | Facts | Progress, locale: str) -> str:
        match part:
            case Line(words, Style.COPY):
                return text.code(self.catalog.words(words, locale))
            case Line(words, style):
                return _styled(text.escaped(self.catalog.words(words, locale)), style)
            case Facts(rows):
                return "\n".join(self._fact(name, value, locale) for name, value in rows)
            case Progress():
                return f"{draw_goal(part)}\n{self.catalog.words(goal_words(part), locale)}"

    def _invitation(self, part: ShareLink, locale: str, *, offers_post: bool) -> str:
        """The invitation to share. Only links to the web pages carry a label, so no other may say that it counts."""
        link = self.links.anywhere(part.petition, part.label)
        if self.links.public_url:
            lines = [text.escaped(self.catalog.words(part.invitation, locale)), link]
        elif part.label and not is_personal(part.label):
            lines = self._labelled_command(part, locale)
        else:
            lines = [text.escaped(self.catalog.words(Message("discord.share"), locale)), link]
        if offers_post and not is_trial(part.petition):
            lines.append(text.escaped(self.catalog.words(Message("discord.before_post_here"), locale)))
        return "\n\n".join(lines)

    def _labelled_command(self, part: ShareLink, locale: str) -> list[str]:
        """An organizer's link, where none carries its label: the application, and the command with the label."""
        words = self.catalog.words(Message("discord.link", {"label": part.label}), locale)
        command = self.links.discord_command(
            part.petition, part.label, lambda word: self.catalog.text(Message(f"name.{word}"), locale)
        )
        return [text.escaped(words), self.links.discord_account, f"`{command}`"]

    def _share_rows(self, view: View) -> Iterator[JsonObject]:
        for part in view.screen.parts:
            if isinstance(part, ShareLink) and not is_trial(part.petition):
                words = self.catalog.words(Message("discord.post_here"), view.locale)
                post = tappable(words, custom_id.to_post(part.petition, part.label), ButtonStyle.secondary)
                yield {"type": ROW, "components": [post]}

    def _fact(self, name: Words, value: Words, locale: str) -> str:
        caption, content = (self.catalog.words(words, locale) for words in (name, value))
        return f"**{text.escaped(with_colon(caption))}** {text.escaped(content)}"

    def _rows(self, view: View, label: str, moved: Container[tuple[object, ...]]) -> Iterator[JsonObject]:
        """The rows of buttons and menus, without the buttons that `moved` into the body."""
        if view.screen.prompts:
            key = "discord.correct" if any(prompt.error for prompt in view.screen.prompts) else "discord.fill"
            words = self.catalog.words(Message(key), view.locale)
            fill = tappable(words, custom_id.to_fill(view.petition), ButtonStyle.primary)
            yield {"type": ROW, "components": [fill]}
        if view.screen.writes:
            words = self.catalog.words(Message("discord.write"), view.locale)
            write = tappable(words, to_write(view.screen.writes), ButtonStyle.primary)
            yield {"type": ROW, "components": [write]}
        number = 0
        left = (
            tuple(button for button in row if button.meaning not in moved and len(button.url) <= LONGEST_URL)
            for row in view.screen.buttons
        )
        for kind, group in groupby(filter(None, left), key=_kind_of_row):
            rows = list(group)
            if kind is None or len(rows) < MENU_FROM:
                yield from (self._row(row, view, label) for row in rows)
                continue
            for start in range(0, len(rows), MOST_OPTIONS):
                yield self._menu(kind, [row[0] for row in rows[start : start + MOST_OPTIONS]], view, label, number)
                number += 1

    def _row(self, row: Sequence[Button], view: View, label: str) -> JsonObject:
        """A row of buttons, or the menu of pages if its buttons lead to a few of them."""
        pages = [button.text for button in view.screen.jumps]
        if not all(button.text in pages for button in row):
            return {"type": ROW, "components": [self._component(button, view, label) for button in row]}
        options = [self._option(button, view, label) for button in view.screen.jumps]
        placeholder = self.catalog.words(Message("discord.jump"), view.locale)
        return _menu_row(custom_id.TO_PAGE, placeholder, options)

    def _option(self, button: Button, view: View, label: str) -> JsonObject:
        words, detail = (self.catalog.words(each, view.locale) for each in (button.text, button.detail))
        described = {"description": cut_to(detail, LONGEST_OPTION)} if detail else {}
        return {"label": cut_to(words, LONGEST_OPTION), "value": self._meaning(button, view, label), **described}

    def _menu(
        self, kind: type[ev.Event] | ev.Event | str, buttons: Sequence[Button], view: View, label: str, number: int
    ) -> JsonObject:
        key = "discord.edit" if kind is ev.Edit else "discord.choose"
        options = [self._option(button, view, label) for button in buttons]
        return _menu_row(f"s{number}", self.catalog.words(Message(key), view.locale), options)

    def _component(self, button: Button, view: View, source: str) -> JsonObject:
        words = self.catalog.words(button.text, view.locale)
        if button.url:
            return {
                "type": BUTTON,
                "style": ButtonStyle.link.value,
                "label": cut_to(words, LONGEST_BUTTON),
                "url": button.url,
            }
        return tappable(words, self._meaning(button, view, source), _STYLES[button.emphasis])

    def _meaning(self, button: Button, view: View, label: str) -> str:
        if button.order:
            return encode_order(button.order)
        assert button.event is not None  # noqa: S101  (a button has an event, an order or an address)
        elsewhere = button.petition and button.petition != view.petition
        slug = button.petition or view.petition
        revision = None if elsewhere else view.revision
        meaning = encode(button.event, self.petitions.get(slug), revision, slug, lasting=view.lasting)
        chooses = elsewhere or isinstance(button.event, ev.ListPetitions)
        return custom_id.on_card(meaning, label) if label and chooses else meaning


def _beside(part: Line | Facts | Progress) -> Iterator[Button]:
    """The button beside a part, unless Discord refuses its address."""
    button = None if isinstance(part, Progress) else part.beside
    if button and len(button.url) <= LONGEST_URL:
        yield button


def _menu_row(name: str, placeholder: str, options: Sequence[JsonObject]) -> JsonObject:
    menu = {"type": MENU, "custom_id": name, "placeholder": placeholder, "options": options}
    return {"type": ROW, "components": [menu]}


def _kind_of_row(row: tuple[Button, ...]) -> type[ev.Event] | ev.Event | str | None:
    """The kind of a row's only button, if buttons of that kind may form a menu; for an order, its name."""
    (button, *more) = row
    if not more and button.order:
        return button.order.name
    if not more and button.petition and button.detail:
        return type(button.event) if button.event else None
    if not more and button.event in _OVERLAYS_IN_MENUS:
        return button.event
    return type(button.event) if not more and isinstance(button.event, _IN_MENUS) else None


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
