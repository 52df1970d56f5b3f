"""A page that a source leads to, as a value."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.sources.checks import PageFacts


@dataclass(frozen=True, slots=True)
class SourcePage:
    """A page that was read; one without anything if no parser could.

    Attributes:
        text: all text that a reader sees; empty if there is none, or none that can be read here.
        main: the part of it that is the page's own, without menus, advertisements, and lists of other pages.
        heading: the first heading; empty without one.
        canonical: the address that the page gives as its own; empty if it gives none.
        refresh: the address that it sends its readers on to at once; empty if it doesn't.
        is_paid: True if the page says that not everyone may read it.
        asks_password: True if the page has a field for a password.
        is_whole: False if there is more than was read.
    """

    text: str = ""
    main: str = ""
    heading: str = ""
    facts: PageFacts = field(default_factory=PageFacts)
    canonical: str = ""
    refresh: str = ""
    is_paid: bool = False
    asks_password: bool = False
    is_whole: bool = True
