"""Finds out whether a signer has to read a petition again, because it changed after they began to sign."""

from __future__ import annotations

import json
from dataclasses import replace

from core.conversation.machine import TEXT_CHANGED
from core.conversation.scene import Scene
from core.conversation.state import SIGNING, Conversation
from core.messages import Message
from core.petition.changes import changed_parts
from core.petition.petition import Petition, PetitionText
from core.petition.versions import FIRST, PetitionVersion, Versions, first_envelope

CHANGED = ("notice.changed", TEXT_CHANGED.key)
"""The notices that say that a text has changed."""


def catch_up(versions: Versions, petition: Petition, conversation: Conversation) -> tuple[Conversation, Message]:
    """Move the conversation to the current version, unless its signer must read that first; returns a notice, too.

    The notice says what changed, for a signer who has to read it.
    """
    text = petition.text(conversation.locale)
    if conversation.stage not in SIGNING or conversation.digest == text.digest:
        return conversation, TEXT_CHANGED
    parts: tuple[Message, ...] | None = ()
    if text.first_form is None or conversation.digest != text.first_form.digest:
        parts = changed_since(versions.of(petition.slug, conversation.digest), text)
    if parts is None:
        return conversation, TEXT_CHANGED
    notice = Message("notice.changed", {"parts": parts})
    return conversation if parts else replace(conversation, digest=text.digest), notice


def form_notice(versions: Versions, scene: Scene, digest: str) -> Message | None:
    """The notice about changes since a form showed the text whose digest begins so; None if a current text has it."""
    slug, text = scene.petition.slug, scene.text
    if any(each.digest.startswith(digest) for each in scene.petition.texts.values()):
        return None
    known = next((each for each in versions.all(slug) if each.digest.startswith(digest)), None)
    parts = changed_since(known, text)
    return Message("notice.changed", {"parts": parts}) if parts else TEXT_CHANGED


def changed_since(version: PetitionVersion | None, text: PetitionText) -> tuple[Message, ...] | None:
    """The names of the parts in which a text differs from a version; None if the version's words aren't known."""
    if version is None or version.envelope is None or version.language != text.language or not text.envelope:
        return None
    present = first_envelope(text) if version.form == FIRST else json.loads(text.envelope)
    return changed_parts(version.envelope, present)
