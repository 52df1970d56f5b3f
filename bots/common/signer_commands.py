"""The commands that signers can type in a chat of their own, with their events and their lines in menus."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.conversation import state as ev
from core.conversation.state import Event, Overlay
from core.conversation.typed import StopUpdates
from core.messages import Message


@dataclass(frozen=True, slots=True)
class SignerCommand:
    """A command of the private chat: its event, and its description (None: not in the menu)."""

    name: str
    event: Event
    description: Message | None = None


SIGNER_COMMANDS: tuple[SignerCommand, ...] = (
    SignerCommand("start", ev.Open(), Message("command.start")),
    SignerCommand("petitions", ev.Open(), Message("command.petitions")),
    SignerCommand("sign", ev.Begin(), Message("command.sign")),
    SignerCommand("read", ev.TurnPage(0), Message("command.read")),
    SignerCommand("sources", ev.ListSources(), Message("command.sources")),
    SignerCommand("count", ev.Show(Overlay.COUNT), Message("command.count")),
    SignerCommand("mysignatures", ev.Show(Overlay.SIGNATURES), Message("command.mysignatures")),
    SignerCommand("withdraw", ev.Show(Overlay.WITHDRAW), Message("command.withdraw")),
    SignerCommand("share", ev.Show(Overlay.SHARE), Message("command.share")),
    SignerCommand("updates", ev.Show(Overlay.UPDATES), Message("command.updates")),
    SignerCommand("language", ev.Show(Overlay.LANGUAGES), Message("command.language")),
    SignerCommand("privacy", ev.Show(Overlay.PRIVACY), Message("command.privacy")),
    SignerCommand("mydata", ev.SendData(), Message("command.mydata")),
    SignerCommand("forget", ev.Show(Overlay.FORGET), Message("command.forget")),
    SignerCommand("cancel", ev.Cancel(), Message("command.cancel")),
    SignerCommand("back", ev.Back()),
    SignerCommand("stop", StopUpdates()),
    SignerCommand("unsubscribe", StopUpdates()),
    SignerCommand("help", ev.Show(Overlay.MORE), Message("command.help")),
)
SIGNERS_MENU: Mapping[str, tuple[Event, Message]] = {
    command.name: (command.event, command.description) for command in SIGNER_COMMANDS if command.description
}
"""The commands in menus: their events and descriptions."""
EVENTS: Mapping[str, Event] = {command.name: command.event for command in SIGNER_COMMANDS}
