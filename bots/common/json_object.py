"""JSON objects as a platform's API takes and gives them."""

from __future__ import annotations

from typing import Any, TypeAlias

JsonObject: TypeAlias = dict[str, Any]
"""A decoded JSON object, whose members only the API's documentation knows."""
