"""The codes of languages: which exist, and which one is meant by something else."""

from __future__ import annotations

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
    codes = {code.casefold(): code for code in locale_identifiers()}
    names = {name.casefold(): code for code, name in Locale("en").languages.items()}
    own = {(Locale(code).display_name or "").casefold(): code for code in codes.values() if "_" not in code}
    code = codes.get(plain) or names.get(plain) or own.get(plain)
    return code or ""
