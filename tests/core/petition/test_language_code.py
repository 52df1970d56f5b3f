"""A code of a language is known from its letters alone; the names of languages are read only for something else."""

from __future__ import annotations

import pytest
from babel import localedata

from core.petition import language_code
from core.petition.language_code import meant_language


@pytest.mark.parametrize(
    ("written", "code"),
    [("en", "en"), ("pt-br", "pt_BR"), ("English", "en"), ("Español", "es"), ("español", "es"), ("elvish", "")],
)
def test_a_language_is_meant_by_its_code_or_by_a_name(written: str, code: str) -> None:
    assert meant_language(written) == code


def test_a_code_is_known_without_the_data_of_all_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    language_code._own_names.cache_clear()
    read: dict[str, object] = {}
    monkeypatch.setattr(localedata, "_cache", read)
    assert meant_language("es") == "es"
    assert len(read) < 5, "a start with a petition took most of a second longer"
