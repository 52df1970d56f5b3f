"""Keeps the bot inside Telegram's limits, puts signers first, and repeats calls where that is allowed."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import stamina
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError
from telegram.ext import BaseRateLimiter

from bots.process import Process
from bots.telegram.budgets import Allowance, Budgets
from bots.telegram.endpoints import ChatId, chat_of, is_counted, is_repeatable, is_setup, took_effect_before
from bots.telegram.network_errors import Unsent
from bots.telegram.shared_pace import SharedPace
from core.platforms import Platform

log = logging.getLogger(__name__)

ApiResult: TypeAlias = bool | dict[str, Any] | list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Sending:
    """Treatment of one call; passed to any bot method as `rate_limit_args`.

    It waits at most `longest_hold` seconds for a chat that Telegram holds back (None: the default in Retrying). With
    `returned`, a call that is cancelled before it was sent raises RetryAfter instead of ending its task. A `spare` call
    takes only what its chat doesn't need: it waits until the chat could get a whole burst again.
    """

    background: bool = False
    repeat: bool = False  # even if the first try may have taken effect: twice is better than not at all
    longest_hold: float | None = None
    returned: bool = False
    spare: bool = False


BACKGROUND = Sending(background=True)
REPLY = Sending(repeat=True)
SPARE = Sending(background=True, longest_hold=0.0, spare=True)
OUTBOX = Sending(background=True, longest_hold=0.0, returned=True)  # held-back calls wait there, in nobody's way


@dataclass(frozen=True, slots=True)
class Retrying:
    """The number of retries after a failed call, and their waits in seconds."""

    tries: int = 4
    first_wait: float = 0.2
    longest_wait: float = 5.0
    jitter: float = 0.2
    longest_hold: float = 60.0


class Limiter(BaseRateLimiter[Sending]):
    """A rate limiter in which replies to signers come first and a refused chat blocks no other.

    While a chat is held for longer than `retrying.longest_hold`, a call raises RetryAfter without asking Telegram,
    because the outbox should wait that long, not a running handler. `on_wait` gets the seconds for which each call was
    held back. `common` is the pace that it keeps with other processes while Telegram asks for it.
    """

    def __init__(
        self, budgets: Budgets | None = None, retrying: Retrying | None = None,
        on_wait: Callable[[float], None] = lambda _: None, common: SharedPace | None = None,
    ) -> None:  # fmt: skip
        self._on_wait, self._common = on_wait, common
        self._budgets = budgets or Budgets()
        self._retrying = retrying or Retrying()
        self._allowance = Allowance(self._budgets, common)

    async def initialize(self) -> None:
        """Start with full buckets in the running event loop."""
        self._allowance = Allowance(self._budgets, self._common)

    async def shutdown(self) -> None:
        """Forget all chats."""
        if self._common:
            await self._common.close()
        self._allowance = Allowance(self._budgets, self._common)

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, ApiResult]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Sending | None,
    ) -> ApiResult:
        """The call's answer, made when the limits allow it and repeated if that is harmless."""
        sending = rate_limit_args or Sending()
        call = _Call(endpoint, chat_of(data), sending, self._retrying)
        # Nearly every call succeeds at the first try, and setting up retries costs more than everything else here.
        try:
            return await self._once(call, callback(*args, **kwargs))
        except TelegramError as error:
            wait = call.wait_before_repeat(error)
            if wait is False:
                raise
            call.report(error)
        await asyncio.sleep(self._retrying.first_wait if wait is True else wait)
        async for attempt in self._attempts(call):
            with attempt:
                return await self._once(call, callback(*args, **kwargs))
        raise AssertionError("stamina ends with a result or an exception")

    async def _once(self, call: "_Call", answer: Coroutine[Any, Any, ApiResult]) -> ApiResult:
        with closing(answer):  # where it is never awaited
            await self._admit(call)
            try:
                return await answer
            except RetryAfter as refusal:
                self._hold(call, seconds_of(refusal))
                raise
            except BadRequest as refusal:
                if call.in_doubt and took_effect_before(refusal):
                    return True
                raise

    def _attempts(self, call: "_Call") -> AsyncIterator[stamina.Attempt]:
        retrying = self._retrying
        return stamina.retry_context(
            on=call.wait_before_repeat,
            attempts=retrying.tries - 1,
            timeout=None,
            wait_initial=2 * retrying.first_wait,
            wait_max=retrying.longest_wait,
            wait_jitter=retrying.jitter,
        )

    async def _admit(self, call: "_Call") -> None:
        if not is_counted(call.endpoint):
            return
        clock = asyncio.get_running_loop().time
        begun = clock()
        try:
            await self._allowance.enter(
                call.chat, background=call.sending.background, longest_hold=call.longest_hold, spare=call.sending.spare
            )
        except asyncio.CancelledError:
            if call.sending.returned and not call.in_doubt:
                raise RetryAfter(1) from None
            raise
        self._on_wait(clock() - begun)

    def _hold(self, call: "_Call", seconds: float) -> None:
        if call.chat is not None and is_counted(call.endpoint):
            self._allowance.hold(call.chat, seconds)


@dataclass(slots=True)
class _Call:
    endpoint: str
    chat: ChatId | None
    sending: Sending
    retrying: Retrying
    in_doubt: bool = False

    @property
    def longest_hold(self) -> float:
        wanted = self.sending.longest_hold
        return self.retrying.longest_hold if wanted is None else wanted

    def report(self, error: TelegramError) -> None:
        """Log a pause that Telegram asks for while the bot is being set up, which operators would take for silence."""
        if isinstance(error, RetryAfter) and is_setup(self.endpoint):
            log.warning("Telegram asks us to wait %.0f s before %s", seconds_of(error), self.endpoint)

    def wait_before_repeat(self, error: Exception) -> bool | float:
        """Seconds before the next try, True for the usual back-off, False to give up (stamina's hook)."""
        if isinstance(error, RetryAfter):
            wait = seconds_of(error)
            return wait if wait <= self.longest_hold else False
        if isinstance(error, Unsent):
            return True
        # BadRequest derives from NetworkError in this library, but is a final refusal.
        if isinstance(error, NetworkError) and not isinstance(error, BadRequest):
            self.in_doubt = True
            return self.sending.repeat or is_repeatable(self.endpoint)
        return False


def shared_limiter(process: Process) -> Limiter:
    """The limiter of a process: Telegram's limits apply to the bot, so replies and announcements share one."""
    overall, services = Budgets().overall, process.services
    common = SharedPace(services.paces, process.threads.run, overall.per_second, overall.burst)
    return Limiter(on_wait=partial(services.metrics.observe_wait, Platform.TELEGRAM), common=common)


def seconds_of(refusal: RetryAfter) -> float:
    """The wait that Telegram asks for. Reading the attribute of that name always warns; this does not."""
    return float(refusal.__reduce__()[1][0])
