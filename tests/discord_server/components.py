"""Rules of Discord for the components of a message."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from tests.discord_server.errors import INTERNAL, Form, Path
from tests.discord_server.kinds import (
    BUTTON,
    CONTAINER,
    FILE,
    GALLERY,
    LINK_STYLE,
    PREMIUM_STYLE,
    ROW,
    SECTION,
    SELECTS,
    SEPARATOR,
    STRING_SELECT,
    TEXT,
    THUMBNAIL,
    Component,
    walk,
)

COUNT_LIMIT = 40
TEXT_LIMIT = 4000
ROWS_LIMIT = 5
_OPTIONS_LIMIT = 25
# https://github.com/discord/discord-api-docs/issues/8554: more than this, in UTF-8 and 12 a text, is a 500
STORED_BYTES, STORED_OVERHEAD = 10170, 12

_TOP = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER)
_IN_CONTAINER = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR)
_STYLES = (1, 2, 3, 4, LINK_STYLE, PREMIUM_STYLE)
_ID_TAKEN = "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated"


class CustomIds:
    """Checks custom ids: their length, and that none comes twice."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._seen: set[str] = set()

    def check(self, body: Component, path: Path) -> None:
        """Note what is wrong with the custom id of this component."""
        value = self._form.text(body, (*path, "custom_id"), 1, 100)
        if value and value in self._seen:
            self._form.add((*path, "custom_id"), *_ID_TAKEN)
        self._seen.add(value)


def check_total_text(form: Form, components: Iterable[Component]) -> None:
    """Note if the texts among these components are too long together. Raises a 500 where Discord does."""
    texts = [str(component.get("content", "")) for component in components if component.get("type") == TEXT]
    if sum(map(len, texts)) > TEXT_LIMIT:
        words = f"The total displayable text size cannot exceed {TEXT_LIMIT} characters"
        form.add(("components",), "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", words)
    elif sum(len(text.encode()) + STORED_OVERHEAD for text in texts) > STORED_BYTES:
        raise INTERNAL


class ComponentChecker:
    """Goes through the components of one message; `files` are the names that attachment:// may refer to."""

    def __init__(self, form: Form, files: Collection[str]) -> None:
        self._form = form
        self._files = files
        self._ids = CustomIds(form)
        self._rules: Mapping[int, Callable[[Component, Path], None]] = {
            ROW: self._row,
            BUTTON: self._button,
            SECTION: self._section,
            TEXT: self._text,
            THUMBNAIL: self._thumbnail,
            GALLERY: self._gallery,
            FILE: self._file,
            SEPARATOR: self._separator,
            CONTAINER: self._container,
        } | dict.fromkeys(SELECTS, self._select)

    def check(self, components: Any, *, layout: bool) -> None:
        """Note all faults; `layout`: the message has the IS_COMPONENTS_V2 flag. Raises a 500 where Discord does."""
        limit = COUNT_LIMIT if layout else ROWS_LIMIT
        listed = self._form.array({"components": components}, ("components",), 0, limit, required=False)
        for index, component in enumerate(listed):
            self._component(component, ("components", index), _TOP if layout else (ROW,))
        if layout and all(isinstance(component, dict) for component in listed):
            self._totals(listed)

    def _totals(self, listed: list[Component]) -> None:
        components = [component for component in walk(listed) if isinstance(component, dict)]
        if len(components) > COUNT_LIMIT:
            words = f"The total number of components cannot exceed {COUNT_LIMIT}"
            self._form.add(("components",), "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", words)
        check_ids(self._form, components)
        check_total_text(self._form, components)

    def _component(self, component: Any, path: Path, kinds: tuple[int, ...]) -> int | None:
        kind = self._form.kind(component, path, kinds)
        if kind is not None:
            self._rules[kind](component, path)
        return kind

    def _row(self, row: Component, path: Path) -> None:
        children = self._form.array(row, (*path, "components"), 1, 5)
        kinds = [
            self._component(child, (*path, "components", index), (BUTTON, *SELECTS))
            for index, child in enumerate(children)
        ]
        selects = [index for index, kind in enumerate(kinds) if kind in SELECTS]
        for index in range(1, len(kinds)):
            if selects and selects[0] <= index:
                words = "The specified component exceeds the maximum width"
                self._form.add((*path, "components", index), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", words)

    def _button(self, button: Component, path: Path) -> None:
        style = self._form.choice(button, (*path, "style"), _STYLES)
        self._form.text(button, (*path, "label"), 0, 80, required=False)
        if style == LINK_STYLE:
            self._link(button, path)
        elif style == PREMIUM_STYLE:
            self._form.text(button, (*path, "sku_id"), 1, 20)
        elif button.get("url") is not None:
            words = "A custom id and url cannot both be specified"
            self._form.add((*path, "url"), "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", words)
        elif style is not None:
            self._ids.check(button, path)
        if style != PREMIUM_STYLE and not (button.get("label") or button.get("emoji")):
            words = "A button must have a label or an emoji"
            self._form.add((*path, "label"), "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", words)

    def _link(self, button: Component, path: Path) -> None:
        if button.get("custom_id") is not None:
            words = "A custom id and url cannot both be specified"
            self._form.add((*path, "custom_id"), "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", words)
        url = self._form.text(button, (*path, "url"), 1, 512)
        if url:
            self._url(url, (*path, "url"), ("http", "https", "discord"))

    def _url(self, url: str, path: Path, schemes: tuple[str, ...]) -> None:
        parts = urlsplit(url)
        if parts.scheme not in schemes:
            listed = ", ".join(f"'{scheme}'" for scheme in schemes)
            words = f'Scheme "{parts.scheme}" is not supported. Scheme must be one of ({listed}).'
            self._form.add(path, "URL_TYPE_INVALID_SCHEME", words)
        elif parts.scheme.startswith("http") and "." not in (parts.hostname or ""):
            self._form.add(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.")

    def _select(self, select: Component, path: Path) -> None:
        self._ids.check(select, path)
        check_choices(self._form, select, path)
        self._form.text(select, (*path, "placeholder"), 0, 150, required=False)
        if select["type"] == STRING_SELECT:
            check_select_options(self._form, select, path)

    def _section(self, section: Component, path: Path) -> None:
        for index, child in enumerate(self._form.array(section, (*path, "components"), 1, 3)):
            self._component(child, (*path, "components", index), (TEXT,))
        if section.get("accessory") is None:
            self._form.add((*path, "accessory"), "BASE_TYPE_REQUIRED", "This field is required")
        else:
            self._component(section["accessory"], (*path, "accessory"), (BUTTON, THUMBNAIL))

    def _text(self, text: Component, path: Path) -> None:
        self._form.text(text, (*path, "content"), 1, TEXT_LIMIT)

    def _thumbnail(self, thumbnail: Component, path: Path) -> None:
        self._media(thumbnail.get("media"), (*path, "media"), ("http", "https"))
        self._form.text(thumbnail, (*path, "description"), 0, 1024, required=False)

    def _gallery(self, gallery: Component, path: Path) -> None:
        for index, item in enumerate(self._form.objects(gallery, (*path, "items"), 1, 10)):
            self._thumbnail(item, (*path, "items", index))

    def _file(self, file: Component, path: Path) -> None:
        self._media(file.get("file"), (*path, "file"), ())

    def _separator(self, separator: Component, path: Path) -> None:
        if separator.get("spacing") is not None:
            self._form.choice(separator, (*path, "spacing"), (1, 2))

    def _container(self, container: Component, path: Path) -> None:
        self._form.integer(container, (*path, "accent_color"), 0, 0xFFFFFF)
        for index, child in enumerate(self._form.array(container, (*path, "components"), 1, COUNT_LIMIT)):
            self._component(child, (*path, "components", index), _IN_CONTAINER)

    def _media(self, media: Any, path: Path, schemes: tuple[str, ...]) -> None:
        if not isinstance(media, dict):
            self._form.add(path, "BASE_TYPE_REQUIRED", "This field is required")
            return
        url = self._form.text(media, (*path, "url"), 1, 2048)
        if url.startswith("attachment://"):
            if url.removeprefix("attachment://") not in self._files:
                words = f"The referenced attachment {url} was not found"
                self._form.add((*path, "url"), "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", words)
        elif url:
            self._url(url, (*path, "url"), schemes or ("attachment",))


def check_ids(form: Form, components: Iterable[Component]) -> None:
    """Check that no number comes twice among components and those inside them."""
    numbers = [component["id"] for component in components if component.get("id")]
    if len(set(numbers)) < len(numbers):
        form.add(("components",), "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated")


def check_choices(form: Form, select: Component, path: Path) -> None:
    """Check how many options may be chosen."""
    form.bounds(select, path, "values", (0, 1, _OPTIONS_LIMIT), (1, 1))


def check_select_options(form: Form, select: Component, path: Path) -> None:
    """Check the options of a select: 25 at most, and at least as many as may be chosen."""
    high = select.get("max_values")
    fewest = high if isinstance(high, int) and 1 < high <= _OPTIONS_LIMIT else 1
    check_options(form, select, path, fewest, _OPTIONS_LIMIT)


def check_options(form: Form, chooser: Component, path: Path, low: int, high: int) -> None:
    """Check the options of a select, a radio group or a checkbox group."""
    seen: set[str] = set()
    for index, option in enumerate(form.objects(chooser, (*path, "options"), low, high)):
        here = (*path, "options", index)
        form.text(option, (*here, "label"), 1, 100)
        form.text(option, (*here, "description"), 0, 100, required=False)
        value = form.text(option, (*here, "value"), 1, 100)
        if value and value in seen:
            words = "The specified option value is already used"
            form.add((*here, "value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", words)
        seen.add(value)
    if not form.clean:
        return
    chosen = sum(bool(option.get("default")) for option in chooser.get("options") or [])
    if chosen > (chooser.get("max_values") or 1):
        words = "The number of default values exceeds the maximum"
        form.add((*path, "options"), "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", words)
