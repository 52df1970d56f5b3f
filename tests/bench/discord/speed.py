"""Interactions a second and what they cost, of the product and of a plain bot; calls and actions a signing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

from tests.bench.discord import members
from tests.bench.discord.bots import KINDS, PLAIN
from tests.bench.discord.members import Member, Step, moderator, new_members
from tests.bench.discord.server import ANSWER, EDIT
from tests.bench.load import UNDERSIGN
from tests.bench.load.process import BotProcess, Launcher
from tests.bench.load.speed import CALM, RUSH, Comparison, Key, Load, check_counted, measure_loads
from tests.bench.report import Aim, Figure
from tests.bench.workbench import SQLITE

BESIDE_PLAIN = Comparison(
    "interaction", "tap", {PLAIN: Aim("at least 0.5", least=0.5)}, {PLAIN: Aim("at most 2", most=2.0)}
)
CALLS, ACTIONS = Aim("at most 3", most=3.0), Aim("at most 3", most=3.0)
NOTE = (
    "Each bot is a process of its own, connected to a lean gateway in this one (compressed as the library asks for "
    "it); so many members of one server at once, each of them goes on after the answer and is followed by "
    "a new person. Not counted are the visits before each round, by which a bot opens connections again that lay idle "
    "too long. An interaction is done when its answer was received and acknowledged; CPU is the bot's process, all "
    "threads. `tap` is a button whose answer edits its message: for Undersign four on the message that /petition read "
    "opened (next page, a source, back, previous page: each a transaction and a new text), for the plain bot four on "
    "its only button (a number counts up). `signing` is all of it: Sign on the server's card, the form that opens, "
    "Confirm, with ids from the components that the bot sent; its baseline is the plain bot's `tap` with as many at "
    "once. Undersign is the real surface on SQLite with the product's durability. The plain bot is what discord.py's "
    "examples have, a persistent view without any intent; it stores nothing. Calls are those that answer a person."
)


def figures(launcher: Launcher[Member, Step]) -> Iterator[Figure]:
    """Measure; the signatures are counted in the end, so that nothing is measured that did not happen."""
    place = launcher.bench.place(SQLITE, "discord")
    rounds, people = (3, 300) if launcher.bench.quick else (5, 600)
    with ExitStack() as stack:
        bots = {kind: stack.enter_context(launcher.running(kind, place)) for kind in KINDS}
        product = bots[UNDERSIGN]
        product.play([moderator()], members.POSTS, 1)
        loads: dict[Key, Load[Member, Step]] = {
            ("tap", at_once, kind): _taps(bot, people, at_once)
            for at_once in (RUSH, CALM)
            for kind, bot in bots.items()
        }
        loads["signing", RUSH, UNDERSIGN] = Load(product, members.SIGNING, people, RUSH, members.READS)
        results = measure_loads("Discord", loads, rounds)
        for title, at_once in (("tap", RUSH), ("tap", CALM), ("signing", RUSH)):
            yield from BESIDE_PLAIN.figures(results, title, at_once)
        yield from _a_signing(product, people)
    check_counted(place, signed=people * (rounds + 2))


def _taps(bot: BotProcess[Member, Step], people: int, at_once: int) -> Load[Member, Step]:
    opens, taps = (members.READS, members.TURNS) if bot.kind == UNDERSIGN else (members.COUNTER, members.COUNTS)
    return Load(bot, taps, people, at_once, opens, opens)


def _a_signing(bot: BotProcess[Member, Step], people: int) -> Iterator[Figure]:
    played, _ = bot.play(new_members(people), members.SIGNING, RUSH)
    calls, actions = (played.calls[ANSWER] + played.calls[EDIT]) / people, played.steps / people
    yield Figure("API calls a signing", f"{calls:.2f}", "", "", aim=CALLS, judged=calls)
    yield Figure("actions a signing", f"{actions:.0f}", "", "", aim=ACTIONS, judged=actions)
