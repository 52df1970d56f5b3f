"""Names of people: what an identity document may say is accepted, and links and addresses are not.

Documents of Singapore (ICA) and Malaysia (JPN) print "s/o", "D/O", "A/L" and "A/P" between names, and an "@" before
another name. Full stops follow titles and initials, often with no space after them, so not every dot makes a link.
"""

from __future__ import annotations

import re
import unicodedata

from core.messages import Message
from core.petition.country import CODES

_STARTS_REFUSED = "=+-@"  # what spreadsheets read as the start of a formula
_SLASH = re.compile(r"(?<!\w)\w/\w(?!\w)| / ")
_ALIAS = re.compile(r"(?<=\w) @ (?=\w)")
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc]")
_SIGNS = re.compile(r"[/@<>{}%]|https?:|www\.", re.IGNORECASE)
_DOTTED = re.compile(r"(?:[\w-]+\.)+([^\W\d_]{2,})\b(?!\.)")
_COMMON = frozenset(  # top-level domains that hardly any name ends in, whatever its capitals
    ["com", "net", "org", "info", "biz", "edu", "gov", "io", "me", "co", "ly", "xyz", "app", "dev", "shop", "site"]
)  # fmt: skip
_DOMAINS = (
    _COMMON
    | frozenset(code.lower() for code in CODES)
    | {"uk", "eu", "su", "online", "club", "link", "live", "store", "top"}
)
_PARTICLES = frozenset(["al", "de", "da", "di", "do", "du", "el", "la", "le", "st", "van", "von"])  # "Maria.de Souza"


def clean_name(value: str) -> str | Message:
    """The name to store, or why it is refused."""
    plain = unicodedata.normalize("NFKC", value).replace("\u3002", ".")  # full-width letters and stops make links too
    if plain[:1] in _STARTS_REFUSED or value[0] in _STARTS_REFUSED:
        return Message("refused.name_start", {"character": value[0]})
    if _SIGNS.search(_ALIAS.sub(" ", _SLASH.sub(" ", plain))) or any(map(_is_domain, _DOTTED.finditer(plain))):
        return Message("refused.name_link")
    if not any(character.isalpha() for character in value):
        return Message("refused.name_letters")
    return "".join(map(_letter, value))


def name_words(name: str) -> tuple[str, ...]:
    """The words of a name to compare it by, whole and with their marks: राम, रीम and रोम are three names."""
    plain = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", name).casefold())
    return tuple("".join(sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in plain).split())


def _is_domain(dotted: re.Match[str]) -> bool:
    """True for "spam.com" and "SPAM.DE"; false for "Jean.Luc", "Yu.Li" and "j.kim", with a capital or an initial."""
    last, before = dotted[1], dotted[0][: -len(dotted[1]) - 1].rpartition(".")[2]
    if last.lower() in _COMMON:
        return True
    if last.lower() not in _DOMAINS or len(before) == 1:
        return False
    if last.lower() in _PARTICLES and re.match(r" \w", dotted.string[dotted.end() :]):
        return False
    return not (last.istitle() and before.istitle())


def _letter(character: str) -> str:
    """A plain letter for one of a decorative alphabet, such as the mathematical ones, or a full-width one."""
    decorative = unicodedata.decomposition(character).startswith(("<font>", "<wide>"))
    return unicodedata.normalize("NFKC", character) if decorative else character
