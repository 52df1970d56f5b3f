"""Orders of a group's administrators: move a card to the end of the chat, and choose the group's language."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from babel import Locale

from bots.common.throttle import Throttle
from bots.telegram.group_answers import Asked, GroupAnswers
from bots.telegram.group_cards import GroupCards
from bots.telegram.group_chat import administers
from core.conversation.screen import Facts, Line, Screen, View
from core.messages import Command, Message, Words
from core.petition.collection import find_slug

GroupOrder: TypeAlias = Callable[[Asked, str], Coroutine[Any, Any, None]]


@dataclass(frozen=True)
class GroupAdministration:
    """Carries out what administrators write after `/petition`; other members read that only they may do that."""

    cards: GroupCards
    answers: GroupAnswers
    languages: tuple[str, ...]
    refusals: Throttle = field(default_factory=Throttle)

    @property
    def orders(self) -> Mapping[str, GroupOrder]:
        """The orders by their word."""
        return {"move": self._move, "here": self._move, "language": self._choose_language}

    async def permits(self, asked: Asked, command: str) -> bool:
        """Return True for an administrator; tell everyone else, once a minute, that the command isn't theirs."""
        place = asked.place
        permitted = asked.message and await administers(self.cards.calls, place, asked.message)
        if not permitted and self.refusals.allows((place.chat, place.sender, command), self.cards.cards.clock()):
            key = "telegram.administrators_unknown" if permitted is None else "telegram.administrators_only"
            await self.answers.tell(asked, Message(key, {"command": Command(command)}))
        return bool(permitted)

    async def _move(self, asked: Asked, name: str) -> None:
        """Handle `/petition move [slug]`: post the card again, at the end of the chat."""
        if not await self.permits(asked, "petition move"):
            return
        petitions = self.cards.renderer.petitions
        slug = find_slug(petitions, name) if name else await self._only_one(asked)
        if slug not in petitions:
            await self._say(asked, Message("telegram.move_which"), self._moves(asked))
        elif not await self.cards.post_again(asked.place, slug):
            await self.answers.report_closed(asked)

    async def _only_one(self, asked: Asked) -> str:
        """The petition whose card is the only one in the topic, or the only petition; empty if there are more."""
        here, every = await self.cards.posted_here(asked.place), tuple(self.cards.renderer.petitions)
        return next((slugs[0] for slugs in (here, every) if len(slugs) == 1), "")

    async def _choose_language(self, asked: Asked, name: str) -> None:
        """Handle `/petition language [code]`: choose the language of the group's posts, or list the languages."""
        if not await self.permits(asked, "petition language"):
            return
        names = self._language_names()
        codes = [code for code, own in names.items() if name.replace("-", "_") in (code.lower(), own.lower())]
        if codes:
            await self.cards.choose_language(asked.place, codes[0])
            await self._say(asked, Message("telegram.language_set", {"language": names[codes[0]]}))
            return
        locale = (await self.cards.speaking(asked.place)).locale
        rows = ((Command(f"petition language {code}"), own) for code, own in names.items())
        await self._say(asked, Message("telegram.language_ask", {"language": names.get(locale, locale)}), rows)

    def _moves(self, asked: Asked) -> Iterator[tuple[Words, Words]]:
        for petition in self.cards.renderer.petitions.values():
            yield Command(f"petition move {petition.public_slug}"), petition.text(asked.place.locale).title

    def _language_names(self) -> dict[str, str]:
        """The languages that cards can have, each with its own name for itself."""
        return {code: (Locale.parse(code).get_display_name(code) or code).capitalize() for code in self.languages}

    async def _say(self, asked: Asked, words: Message, rows: Iterable[tuple[Words, Words]] = ()) -> None:
        """Answer in the group's language, with names and values below the words if there are any."""
        locale, facts = (await self.cards.speaking(asked.place)).locale, tuple(rows)
        screen = Screen((Line(words), *((Facts(facts),) if facts else ())))
        await self.answers.say(asked, self.cards.renderer.render(View(screen, locale)))
