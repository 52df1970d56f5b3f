"""Rules of Discord for modals."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.discord_server.components import (
    CustomIds,
    check_choices,
    check_ids,
    check_options,
    check_select_options,
    check_total_text,
)
from tests.discord_server.errors import Form, Path
from tests.discord_server.kinds import (
    CHECKBOX,
    CHECKBOXES,
    LABEL,
    RADIO,
    ROW,
    SELECTS,
    STRING_SELECT,
    TEXT,
    TEXT_INPUT,
    UPLOAD,
    Component,
    walk,
)

_IN_LABEL = (TEXT_INPUT, *SELECTS, UPLOAD, RADIO, CHECKBOXES, CHECKBOX)
_INPUT_LIMIT = 4000


class ModalChecker:
    """Goes through one modal and notes every fault in the form."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._ids = CustomIds(form)
        self._rules: Mapping[int, Callable[[Component, Path], None]] = {
            TEXT_INPUT: self._input,
            UPLOAD: self._upload,
            RADIO: self._radio,
            CHECKBOXES: self._checkboxes,
            CHECKBOX: self._ids.check,
        } | dict.fromkeys(SELECTS, self._select)

    def check(self, modal: Component) -> None:
        """Note all faults of the modal."""
        self._form.text(modal, ("custom_id",), 1, 100)
        self._form.text(modal, ("title",), 1, 45)
        listed = self._form.array(modal, ("components",), 1, 5)
        for index, component in enumerate(listed):
            self._top(component, ("components", index))
        if all(isinstance(component, dict) for component in listed):
            check_ids(self._form, [each for each in walk(listed) if isinstance(each, dict)])
            check_total_text(self._form, listed)

    def _top(self, component: Any, path: Path) -> None:
        kind = self._form.kind(component, path, (ROW, TEXT, LABEL))
        if kind == TEXT:
            self._form.text(component, (*path, "content"), 1, _INPUT_LIMIT)
        elif kind == LABEL:
            self._label(component, path)
        elif kind == ROW:
            for index, child in enumerate(self._form.array(component, (*path, "components"), 1, 1)):
                here = (*path, "components", index)
                if self._form.kind(child, here, (TEXT_INPUT,)) is not None:
                    self._form.text(child, (*here, "label"), 1, 45)
                    self._input(child, here)

    def _label(self, label: Component, path: Path) -> None:
        self._form.text(label, (*path, "label"), 1, 45)
        self._form.text(label, (*path, "description"), 0, 100, required=False)
        inner, here = label.get("component"), (*path, "component")
        if inner is None:
            self._form.add(here, "BASE_TYPE_REQUIRED", "This field is required")
            return
        kind = self._form.kind(inner, here, _IN_LABEL)
        if kind is not None:
            self._rules[kind](inner, here)

    def _input(self, field: Component, path: Path) -> None:
        self._ids.check(field, path)
        self._form.choice(field, (*path, "style"), (1, 2))
        self._form.text(field, (*path, "placeholder"), 0, 100, required=False)
        low, high = self._form.bounds(field, path, "length", (0, 1, _INPUT_LIMIT), (0, _INPUT_LIMIT))
        value = self._form.text(field, (*path, "value"), 0, high, required=False)
        if value and len(value) < low:
            self._form.add((*path, "value"), "BASE_TYPE_MIN_LENGTH", f"Must be {low} or more in length.")

    def _select(self, select: Component, path: Path) -> None:
        self._ids.check(select, path)
        check_choices(self._form, select, path)
        self._form.text(select, (*path, "placeholder"), 0, 150, required=False)
        if select["type"] == STRING_SELECT:
            check_select_options(self._form, select, path)
        self._no_empty_choice(select, path)
        if select.get("disabled"):
            words = "Select menus in modals cannot be disabled"
            self._form.add((*path, "disabled"), "MODAL_SELECT_DISABLED", words)

    def _upload(self, upload: Component, path: Path) -> None:
        self._ids.check(upload, path)
        self._form.bounds(upload, path, "values", (0, 1, 10), (1, 1))

    def _radio(self, radio: Component, path: Path) -> None:
        self._ids.check(radio, path)
        check_options(self._form, radio, path, 2, 10)

    def _checkboxes(self, group: Component, path: Path) -> None:
        self._ids.check(group, path)
        size = len(group.get("options") or [])
        check_options(self._form, group | {"max_values": group.get("max_values") or size}, path, 1, 10)
        self._form.bounds(group, path, "values", (0, 1, 10), (0, 10))
        self._no_empty_choice(group, path)

    def _no_empty_choice(self, chooser: Component, path: Path) -> None:
        if chooser.get("min_values") == 0 and chooser.get("required", True):
            words = "min_values must be at least 1 when the component is required"
            self._form.add((*path, "min_values"), "MODAL_COMPONENT_MIN_VALUES_INVALID", words)
