"""The repository of inline cards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from core.errors import SealError
from core.outreach.inline_cards import InlineCard
from storage.contexts import context_of
from storage.repositories.base import SealingRepository
from storage.statements import inline_cards as sql


class SqlInlineCards(SealingRepository):
    """See core.outreach.inline_cards.InlineCards."""

    def add(self, card: InlineCard) -> None:
        row = {"fingerprint": self._print(card), "petition": card.petition}
        context = context_of("inline_cards", row)
        sealed = self._vault.seal({"message": card.message, "label": card.label}, *context, petition=card.petition)
        added = self._run(
            sql.ADD, **row, locale=card.locale, shown=card.shown, refreshed_at=card.refreshed_at,
            added_at=card.added_at, sealed=sealed,
        )  # fmt: skip
        if added.rowcount:
            self._run(sql.FORGET_OLDEST)

    def all(self) -> tuple[InlineCard, ...]:
        return tuple(self._read(sql.ALL))

    def claim(self, card: InlineCard, now: dt.datetime) -> bool:
        return self._run(sql.CLAIM, card=self._print(card), refreshed=card.refreshed_at, now=now).rowcount > 0

    def set_shown(self, card: InlineCard, shown: str) -> None:
        self._run(sql.SET_SHOWN, card=self._print(card), digest=shown)

    def forget(self, card: InlineCard) -> None:
        self._run(sql.FORGET, card=self._print(card))

    def forget_shared(self, petition: str, label: str) -> None:
        for card in self._read(sql.OF_PETITION, slug=petition):
            if card.label == label:
                self.forget(card)

    def _read(self, statement: object, **values: object) -> Iterator[InlineCard]:
        """The cards; those that no key opens, such as that of an erased petition, are left out."""
        for row in self._run(statement, **values).mappings().all():
            try:
                opened = self._vault.open(row["sealed"], *context_of("inline_cards", row))
            except SealError:
                continue
            yield InlineCard(
                opened["message"], row["petition"], opened["label"], row["locale"], row["shown"], row["refreshed_at"],
                row["added_at"],
            )  # fmt: skip

    def _print(self, card: InlineCard) -> str:
        return self._vault.fingerprint("inline card", card.message)
