"""Refusals in the shape in which Discord gives them."""

from typing import Any

Json = dict[str, Any]
Path = tuple[str | int, ...]


class ApiError(Exception):
    """A call that the server refuses: HTTP status, Discord's own code and words, what is wrong with which field."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    def to_json(self) -> Json:
        """The body of the answer."""
        body: Json = {"message": self.message, "code": self.code}
        return body | ({"errors": self.errors} if self.errors else {})


class RateLimited(ApiError):  # noqa: N818 - Discord's name for it
    """Status 429: come back after so many seconds."""

    def __init__(self, retry_after: float, *, whole_bot: bool = False) -> None:
        super().__init__(429, 0, "You are being rate limited.")
        self.retry_after = retry_after
        self.whole_bot = whole_bot

    def to_json(self) -> Json:
        """The body of the answer."""
        return {"message": self.message, "retry_after": self.retry_after, "global": self.whole_bot}


class WriteLimited(RateLimited):
    """Status 429 with code 20028: the true wait is only in the body, and the headers say one second."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(retry_after)
        self.code = 20028
        self.message = "The write action you are performing on the channel has hit the write rate limit."

    def to_json(self) -> Json:
        """The body of the answer."""
        return super().to_json() | {"code": self.code}


NOT_FOUND = ApiError(404, 0, "404: Not Found")
UNAUTHORIZED = ApiError(401, 0, "401: Unauthorized")
INVALID_JSON = ApiError(400, 50109, "The request body contains invalid JSON.")
INTERNAL = ApiError(500, 0, "500: Internal Server Error")
UNKNOWN_APPLICATION = ApiError(404, 10002, "Unknown Application")
UNKNOWN_CHANNEL = ApiError(404, 10003, "Unknown Channel")
UNKNOWN_GUILD = ApiError(404, 10004, "Unknown Guild")
UNKNOWN_MESSAGE = ApiError(404, 10008, "Unknown Message")
UNKNOWN_USER = ApiError(404, 10013, "Unknown User")
UNKNOWN_WEBHOOK = ApiError(404, 10015, "Unknown Webhook")
UNKNOWN_INTERACTION = ApiError(404, 10062, "Unknown interaction")
UNKNOWN_COMMAND = ApiError(404, 10063, "Unknown application command")
ACKNOWLEDGED = ApiError(400, 40060, "Interaction has already been acknowledged.")
ALREADY_PUBLISHED = ApiError(400, 40033, "This message has already been crossposted.")
TOO_MANY_FOLLOWUPS = ApiError(400, 40094, "This interaction has reached its maximum number of follow up messages.")
MISSING_ACCESS = ApiError(403, 50001, "Missing Access")
NOT_THE_AUTHOR = ApiError(403, 50005, "Cannot edit a message authored by another user")
EMPTY_MESSAGE = ApiError(400, 50006, "Cannot send an empty message")
NON_TEXT_CHANNEL = ApiError(400, 50008, "Cannot send messages in a non-text channel")
CANNOT_WRITE_TO_USER = ApiError(403, 50007, "Cannot send messages to this user")
MISSING_PERMISSIONS = ApiError(403, 50013, "Missing Permissions")
WRONG_CHANNEL_TYPE = ApiError(400, 50024, "Cannot execute action on this channel type")
THREAD_ARCHIVED = ApiError(400, 50083, "Thread is archived")
THREAD_LOCKED = ApiError(403, 160005, "Thread is locked")
INVALID_TOKEN = ApiError(401, 50027, "Invalid Webhook Token")
INVALID_RECIPIENT = ApiError(400, 50033, "Invalid Recipient(s)")


def too_many_commands(most: int) -> ApiError:
    """The refusal of more commands of one type than Discord takes."""
    return ApiError(400, 30032, f"Maximum number of application commands reached ({most}).")


class Form:
    """Collects what is wrong with a body, field by field."""

    def __init__(self, root: Path = ()) -> None:
        self._root = root
        self._errors: Json = {}

    def add(self, path: Path, code: str, message: str) -> None:
        """Note a fault of the field at this path."""
        node = self._errors
        for step in (*self._root, *path):
            node = node.setdefault(str(step), {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    @property
    def clean(self) -> bool:
        """Return true if there are no faults so far."""
        return not self._errors

    def refuse(self) -> None:
        """Raise a 400 with all faults, if there is any."""
        if self._errors:
            raise ApiError(400, 50035, "Invalid Form Body", self._errors)

    def text(self, body: Any, path: Path, low: int, high: int, *, required: bool = True) -> str:
        """The string of a field, checked for its length in characters; empty where it is missing or faulty."""
        value = _field(body, path)
        if value is None:
            if required:
                self.add(path, "BASE_TYPE_REQUIRED", "This field is required")
            return ""
        if not isinstance(value, str):
            self.add(path, "STRING_TYPE_CONVERT", f'Could not interpret "{value}" as string.')
            return ""
        if low and value and not value.strip():
            self.add(path, "BASE_TYPE_REQUIRED", "This field is required")
        self.size(path, len(value), low, high)
        return value

    def size(self, path: Path, size: int, low: int, high: int) -> None:
        """Check how long a string or an array is."""
        if low <= size <= high:
            return
        if low == 0:
            self.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {high} or fewer in length.")
        else:
            self.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")

    def array(self, body: Any, path: Path, low: int, high: int, *, required: bool = True) -> list[Any]:
        """The items of a field, checked for their number; none where they are missing or faulty."""
        value = _field(body, path)
        if value is None:
            if required:
                self.add(path, "BASE_TYPE_REQUIRED", "This field is required")
            return []
        if not isinstance(value, list):
            self.add(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return []
        self.size(path, len(value), low, high)
        return value

    def objects(self, body: Any, path: Path, low: int, high: int, *, required: bool = True) -> list[Json]:
        """The items of a field that must all be objects."""
        items = self.array(body, path, low, high, required=required)
        for index, item in enumerate(items):
            if not isinstance(item, dict):
                self.add((*path, index), "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        return [item for item in items if isinstance(item, dict)]

    def integer(self, body: Any, path: Path, low: int, high: int, default: int = 0) -> int:
        """The whole number of a field within its bounds."""
        value = _field(body, path)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool):
            self.add(path, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
            return default
        if value > high:
            self.add(path, "NUMBER_TYPE_MAX", f"int value should be less than or equal to {high}.")
        if value < low:
            self.add(path, "NUMBER_TYPE_MIN", f"int value should be greater than or equal to {low}.")
        return value

    def bounds(
        self, body: Any, path: Path, what: str, limits: tuple[int, int, int], usual: tuple[int, int]
    ) -> tuple[int, int]:
        """The smallest and the greatest number that two fields name, such as min_values and max_values.

        `limits` are the least that each may be and the most; `usual` is what holds if a field is missing.
        """
        low = self.integer(body, (*path, f"min_{what}"), limits[0], limits[2], usual[0])
        high = self.integer(body, (*path, f"max_{what}"), limits[1], limits[2], usual[1])
        if low > high:
            words = f"int value should be less than or equal to {high}."
            self.add((*path, f"min_{what}"), "NUMBER_TYPE_MAX", words)
        return low, high

    def choice(self, body: Any, path: Path, choices: tuple[Any, ...]) -> Any:
        """The value of a field that must be one of a few."""
        value = _field(body, path)
        if value is None:
            self.add(path, "BASE_TYPE_REQUIRED", "This field is required")
        elif value not in choices:
            listed = ", ".join(map(str, choices))
            self.add(path, "BASE_TYPE_CHOICES", f"Value must be one of {{{listed}}}.")
        return value

    def kind(self, body: Any, path: Path, kinds: tuple[int, ...]) -> int | None:
        """Component type of an object if it is allowed here; otherwise note a fault."""
        value = body.get("type") if isinstance(body, dict) else None
        if value in kinds:
            return int(value)
        if value is None:
            self.add((*path, "type"), "BASE_TYPE_REQUIRED", "This field is required")
        else:
            listed = f"{kinds[0]}," if len(kinds) == 1 else ", ".join(map(str, kinds))
            self.add(path, "UNION_TYPE_CHOICES", f'Value of field "type" must be one of ({listed}).')
        return None


def _field(body: Any, path: Path) -> Any:
    return body.get(path[-1]) if isinstance(body, dict) else None
