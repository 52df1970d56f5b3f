"""Updates on their way to the bot: numbering, which kinds it wants, long polling, acknowledging."""

from collections.abc import Collection
from typing import Any

from tests.telegram_server.errors import ApiError
from tests.telegram_server.pulse import Pulse

Json = dict[str, Any]

FIRST_UPDATE_ID = 1000
_ONLY_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
TERMINATED = ApiError(
    409,
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
)


class UpdateQueue:
    """Updates that the bot has not acknowledged yet, oldest first, and all that there ever were."""

    def __init__(self, pulse: Pulse, first_id: int = FIRST_UPDATE_ID) -> None:
        self.history: dict[int, Json] = {}
        self.pending: dict[int, Json] = {}
        self.allowed: Collection[str] = ()
        self._pulse = pulse
        self._next_id = first_id
        self.polls = 0  # begun so far
        # Redelivered updates lie below the offset: the poll after the one that took them acknowledges them.
        self._again: dict[int, bool] = {}

    def post(self, kind: str, payload: Json) -> int | None:
        """Queue an update and return its id; None where the bot did not ask for this kind."""
        wanted = kind in self.allowed if self.allowed else kind not in _ONLY_ON_REQUEST
        if not wanted:
            return None
        number, self._next_id = self._next_id, self._next_id + 1
        self.history[number] = self.pending[number] = {"update_id": number, kind: payload}
        self._pulse.beat()
        return number

    def redeliver(self, update_id: int) -> None:
        """Deliver an old update once more, as Telegram does when an acknowledgement got lost."""
        self.pending[update_id] = self.history[update_id]
        self._again[update_id] = False
        self._pulse.beat()

    def acknowledge(self, update_id: int) -> None:
        """Forget one update."""
        self.pending.pop(update_id, None)
        self._again.pop(update_id, None)
        self._pulse.beat()

    def clear(self) -> None:
        """Forget all that is pending (drop_pending_updates)."""
        for number in list(self.pending):
            self.acknowledge(number)

    async def poll(self, offset: int | None, limit: int, seconds: float) -> list[Json]:
        """The pending updates from `offset` on, waiting for one if need be; 409 when another poll begins."""
        self.polls += 1
        mine = self.polls
        self._acknowledge_below(offset)
        self._pulse.beat()
        try:
            await self._pulse.until(lambda: bool(self.pending) or self.polls != mine, seconds)
        except TimeoutError:
            return []
        if self.polls != mine:
            raise TERMINATED
        return [self._hand_over(number) for number in sorted(self.pending)[:limit]]

    def _hand_over(self, number: int) -> Json:
        if number in self._again:
            self._again[number] = True
        return self.pending[number]

    def _acknowledge_below(self, offset: int | None) -> None:
        for number in [number for number, taken in self._again.items() if taken]:
            self.acknowledge(number)
        if offset is None:
            return
        if offset < 0:
            offset = (sorted(self.pending)[offset:] or [self._next_id])[0]
        for number in [number for number in self.pending if number < offset]:
            if number not in self._again:
                self.acknowledge(number)
