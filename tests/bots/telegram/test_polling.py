"""Polling in virtual time: however odd the answers, it goes on, and never asks in a busy loop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from itertools import chain, cycle, repeat
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bots.common.health import Condition, Health
from bots.telegram.polling import Polling
from bots.telegram.reading import Incoming
from bots.telegram.transport import AiohttpRequest
from tests.bots.telegram.odd_answers import NAME
from tests.bots.telegram.virtual_time import run
from tests.telegram_server import TOKEN

Outcome = Any  # a list of updates, or an error


class DeafBot(Bot):
    """Says that it ended the webhook."""

    async def delete_webhook(self, *_: Any, **__: Any) -> bool:
        return True


BOT = DeafBot(TOKEN)
STEADY = 15  # polls in five minutes, at most, while nothing good comes


def update(number: Any, text: Any = "hi") -> dict[str, Any]:
    """A message from a private chat."""
    person = {"id": 7, "is_bot": False, "first_name": NAME}
    chat = {"id": 7, "type": "private", "first_name": NAME}
    return {"update_id": number, "message": {"message_id": 1, "date": 1, "chat": chat, "from": person, "text": text}}


class Telegram(AiohttpRequest):
    """Gives one outcome after another to those who poll, without any HTTP; then it waits forever."""

    def __init__(self, outcomes: Callable[[], Any], seconds: float) -> None:
        super().__init__()
        self._outcomes, self._seconds = iter(outcomes()), seconds
        self.asked: list[tuple[float, int]] = []

    async def post_json(self, url: str, values: dict[str, Any], answer_within: float | None = None) -> Any:
        self.asked.append((round(asyncio.get_running_loop().time(), 1), values["offset"]))
        assert len(self.asked) < 1000, "a busy loop"
        await asyncio.sleep(self._seconds)
        outcome = next(self._outcomes, None)
        if outcome is None:
            await asyncio.Event().wait()
        if isinstance(outcome, TelegramError):
            raise outcome
        return outcome


class Poll:
    """The outcome of polling for a while."""

    def __init__(self, *outcomes: Outcome, more: Any = (), seconds: float = 0.0) -> None:
        self.server = Telegram(lambda: chain(outcomes, more), seconds)
        self.taken: list[int] = []

    def lasting(self, seconds: float = 300.0) -> Poll:
        """Poll for so long, in virtual time."""
        run(self._poll(seconds))
        return self

    async def _poll(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                self.health = Health(asyncio.get_running_loop().time).add("telegram")
                await Polling(self.server, BOT, "address", self.health).run(self._take)
        except TimeoutError:
            pass

    async def _take(self, updates: Sequence[Incoming]) -> None:
        self.taken += [update.update_id for update in updates]

    @property
    def times(self) -> list[float]:
        return [when for when, _ in self.server.asked]

    @property
    def offsets(self) -> list[int]:
        return [offset for _, offset in self.server.asked]


@pytest.fixture(autouse=True)
def hurried() -> None:
    """Keep the waits as they are, since time is virtual here."""


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.mark.parametrize(
    "again",
    [
        [], [{"nope": 1}], [None], [7], ["x"], [[]], [update("x")], [update(None)], [update(True)], [update(-1)],
        [update(2**70)], [update(1.5)], [update(9)], [update(9), update(4)], [update(3)],
    ],
)  # fmt: skip
def test_an_answer_that_brings_nothing_new_for_ever_is_asked_for_ever_more_slowly(
    again: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    poll = Poll([update(9)], more=repeat(again)).lasting()
    assert len(poll.times) <= STEADY
    assert poll.taken.count(9) <= 2, "nobody is answered again and again"
    assert len(warnings(caplog)) == 1
    assert NAME not in caplog.text


def test_updates_are_acknowledged_by_the_next_poll_without_a_wait() -> None:
    poll = Poll([update(1), update(2)], [update(3)], more=([update(n)] for n in range(4, 200))).lasting()
    assert poll.taken == list(range(1, 200))
    assert poll.offsets == [0, *range(3, 201)]
    assert poll.times[-1] < 1


def test_a_long_poll_that_ends_empty_is_no_trouble(caplog: pytest.LogCaptureFixture) -> None:
    poll = Poll(more=repeat([]), seconds=50).lasting(220)
    assert poll.times == [0, 50, 100, 150, 200]
    assert not warnings(caplog)


def test_the_numbers_of_updates_may_begin_anew() -> None:
    """After a week without any, Telegram chooses the next at random."""
    poll = Poll([update(900)], [update(5)], [update(6)], [update(7)]).lasting()
    assert poll.taken == [900, 5, 6, 7]
    assert poll.offsets == [0, 901, 6, 7, 8]
    assert poll.times[-1] < 2


@pytest.mark.parametrize(
    "odd",
    [
        {"nope": 1}, None, 7, update(2, 5), {"update_id": 2}, {"update_id": 2, "message": 7},
        {"update_id": 2, "message": {"message_id": 0, "ephemeral_message_id": NAME}},
        {"update_id": 2, "message": {"message_id": 0, "receiver_user": {"id": NAME, "first_name": "A"}}},
        {"update_id": 2, "message": {"message_id": NAME}}, {"update_id": 2, "callback_query": {"id": "q", "data": 5}},
        {"update_id": 2, "message": update(2)["message"] | {"from": {"id": NAME, "first_name": 5}}},
        {"update_id": 2, "message": update(2)["message"] | {"chat": {"id": "7", "type": []}}},
        {"update_id": 2, "message": update(2)["message"] | {"entities": NAME}},
        {"update_id": 2, "message": update(2)["message"] | {"date": NAME}},
        {"update_id": 2, "inline_query": {"id": "q", "from": update(2)["message"]["from"], "query": None}},
        {"update_id": 2, "my_chat_member": {"new_chat_member": NAME}},
    ],
)  # fmt: skip
def test_the_one_that_cannot_be_read_is_skipped(odd: Any, caplog: pytest.LogCaptureFixture) -> None:
    poll = Poll([update(1), odd, update(3)], [update(4)]).lasting()
    assert [number for number in poll.taken if number != 2] == [1, 3, 4]
    assert poll.offsets[1] == 4
    assert poll.times[1] < 1
    assert odd == {"update_id": 2} or 2 not in poll.taken
    assert NAME not in caplog.text


@pytest.mark.parametrize("error", [NetworkError("odd"), TelegramError("other"), Conflict("terminated by other")])
def test_trouble_is_outlasted_and_named_once(error: TelegramError, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    poll = Poll(*[error] * 5, [update(1)]).lasting()
    assert poll.taken == [1]
    assert poll.times == [0, 1, 3, 7, 15, 30 + 1, 31]
    (line,) = warnings(caplog)
    assert line.startswith("telegram is down: ")
    assert poll.health.state is Condition.UP


def test_one_outage_is_one_line_and_health_has_the_latest_reason(caplog: pytest.LogCaptureFixture) -> None:
    poll = Poll(*[NetworkError("odd"), Conflict("terminated")] * 3).lasting()
    assert warnings(caplog) == ["telegram is down: odd; trying again until it works"]
    assert poll.health.reason == "another process is polling with the same token: stop it or this one"


def test_an_answer_ends_the_outage_before_its_updates_are_handled() -> None:
    poll = Poll(NetworkError("odd"), [update(1)])
    states: list[Condition] = []

    async def take(updates: Sequence[Incoming]) -> None:
        states.extend(poll.health.state for _ in updates)

    poll._take = take  # type: ignore[method-assign]
    poll.lasting()
    assert states == [Condition.UP]


@pytest.mark.parametrize("seconds", [30, 3000])
def test_a_pause_that_telegram_asks_for_is_kept(seconds: int, caplog: pytest.LogCaptureFixture) -> None:
    poll = Poll(RetryAfter(seconds), RetryAfter(seconds), [update(1)]).lasting(10_000)
    assert poll.times[:3] == [0, seconds, 2 * seconds]
    assert all(f"{seconds} s" in line for line in warnings(caplog))
    assert len(warnings(caplog)) == 1


def test_a_webhook_that_is_never_gone_makes_no_busy_loop(caplog: pytest.LogCaptureFixture) -> None:
    webhook = Conflict("can't use getUpdates method while webhook is active")
    assert len(Poll(more=repeat(webhook)).lasting().times) <= STEADY
    assert len(warnings(caplog)) == 1


def test_a_token_that_is_refused_ends_the_polling() -> None:
    with pytest.raises(InvalidToken):
        Poll([update(1)], InvalidToken("Unauthorized")).lasting()


@given(
    st.lists(
        st.lists(st.integers(-3, 9).map(update) | st.none() | st.dictionaries(st.text(), st.integers()), max_size=3)
        | st.just(NetworkError("odd")),
        max_size=5,
    )
)
def test_no_cycle_of_answers_makes_a_busy_loop(answers: list[Outcome]) -> None:
    """Unless it goes up and down forever, which is what a busy bot looks like: then each takes a turn at most."""
    poll = Poll(more=cycle([*answers, NetworkError("one pause")])).lasting()
    assert len(poll.times) <= 300 * (len(answers) + 1)
