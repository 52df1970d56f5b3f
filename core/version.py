"""The version of this product; pyproject.toml sets it, and the installed package carries it."""

from __future__ import annotations

from importlib.metadata import version

VERSION = version("undersign")
