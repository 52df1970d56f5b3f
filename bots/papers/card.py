"""The picture that a chat shows with a link: title, target, number of signatures, and progress to the goal."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from bots.papers.typesetting import set_png

WIDTH, HEIGHT = 1200, 630  # pixels: what readers of Open Graph expect
_SCALE = 2  # pixels per point


@dataclass(frozen=True)
class SocialCard:
    """The content of the card, in words ready to print; `done` is the progress to the goal, from 0 to 1."""

    target_line: str
    title: str
    count: str
    goal: str
    done: float
    locale: str = "en"


def draw_card(card: SocialCard) -> bytes:
    """The card as a PNG, 1,200 by 630 pixels.

    Raises:
        typst.TypstError: the template does not fit the values, which is a bug in this package.
    """
    return set_png("card.typ", asdict(card), card.locale, _SCALE)
