"""JSON objects as platforms' APIs accept and return them."""

from __future__ import annotations

from typing import Any, TypeAlias

JsonObject: TypeAlias = dict[str, Any]
"""A decoded JSON object, whose members are defined only by the API's documentation."""
