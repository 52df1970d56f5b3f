"""Draws a screen as a Discord message made of components."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from discord import ButtonStyle

from bots.common.callback_data import encode, encode_order
from bots.common.captions import truncate, with_colon
from bots.common.goal import draw_goal, goal_words
from bots.common.json_object import JsonObject
from bots.common.links import Links
from bots.discord import custom_id, text
from bots.discord.commands import ORGANIZER_SIGN
from bots.discord.forms import DiscordForms
from bots.discord.limits import LONGEST_BUTTON, LONGEST_OPTION, MOST_BYTES, MOST_OPTIONS, cut_to, fits
from bots.discord.message import BUTTON, MENU, ROW, DiscordMessage, tappable
from bots.discord.organizer_forms import to_write
from core.conversation import state as ev
from core.conversation.screen import Button, Emphasis, Facts, Line, Passage, Progress, ShareLink, Style, View
from core.conversation.state import Overlay
from core.conversation.typed import SendProof, SendText
from core.messages import Catalog, Message, Spelling, Words
from core.petition.label import is_personal
from core.petition.petition import Petition
from core.petition.trial import is_trial

MENU_FROM = 4  # this many single buttons of a kind below each other become a menu
_CUTS = (None, 400, 160, 60, 30)  # characters of a value, tried in turn until the message fits
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

    def render(self, view: View, *, in_company: bool = False, label: str = "") -> DiscordMessage:
        """The message that shows a screen; `in_company` means there are others to share a petition with.

        `label` is credited when people choose a petition from a list.
        """
        for cut in _CUTS:
            words = "\n\n".join(self._lines(view, cut, in_company=in_company))
            if fits(words):
                break
        else:
            words = truncate(words, MOST_BYTES // 4)
        rows = self._share_rows(view) if in_company else ()
        return DiscordMessage.plain(words, (*rows, *self._rows(view, label)))

    def card(self, view: View, label: str) -> DiscordMessage:
        """A screen with the buttons of a card, which work for everyone and forever."""
        petition = self.petitions[view.petition]
        rows = tuple(
            {"type": ROW, "components": [self._on_card(button, petition, view.locale, label) for button in row]}
            for row in view.screen.buttons
        )
        return DiscordMessage(self.render(view).body, rows)

    def _on_card(self, button: Button, petition: Petition, locale: str, label: str) -> JsonObject:
        assert button.event is not None  # noqa: S101  (posts for a community have no orders and no addresses)
        meaning = custom_id.on_card(encode(button.event, petition, None), label)
        return tappable(self.catalog.words(button.text, locale), meaning, _STYLES[button.emphasis])

    def form(self, view: View, label: str | None = None) -> JsonObject | None:
        """The modal with the screen's questions; None for a screen without, or with too many (see DiscordForms)."""
        return DiscordForms(self.catalog, self.petitions).draw(view, label)

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
            lines = [text.escaped(self.catalog.words(part.invitation, locale)), link]
        elif part.label and not is_personal(part.label):
            lines = self._labelled_command(part, locale)
        else:
            lines = [text.escaped(self.catalog.words(Message("discord.share"), locale)), link]
        if in_company and not is_trial(part.petition):
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

    def _fact(self, name: Words, value: Words, locale: str, cut: int | None) -> str:
        caption, content = (self.catalog.words(words, locale) for words in (name, value))
        content = content if cut is None else cut_to(content, cut)
        return f"**{text.escaped(with_colon(caption))}** {text.escaped(content)}"

    def _rows(self, view: View, label: str) -> Iterator[JsonObject]:
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
        return tappable(words, self._meaning(button, view, source), _STYLES[button.emphasis])

    def _meaning(self, button: Button, view: View, label: str) -> str:
        if button.order:
            return encode_order(button.order)
        assert button.event is not None  # noqa: S101  (a button has an event, an order or an address)
        elsewhere = button.petition and button.petition != view.petition
        slug = button.petition or view.petition
        revision = None if elsewhere else view.revision
        meaning = encode(button.event, self.petitions.get(slug), revision, slug, lasting=view.lasting)
        return custom_id.on_card(meaning, label) if label and isinstance(button.event, ev.Open) else meaning


def _kind_of_row(row: tuple[Button, ...]) -> type[ev.Event] | ev.Event | None:
    """The kind of a row's only button, if buttons of that kind may form a menu."""
    (button, *more) = row
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
