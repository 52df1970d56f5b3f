"""A signature as organizers see it, wherever they can decide about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

from core.conversation.screen import Button, Facts, Line, Order, Part, Style
from core.messages import Argument, Message, Words
from core.organizer.command import OrganizerContext
from core.organizer.review_words import ACTIONS, SIGNALS, STATUSES, ReviewAction
from core.outreach.communities import community_titles, named_community
from core.petition.form import FieldKind
from core.petition.label import is_community
from core.petition.petition import UTC
from core.petition.zone import time_words
from core.signatures.quarantine import Signal
from core.signatures.signature import Signature, SignatureStatus

ALL_STATUSES: Mapping[SignatureStatus, Message] = {
    **STATUSES, SignatureStatus.WITHDRAWN: Message("stats.withdrawn"),
}  # fmt: skip
"""The name of every status."""


def signature_entry(
    context: OrganizerContext, signature: Signature, orders: Mapping[ReviewAction, Order], *, found: bool = False
) -> Iterator[Part]:
    """The facts that help to decide, with the buttons to do so beside them.

    If it was `found` with others of its signer, there are also petition, status and updates.
    """
    beside = [Button(Message(ACTIONS[action].beside), order=order) for action, order in orders.items()]
    first, second = (*beside, None, None)[:2]
    about: dict[str, Argument] = {"receipt": signature.receipt, "number": signature.number}
    yield Line(Message("review.entry", about), Style.HEADING, first)
    yield Facts(tuple(_facts(context, signature, found=found)), second)


def decision_buttons(signature: Signature, orders: Mapping[ReviewAction, Order]) -> tuple[Button, ...]:
    """The buttons to decide about a signature, in a row of their own."""
    about: dict[str, Argument] = {"receipt": signature.receipt}
    return tuple(Button(Message(ACTIONS[action].button, about), order=order) for action, order in orders.items())


def _facts(context: OrganizerContext, signature: Signature, *, found: bool) -> Iterator[tuple[Words, Words]]:
    if found:
        yield Message("find.petition"), petition_title(context, signature.petition)
        yield Message("find.status"), ALL_STATUSES[signature.status]
    yield Message("review.signed"), time_words(signature.signed_at, zone_of(context, signature.petition))
    yield Message("review.came"), Message("review.came_through", _came(context, signature))
    name, place = _name_and_place(context, signature)
    if name or not found:
        yield Message("caption.name"), name
    if place or not found:
        yield Message("review.place"), place
    if found:
        yield Message("button.updates"), _updates(signature)
    why = tuple(SIGNALS[signal] for signal in Signal if signal in signature.reason.split())
    if why:
        yield Message("review.reasons"), Message("review.list", {"words": why})


def _came(context: OrganizerContext, signature: Signature) -> dict[str, Argument]:
    return {
        "platform": signature.platform.capitalize(),
        "language": signature.locale,
        "link": _link(context, signature.label),
    }


def _link(context: OrganizerContext, label: str) -> Words:
    """The link's label, or the title of the community that has it."""
    if is_community(label):
        return named_community(label, community_titles(context.work.cards.communities())) or label
    return label or Message("organizer.no_link")


def _name_and_place(context: OrganizerContext, signature: Signature) -> tuple[str, str]:
    """The name and the place; empty if the petition's folder is gone, so that nothing tells what its answers mean."""
    petition = context.petitions.get(signature.petition)
    if petition is None:
        return "", ""

    def answers(*kinds: FieldKind) -> str:
        return " ".join(signature.answers.get(field.name, "") for field in petition.fields if field.kind in kinds)

    return answers(FieldKind.NAME), answers(FieldKind.POSTAL_CODE, FieldKind.COUNTRY)


def _updates(signature: Signature) -> Message:
    return Message("updates.on" if signature.updates else "updates.email" if signature.by_email else "updates.off")


def petition_title(context: OrganizerContext, petition: str) -> str:
    """The title of a petition, also of a draft, and after its folder was removed."""
    if petition in context.petitions:
        return context.title(petition)
    if petition in context.drafts:
        return context.drafts[petition].text(context.locale).title
    record = context.work.records.of(petition)
    return record.title if record else petition


def zone_of(context: OrganizerContext, petition: str) -> ZoneInfo:
    """The time zone of a petition, also of a draft; UTC after its folder was removed."""
    known = context.petitions.get(petition) or context.drafts.get(petition)
    return known.zone if known else ZoneInfo(UTC)


def signed_on(context: OrganizerContext, signature: Signature) -> dt.date:
    """The day of signing, in the petition's time zone."""
    return signature.signed_at.astimezone(zone_of(context, signature.petition)).date()
