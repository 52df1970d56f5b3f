"""Draws the file with the text that a signer signed: a web page for people, with the version as JSON in it."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from babel import Locale
from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from bots.papers.data_page import SCRIPT_SAFE, DataFile
from core.conversation.signed_text import SignedText
from core.messages import Catalog, Message, Words
from core.petition.envelope import Envelope
from core.petition.past_text import past_text
from core.petition.versions import FIRST, PetitionVersion
from core.sources.search_words import search_words

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sayer:
    """Words in one language."""

    catalog: Catalog
    locale: str

    def __call__(self, key: str) -> str:
        """The message with a key."""
        return self.catalog.text(Message(key), self.locale)

    def words(self, words: Words) -> str:
        """A message, or text as it is."""
        return self.catalog.words(words, self.locale)

    def piece(self, key: str, piece: Words) -> str:
        """A sentence about something that was removed or added."""
        return self.words(Message(key, {"words": piece}))


def signed_file(signed: SignedText, catalog: Catalog, locale: str) -> DataFile | None:
    """The file, in the reader's language around the text; None if making it fails."""
    version = signed.version
    try:
        say = Sayer(catalog, catalog.spoken(Message("signed.heading"), locale))
        page = _template().render(
            language=say.locale, direction=Locale.parse(say.locale).text_direction, say=say,
            version=version, text=past_text(version), text_language=version.language,
            text_direction=Locale.parse(version.language).text_direction, is_first_form=version.form == FIRST,
            agreed=tuple(agreed(version.envelope or {}, say)), search=search_words, changes=signed.changes or (),
            json=Markup(version.content.translate(SCRIPT_SAFE)),  # noqa: S704  (now safe)
        )  # fmt: skip
    except Exception as error:  # noqa: BLE001  (whatever it is, the person reads that it failed)
        log.error("a signed text was not drawn: %s", type(error).__name__)  # noqa: TRY400
        return None
    return DataFile(name_of(signed.slug, version), page.encode(), catalog.text(Message("signed.sent"), locale))


def name_of(slug: str, version: PetitionVersion) -> str:
    """The file's name: the petition's, and the first characters of the digest."""
    return f"{slug}-{version.digest[:8]}.html"


def agreed(envelope: Envelope, say: Sayer) -> Iterator[str]:
    """Everything else in an envelope, a sentence or a line each: the consent, the questions, the last day."""
    consent = envelope.get("consent", {})
    yield from dict.fromkeys([*consent.get("hand_in", []), *consent.get("updates", [])])
    if consent:
        yield consent["data"]
    for field in envelope.get("fields", []):
        options = ", ".join(option["label"] for option in field["options"])
        yield f"{field['label']} ({options})" if options else field["label"]
    if envelope.get("closes"):
        day = Message("fact.day", {"date": dt.date.fromisoformat(envelope["closes"])})
        last_day = say("signed.last_day")
        yield f"{last_day}: {say.words(day)} ({envelope['timezone']})"
    yield from filter(None, (envelope.get(name) for name in ("contact", "organizer_url", "controller")))


@cache
def _template() -> Template:
    loader = PackageLoader(__package__)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.get_template("signed_text.html")
