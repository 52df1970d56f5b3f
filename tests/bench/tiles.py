"""The files of the public log: tiles and bundles per second beside a bare handler that returns the same bytes."""

from __future__ import annotations

import sys

from bots.app.bootstrap import publisher_of
from core.log.tiles import ENTRIES, Tile
from tests.bench.people import THREE, signs
from tests.bench.report import Aim, Figure, show
from tests.bench.rounds import in_turn
from tests.bench.web import QUICK_SECONDS, SECONDS, WebPath, serving
from tests.bench.workbench import SLUG, SQLITE, Place, Workbench
from tests.ports import unused_port

AIM = Aim("at least 80 %", least=0.8)
SIGNERS = 256  # so that a tile and a bundle are full
FILES = {"a tile of hashes": Tile(0, 0), "a bundle of entries": Tile(ENTRIES, 0)}
NOTE = (
    "A full tile and a full bundle, asked for again and again by 16 connections of one client. The bare handler is a "
    "server process of its own, too, which returns the same bytes in aiohttp, on uvloop, without headers, metrics or "
    "routes of its own. Median of the rounds, which run in turn."
)


def run(bench: Workbench) -> None:
    """Measure and print."""
    place = bench.place(SQLITE, "tiles")
    _publish(place)
    figures = [figure for name, tile in FILES.items() for figure in _compare(bench, place, name, tile)]
    show("Files of the public log", figures, NOTE)


def _publish(place: Place) -> None:
    for _ in range(SIGNERS):
        signs(place, THREE)
    services = place.services
    record = publisher_of(services.settings, services.signing.work).publish(services.petitions[SLUG], at_once=True)
    if record is None:
        raise RuntimeError("nothing was published")


def _compare(bench: Workbench, place: Place, name: str, tile: Tile) -> list[Figure]:
    seconds = QUICK_SECONDS if bench.quick else SECONDS
    port, bare_port = unused_port(), unused_port()
    body = place.folder / "body"
    with place.services.queries.log() as logs:
        body.write_bytes(logs.tiles(SLUG, [tile])[tile])
    front = [sys.executable, "-m", "bots", "run", "web"]
    bare = [sys.executable, "-m", "tests.bench.web", str(bare_port), str(body)]
    environment = bench.environment(place.folder) | {"WEB_PORT": str(port)}
    with serving(front, environment, port) as product, serving(bare, environment, bare_port) as other:
        paths = [
            WebPath(product, port, seconds, lambda: f"/p/{SLUG}/log/tile/{tile.path}"),
            WebPath(other, bare_port, seconds, lambda: "/"),
        ]
        rate, constant = in_turn(f"Asking for {name}", 3 if bench.quick else 7, [each.rate for each in paths])
    rates = f"{rate.middle:,.0f}/s", "bare handler, the same bytes", f"{constant.middle:,.0f}/s"
    costs = [f"{each.cost * 1e6:.1f} µs" for each in paths]
    return [
        Figure(name, *rates, rate.ratio_to(constant), AIM),
        Figure(f"{name}: processor time", costs[0], rates[1], costs[1], paths[1].cost / paths[0].cost),
    ]
