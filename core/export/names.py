"""First and last names, for systems that ask for both; the parser knows titles, suffixes, particles and orders."""

from __future__ import annotations

import re

from nameparser import parse

_RELATION = re.compile(r"(?<!\w)\w/\w(?!\w)|@")  # "s/o", "A/L" and aliases: such names have no last name


def split_name(name: str) -> tuple[str, str]:
    """The first names and the last name, without title and suffix: "Smith, Ada Jr." gives "Ada" and "Smith".

    A name that cannot be split stays whole, as the first name.
    """
    parsed = parse(name)
    if _RELATION.search(name) or not parsed.given or not parsed.family:
        return name, ""
    return parsed.given_names, parsed.family
