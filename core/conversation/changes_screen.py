"""The screen that says what changed in a petition since its reader signed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from core.conversation.scene import Scene, version
from core.conversation.screen import Button, Line, Part, Screen, Style
from core.conversation.signed_text import changes_since, current_text
from core.conversation.typed import SendText
from core.messages import Message, Words
from core.petition.comparison import PartChange
from core.signatures.signature import Signature

_MOST = 12
"""The number of sentences on the screen; the file has all."""
_LONGEST = 200  # characters of one


def changes_screen(scene: Scene, signature: Signature, back: Button) -> Screen:
    """The differences between the text of a signature and the current one, part by part."""
    known = scene.look_up(signature.petition, signature.digest)
    changes = () if current_text(scene.petition, signature.digest) else changes_since(known, scene.petition)
    parts: list[Part] = [Line(scene.text.title, Style.HEADING)]
    parts.append(Line(version(scene.petition, signature.digest, scene.look_up), Style.NOTE))
    if changes is None:
        parts.append(Line(Message("changes.unknown")))
    elif not changes:
        parts.append(Line(Message("changes.none")))
    lines = [line for change in changes or () for line in _lines(change)]
    parts += lines[:_MOST]
    if len(lines) > _MOST:
        parts.append(Line(Message("changes.more"), Style.NOTE))
    text = Button(Message("button.signed_text"), SendText())
    return Screen(tuple(parts), ((text, back) if known and known.content else (back,),))


def _lines(change: PartChange) -> Iterator[Line]:
    yield Line(Message("changes.part", {"part": change.part}), Style.HEADING)
    if not (change.removed or change.added):
        yield Line(Message("changes.form"))
    yield from _pieces("changes.removed", change.removed)
    yield from _pieces("changes.added", change.added)


def _pieces(key: str, pieces: Iterable[Words]) -> Iterator[Line]:
    for piece in pieces:
        words = f"{piece[:_LONGEST].rstrip()}…" if isinstance(piece, str) and len(piece) > _LONGEST else piece
        yield Line(Message(key, {"words": words}))
