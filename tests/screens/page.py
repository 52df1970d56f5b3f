"""The page itself: drawings by surface and stage, the languages side by side, and the keys beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from core.petition.loading import LOCALES
from core.petition.translations import english, entries, read_po_file, translated
from tests.screens.album import Album, Drawing
from tests.screens.studio import SURFACES

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen on the page; `first` are the keys that no screen above it has."""

    title: str
    drawings: Mapping[str, Drawing]
    keys: tuple[str, ...]
    first: frozenset[str]


def page(album: Album) -> str:
    """The page as HTML."""
    templates = Environment(loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined)
    tree = _tree(album)
    return templates.get_template("page.html").render(
        locales=album.catalog.locales, surfaces=list(tree), tree=tree, messages=_messages(album), missing=missing(album)
    )


def missing(album: Album) -> list[str]:
    """The messages that appear on no screen in one of the languages."""
    known = entries(read_po_file(LOCALES / "en.po"))
    shown = [album.keys(locale) for locale in album.catalog.locales]
    return sorted(key for key in known if not all(key in here for here in shown))


def _tree(album: Album) -> dict[str, dict[str, list[Screen]]]:
    tree: dict[str, dict[str, list[Screen]]] = {surface: {} for surface in SURFACES}
    for place, drawings in album.drawings.items():
        stage = tree[place.surface].setdefault(place.stage, [])
        stage.append(Screen(place.title, drawings, (), frozenset()))
    seen: set[str] = set()
    for stages in tree.values():
        for screens in stages.values():
            screens[:] = [_with_keys(one, seen) for one in screens]
    return tree


def _with_keys(screen: Screen, seen: set[str]) -> Screen:
    keys = tuple(dict.fromkeys(key for one in screen.drawings.values() for key in one.keys))
    first = frozenset(keys) - seen
    seen |= first
    return Screen(screen.title, screen.drawings, keys, first)


def _messages(album: Album) -> dict[str, list[tuple[str, ...]]]:
    """Every message with its sentences in all languages, English first."""
    files = {locale: entries(read_po_file(LOCALES / f"{locale}.po")) for locale in album.catalog.locales}
    original = files.pop("en")
    return {
        key: [english(entry), *(translated(words[key]) if key in words else () for words in files.values())]
        for key, entry in original.items()
    }
