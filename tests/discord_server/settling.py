"""Waiting until the bot has done all that it is going to do."""

import asyncio
from collections.abc import Awaitable, Callable

from tests.discord_server.world import ANSWER_SECONDS, World
from tests.patience import limit


class Settling:
    """Knows when the bot is idle: exactly where it can be asked (`also`), else after a silence of `quiet` seconds."""

    def __init__(self, world: World, in_flight: Callable[[], int], patience: float | None, quiet: float) -> None:
        self.also: list[Callable[[], Awaitable[None]]] = []
        self._world = world
        self._in_flight = in_flight
        self._patience = patience  # seconds; None: tests.patience.limit()
        self._quiet = quiet
        self._alarm: asyncio.TimerHandle | None = None

    def stop(self) -> None:
        """Forget the alarm."""
        if self._alarm is not None:
            self._alarm.cancel()

    async def connected(self, count: int) -> None:
        """Wait for so many sessions; raises TimeoutError when patience is over."""
        gateway = self._world.gateway
        async with self._limit():
            await self._world.pulse.until(lambda: len(gateway.connected) >= count)
            await gateway.caught_up(lambda: True)

    async def settle(self) -> None:
        """Wait; raises TimeoutError when patience is over."""
        try:
            async with self._limit():
                self._set_alarm()
                while not await (self._exactly() if self.also else self._by_silence()):
                    pass
        except TimeoutError:
            left = [each.payload["data"] for each in self._world.waiting()]
            busy = self._in_flight()
            raise TimeoutError(f"the bot did not settle: {left} unanswered, {busy} calls run") from None
        finally:
            self.stop()

    def _limit(self) -> asyncio.Timeout:
        return asyncio.timeout(limit() if self._patience is None else self._patience)

    def _set_alarm(self) -> None:
        """Look at the clock, now and whenever the three seconds may be over, even if nothing happens until then."""
        self.stop()
        self._world.look_at_clock()
        self._alarm = asyncio.get_running_loop().call_later(ANSWER_SECONDS + 0.1, self._set_alarm)

    async def _exactly(self) -> bool:
        world, pulse = self._world, self._world.pulse
        await world.gateway.caught_up(lambda: not world.waiting())
        await pulse.until(lambda: not self._in_flight())
        beats = pulse.beats
        for drained in self.also:
            await drained()
        if pulse.beats != beats or self._in_flight():
            return False
        for forgotten in world.waiting():
            world.fail(forgotten)
        return True

    async def _by_silence(self) -> bool:
        pulse = self._world.pulse
        await pulse.until(self._is_still)
        beats = pulse.beats
        try:
            await pulse.until(lambda: pulse.beats != beats, self._quiet)
        except TimeoutError:
            return True
        return False

    def _is_still(self) -> bool:
        world = self._world
        return not world.waiting() and not world.thinking() and not self._in_flight()
