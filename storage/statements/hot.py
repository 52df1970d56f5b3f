"""The hot statements: those that signers' calls send (storage.compiled). To make a statement hot, add it here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from storage.statements import arrivals, counts, people, review, signatures, signing

HOT: Sequence[Any] = (
    arrivals.ARRIVAL,
    people.LOCK_SIGNER,
    people.ADD_SIGNER,
    people.SAVE_SIGNER,
    people.SAVE_SEEN,
    people.GET_CONVERSATION,
    people.SAVE_CONVERSATION,
    people.GET_ORGANIZER,
    signatures.STANDING,
    signatures.ADD_SIGNATURE,
    signatures.KEEP_WORDS,
    signing.BEFORE,
    signing.LOCKED,
    counts.COUNT,
    counts.TALLY,
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
