"""Refuses characters in a petition's facts that nobody sees, such as a NUL that YAML or TOML writes as an escape."""

from __future__ import annotations

from pydantic import AfterValidator

from core.petition.form import is_forbidden
from core.petition.wording import FactError

_SPACES = "\n\t"


def _visible_text(text: str) -> str:
    """Return the text. Raises FactError for a character that is not allowed in any text."""
    if any(is_forbidden(character) and character not in _SPACES for character in text):
        raise FactError("this has an invisible character that controls text or its direction: delete it")
    return text


VISIBLE = AfterValidator(_visible_text)
"""Annotates texts that may not have such characters."""
