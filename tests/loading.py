"""Petitions and the product's words for tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from core.messages import Catalog
from core.petition.envelope import with_digests
from core.petition.loading import load_catalog, read_petitions
from core.petition.petition import Petition


@cache
def catalog() -> Catalog:
    """The product's words."""
    return load_catalog()


def load_petitions(folder: Path) -> dict[str, Petition]:
    """The petitions in `folder` that can be used, by slug, with digests. Raises ContentError if there are none."""
    return {slug: with_digests(petition, catalog()) for slug, petition in read_petitions(folder)[0].items()}
