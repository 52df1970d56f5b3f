"""The codes of languages: which exist, and which one is meant by something else."""

from __future__ import annotations

from functools import cache

from babel import Locale, UnknownLocaleError
from babel.localedata import locale_identifiers

from core.petition.wording import FactError


def known_language(language: str) -> str:
    """Return the code of a language. Raises FactError for anything else, with the code that was most likely meant."""
    try:
        Locale.parse(language)
    except (ValueError, UnknownLocaleError):
        code = meant_language(language)
        fix = f" Did you mean {code}?" if code else ""
        raise FactError(f"{language!r} isn't a language code such as en, es, or pt_BR.{fix}") from None
    return language


def meant_language(written: str) -> str:
    """The code of a language that was named, or whose code was written in another way; empty if there's none."""
    plain = written.strip().replace("-", "_").casefold()
    return _codes().get(plain) or _english_names().get(plain) or _own_names().get(plain) or ""


@cache
def _codes() -> dict[str, str]:
    return {code.casefold(): code for code in locale_identifiers()}


def _english_names() -> dict[str, str]:
    return {name.casefold(): code for code, name in Locale("en").languages.items()}


@cache
def _own_names() -> dict[str, str]:
    """Codes by what a language calls itself. This reads the data of all languages, which takes most of a second."""
    codes = (code for code in locale_identifiers() if "_" not in code)
    return {(Locale(code).display_name or "").casefold(): code for code in codes}
