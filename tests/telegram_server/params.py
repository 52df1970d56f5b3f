"""The parameters of one call, typed on demand; a wrong type is refused as a 400."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.telegram_server.errors import bad_request


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came as multipart."""

    name: str
    content: bytes
    mime: str


@dataclass(frozen=True, slots=True)
class Params:
    """Raw parameters: native values from a JSON body, strings from a form or multipart, files apart."""

    raw: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return self.raw.get(name) is not None or name in self.files

    def names(self) -> set[str]:
        """The names of all parameters; a file under attach:// belongs to the parameter that refers to it."""
        attached = {str(value)[9:] for value in self.raw.values() if str(value).startswith("attach://")}
        return set(self.raw) | (set(self.files) - attached)

    def text(self, name: str, default: str = "") -> str:
        """A string; empty where it was not given."""
        value = self.raw.get(name, default)
        if not isinstance(value, str):
            raise bad_request(f'field "{name}" must be of type String')
        return value

    def integer(self, name: str) -> int | None:
        """A whole number, also written as a string; None where it was not given."""
        value = self.raw.get(name)
        if value is None:
            return None
        try:
            return int(str(value))
        except ValueError:
            raise bad_request(f'field "{name}" must be of type Number') from None

    def required(self, name: str) -> int:
        """A whole number that must have been given."""
        value = self.integer(name)
        if value is None:
            raise bad_request(f'parameter "{name}" is required')
        return value

    def flag(self, name: str) -> bool:
        """A boolean; False where it was not given."""
        return str(self.raw.get(name, "")).lower() in {"true", "1", "yes"}

    def json(self, name: str) -> Any:
        """An object or array, also serialized as a string; None where it was not given."""
        value = self.raw.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None

    def upload(self, name: str) -> Upload | None:
        """File, sent under its parameter's name or with attach://."""
        reference = str(self.raw.get(name, ""))
        return self.files.get(reference.removeprefix("attach://") or name)
