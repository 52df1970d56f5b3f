"""Brings all .po files up to date with the English in en.po: `python -m tests.renewal.locales`.

New messages are added without a translation, and messages that the product no longer has are dropped. Where the English
has changed, the translation is marked as fuzzy, with the earlier English above it, as gettext's msgmerge does. With
`--same`, changes of the English are taken as polish, and translations are not marked. Sentences with arguments get the
flag by which editors and Weblate check the braces.
"""

from __future__ import annotations

import argparse
import io
from pathlib import Path

from babel.messages import Catalog as PoFile
from babel.messages.catalog import Message as Entry
from babel.messages.pofile import write_po

from core.messages import DEFAULT_LOCALE
from core.petition.loading import LOCALES
from core.petition.translations import english, entries, read_po_file, translated


def main() -> None:
    """Renew core/locales."""
    parser = argparse.ArgumentParser(description="Bring the .po files up to date with the English in en.po.")
    parser.add_argument("--same", action="store_true", help="the meaning is the same: mark nothing as fuzzy")
    renew(LOCALES, same=parser.parse_args().same)


def renew(folder: Path, *, same: bool = False) -> None:
    """Rewrite the files in `folder`, each with its own header, in the order and with the comments of en.po."""
    original = read_po_file(folder / f"{DEFAULT_LOCALE}.po")
    for path in sorted(folder.glob("*.po")):
        path.write_text(renewed(path, original, same=same), encoding="utf-8")


def renewed(path: Path, original: PoFile, *, same: bool) -> str:
    """The text of a language's file with the messages of `original`."""
    words = read_po_file(path)
    here, merged = entries(words), PoFile(locale=path.stem)
    for key, entry in entries(original).items():
        merged[entry.id] = _merged(entry, here.get(key), words.num_plurals, same=same)
    body = io.BytesIO()
    write_po(body, merged, width=0, omit_header=True, include_previous=True)
    header = path.read_text("utf-8").partition("\n\n")[0]
    return f"{header}\n\n{body.getvalue().decode().strip()}\n"


def _merged(entry: Entry, old: Entry | None, plurals: int, *, same: bool) -> Entry:
    forms = translated(old) if old else ()
    plural = entry.pluralizable
    kept = tuple((*forms, *[""] * plurals)[:plurals]) if plural else "".join(forms[:1])
    new = Entry(entry.id, kept, user_comments=entry.user_comments, context=entry.context)
    if old and any(forms):
        new.flags |= old.flags & {"fuzzy"}
        new.previous_id = list(old.previous_id)
        if english(old) != english(entry) and not same:
            new.flags.add("fuzzy")
            new.previous_id = list(english(old))
    return new


if __name__ == "__main__":
    main()
