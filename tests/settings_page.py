"""Lists every setting with its meaning and default: `python -m tests.settings_page` renews docs/settings.md."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bots.common.settings import Settings

PAGE = Path(__file__).parents[1] / "docs" / "settings.md"
_HEAD = """# Settings

Undersign reads settings from the environment, and from a file `.env` in the folder where the command runs. The
environment wins. `undersign check` finds the faults in them.

| setting | meaning | default |
|---|---|---|
"""
_FOOT = """
**Keep the keys.** Without `secret.key` (or `SECRET_KEY`) and the files in `PETITION_KEYS_DIR`, nobody can read what
people gave, not even you. Store copies apart from the database and from its backups: `undersign backup` leaves the keys
out unless you ask for them. How to replace a key: [production.md](production.md#keys).

This page is written by `make docs` from `bots/common/settings.py`; a test keeps it current.
"""


def settings_page() -> str:
    """The page as Markdown: a row for each setting."""
    return _HEAD + "\n".join(_rows()) + "\n" + _FOOT


def _rows() -> Iterator[str]:
    for name, field in Settings.model_fields.items():
        default = f"`{field.default}`" if field.default not in (None, "") else ""
        yield f"| `{name.upper()}` | {field.description} | {default} |".replace("  |", " |")


def main() -> None:
    """Write the page into docs/settings.md."""
    PAGE.write_text(settings_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
