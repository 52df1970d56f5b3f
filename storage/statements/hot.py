"""The hot statements: those that signers' calls send (storage.compiled). To make a statement hot, add it here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from storage.statements import arrivals, counts, people, review, signatures

HOT: Sequence[Any] = (
    arrivals.ARRIVAL,
    people.LOCK_SIGNER,
    people.ADD_SIGNER,
    people.SAVE_SIGNER,
    people.SAVE_SEEN,
    people.HAS_UPDATE,
    people.GET_CONVERSATION,
    people.SAVE_CONVERSATION,
    people.GET_ORGANIZER,
    signatures.STANDING,
    signatures.COUNTED_OF_MAILBOXES,
    signatures.ADD_SIGNATURE,
    signatures.KEEP_WORDS,
    counts.COUNT,
    counts.TALLY,
    counts.COUNTED,
    counts.CREDIT,
    counts.CREDITED,
    counts.ADD_HOURLY,
    counts.COUNT_FACET,
    counts.COUNT_STEP,
    counts.COUNT_TREND,
    review.DECISION,
    review.THRESHOLDS,
    review.COUNT_SIGNAL,
    review.VERDICTS,
)
