"""Trouble to order: refusals, broken servers, dropped connections, slow and odd answers, and odd packets."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from tests.discord_server.errors import ApiError, Json
from tests.odd_answers import Odd

Kind = Literal["refuse", "bad_gateway", "drop_before", "drop_after", "slow", "odd"]


OddPacket: TypeAlias = Callable[[Json], object]
"""Makes what is sent instead of a packet: bytes and strings as they are, anything else as JSON."""


@dataclass(slots=True)
class Fault:
    """Fault of the next `times` calls of a method ("*": any) whose path contains `part`."""

    kind: Kind
    method: str
    part: str
    times: int = 1
    refusal: ApiError | None = None
    seconds: float = 0.0
    odd: Odd | None = None

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


@dataclass(slots=True)
class Spoiling:
    """Spoils the next `times` packets of a kind: an operation by its number, or an event by its name."""

    kind: int | str
    spoil: OddPacket
    times: int = 1


@dataclass(slots=True)
class PacketPlan:
    """The packets that are still to be spoilt."""

    spoilings: list[Spoiling] = field(default_factory=list)

    def take(self, packet: Json) -> object:
        """Return what to send instead of a packet; the packet itself if nothing else was ordered."""
        for each in self.spoilings:
            if each.times > 0 and each.kind in (packet["op"], packet["t"]):
                each.times -= 1
                return each.spoil(packet)
        return packet
