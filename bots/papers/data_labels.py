"""Labels, in the reader's language, for the names in the file with everything that is stored about a signer."""

from __future__ import annotations

from collections.abc import Mapping

from core.messages import Message
from core.petition.answers import CODE_COUNTRY
from core.petition.form import FIRST_NAME, LAST_NAME, FieldKind
from core.signatures.consent import ConsentSubject, HandInChoice, UpdatesChoice

LABELS: Mapping[str, Message] = {
    "platform": Message("data.platform"),
    "id": Message("data.id"),
    "first_contact_at": Message("data.first_contact_at"),
    "language": Message("data.language"),
    "last_petition": Message("data.last_petition"),
    "reachable": Message("data.reachable"),
    "reads_whole_text": Message("data.reads_whole_text"),
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
    "updates_by_email": Message("data.updates_by_email"),
    "named": Message("data.named"),
    "consents": Message("data.consents"),
    "last_input_at": Message("data.last_input_at"),
    "page_of_signatures": Message("data.page_of_signatures"),
    "review_shown": Message("data.review_shown"),
    "album": Message("data.album"),
    "unfinished_answer": Message("data.unfinished_answer"),
    "question": Message("data.question"),
    "not_me": Message("data.not_me"),
    "opened_at": Message("data.opened_at"),
    "furthest_step": Message("data.furthest_step"),
    "parts_opened": Message("data.parts_opened"),
    "questions_asked": Message("data.questions_asked"),
    "counted_by_link": Message("data.counted_by_link"),
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
DETAILS: Mapping[str, Message] = {
    FieldKind.NAME: Message("caption.name"),
    FIRST_NAME: Message("data.first_name"),
    LAST_NAME: Message("data.last_name"),
    FieldKind.EMAIL: Message("caption.email"),
    FieldKind.PHONE: Message("caption.phone"),
    FieldKind.POSTAL_CODE: Message("caption.postal_code"),
    FieldKind.COUNTRY: Message("caption.country"),
    CODE_COUNTRY: Message("data.code_country"),
}
"""The details that are kept to fill in the next form."""
COUNTRIES = frozenset({str(FieldKind.COUNTRY), CODE_COUNTRY})
"""The details that are the code of a country."""
SUBJECTS: Mapping[str, Message] = {
    ConsentSubject.HAND_IN: Message("fact.hand_in"),
    ConsentSubject.UPDATES: Message("button.updates"),
}
CHOICES: Mapping[tuple[str, str], Message] = {
    (ConsentSubject.HAND_IN, HandInChoice.NAME): Message("fact.hand_in_name"),
    (ConsentSubject.HAND_IN, HandInChoice.NUMBER): Message("fact.hand_in_number"),
    (ConsentSubject.UPDATES, UpdatesChoice.HERE): Message("updates.on"),
    (ConsentSubject.UPDATES, UpdatesChoice.EMAIL): Message("updates.email"),
    (ConsentSubject.UPDATES, UpdatesChoice.NO): Message("updates.off"),
}
