"""The column rules of the two importers, as their manuals give them: facts, with where and when they were read.

ActionKit: "Uploads Reference: Accepted Headers List" (docs/manual/guide/uploads_reference.html on an ActionKit site),
"Importing Data" (docs.actionkit.com/docs/manual/guide/uploads.html) and "Uploading Event Signups"
(docs.actionkit.com/docs/manual/guide/uploads/signup-uploads.html).
Action Network: "File formats for list uploads" (help.actionnetwork.org/hc/en-us/articles/203112959) and "Uploading a
new email or mobile list" (help.actionnetwork.org/hc/en-us/articles/203112989).
All of them were read on November 26, 2026, from stored copies of the pages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ImporterRules:
    """The rules of one importer for a file. No manual mentions an apostrophe before a value: it would be imported."""

    identifiers: frozenset[str]  # a file needs one of these columns, which identifies the person of each row
    custom: re.Pattern[str]  # the columns that become a custom field
    encoding: str


ACTIONKIT = ImporterRules(
    # The part of the list that was stored ends before "phone"; an unknown heading can be corrected at upload.
    # "Include a column that identifies the user": email, user_id or akid; newer sites add texting_address.
    identifiers=frozenset({"email", "user_id", "akid", "texting_address"}),
    # "The field name can only include letters, numbers, and _"; the field need not exist before.
    custom=re.compile(r"action_[A-Za-z0-9_]+"),
    # "saved in the UTF-8 encoding, if it includes accented characters or international names"
    encoding="utf-8",
)
ACTIONKIT_COUNTRIES: Mapping[str, str] = {"US": "United States"}
"""The list of headers says that "US" and "USA" become "United States"; other countries go by their English name."""

ACTION_NETWORK = ImporterRules(
    # "we require at least email address for every activist"; people without a valid one are skipped.
    identifiers=frozenset({"email"}),
    # "any custom columns you want to add", under any heading
    custom=re.compile(r".+"),
    encoding="utf-8",
)

RULES: Mapping[str, ImporterRules] = {"actionkit": ACTIONKIT, "action_network": ACTION_NETWORK}
