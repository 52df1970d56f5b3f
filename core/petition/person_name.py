"""Names of people: what an identity document may say is accepted, and links and addresses are not.

Documents of Singapore (ICA) and Malaysia (JPN) print "s/o", "D/O", "A/L" and "A/P" between names, and an "@" before
another name, with or without blanks. Full stops follow titles and initials, often with no space after them, so not
every dot makes a link.
"""

from __future__ import annotations

import re
import unicodedata

import regex

from core.messages import Message
from core.petition.country import CODES

_STARTS_REFUSED = "=+-@"  # what spreadsheets read as the start of a formula
_SLASH = regex.compile(r"(?<![^\s/])[^\s/.:@%<>\[\]]+/(?=[^\s/.])| / ")  # "s/o", but not "t.me/x" and "[/b]"
_ALIAS = regex.compile(r"(?<=\S) @ (?=\S)|(?<=[\p{L}\p{M}])@(?=[\p{Lu}\p{Lo}][^\s.@]*(?:\s|$))")
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc]")
_SIGNS = re.compile(r"[/@<>{}%]|&#\w|&\w+;|\w{2,}:[\w/+]|www\.|xn--", re.IGNORECASE)
_DOTTED = re.compile(r"(?:[\w-]+\.)+([^\W\d_]{2,})\b(?!\.\w)")
_COMMON = frozenset(  # top-level domains that hardly any name ends in, whatever its capitals
    ["com", "net", "org", "info", "biz", "edu", "gov", "io", "me", "xyz", "app", "dev", "shop", "site"]
)  # fmt: skip
_OTHERS = """
    uk eu su рф бел укр қаз срб мкд ею 中国 中國 香港 台湾 台灣 公司 网络 한국 닷컴 コム
    agency bet bio blog buzz cash casino chat click cloud club digital download email fun icu life link live loan money
    news online page porn pro racing review sex space store stream today top trade vip website win work world xxx
"""
_SHORTENED = """
    bit.ly discord.gg youtu.be goo.gl tiny.cc is.gd ow.ly buff.ly amzn.to lnkd.in wp.me git.io linktr.ee cutt.ly
    rebrand.ly dlvr.it trib.al chng.it spoti.fi adf.ly
"""
_DOMAINS = _COMMON | frozenset(code.lower() for code in CODES) | frozenset(_OTHERS.split())
_SHORTENERS = frozenset(["co", "ly"])  # "t.co", but "M.Co" and "V.Ly" are people
_SHORT_LINKS = frozenset(_SHORTENED.split())
_PARTICLES = frozenset(["al", "de", "da", "di", "do", "du", "el", "la", "le", "st", "van", "von"])  # "Maria.de Souza"
_STYLED = ("<font>", "<wide>", "<narrow>", "<initial>", "<medial>", "<final>", "<isolated>")  # forms of one letter
_DRAWN = re.compile(
    "(?:(?:CIRCLED|SQUARED|PARENTHESIZED) LATIN (CAPITAL|SMALL) LETTER|LATIN LETTER SMALL CAPITAL) ([A-Z])$"
)
_VARIANT = re.compile("(?<=\\w)[\ufe0e\ufe0f]")  # of a letter that was an emoji


def plain_letters(value: str) -> str:
    """The value with plain letters for those of decorative alphabets (𝓐𝓷𝓪, Ａｎａ, Ⓐⓝⓐ, 🅰🅽🅰, ᴀɴᴀ)."""
    if value.isascii():
        return value
    plain = unicodedata.normalize("NFC", "".join(map(_letter, value)))
    return " ".join(_VARIANT.sub("", plain).split())


def clean_name(value: str) -> str | Message:
    """The name to store, or why it is refused."""
    plain = unicodedata.normalize("NFKC", value).replace("\u3002", ".")  # full-width letters and stops make links too
    if plain[:1] in _STARTS_REFUSED or value[0] in _STARTS_REFUSED:
        return Message("refused.name_start", {"character": value[0]})
    if _SIGNS.search(_ALIAS.sub(" ", _SLASH.sub(" ", plain))) or any(map(_is_domain, _DOTTED.finditer(plain))):
        return Message("refused.name_link")
    if not any(character.isalpha() for character in value):
        return Message("refused.name_letters")
    return value


def name_words(name: str) -> tuple[str, ...]:
    """The words of a name to compare it by, whole and with their marks: राम, रीम and रोम are three names."""
    plain = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", name).casefold())
    return tuple("".join(sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in plain).split())


def _is_domain(dotted: re.Match[str]) -> bool:
    """True for "spam.com" and "SPAM.DE"; false for "Jean.Luc", "Yu.Li" and "j.kim", with a capital or an initial."""
    last, before = dotted[1], dotted[0][: -len(dotted[1]) - 1].rpartition(".")[2]
    if last.lower() in _COMMON:
        return True
    if last.lower() not in _DOMAINS or (len(before) == 1 and last not in _SHORTENERS):
        return False
    if last.lower() in _PARTICLES and re.match(r" \w", dotted.string[dotted.end() :]):
        return False
    is_initials = dotted[0].isupper() and dotted[0].count(".") > 1  # "TAN.MEI.LI"
    return dotted[0].lower() in _SHORT_LINKS or not (is_initials or (last.istitle() and before.istitle()))


def _letter(character: str) -> str:
    if unicodedata.decomposition(character).startswith(_STYLED):
        return unicodedata.normalize("NFKC", character)
    drawn = _DRAWN.search(unicodedata.name(character, ""))
    if drawn is None:
        return character
    return drawn[2] if drawn[1] == "CAPITAL" else drawn[2].lower()
