"""The sources of petitions as files for other programs: CSL-JSON and BibTeX."""

from __future__ import annotations

from functools import cache

from bots.services import Services
from bots.web.content import PAGE_SECONDS, Content
from bots.web.headers import ANYWHERE
from core.export.citations import bibtex, csl_json

CSL, BIBTEX = "application/vnd.citationstyles.csl+json", "application/x-bibtex; charset=utf-8"
"""The types under which Zotero and others know both."""
TYPES = {"json": CSL, "bib": BIBTEX}
"""The types of both files, by the ends of their names."""
_WRITERS = {"json": csl_json, "bib": bibtex}


class Citations:
    """Both files of each petition in each language, made once."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._file = cache(self._make)

    def file(self, end: str, slug: str, locale: str) -> Content:
        """The file with this end of its name, of the text that a reader of this language gets."""
        return self._file(end, slug, self._services.petitions[slug].text(locale).language)

    def _make(self, end: str, slug: str, language: str) -> Content:
        petition = self._services.petitions[slug]
        words = _WRITERS[end](petition.public_slug, petition.text(language))
        return Content(words.encode(), TYPES[end], PAGE_SECONDS, by_language=True, more=ANYWHERE)
