"""However many petitions there are: no platform refuses what moderators, members, and organizers get in communities."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.crowd import Crowd
from tests.crowd_names import SCRIPTS
from tests.crowd_play import play
from tests.effort import SHARE, scaled
from tests.world import catalog

pytestmark = pytest.mark.server
many = st.integers(0, 40) | st.just(500) if SHARE >= 1 else st.integers(0, 10)
crowds = st.builds(
    Crowd, petitions=many, sources=many, fields=many, script=st.sampled_from(list(SCRIPTS)),
    locale=st.sampled_from(catalog().locales),
)  # fmt: skip
LARGEST = [Crowd(500, script="markup")] if SHARE >= 1 else []
SIZES = [Crowd(0), Crowd(1), Crowd(11, script="emoji", locale="es"), *LARGEST]


@pytest.mark.parametrize("crowd", SIZES, ids=lambda crowd: f"{crowd.petitions}")
async def test_nothing_is_refused_for_a_crowd(crowd: Crowd) -> None:
    await play(crowd)


@settings(max_examples=scaled(5), deadline=None, suppress_health_check=list(HealthCheck))
@given(crowds)
def test_nothing_is_refused_for_any_crowd(crowd: Crowd) -> None:
    asyncio.run(play(crowd))
