"""Messages by key, and the catalog that turns them into sentences of a language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Self, TypeAlias

from babel import negotiate_locale
from babel.dates import format_date, get_timezone_location
from babel.lists import format_list
from babel.numbers import format_decimal

from core.platforms import Platform

DEFAULT_LOCALE = "en"

Argument: TypeAlias = "str | int | dt.date | City | tuple[Words, ...] | Message | Command"


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence by its key, with arguments; the argument `count` chooses the plural form."""

    key: str
    args: Mapping[str, Argument] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Command:
    """A command that people type, without the sign that a surface wants before it: "reopen", "join 7KQ2".

    It appears as people type it where they read it, unless it has a `platform` of its own. One that `is_signers` is for
    everyone: it has a slash, and where organizers' commands are spelled in another way, each of its words is
    translated. A `text` ends its argument, in the reader's language.
    """

    line: str
    platform: Platform | None = None
    is_signers: bool = False
    text: Message | None = None


Spelling: TypeAlias = Callable[[str], str]
"""Makes an organizer's command, without any sign, into what people type: "/reopen" from "reopen"."""
SLASH: Spelling = "/{}".format


@dataclass(frozen=True, slots=True)
class City:
    """The city of a time zone, such as America/Los_Angeles, which is written in the reader's language."""

    zone: str


Words: TypeAlias = Message | str | Command
"""A message of the product, text from the petition or the signer, or a command."""


def negotiate(available: Sequence[str], *wanted: str | None) -> str:
    """The first requested locale that is available ("es-MX" gives "es"), otherwise the default."""
    wishes = [wish.replace("-", "_") for wish in wanted if wish]
    return negotiate_locale(wishes, available, sep="_") or DEFAULT_LOCALE


Sentence: TypeAlias = str | tuple[str, ...]
"""A pattern with arguments in braces, or the plural forms of one."""


@dataclass(frozen=True, slots=True)
class Translation:
    """The sentences of one language by message key; `plural_form` gives the index of the form for a count."""

    sentences: Mapping[str, Sentence]
    plural_form: Callable[[int], int]


class Catalog:
    """The sentences of every language, by message key; a message missing from a language appears in English.

    Commands are written with a slash; see `typed_with`.
    """

    _spell: Spelling = staticmethod(SLASH)

    def __init__(self, translations: Mapping[str, Translation]) -> None:
        self._translations = dict(translations)

    @property
    def locales(self) -> tuple[str, ...]:
        """The languages that the product speaks, default first."""
        return tuple(sorted(self._translations, key=lambda name: (name != DEFAULT_LOCALE, name)))

    def typed_with(self, spell: Spelling) -> Self:
        """The same words, with organizers' commands as people type them elsewhere: "!reopen" on Discord."""
        other = copy(self)
        other._spell = spell  # noqa: SLF001  (its own kind)
        return other

    def negotiate(self, *wanted: str | None) -> str:
        """The first requested locale that has its own sentences, otherwise the default."""
        return negotiate(self.locales, *wanted)

    def spoken(self, message: Message, locale: str) -> str:
        """The language in which readers of `locale` get the message: theirs, or else English."""
        words = self._translations.get(locale)
        return locale if words and message.key in words.sentences else DEFAULT_LOCALE

    def text(self, message: Message, locale: str) -> str:
        """The message in the language of `locale`, with its format for numbers and dates.

        If `locale` lacks the message, the whole sentence is English, including its numbers and dates.
        """
        spoken = self.spoken(message, locale)
        words = self._translations[spoken]
        pattern = words.sentences.get(message.key, message.key)
        if isinstance(pattern, tuple):
            count = message.args.get("count")
            pattern = pattern[words.plural_form(count if isinstance(count, int) else 1)]
        return pattern.format_map({name: self._word(arg, locale, spoken) for name, arg in message.args.items()})

    def words(self, words: Words, locale: str) -> str:
        """The text itself, the message in the language of `locale`, or the command as people type it."""
        match words:
            case Message():
                return self.text(words, locale)
            case Command(line, is_signers=True):
                return "/" + (line if self._spell is SLASH else self._translated(line, locale))
            case Command(line, platform, text=text):
                whole = f"{line} {self.text(text, locale)}" if text else line
                return platform.command_sign + whole if platform else self._spell(whole)
        return words

    def _translated(self, line: str, locale: str) -> str:
        """A command as it is called in a language, such as `petición firmar`."""
        return " ".join(self.text(Message(f"name.{word}"), locale) for word in line.split())

    def _word(self, argument: Argument, locale: str, spoken: str) -> str:
        """An argument of a sentence in the language `spoken`; messages inside it are in the language of `locale`."""
        match argument:
            case Message() | Command():
                return self.words(argument, locale)
            case int():
                return _number(argument, spoken)
            case dt.date():
                return format_date(argument, format="long", locale=spoken)
            case City(zone):
                return get_timezone_location(zone, locale=spoken, return_city=True)
            case tuple():
                words = [self._word(item, locale, spoken) for item in argument]
                return format_list(words, style="standard", locale=spoken)
        return argument


@lru_cache(maxsize=4096)
def _number(number: int, locale: str) -> str:
    """The number in the language's format, cached because the same few are on every screen."""
    return str(format_decimal(number, locale=locale))
