"""Papers: how long the hand-in of many signers takes and in how much memory, and how long a chart and a QR code."""

from __future__ import annotations

import datetime as dt
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bots.papers.chart import draw_chart
from bots.papers.chart_values import Chart, DataSeries
from bots.papers.hand_in_content import HandIn, HandInWords, LetterVersion
from bots.papers.hand_in_pdf import write
from bots.papers.hand_in_rows import SignerLine
from bots.papers.hand_in_sheets import Sheets
from bots.papers.hand_in_shelf import Shelf
from bots.papers.press import Press
from bots.papers.qr import draw_qr
from bots.papers.typesetting import set_pdf
from core.petition.loading import PETITIONS
from tests.bench.peak import peak_bytes
from tests.bench.report import Aim, Figure, show
from tests.bench.rounds import in_turn, seconds
from tests.bench.workbench import SLUG, Workbench
from tests.loading import load_petitions

MANY, QUICK = 100_000, 10_000
TWO_MINUTES = Aim("at most 120 s", most=120.0)
MOSTLY_TYPST = Aim("at least 0.8", least=0.8)
ONE_SECOND = Aim("at most 1 s", most=1.0)
NAMES = (
    "Ada Lovelace",
    "María Fernández Ruiz",
    "John Smith",
    "Дмитрий Иванов",
    "محمد الخوارزمي",
    "王小明",
    "आरती शर्मा",
)
WORDS = HandInWords(
    "To", "From", "Date", "Letter", "Background", "Sources", "Signers", "Counted", "Version", "Versions",
    "Page {page} of {pages}",
)  # fmt: skip
NOTE = (
    "The hand-in is written by a process of its own, with names of five scripts; memory is the peak of the resident "
    "set of that process, and of the press that it starts. Its baseline is one tenth as many signers, and then what "
    "Typst takes in one process for the same sheets, without the rest. Chart and QR code: the middle of several, the "
    "fonts being loaded already."
)


def run(bench: Workbench) -> None:
    """Measure and print."""
    count = QUICK if bench.quick else MANY
    few, many = (_hand_in(bench.folder, size) for size in (count // 10, count))
    chart, code = in_turn("Drawing", 5, [partial(seconds, _chart), partial(seconds, _code)])
    small = f"{count // 10:,} signers"
    figures = (
        Figure(
            f"hand-in, {count:,} signers", f"{many.seconds:.1f} s", small, f"{few.seconds:.1f} s",
            many.seconds / few.seconds, TWO_MINUTES, judged=many.seconds,
        ),
        Figure(
            "the same", f"{many.seconds:.1f} s", "Typst alone", f"{many.alone:.1f} s", many.alone / many.seconds,
            MOSTLY_TYPST,
        ),
        Figure("its peak memory, the caller's", _mib(many.peak), small, _mib(few.peak), many.peak / few.peak),
        Figure("its peak memory, the press's", _mib(many.press), small, _mib(few.press), many.press / few.press),
        Figure("its size", _mib(many.size), small, _mib(few.size), many.size / few.size),
        Figure("chart of a year", f"{chart.middle * 1000:.0f} ms", "", "", aim=ONE_SECOND, judged=chart.middle),
        Figure("QR code with words", f"{code.middle * 1000:.0f} ms", "", "", aim=ONE_SECOND, judged=code.middle),
    )  # fmt: skip
    show("Papers", figures, NOTE)


@dataclass(frozen=True)
class _WritingCost:
    """Cost of writing a hand-in: seconds, those of Typst `alone`, and bytes."""

    seconds: float
    alone: float
    peak: int
    press: int
    size: int


def _hand_in(folder: Path, count: int) -> _WritingCost:
    # Not with -m: each press would import this module as its main one, and the product's imports next to nothing.
    command = [sys.executable, "-c", f"from {__name__} import main; main()", str(folder), str(count)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    elapsed, alone, peak, press, size = done.stdout.split()
    return _WritingCost(float(elapsed), float(alone), int(peak), int(press), int(size))


class _BarePress(Press):
    """Typst in this very process, and the seconds that it takes."""

    seconds = 0.0

    def begin(
        self, templates: tuple[str, ...], values: Mapping[str, object], locale: str, *, is_tagged: bool = False
    ) -> Future[bytes]:
        """The PDF that a press makes, at once."""
        done = Future[bytes]()
        self.seconds += seconds(lambda: done.set_result(set_pdf(templates, values, locale, is_tagged=is_tagged)))
        return done


def _seconds_alone(hand_in: HandIn, count: int, folder: Path) -> float:
    """The time that Typst takes for all sheets of a hand-in."""
    press = _BarePress()
    with tempfile.TemporaryFile("w+", encoding="utf-8", dir=folder) as file:
        shelf = Shelf(file)
        shelf.fill(_signers(count))
        for _ in Sheets(press, hand_in, shelf).parts():
            pass
    return press.seconds


def _signers(count: int) -> Iterator[SignerLine]:
    for number in range(1, count + 1):
        name = f"{NAMES[number % len(NAMES)]} {number % 997}" if number % 10 else ""
        yield SignerLine(number, name, f"{10_000 + number % 89_999}")


def _chart() -> None:
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    points = tuple((start + dt.timedelta(days=day), day * day) for day in range(365))
    title = "Tell Salesforce to cancel their contract"
    draw_chart(
        Chart(title, "133,225", "2026", (DataSeries("", points),), start, start + dt.timedelta(days=365), 200_000)
    )


def _code() -> None:
    draw_qr("https://t.me/undersignbot?start=salesforce-cbp--newsletter", "t.me/undersignbot", "en")


def _mib(number: int) -> str:
    return f"{number / 2**20:.0f} MiB" if number > 2**20 else f"{number / 2**10:.0f} KiB"


def main() -> None:
    """Write a hand-in of as many signers as the second argument says into the folder of the first; print its cost."""
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    petition = load_petitions(PETITIONS)[SLUG]
    day = dt.date(2026, 11, 23)
    versions = (LetterVersion(petition.text("en"), "English"),)
    hand_in = HandIn(versions, petition.target, petition.organizer, f"{count:,}", (), day, "en", WORDS)
    elapsed = seconds(lambda: write(lambda: hand_in, _signers(count), folder, "handed"))
    peaks = [peak_bytes(resource.getrusage(who)) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(elapsed, _seconds_alone(hand_in, count, folder), *peaks, (folder / "handed.pdf").stat().st_size)
