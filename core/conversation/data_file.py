"""Makes the content of the file with everything that is stored about a signer.

docs/my-data.md documents it for programs. No judgement is in it, and nothing about other people.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from core.conversation.my_data import DataContent, MyData
from core.conversation.stored_data import StoredAccount, StoredConversation, StoredData, StoredEntry, StoredSignature
from core.petition.label import is_personal
from core.petition.petition import Petition
from core.signatures.consent import Consent
from core.signatures.signature import SignatureStatus

FORMAT = "undersign-my-data/1"
FIELDS: Mapping[str, str] = {
    "locale": "language",
    "updates": "updates",
    "by_email": "updates_by_email",
    "answers": "answers",
    "errors": "refused_answers",
    "digest": "text_version",
    "asking": "question",
    "stranger": "not_me",
    "opened_at": "opened_at",
    "answered_at": "last_input_at",
    "furthest": "furthest_step",
    "seen": "parts_opened",
    "asked": "questions_asked",
    "counted_by": "counted_by_link",
    "outcome": "outcome",
    "trail": "screens_open",
    "page": "page",
    "list_page": "page_of_sources",
    "own_page": "page_of_signatures",
    "source": "source_shown",
    "notice": "notice",
    "promised": "review_shown",
    "album": "album",
    "revision": "screens_shown",
    "data_at": "file_asked_at",
}
"""The fields of a conversation, and their names in the file. Its petition, stage and label are beside them.

`probes`, the inputs that look like probing, is a judgement. Of an `unfinished` text, the file has the beginning.
"""


def data_file(stored: StoredData, petitions: Mapping[str, Petition], locale: str, now: dt.datetime) -> MyData:
    """The file; `petitions` are those that `stored` names, as far as they are known."""
    titles = {slug: petition.text(locale).title for slug, petition in petitions.items()}
    content = {
        "format": FORMAT,
        "made_at": now,
        "account": _account(stored.account),
        "signatures": [_signature(each, titles) for each in stored.signatures],
        "conversations": [_conversation(each, titles) for each in stored.conversations],
        "waiting": [_entry(entry) for entry in stored.entries],
    }
    return MyData(content, petitions, now)


def _account(account: StoredAccount) -> DataContent:
    return {
        "platform": account.platform,
        "id": account.user_id,
        "first_contact_at": account.met_at,
        "language": account.locale,
        "last_petition": account.focus,
        "reachable": account.reachable,
        "details": dict(account.details),
        "reads_whole_text": account.reads_whole,
        "handled_updates": list(account.seen),
    }


def _signature(stored: StoredSignature, titles: Mapping[str, str]) -> DataContent:
    signature = stored.signature
    is_withdrawn = signature.status is SignatureStatus.WITHDRAWN
    return {
        "petition": signature.petition,
        "title": titles.get(signature.petition, ""),
        "receipt": signature.receipt,
        "number": signature.number,
        "signed_at": signature.signed_at,
        # Any other change is a judgement, and so is when it was made.
        "withdrawn_at": stored.changed_at if is_withdrawn else None,
        "text_version": signature.digest,
        "platform": signature.platform,
        "language": signature.locale,
        **_arrival(signature.label),
        "share_link": signature.referral,
        "updates": signature.updates,
        "updates_by_email": signature.by_email,
        "named": signature.named,
        "consents": [_consent(one) for one in signature.consents],
        "region": signature.region,
        "answers": dict(signature.answers),
        "readable": stored.is_readable,
    }


def _consent(consent: Consent) -> tuple[object, ...]:
    about = (consent.subject.value, consent.choice, consent.platform, consent.at, consent.locale, consent.words)
    return *about, consent.answers


def _conversation(stored: StoredConversation, titles: Mapping[str, str]) -> DataContent:
    known = stored.conversation
    about = {
        "petition": stored.petition,
        "title": titles.get(stored.petition, ""),
        "step": stored.stage,
        "changed_at": stored.updated_at,
        "readable": known is not None,
    }
    if known is None:
        return about
    fields = {name: getattr(known, attribute) for attribute, name in FIELDS.items()}
    begun = known.unfinished.text if known.unfinished else None
    return {**about, **_arrival(known.label), **fields, "unfinished_answer": begun}


def _arrival(label: str) -> DataContent:
    """The link that the signer came by. If it is another signer's own, it isn't told whose."""
    is_own = is_personal(label)
    return {"source": "" if is_own else label, "by_signers_link": is_own}


def _entry(stored: StoredEntry) -> DataContent:
    payload = stored.payload or {}
    return {
        "kind": stored.topic,
        "due_at": stored.due,
        "content": {name: value for name, value in payload.items() if name != "person"},  # a row's number
        "readable": stored.payload is not None,
    }
