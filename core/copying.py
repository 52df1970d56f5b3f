"""Copies of frozen dataclasses with some fields changed, much faster than `dataclasses.replace` for large ones.

That one asks every field how it was declared, and calls the constructor: 12 µs for a conversation, of which a signer's
call makes a dozen copies. Modules on the way of such a call import `replace` from here. All others use the standard
library's, whose arguments mypy checks.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

Value = TypeVar("Value")


def replace(value: Value, /, **changes: Any) -> Value:
    """A copy with these fields changed; cached properties stay behind.

    A class with slots is small, and copied by the standard library.

    Raises:
        TypeError: the class has no such field, or `__post_init__`, or a field without init.
    """
    kind: Any = type(value)
    names = _names(kind)
    if names is None:
        copied: Value = dataclasses.replace(value, **changes)  # type: ignore[type-var]
        return copied
    copied = object.__new__(kind)
    values = {**value.__dict__, **changes}
    object.__setattr__(copied, "__dict__", values if len(values) == len(names) else _fields_of(kind, values, changes))
    return copied


def _fields_of(kind: type, values: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The fields among the values of an object, some of which may be cached properties."""
    names = _names(kind) or ()
    unknown = changes.keys() - set(names)
    if unknown:
        raise TypeError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    return {name: values[name] for name in names}


@cache
def _names(kind: type) -> tuple[str, ...] | None:
    """The names of a class's fields; None if it has slots."""
    if not hasattr(object.__new__(kind), "__dict__"):
        return None
    fields = dataclasses.fields(kind)
    if hasattr(kind, "__post_init__") or not all(field.init for field in fields):
        raise TypeError(f"{kind.__name__} can be made only by its constructor")
    return tuple(field.name for field in fields)
