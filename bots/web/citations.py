"""The sources of petitions as files for other programs: CSL-JSON and BibTeX."""

from __future__ import annotations

from functools import cache

from bots.services import Services
from bots.web.content import PAGE_SECONDS, Content
from bots.web.headers import ANYWHERE
from core.export.citations import bibtex, csl_json

CSL, BIBTEX = "application/vnd.citationstyles.csl+json", "application/x-bibtex; charset=utf-8"
"""The types under which Zotero and others know both."""
TYPES = {"sources.json": CSL, "sources.bib": BIBTEX}
_WRITERS = {"sources.json": csl_json, "sources.bib": bibtex}


class Citations:
    """Both files of each petition in each language, made once."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._file = cache(self._make)

    def file(self, name: str, slug: str, locale: str) -> Content:
        """The file `sources.json` or `sources.bib` of the text that a reader of this language gets."""
        return self._file(name, slug, self._services.petitions[slug].text(locale).language)

    def _make(self, name: str, slug: str, language: str) -> Content:
        petition = self._services.petitions[slug]
        words = _WRITERS[name](petition.public_slug, petition.text(language))
        return Content(words.encode(), TYPES[name], PAGE_SECONDS, by_language=True, more=ANYWHERE)
