"""Budgets of calls for each chat and for the whole bot: leaky buckets, held chats, and forgetting.

aiolimiter supplies the bucket. It waits on the event loop's own clock and wakes its waiters by the size of their
request, smallest first. Background calls ask for slightly more than foreground ones, so a waiting reply to a signer is
always served before any waiting broadcast, without a second queue.
"""

import asyncio
import math
from collections import OrderedDict
from dataclasses import dataclass

from aiolimiter import AsyncLimiter
from telegram.error import RetryAfter

from bots.telegram.endpoints import ChatId, everyone_in, is_group
from bots.telegram.shared_pace import SharedPace

_LATELY = 10.0  # seconds within which refused chats are counted together
_FOREGROUND_SHARE = 1 - 1e-6
_BACKGROUND_SHARE = 1.0


@dataclass(frozen=True, slots=True)
class Budget:
    """`per_second` calls on average, up to `burst` (at least 1) of them at once."""

    per_second: float
    burst: float

    def bucket(self) -> AsyncLimiter:
        """A full bucket of this size, bound to the running event loop."""
        return AsyncLimiter(self.burst, self.burst / self.per_second)


@dataclass(frozen=True, slots=True)
class Budgets:
    """Telegram's limits as we apply them: over all chats, in a private chat, in a group or channel.

    Telegram states `overall` for bulk messages, so broadcasts always keep to it. Replies keep to it only for a while
    after Telegram refused `refusals` private chats within a few seconds; then all processes of the bot keep to it
    together. That many refusals mean that all chats together sent too much, and one account alone cannot cause them.
    They keep to it for `backoff` seconds, doubled each time it happens again soon, up to `longest_backoff`. Without
    this rule, no more than 6 people a second could sign.
    """

    overall: Budget = Budget(per_second=30, burst=10)
    chat: Budget = Budget(per_second=1, burst=5)
    group: Budget = Budget(per_second=20 / 60, burst=5)
    refusals: int = 5
    backoff: float = 60.0
    longest_backoff: float = 3600.0


class _Bucket:
    """One chat: its bucket, the number of calls in it now, and the end of Telegram's hold on it."""

    __slots__ = ("bucket", "held_until", "users")

    def __init__(self, budget: Budget) -> None:
        self.bucket = budget.bucket()
        self.held_until = 0.0
        self.users = 0

    async def enter(self, share: float, longest_hold: float, *, spare: bool) -> None:
        """Wait for a share of the bucket and for the end of any hold; with `spare`, until it is empty."""
        self.users += 1
        try:
            while spare and not self.bucket.has_capacity(self.bucket.max_rate):
                await self._drain()
            # Again, in case the chat was held while this call waited for its share.
            while not await self._pass(share, longest_hold):
                pass
        finally:
            self.users -= 1

    async def wait(self, longest_hold: float) -> None:
        """Wait for the end of any hold; raises RetryAfter if it takes longer than `longest_hold` seconds."""
        held = self.held_until - _now()
        if held > longest_hold:
            raise RetryAfter(math.ceil(held))
        if held > 0:
            await asyncio.sleep(held)

    async def _pass(self, share: float, longest_hold: float) -> bool:
        await self.wait(longest_hold)
        await self.bucket.acquire(share)
        return self.held_until <= _now()

    async def _drain(self) -> None:
        """Let the bucket lose one call."""
        await asyncio.sleep(self.bucket.time_period / self.bucket.max_rate)

    def is_idle(self, now: float) -> bool:
        """Return True if the bucket can be forgotten without any effect."""
        return not self.users and now >= self.held_until and self.bucket.has_capacity(self.bucket.max_rate)


class Allowance:
    """Lets calls through when each bucket they draw on has room; forgets idle chats."""

    def __init__(self, budgets: Budgets, common: SharedPace | None = None) -> None:
        self._budgets, self._common = budgets, common
        self._overall = budgets.overall.bucket()
        self._buckets: OrderedDict[ChatId, _Bucket] = OrderedDict()
        self._refused: dict[ChatId, float] = {}  # private chats, and when Telegram last refused them
        self._backoff = 0.0  # until when, or for how long, replies keep to the overall limit
        self._backoff_until = -math.inf

    def hold(self, chat: ChatId, seconds: float) -> None:
        """Let nothing through to this chat for the given time; other chats continue.

        A member's ephemeral message holds back those to all members of the group, but not the group's own messages.
        """
        bucket = self._bucket(everyone_in(chat) or chat)
        bucket.held_until = max(bucket.held_until, _now() + seconds)
        if not is_group(chat):  # a group has its own limit
            self._note_refusal(chat, _now())

    def _note_refusal(self, chat: ChatId, now: float) -> None:
        """Slow down from now on if enough chats were refused recently."""
        lately = {refused: when for refused, when in self._refused.items() if when > now - _LATELY}
        self._refused = lately | {chat: now}
        if len(self._refused) >= self._budgets.refusals and now >= self._backoff_until:
            again = now < self._backoff_until + self._budgets.longest_backoff
            self._backoff = min(2 * self._backoff, self._budgets.longest_backoff) if again else self._budgets.backoff
            self._backoff_until = now + self._backoff
            if self._common:
                self._common.tell(self._backoff)

    def _slow_down(self, seconds: float) -> None:
        """Slow down for as long as another process was asked to."""
        self._backoff_until = max(self._backoff_until, _now() + seconds)

    async def enter(self, chat: ChatId | None, *, background: bool, longest_hold: float, spare: bool = False) -> None:
        """Wait until one call may be made; raises RetryAfter for a chat held longer than `longest_hold`.

        A call without a chat (None) draws only on the whole bot's allowance.
        """
        share = _BACKGROUND_SHARE if background else _FOREGROUND_SHARE
        if chat is not None:
            everyone = everyone_in(chat)
            if everyone:
                await self._bucket(everyone).wait(longest_hold)
            await self._bucket(chat).enter(share, longest_hold, spare=spare)
        if self._common:
            self._common.watch(self._slow_down)
        if background or self._is_slowed or self._overall.has_capacity(share):
            await self._overall.acquire(share)
        if self._common and self._is_slowed:
            await self._common.enter(background=background)

    @property
    def _is_slowed(self) -> bool:
        return _now() < self._backoff_until

    def _bucket(self, chat: ChatId) -> _Bucket:
        bucket = self._buckets.get(chat)
        if bucket is None:
            self._forget_idle()
            bucket = self._buckets[chat] = _Bucket(self._budgets.group if is_group(chat) else self._budgets.chat)
        else:
            self._buckets.move_to_end(chat)
        return bucket

    def _forget_idle(self) -> None:
        # Look at two for each newcomer: the oldest leave faster than new ones arrive, without a sweep.
        for _ in range(min(2, len(self._buckets))):
            chat, bucket = next(iter(self._buckets.items()))
            if bucket.is_idle(_now()):
                del self._buckets[chat]
            else:
                self._buckets.move_to_end(chat)


def _now() -> float:
    return asyncio.get_running_loop().time()
