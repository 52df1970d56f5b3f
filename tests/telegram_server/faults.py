"""Trouble to order: refusals, broken gateways, dropped connections, slow and odd answers for chosen calls."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from tests.odd_answers import Odd
from tests.telegram_server.errors import ApiError

Kind = Literal["refuse", "bad_gateway", "gateway_timeout", "drop_before", "drop_after", "slow", "held", "odd"]

GATEWAY_PAGE = (
    "<html>\r\n<head><title>{status}</title></head>\r\n<body>\r\n"
    "<center><h1>{status}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
)


@dataclass(slots=True)
class Fault:
    """Fault of the next `times` calls of a method ("*": any), optionally of one chat only."""

    kind: Kind
    method: str
    times: int = 1
    chat_id: int | None = None
    refusal: ApiError | None = None
    seconds: float = 0.0
    odd: Odd | None = None
    released: asyncio.Event | None = None

    def hits(self, method: str, chat_id: int | None) -> bool:
        """Return true if the fault applies to this call."""
        return self.times > 0 and self.method in {"*", method} and (self.chat_id is None or self.chat_id == chat_id)


@dataclass(slots=True)
class FaultPlan:
    """The faults that are still to come, in the order in which they were ordered."""

    faults: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        """Order one more."""
        self.faults.append(fault)

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        """The fault of this call, used up by it; None for a call that goes well."""
        fault = next(self._hitting(method, chat_id), None)
        if fault is not None:
            fault.times -= 1
            self.faults = [left for left in self.faults if left.times > 0]
        return fault

    def _hitting(self, method: str, chat_id: int | None) -> Iterator[Fault]:
        # getUpdates comes all the time; only a fault that names it may hit it.
        return (
            fault
            for fault in self.faults
            if fault.hits(method, chat_id) and (method != "getUpdates" or fault.method == method)
        )
