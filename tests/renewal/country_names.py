"""Renews core/petition/country_names.json: `python -m tests.renewal.country_names`.

The names are Unicode's (CLDR), alternates included, from the newest cldr-localenames-full on npm and from Babel. The
file keeps the languages below and, for every country, its own official languages.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages

from core.petition.country import CODES, DATA

LANGUAGES = (
    "am", "ar", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fil", "fr", "gu", "he",
    "hi", "hr", "hu", "hy", "id", "it", "ja", "ka", "km", "kn", "ko", "lt", "lv", "ml", "mr", "ms", "my", "nb",
    "nl", "pa", "pl", "pt", "ro", "ru", "si", "sk", "sl", "sq", "sr", "sv", "sw", "ta", "te", "th", "tr", "uk",
    "ur", "uz", "vi", "zh", "zh-Hant",
)  # fmt: skip
PACKAGE = "cldr-localenames-full"

Names = dict[str, dict[str, list[str]]]
"""The names of each country, by language and two-letter code."""


def main() -> None:
    """Download the package, and write what is needed of it."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True)
        (archive,) = Path(folder).glob("*.tgz")
        names = names_of(_territories(archive))
    DATA.write_text(written(names, archive.stem), encoding="utf-8")


def names_of(territories: dict[str, dict[str, str]]) -> Names:
    """The names to keep of CLDR's territories by language; a key such as CZ-alt-variant is an alternate."""
    wanted = {(language, code) for language in LANGUAGES for code in CODES}
    wanted |= {(language.replace("_", "-"), code) for code in CODES for language in get_official_languages(code)}
    names: Names = {}
    for language, code in sorted(wanted):
        keyed = territories.get(language, {})
        given = {name for key, name in keyed.items() if key.split("-")[0] == code and name != code}
        if given := given | _babel(language, code):
            names.setdefault(language, {})[code] = sorted(given)
    return names


def _babel(language: str, code: str) -> set[str]:
    """The name that Babel has, whose CLDR is another version."""
    try:
        territories = Locale.parse(language, sep="-").territories
    except UnknownLocaleError:
        return set()
    return {str(territories[code])} if code in territories else set()


def written(names: Names, source: str) -> str:
    """The text of the file, one line for each language."""
    head = {"source": source, "licence": "Unicode License v3", "sha256": digest_of(names)}
    lines = (f"{json.dumps(language)}: {json.dumps(names[language], ensure_ascii=False)}" for language in names)
    return json.dumps(head, indent=1)[:-2] + ',\n "languages": {\n' + ",\n".join(lines) + "\n}}\n"


def digest_of(names: Names) -> str:
    """SHA-256 of the names, written as JSON without white space and with sorted keys."""
    return hashlib.sha256(json.dumps(names, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _territories(archive: Path) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    with tarfile.open(archive) as package:
        for member in package:
            if member.name.endswith("/territories.json") and (file := package.extractfile(member)):
                ((language, facts),) = json.load(file)["main"].items()
                found[language] = facts["localeDisplayNames"]["territories"]
    return found


if __name__ == "__main__":
    main()
