"""The product's sentences as HTML. Each that isn't in the language around it says in which it is, and its direction."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace

from babel import Locale
from jinja2.utils import urlize
from markupsafe import Markup, escape

from core.messages import Argument, Catalog, Message, Words

_OTHER_WAY = {"ltr": {"R", "AL"}, "rtl": {"L"}}  # of characters (Unicode Standard Annex 9)
_ISOLATE, _END = "\u2068", "\u2069"


@dataclass(frozen=True, slots=True)
class Wording:
    """The sentences of a page in one language; `around` is that of the element around a sentence, if another."""

    catalog: Catalog
    locale: str

    def say(self, key: str, around: str = "", **arguments: Argument) -> Markup:
        """A sentence for an element's content."""
        return self.words(Message(key, arguments), around)

    def words(self, words: Words, around: str = "") -> Markup:
        """A sentence, or text that others wrote, for an element's content."""
        return self._marked(words, escape(self.plain(words)), around)

    def linked(self, message: Message) -> Markup:
        """A sentence for an element's content, with its addresses as links."""
        return self._marked(message, Markup(urlize(self.plain(message), rel="noopener")), "")  # noqa: S704  (it escapes)

    def attribute(self, key: str, **arguments: Argument) -> str:
        """A sentence for an attribute; `lang` marks the element that has it."""
        return self.plain(Message(key, arguments))

    def lang(self, key: str, around: str = "") -> Markup:
        """The attribute for an element without other words, if this sentence isn't in the language around it."""
        spoken = self.spoken(key)
        return Markup("") if spoken == (around or self.locale) else Markup(' lang="{}"').format(language_tag(spoken))

    def spoken(self, key: str) -> str:
        """The language that a sentence is in."""
        return self.catalog.spoken(Message(key), self.locale)

    def plain(self, words: Words) -> str:
        """The words as text, in which no argument in the other direction moves the words around it."""
        if isinstance(words, Message):
            way = direction(self.catalog.spoken(words, self.locale))
            words = replace(words, args={name: _isolated(each, way) for name, each in words.args.items()})
        return self.catalog.words(words, self.locale)

    def _marked(self, words: Words, html: Markup, around: str) -> Markup:
        if not isinstance(words, Message):
            return html
        spoken = self.catalog.spoken(words, self.locale)
        return html if spoken == (around or self.locale) else Markup("<span{}>{}</span>").format(marks(spoken), html)


def marks(language: str) -> Markup:
    """The attributes of an element in a language."""
    return Markup(' lang="{}" dir="{}"').format(language_tag(language), direction(language))


def language_tag(language: str) -> str:
    """A language's code as HTML has it (BCP 47)."""
    return language.replace("_", "-")


def direction(language: str) -> str:
    """The direction in which a language is written: ltr or rtl."""
    return str(Locale.parse(language).text_direction)


def _isolated(argument: Argument, way: str) -> Argument:
    """The argument of a sentence; text with characters of the other direction is isolated, except for addresses."""
    if not isinstance(argument, str) or "@" in argument or "://" in argument:
        return argument
    turns = any(unicodedata.bidirectional(character) in _OTHER_WAY[way] for character in argument)
    return f"{_ISOLATE}{argument}{_END}" if turns else argument
