"""Names that rows, the public log, and archives hold: a changed one would make them unreadable or mean nothing."""

from __future__ import annotations

from enum import StrEnum

import pytest

from core.conversation.state import Stage
from core.log.log_entry import ExclusionClass
from core.outbox import State
from core.outreach.announcement import AnnouncementState
from core.petition.petition import PetitionStatus
from core.platforms import Platform
from core.signatures.breakdowns import Facet
from core.signatures.consent import ConsentSubject, HandInChoice, UpdatesChoice
from core.signatures.origins import OriginKind, Verdict
from core.signatures.quarantine import Signal
from core.signatures.signature import SignatureStatus
from core.updates import UpdateKind

NAMES: dict[type[StrEnum], str] = {
    AnnouncementState: "cancelled draft paused sending",
    ConsentSubject: "hand_in updates",
    ExclusionClass: "duplicate held_back invalidated",
    Facet: "arrival label region updates version",
    HandInChoice: "name number",
    OriginKind: "domain label",
    PetitionStatus: "closed open paused victory",
    Platform: "discord telegram terminal",
    Signal: "blocked burst disposable new_account refused same_name too_fast",
    SignatureStatus: "counted duplicate invalid quarantined withdrawn",
    Stage: "answering finished reading reviewing",
    State: "dead done doubtful sending waiting",
    UpdateKind: "command erased shared",
    UpdatesChoice: "email here no",
    Verdict: "allowed blocked",
}


@pytest.mark.parametrize("kind", NAMES, ids=lambda kind: kind.__name__)
def test_stored_names_change_only_with_a_migration(kind: type[StrEnum]) -> None:
    """To add one, add it here. To change one, write a migration of the rows first."""
    assert " ".join(sorted(kind)) == NAMES[kind]
