"""The types of components by their names, and a walk through them."""

from collections.abc import Iterator
from typing import Any

Component = dict[str, Any]

ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR = 9, 10, 11, 12, 13, 14
CONTAINER, LABEL, UPLOAD, RADIO, CHECKBOXES, CHECKBOX = 17, 18, 19, 21, 22, 23
SELECTS = (3, 5, 6, 7, 8)
LINK_STYLE, PREMIUM_STYLE = 5, 6


def walk(components: list[Component]) -> Iterator[Component]:
    """Every component, from outside to inside, in reading order."""
    for component in components:
        yield component
        inner = [*component.get("components", []), component.get("component"), component.get("accessory")]
        yield from walk([child for child in inner if child])
