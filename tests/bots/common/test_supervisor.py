"""The supervisor, in virtual time: what fails is started again, alone, and is reported once."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from bots.common.health import Condition, Health, span
from bots.common.refusal import SurfaceRefused
from bots.common.supervisor import Start, Supervisor
from core.errors import ConfigurationError, StorageUnavailableError
from tests.bots.telegram.virtual_time import run


async def forever() -> None:
    await asyncio.Event().wait()


def gaps(moments: list[float]) -> list[float]:
    return [later - earlier for earlier, later in itertools.pairwise(moments)]


@dataclass
class Stage:
    """A supervisor whose clock is the loop's, and the moments at which each component began."""

    began: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self.health = Health(lambda: asyncio.get_running_loop().time())
        self.supervisor = Supervisor(self.health)

    def component(self, name: str, *runs: Start) -> Start:
        """Each start runs the next of these, and the last one again and again."""

        async def start() -> None:
            self.began[name].append(asyncio.get_running_loop().time())
            await runs[min(len(self.began[name]), len(runs)) - 1]()

        return start

    def works(self, name: str, seconds: float | None = None, then: Exception | None = None) -> Start:
        """It says that it works, for so long, and ends with an error."""

        async def run() -> None:
            self.health.components[name].up()
            await (forever() if seconds is None else asyncio.sleep(seconds))
            if then:
                raise then

        return run

    async def plays(self, seconds: float, components: Mapping[str, Start], helpers: Mapping[str, Start] = {}) -> None:
        """Supervise them for so many seconds."""
        task = asyncio.create_task(self.supervisor.run(components, helpers))
        try:
            await asyncio.wait([task], timeout=seconds)
            if task.done():
                await task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def state(self, name: str) -> Condition:
        return self.health.components[name].state


def fails(error: BaseException) -> Start:
    async def run() -> None:
        raise error

    return run


def test_one_fails_again_and_again_and_the_other_goes_on() -> None:
    async def story() -> None:
        stage = Stage()
        broken = stage.component("broken", fails(KeyError("secret")))
        await stage.plays(400, {"broken": broken, "good": stage.component("good", stage.works("good"))})
        assert stage.began["good"] == [pytest.approx(0, abs=0.1)]
        assert gaps(stage.began["broken"]) == pytest.approx([0.75, 1.5, 3, 6, 12, 24, *[45] * 7], abs=0.1)

    run(story())


def test_an_outage_is_logged_once_and_its_end_once_and_no_text_of_an_error(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        stage = Stage()
        flapping = [stage.works("web", 2, OSError("secret address")) for _ in range(5)]
        await stage.plays(200, {"web": stage.component("web", *flapping, stage.works("web"))})
        assert stage.state("web") is Condition.UP

    with caplog.at_level(logging.INFO):
        run(story())
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 2, said
    assert said[0].startswith("web is down: OSError in run, line ")
    assert said[1].startswith("web is back after ")
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    ("error", "lines"), [(StorageUnavailableError("The database is away."), 0), (ValueError("secret"), 1)]
)
def test_only_an_error_that_does_not_explain_itself_is_traced(
    error: Exception, lines: int, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        run(Stage().plays(0.5, {"web": fails(error)}))
    assert caplog.text.count("failed at:") == lines


def test_one_that_has_worked_for_long_is_started_again_at_once() -> None:
    async def story() -> None:
        stage = Stage()
        twice = [fails(OSError()) for _ in range(5)]
        await stage.plays(
            400, {"web": stage.component("web", *twice, stage.works("web", 100, OSError()), stage.works("web"))}
        )
        *_, before, after = stage.began["web"]
        assert after - before == pytest.approx(100.75, abs=0.1)

    run(story())


@pytest.mark.parametrize("error", [SurfaceRefused("The token is wrong."), ConfigurationError("The token is wrong.")])
def test_a_wrong_setting_at_start_ends_all_of_it(error: ConfigurationError) -> None:
    async def story() -> None:
        stage = Stage()
        ended: list[str] = []

        async def good() -> None:
            try:
                await forever()
            finally:
                ended.append("good")

        with pytest.raises(ConfigurationError, match="The token is wrong"):
            await stage.plays(10, {"good": good, "bad": stage.component("bad", fails(error))})
        assert ended == ["good"]

    run(story())


def test_what_is_refused_later_stops_alone_and_loudly(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        stage = Stage()
        revoked = stage.component("telegram", stage.works("telegram", 2, SurfaceRefused("The token is revoked.")))
        late = stage.component("discord", fails(OSError()), lambda: asyncio.sleep(100), fails(SurfaceRefused("No.")))
        good = stage.component("web", stage.works("web"))
        await stage.plays(1000, {"telegram": revoked, "discord": late, "web": good})
        states = [stage.state(name) for name in ("telegram", "discord", "web")]
        assert states == [Condition.STOPPED, Condition.STOPPED, Condition.UP]
        assert len(stage.began["telegram"]) == 1
        assert [str(component).partition(":")[0] for component in stage.health.troubles()] == ["telegram", "discord"]
        assert "The token is revoked." in str(stage.health.components["telegram"])

    with caplog.at_level(logging.ERROR):
        run(story())
    assert caplog.text.count("The token is revoked.") == 1


def test_helpers_may_end_and_components_may_not() -> None:
    async def story() -> None:
        stage = Stage()
        once = stage.component("menus", lambda: asyncio.sleep(1))
        quits = stage.component("web", lambda: asyncio.sleep(1))
        cancels = stage.component("discord", fails(asyncio.CancelledError()))
        await stage.plays(20, {"web": quits, "discord": cancels}, {"menus": once})
        assert len(stage.began["menus"]) == 1
        assert len(stage.began["web"]) > 2
        assert len(stage.began["discord"]) > 2

    run(story())


@pytest.mark.parametrize("swallowed", [True, False])
def test_one_that_fails_while_it_stops_is_not_started_again(swallowed: bool, caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        stage = Stage()

        async def stubborn() -> None:
            try:
                await forever()
            except asyncio.CancelledError:
                if not swallowed:
                    raise OSError("secret") from None

        task = asyncio.create_task(stage.supervisor.run({"web": stage.component("web", stubborn)}, {}))
        await asyncio.sleep(1)
        task.cancel()
        await asyncio.wait([task], timeout=1)
        assert task.cancelled()
        assert len(stage.began["web"]) == 1

    with caplog.at_level(logging.WARNING):
        run(story())
    assert ("web failed while stopping: OSError" in caplog.text) is not swallowed
    assert "secret" not in caplog.text


def test_a_component_that_first_works_after_failures_is_said_to_be_back(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        stage = Stage()
        broken = [fails(OSError())] * 5
        await stage.plays(120, {"web": stage.component("web", *broken, stage.works("web"))})

    with caplog.at_level(logging.WARNING):
        run(story())
    said = [record.getMessage().split()[2] for record in caplog.records]
    assert said == ["down:", "back"]


def test_a_helper_of_a_surface_fails_alone_and_ends_with_it() -> None:
    async def story() -> None:
        stage = Stage()
        cards = stage.component("cards", fails(StorageUnavailableError("The database is away.")), forever)

        async def surface() -> None:
            stage.health.components["telegram"].up()
            async with stage.supervisor.helping({"cards": cards}):
                await asyncio.sleep(30)
                raise OSError

        await stage.plays(40, {"telegram": stage.component("telegram", surface)})
        assert len(stage.began["telegram"]) == 2
        assert len(stage.began["cards"]) == 3
        assert asyncio.all_tasks() == {asyncio.current_task()}

    run(story())


def test_a_wrong_setting_that_a_helper_finds_at_start_ends_all_of_it() -> None:
    async def story() -> None:
        stage = Stage()

        async def surface() -> None:
            stage.health.components["web"].up()
            async with stage.supervisor.helping({"name": fails(ConfigurationError("Wrong."))}):
                await forever()

        with pytest.raises(ConfigurationError, match="Wrong"):
            await stage.plays(10, {"web": surface})

    run(story())


def test_a_process_is_useless_when_nothing_that_it_was_started_for_works() -> None:
    health = Health(lambda: 0.0)
    assert not health.is_useless, "nothing was asked for"
    web, worker = health.add("web"), health.add("worker-discord")
    health.add("retention", essential=False).up()
    assert health.is_useless
    worker.up()
    assert not health.is_useless
    worker.down("OSError")
    assert health.is_useless
    assert health.essentials("worker") == [worker]
    assert health.essentials("web") == [web]
    assert health.essentials("retention") == []


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 s"), (59.9, "59 s"), (60, "1 min"), (7300, "2 h"), (90000, "1 d")]
)
def test_spans(seconds: float, words: str) -> None:
    assert span(seconds) == words
