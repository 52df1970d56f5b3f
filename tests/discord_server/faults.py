"""Trouble to order: refusals, broken servers, dropped connections and slow answers for chosen calls."""

from dataclasses import dataclass, field
from typing import Literal

from tests.discord_server.errors import ApiError

Kind = Literal["refuse", "bad_gateway", "drop_before", "drop_after", "slow"]


@dataclass(slots=True)
class Fault:
    """Fault of the next `times` calls of a method ("*": any) whose path contains `part`."""

    kind: Kind
    method: str
    part: str
    times: int = 1
    refusal: ApiError | None = None
    seconds: float = 0.0

    def hits(self, method: str, path: str) -> bool:
        """Return true if the fault applies to this call."""
        return self.times > 0 and self.method in {"*", method} and self.part in path


@dataclass(slots=True)
class FaultPlan:
    """The faults that are still to come, in the order in which they were ordered."""

    faults: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        """Order one more."""
        self.faults.append(fault)

    def take(self, method: str, path: str) -> Fault | None:
        """The fault of this call, used up by it; None for a call that goes well."""
        fault = next((each for each in self.faults if each.hits(method, path)), None)
        if fault is not None:
            fault.times -= 1
            self.faults = [each for each in self.faults if each.times > 0]
        return fault
