"""Pages of a person's own signatures, and the switches for updates about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from core.conversation import state as ev
from core.conversation.choices import channels
from core.conversation.looks import OWN_LISTED
from core.conversation.paging import jumps, nearest, page_count, turning
from core.conversation.scene import Scene
from core.conversation.screen import Button
from core.conversation.signed_text import current_text
from core.conversation.state import Overlay
from core.conversation.typed import SendProof, SendText
from core.messages import Message
from core.petition.collection import distinct_titles
from core.petition.petition import Petition
from core.signatures.signature import Signature


def channel(signature: Signature) -> Message:
    """The channel for updates that the signer chose."""
    if signature.by_email:
        return Message("updates.email")
    return Message("updates.on" if signature.updates else "updates.off")


def own_titles(scene: Scene) -> dict[str, str]:
    """The titles of the petitions that the person signed, equal ones told apart; without those that are gone."""
    names = [signature.petition for signature in scene.known.signatures]
    petitions = {name: scene.petitions[name] for name in names if name in scene.petitions}
    return distinct_titles(petitions, scene.conversation.locale)


def switches(signature: Signature, title: str) -> Iterator[tuple[Button, ...]]:
    """A row for each other channel for a signature's updates, with a title if there are several signatures."""
    for words, event in channels(signature.updates, signature.by_email, with_address=signature.has_address):
        text = Message("button.about", {"button": words, "title": title}) if title else words
        yield (Button(text, replace(event, listed=True), signature.petition),)


def about_own(petition: Petition, title: str) -> Iterator[tuple[Button, ...]]:
    """The buttons for a signature: its proof, and withdrawing it; each with a title if there are several signatures."""
    withdraw = Message("button.withdraw_from", {"title": title}) if title else Message("button.withdraw")
    proof = Message("button.proof_of", {"title": title}) if title else Message("button.proof")
    buttons = [] if petition.is_trial else [Button(proof, SendProof(), petition.slug)]
    buttons.append(Button(withdraw, ev.Show(Overlay.WITHDRAW), petition.slug))
    if title:
        yield from ((button,) for button in buttons)
    else:
        yield tuple(buttons)


def page_of_own(scene: Scene, signatures: tuple[Signature, ...]) -> tuple[Signature, ...]:
    """The page of the person's signatures that is open; the last one if some of them are gone."""
    page, _ = place_in_own(scene, signatures)
    return signatures[page * OWN_LISTED : (page + 1) * OWN_LISTED]


def place_in_own(scene: Scene, signatures: tuple[Signature, ...]) -> tuple[int, int]:
    """The page of the person's signatures that is open (from 0), and the number of pages."""
    pages = page_count(len(signatures), OWN_LISTED)
    return nearest(scene.conversation.own_page, pages), pages


def turn_own(scene: Scene, signatures: tuple[Signature, ...], overlay: Overlay) -> Iterator[tuple[Button, ...]]:
    """The rows of buttons that turn the pages of the person's signatures, if there are several."""
    return turning(*place_in_own(scene, signatures), lambda page: ev.ListOwn(page, overlay))


def jumps_in_own(scene: Scene, signatures: tuple[Signature, ...], overlay: Overlay) -> tuple[Button, ...]:
    """The buttons to the other pages of the person's signatures."""
    return jumps(*place_in_own(scene, signatures), lambda page: ev.ListOwn(page, overlay))


def text_rows(scene: Scene, signatures: tuple[Signature, ...]) -> Iterator[tuple[Button, ...]]:
    """Rows of buttons for the text of each signature on the page, and for what changed in it since."""
    titles = own_titles(scene)
    changed = []
    for signature in page_of_own(scene, signatures):
        petition = scene.petitions.get(signature.petition)
        current = current_text(petition, signature.digest)
        version = None if current else scene.look_up(signature.petition, signature.digest)
        if petition is None or not (current or (version and version.content)):
            continue
        title = titles[signature.petition]
        words = Message("button.text_of", {"title": title}) if len(signatures) > 1 else Message("button.signed_text")
        yield (Button(words, SendText(), petition.slug),)
        if not current and any(text.envelope for text in petition.texts.values()):
            several = Message("button.changed_in", {"title": title})
            words = several if len(signatures) > 1 else Message("button.changed")
            changed.append((Button(words, ev.Show(Overlay.CHANGES), petition.slug),))
    yield from changed
