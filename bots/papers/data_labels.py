"""Labels, in the reader's language, for the names in the file with everything that is stored about a signer."""

from __future__ import annotations

from collections.abc import Mapping

from core.messages import Message

LABELS: Mapping[str, Message] = {
    "platform": Message("data.platform"),
    "id": Message("data.id"),
    "first_contact_at": Message("data.first_contact_at"),
    "language": Message("data.language"),
    "last_petition": Message("data.last_petition"),
    "reachable": Message("data.reachable"),
    "handled_updates": Message("data.handled_updates"),
    "petition": Message("data.petition"),
    "receipt": Message("data.receipt"),
    "number": Message("data.number"),
    "signed_at": Message("data.signed_at"),
    "withdrawn_at": Message("data.withdrawn_at"),
    "text_version": Message("data.text_version"),
    "source": Message("data.source"),
    "by_signers_link": Message("data.by_signers_link"),
    "share_link": Message("data.share_link"),
    "updates": Message("data.updates"),
    "region": Message("data.region"),
    "readable": Message("data.readable"),
    "step": Message("data.step"),
    "changed_at": Message("data.changed_at"),
    "refused_answers": Message("data.refused_answers"),
    "refusals": Message("data.refusals"),
    "question": Message("data.question"),
    "not_me": Message("data.not_me"),
    "opened_at": Message("data.opened_at"),
    "furthest_step": Message("data.furthest_step"),
    "parts_opened": Message("data.parts_opened"),
    "outcome": Message("data.outcome"),
    "screens_open": Message("data.screens_open"),
    "page": Message("data.page"),
    "page_of_sources": Message("data.page_of_sources"),
    "source_shown": Message("data.source_shown"),
    "notice": Message("data.notice"),
    "screens_shown": Message("data.screens_shown"),
    "file_asked_at": Message("data.file_asked_at"),
    "kind": Message("data.kind"),
    "due_at": Message("data.due_at"),
    "content": Message("data.content"),
}
