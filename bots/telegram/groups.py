"""Groups: a card that leads into the private chat, so that the group never sees who signs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError
from telegram.ext import ContextTypes, ExtBot

from bots.desk import Desk
from bots.telegram.delivery import NO_PREVIEW
from bots.telegram.limiter import BACKGROUND, Sending
from bots.telegram.renderer import TelegramMessage, TelegramRenderer
from core.cards import Card, CardService
from core.messages import Message
from core.ports import Queries
from core.scene import card as card_screen
from core.services import Shown

log = logging.getLogger(__name__)
Context = ContextTypes.DEFAULT_TYPE
PLATFORM = "telegram"
LOOK_EVERY = 15.0  # seconds between two looks for cards that show an old count
_MEMBER = ("member", "administrator")


@dataclass(frozen=True)
class Groups:
    """Handlers of groups; the bot answers its own commands there, and nothing else."""

    bot: ExtBot[Sending]
    desk: Desk
    cards: CardService
    queries: Queries
    renderer: TelegramRenderer
    new_label: Callable[[str], str]

    async def petition(self, update: Update, context: Context) -> None:
        """`/petition [slug]`: post the card; several petitions get a card each, one after the other."""
        wanted = " ".join(context.args or []).lower()
        slugs = [wanted] if wanted in self.renderer.petitions else list(self.renderer.petitions)
        await self._post(update, slugs)

    async def added(self, update: Update, _: Context) -> None:
        """The bot was added to a group: introduce the petitions."""
        change = update.my_chat_member
        if change and change.new_chat_member.status in _MEMBER and change.old_chat_member.status not in _MEMBER:
            await self._post(update, list(self.renderer.petitions))

    async def count(self, update: Update, _: Context) -> None:
        """`/count`: the same card, which shows the count."""
        await self._post(update, list(self.renderer.petitions))

    async def migrated(self, update: Update, _: Context) -> None:
        """A group became a supergroup: its cards and its label go with it."""
        message = update.effective_message
        if message and message.migrate_to_chat_id:
            await self._move(str(message.chat_id), str(message.migrate_to_chat_id))

    async def refresh_forever(self) -> None:
        """Keep the counts of all cards fresh."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                await self.refresh()
            except TelegramError as error:
                log.warning("cards were not refreshed: %s", error.message)
            except Exception:
                log.exception("cards were not refreshed")

    async def refresh(self) -> None:
        """Refresh what is due now, behind everything that signers wait for."""
        for card in await self.desk.run(self.cards.due, PLATFORM):
            await self._refresh(card)

    async def _post(self, update: Update, slugs: list[str]) -> None:
        chat, user = update.effective_chat, update.effective_user
        if chat is None:
            return
        locale = self.renderer.catalog.negotiate(user.language_code if user else None)
        label = await self.desk.run(self.cards.label, PLATFORM, str(chat.id), self.new_label(str(chat.id)))
        for slug in slugs:
            if await self.desk.run(self.cards.recent, PLATFORM, str(chat.id), slug):
                continue  # it stands a little above: a second one would be spam
            await self._post_one(Card(PLATFORM, str(chat.id), "", slug, label, locale, 0, self.cards.clock()))

    async def _post_one(self, card: Card) -> None:
        shown, message = await self._drawn(card)
        try:
            sent = await self.bot.send_message(
                int(card.chat), message.text, entities=message.entities,
                reply_markup=message.keyboard, link_preview_options=NO_PREVIEW,
            )  # fmt: skip
        except ChatMigrated as moved:
            await self._move(card.chat, str(moved.new_chat_id))
            await self._post_one(replace(card, chat=str(moved.new_chat_id)))
        except (Forbidden, BadRequest) as refusal:
            log.info("a card was not posted: %s", refusal.message)
        else:
            await self.desk.run(self.cards.posted, replace(card, message=str(sent.message_id), shown=shown))

    async def _refresh(self, card: Card) -> None:
        shown, message = await self._drawn(card)
        try:
            await self.bot.edit_message_text(
                message.text, int(card.chat), int(card.message), entities=message.entities,
                reply_markup=message.keyboard, link_preview_options=NO_PREVIEW, rate_limit_args=BACKGROUND,
            )  # fmt: skip
        except ChatMigrated as moved:
            await self._move(card.chat, str(moved.new_chat_id))
        except Forbidden:
            await self.desk.run(self.cards.gone, card)
        except BadRequest as refusal:
            if "message is not modified" not in refusal.message.lower():
                await self.desk.run(self.cards.gone, card)
                return
            await self.desk.run(self.cards.refreshed, card, shown)
        else:
            await self.desk.run(self.cards.refreshed, card, shown)

    async def _drawn(self, card: Card) -> tuple[int, TelegramMessage]:
        """The count now, and the card that shows it."""
        counted = (await self.desk.run(self.queries.tally, card.petition)).counted
        screen = card_screen(self.renderer.petitions[card.petition], card.locale, counted)
        plain = self.renderer.render(Shown(screen, card.locale, card.petition))
        read = self.renderer.link(card.petition, card.label, read=True)
        sign = self.renderer.link(card.petition, card.label)
        keyboard = InlineKeyboardMarkup(
            [
                [InlineKeyboardButton(self._words("button.sign", card), url=sign)],
                [InlineKeyboardButton(self._words("button.read", card), url=read)],
            ]
        )
        return counted, replace(plain, keyboard=keyboard)

    def _words(self, key: str, card: Card) -> str:
        return self.renderer.words(Message(key), card.locale)

    async def _move(self, old: str, new: str) -> None:
        await self.desk.run(self.cards.moved, PLATFORM, old, new)
