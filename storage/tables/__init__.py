"""The tables, by subject. Importing any of them registers all of them in the metadata, as migrations and tests need.

Everything people give is sealed; a value that must be searchable is stored as a keyed fingerprint.
"""

from __future__ import annotations

from storage.tables.base import Growing, MarkRow, UtcDateTime, table
from storage.tables.counts import CreditRow, FacetRow, HistoryRow, StepRow, TallyRow, TrendRow
from storage.tables.inline_cards import InlineCardRow
from storage.tables.log import (
    LogBatchRow,
    LogChangeRow,
    LogCheckpointRow,
    LogExclusionRow,
    LogKeyRow,
    LogLinkRow,
    LogRow,
    LogTileRow,
    LogWithdrawalRow,
)
from storage.tables.outbox import OutboxPauseRow, OutboxRow, OutboxTotalRow
from storage.tables.outreach import AnnouncementRow, AudienceCountRow, CardRow, CommunityRow, FollowerRow, MilestoneRow
from storage.tables.people import AuditEntryRow, ConversationRow, InviteRow, OrganizerRow, SignerRow, UpdateRow
from storage.tables.records import MomentRow, PetitionRow, VersionRow
from storage.tables.review import DecisionRow, ListedRow, PlanRow, SignalRow, ThresholdRow
from storage.tables.signatures import ShownWordsRow, SignatureRow
from storage.tables.source_checks import LeaseRow, SourceCheckRow

__all__ = [
    "AnnouncementRow",
    "AudienceCountRow",
    "AuditEntryRow",
    "CardRow",
    "CommunityRow",
    "ConversationRow",
    "CreditRow",
    "DecisionRow",
    "FacetRow",
    "FollowerRow",
    "Growing",
    "HistoryRow",
    "InlineCardRow",
    "InviteRow",
    "LeaseRow",
    "ListedRow",
    "LogBatchRow",
    "LogChangeRow",
    "LogCheckpointRow",
    "LogExclusionRow",
    "LogKeyRow",
    "LogLinkRow",
    "LogRow",
    "LogTileRow",
    "LogWithdrawalRow",
    "MarkRow",
    "MilestoneRow",
    "MomentRow",
    "OrganizerRow",
    "OutboxPauseRow",
    "OutboxRow",
    "OutboxTotalRow",
    "PetitionRow",
    "PlanRow",
    "ShownWordsRow",
    "SignalRow",
    "SignatureRow",
    "SignerRow",
    "SourceCheckRow",
    "StepRow",
    "TallyRow",
    "ThresholdRow",
    "TrendRow",
    "UpdateRow",
    "UtcDateTime",
    "VersionRow",
    "table",
]
