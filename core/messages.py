"""Messages by key, and the catalog that turns them into a language's words."""

from __future__ import annotations

import datetime as dt
import gettext
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from babel import negotiate_locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

DEFAULT_LOCALE = "en"

Argument: TypeAlias = "str | int | dt.date | tuple[str | Message, ...] | Message"


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence by its key, with arguments; the argument `count` chooses the plural form."""

    key: str
    args: Mapping[str, Argument] = field(default_factory=dict)


Words: TypeAlias = Message | str
"""A message of the product's, or words of the petition's or of the signer's own."""


def negotiate(available: Sequence[str], *wanted: str | None) -> str:
    """The available locale that fits the first fitting wish ("es-MX" gives "es"), else the default."""
    wishes = [wish.replace("-", "_") for wish in wanted if wish]
    return negotiate_locale(wishes, available, sep="_") or DEFAULT_LOCALE


class Catalog:
    """The words of every language, by message key; English fills in for missing ones."""

    def __init__(self, translations: Mapping[str, gettext.GNUTranslations]) -> None:
        self._translations = dict(translations)
        for locale, words in self._translations.items():
            if locale != DEFAULT_LOCALE:
                words.add_fallback(self._translations[DEFAULT_LOCALE])

    @property
    def locales(self) -> tuple[str, ...]:
        """The languages that the product speaks, the default one first."""
        return tuple(sorted(self._translations, key=lambda name: (name != DEFAULT_LOCALE, name)))

    def negotiate(self, *wanted: str | None) -> str:
        """The locale with words of its own that fits the first fitting wish, else the default."""
        return negotiate(self.locales, *wanted)

    def text(self, message: Message, locale: str) -> str:
        """The message in the words of `locale`, numbers and dates written as that language writes them."""
        words = self._translations.get(locale) or self._translations[DEFAULT_LOCALE]
        count = message.args.get("count")
        if isinstance(count, int):
            pattern = words.ngettext(message.key, message.key, count)
        else:
            pattern = words.gettext(message.key)
        return pattern.format_map({name: self._word(arg, locale) for name, arg in message.args.items()})

    def words(self, words: Words, locale: str) -> str:
        """The words themselves, or the message in the words of `locale`."""
        return self.text(words, locale) if isinstance(words, Message) else words

    def _word(self, argument: Argument, locale: str) -> str:
        match argument:
            case Message():
                return self.text(argument, locale)
            case int():
                return _number(argument, locale)
            case dt.date():
                return format_date(argument, format="long", locale=locale)
            case tuple():
                return format_list([self._word(item, locale) for item in argument], style="standard", locale=locale)
        return argument


@lru_cache(maxsize=4096)
def _number(number: int, locale: str) -> str:
    """A number as the language writes it; the same few are on every screen."""
    return str(format_decimal(number, locale=locale))
