"""Updates a second and what they cost, of the product and of echo bots; calls and actions a signing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

from tests.bench.bigday.posting import TelegramPostingServer
from tests.bench.load import UNDERSIGN
from tests.bench.load.process import BotProcess, Launcher
from tests.bench.load.server import PlayResult
from tests.bench.load.speed import CALM, RUSH, Comparison, Key, Load, check_counted, measure_loads
from tests.bench.report import Aim, Figure
from tests.bench.telegram import chats
from tests.bench.telegram.bots import ECHO_POSTED_TO, OURS_BELOW, POSTED_TO, STOCK
from tests.bench.telegram.chats import Chat, Step, new_chats
from tests.bench.workbench import SQLITE
from tests.ports import unused_port

POLLING = "getUpdates"
TYPED, BY_WEBHOOK, SIGNED = "typed", "typed, by webhook", "signing"


def _beside_echo(cost: float) -> Comparison:
    """Compare with the echo bots that poll; `cost` is the most CPU, as a share of the stock bot's."""
    return Comparison(
        "update", TYPED,
        {STOCK: Aim("at least 3", least=3.0), OURS_BELOW: Aim("at least 0.4", least=0.4)},
        {STOCK: Aim(f"at most {cost:.2f}", most=cost), OURS_BELOW: Aim("at most 2", most=2.0)},
    )  # fmt: skip


COMPARISONS = (
    (TYPED, RUSH, _beside_echo(0.28)),
    (TYPED, CALM, _beside_echo(0.42)),
    (SIGNED, RUSH, _beside_echo(1 / 3)),
    (BY_WEBHOOK, RUSH, Comparison("update", BY_WEBHOOK, {ECHO_POSTED_TO: Aim("at least 0.5", least=0.5)}, {})),
)
"""Each kind of load, the number of people at once, and the bots and ratios to compare it with."""
CALLS, ACTIONS = Aim("at most 5", most=5.0), Aim("at most 3", most=3.0)
NOTE = (
    "Each bot is a process of its own that polls a lean server in this one; so many people at once, in different "
    "chats, each person goes on after the reply and is followed by a new one. Not counted are the visits before "
    "each round, by which a bot opens connections again that lay idle too long (on which httpx spends a second of "
    "CPU). An update is done when every reply to it was received and answered; CPU is the bot's process, all "
    "threads. `typed` is one typed text a chat and one message in return: for Undersign the answer to a question "
    "(a transaction, and the review with its buttons), for the echo bots the same text back. `signing` is all of "
    "it: /start, Sign, the postal code, Confirm, with callback data from the keyboards that the bot sent; its "
    "baseline is the echo bots' `typed` with as many at once. By polling, the next updates wait for the commit of "
    "those before; by webhook, they don't: each is posted, over at most 100 connections, and answered after the "
    "reply. Undersign is the real surface on SQLite with the product's durability; only its limiter (30 messages "
    "a second, 1 in a chat) is opened, which would otherwise be what is measured. Calls and actions are a new "
    "signer's after the first screen."
)


def figures(launcher: Launcher[Chat, Step]) -> Iterator[Figure]:
    """Measure; the signatures are counted in the end, so that nothing is measured that did not happen."""
    place = launcher.bench.place(SQLITE, "telegram")
    rounds, people = (3, 300) if launcher.bench.quick else (5, 600)
    posted = replace(launcher, platform=replace(launcher.platform, name="posted", server=_posting_server))
    with ExitStack() as stack:
        bots = {kind: stack.enter_context(launcher.running(kind, place)) for kind in (UNDERSIGN, STOCK, OURS_BELOW)}
        loads: dict[Key, Load[Chat, Step]] = {
            (TYPED, at_once, kind): _typed(bot, people, at_once)
            for at_once in (RUSH, CALM)
            for kind, bot in bots.items()
        }
        loads[SIGNED, RUSH, UNDERSIGN] = Load(bots[UNDERSIGN], chats.SIGNING, people // 2, RUSH, chats.OPENS)
        for kind, posted_to in ((UNDERSIGN, POSTED_TO), (ECHO_POSTED_TO, ECHO_POSTED_TO)):
            bot = stack.enter_context(posted.running(posted_to, launcher.bench.place(SQLITE, "telegram-posted")))
            loads[BY_WEBHOOK, RUSH, kind] = _typed(bot, people, RUSH)
        results = measure_loads("Telegram", loads, rounds)
        for title, at_once, comparison in COMPARISONS:
            yield from comparison.figures(results, title, at_once)
        yield from _a_signing(bots[UNDERSIGN], people // 2)
    check_counted(place, signed=people // 2 * (rounds + 2))


def _posting_server() -> TelegramPostingServer:
    return TelegramPostingServer([unused_port()])


def _typed(bot: BotProcess[Chat, Step], people: int, at_once: int) -> Load[Chat, Step]:
    before = (*chats.OPENS, *chats.BEGINS) if bot.kind in (UNDERSIGN, POSTED_TO) else ()
    return Load(bot, chats.ANSWERS, people, at_once, chats.OPENS, before)


def _a_signing(bot: BotProcess[Chat, Step], people: int) -> Iterator[Figure]:
    signers, after = new_chats(people), (*chats.BEGINS, *chats.ANSWERS, *chats.CONFIRMS)
    bot.play(signers, chats.OPENS, RUSH)
    played, _ = bot.play(signers, after, RUSH)
    calls = _calls(played) / people
    yield Figure("API calls a signing", f"{calls:.2f}", "", "", aim=CALLS, judged=calls)
    yield Figure("actions a signing", f"{len(after)}", "", "", aim=ACTIONS, judged=len(after))


def _calls(played: PlayResult) -> int:
    return sum(number for method, number in played.calls.items() if method != POLLING)
