"""All stories that the page tells, in their order."""

from __future__ import annotations

from collections.abc import Callable

from tests.screens import (
    announcing,
    checking,
    checks_for_organizers,
    discord_moderating,
    figures,
    finding,
    listing,
    moderating,
    moments,
    my_data,
    organizing,
    papers,
    reading,
    signing,
    telegram_places,
    versions,
    web,
)
from tests.screens.album import Album, RecordingCatalog
from tests.screens.studio import Studio
from tests.world import catalog

STORIES: tuple[Callable[[Studio], None], ...] = (
    reading.first_screens,
    reading.states,
    reading.trials,
    reading.text_and_sources,
    reading.kinds_of_sources,
    reading.whole_text,
    checking.sources,
    checking.no_claims,
    reading.about_the_petition,
    signing.questions,
    signing.refusals,
    signing.reviews,
    versions.rereading,
    signing.afterwards,
    versions.signed_texts,
    moments.sent,
    moments.reserved_words,
    moments.stopped,
    moments.updates,
    my_data.answers,
    my_data.file,
    organizing.decisions,
    organizing.clock,
    organizing.team,
    organizing.links,
    organizing.drafts,
    organizing.files,
    finding.finding,
    organizing.erasing,
    figures.figures,
    figures.review,
    figures.limits,
    listing.lists,
    listing.trends,
    checks_for_organizers.sources,
    announcing.drafts,
    announcing.progress,
    announcing.milestones,
    announcing.sent,
    moderating.cards,
    moderating.reports,
    moderating.orders,
    moderating.answers,
    discord_moderating.cards,
    discord_moderating.choices,
    moderating.menus,
    telegram_places.groups,
    telegram_places.channels,
    telegram_places.inline,
    web.pages,
    web.problems,
    web.link_card,
    papers.files,
    papers.hand_in,
)


def tell() -> Album:
    """Tell every story in every language."""
    album = Album(RecordingCatalog(catalog()))
    for locale in album.catalog.locales:
        for story in STORIES:
            story(Studio(album, locale))
    return album
