"""Limits of ephemeral messages, in virtual time: each member of a group has a budget, and a refusal holds all back."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from telegram.error import RetryAfter

from bots.telegram.endpoints import chat_of
from bots.telegram.ephemeral import LONGEST_HOLD
from bots.telegram.limiter import Limiter, Retrying, Sending
from tests.bots.telegram.virtual_time import run

GROUP = -100
SCREEN = Sending(longest_hold=LONGEST_HOLD)


class Group:
    """Messages to a group or one of its members; notes when each was sent, and refuses on demand."""

    def __init__(self) -> None:
        self.limiter = Limiter(retrying=Retrying(jitter=0.0))
        self.sent: list[tuple[int, float]] = []
        self.refusals: list[int] = []

    async def send(self, member: int = 0) -> Any:
        async def call() -> bool:
            if self.refusals:
                raise RetryAfter(self.refusals.pop())
            self.sent.append((member, asyncio.get_running_loop().time()))
            return True

        alone = {"ephemeral_message_parameters": {"receiver_user_id": member}} if member else {}
        return await self.limiter.process_request(call, (), {}, "sendMessage", {"chat_id": GROUP} | alone, SCREEN)


def test_sixty_members_do_not_wait_for_each_other_or_for_the_group() -> None:
    async def main() -> list[tuple[int, float]]:
        group = Group()
        await asyncio.gather(*(group.send(member) for member in range(1, 61)), *(group.send() for _ in range(5)))
        return group.sent

    assert max(when for _, when in run(main())) < 0.01


def test_one_member_gets_what_a_private_chat_gets() -> None:
    async def main() -> list[tuple[int, float]]:
        group = Group()
        await asyncio.gather(*(group.send(7) for _ in range(7)))
        return group.sent

    assert [round(when) for _, when in run(main())] == [0, 0, 0, 0, 0, 1, 2]


@pytest.mark.parametrize(("seconds", "first"), [(1, 1.0), (30, None)])
def test_a_refusal_holds_back_all_members_but_not_the_group(seconds: int, first: float | None) -> None:
    async def main() -> list[Any]:
        group = Group()
        group.refusals = [seconds]
        refused = await asyncio.gather(group.send(7), return_exceptions=True)
        results = await asyncio.gather(group.send(8), group.send(), return_exceptions=True)
        return [*refused, *results, *group.sent]

    refused, other, public, *sent = run(main())
    assert public is True
    if first is None:
        assert isinstance(refused, RetryAfter)
        assert isinstance(other, RetryAfter), "who taps now is led to the private chat at once"
        assert [member for member, _ in sent] == [0]
    else:
        assert refused is other is True
        assert min(when for member, when in sent if member) >= first


def test_edits_name_the_member_beside_the_chat() -> None:
    assert chat_of({"chat_id": GROUP, "receiver_user_id": 7, "ephemeral_message_id": 1}) == (GROUP, 7)
    assert chat_of({"chat_id": str(GROUP)}) == GROUP
