"""The error of a surface that its platform has refused for good."""

from __future__ import annotations

from core.errors import ConfigurationError


class SurfaceRefused(ConfigurationError):  # noqa: N818  (named for what a platform does)
    """A platform refuses a setting, such as a token, so a restart won't help. The text is one sentence."""
