"""Refusals in the shape in which the Bot API gives them."""

from typing import Any


class ApiError(Exception):
    """A call that the server refuses: HTTP status, Telegram's description, response parameters."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters

    def to_json(self) -> dict[str, Any]:
        """The body of the answer."""
        body: dict[str, Any] = {"ok": False, "error_code": self.status, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def bad_request(reason: str, **parameters: int) -> ApiError:
    """Status 400 with Telegram's usual prefix."""
    return ApiError(400, f"Bad Request: {reason}", **parameters)


def forbidden(reason: str) -> ApiError:
    """Status 403 with Telegram's usual prefix."""
    return ApiError(403, f"Forbidden: {reason}")


def too_many_requests(seconds: int) -> ApiError:
    """Status 429 that names the wait in seconds."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
