"""Everything on the server at one moment, and the look-ups with Discord's own refusals."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.discord_server import errors
from tests.discord_server.commands import Registry
from tests.discord_server.gateway import Gateway
from tests.discord_server.permissions import Permission, allows
from tests.discord_server.places import is_closed_to_bot, look_at_clock, viewing
from tests.discord_server.snowflakes import Snowflakes
from tests.discord_server.state import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    EPHEMERAL,
    MODAL,
    Channel,
    Failure,
    GuildState,
    Interaction,
    Message,
    User,
)
from tests.telegram_server.pulse import Pulse

ANSWER_SECONDS = 3
TOKEN_SECONDS = 15 * 60

_FAILED = {
    COMMAND: "The application did not respond",
    COMPONENT: "This interaction failed",
    AUTOCOMPLETE: "Loading options failed",
    MODAL: "Something went wrong. Try again.",
}


@dataclass(eq=False, slots=True)
class World:
    """The bot (its application has the same id) and everyone on Discord; `clock` returns Unix seconds.

    `calendar` does so for the limits by the hour, if a test turns it itself.
    """

    bot: User
    clock: Callable[[], float]
    pulse: Pulse
    gateway: Gateway
    ids: Snowflakes
    commands: Registry = field(default_factory=Registry)
    users: dict[int, User] = field(default_factory=dict)
    guilds: dict[int, GuildState] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    interactions: dict[int, Interaction] = field(default_factory=dict)
    tokens: dict[str, Interaction] = field(default_factory=dict)
    by_place: dict[tuple[int, int], list[Interaction]] = field(default_factory=dict)
    unfinished: dict[int, Interaction] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    calendar: Callable[[], float] | None = None

    def hours(self) -> float:
        """The time for the limits by the hour, in Unix seconds."""
        return (self.calendar or self.clock)()

    def channel(self, number: str) -> Channel:
        """The channel by its id, if the bot may look into it; raises a 404 or 403."""
        channel = self.channels.get(_number(number))
        if channel is None:
            raise errors.UNKNOWN_CHANNEL
        look_at_clock(channel, self.clock())
        seen = viewing(channel) if channel.guild else Permission.VIEW_CHANNEL
        if not channel.bot_is_in or is_closed_to_bot(channel) or not allows(channel.bot, seen):
            raise errors.MISSING_ACCESS
        return channel

    def message(self, channel: Channel, number: str) -> Message:
        """Message in the channel that everyone sees; raises a 404."""
        message = channel.messages.get(_number(number))
        if message is None or message.deleted or message.flags & EPHEMERAL:
            raise errors.UNKNOWN_MESSAGE
        return message

    def guild(self, number: str) -> GuildState:
        """The guild by its id; raises a 404 if there is none or the bot was not added to it."""
        guild = self.guilds.get(_number(number))
        if guild is None or not guild.has_bot:
            raise errors.UNKNOWN_GUILD
        return guild

    def user(self, number: str) -> User:
        """Any user by the id; raises a 404."""
        user = self.users.get(_number(number))
        if user is None:
            raise errors.UNKNOWN_USER
        return user

    def unanswered(self, number: str, token: str) -> Interaction:
        """An interaction that can take its first answer; raises a 404 or 400."""
        interaction = self.interactions.get(_number(number))
        if interaction is None or interaction.token != token:
            raise errors.UNKNOWN_INTERACTION
        if interaction.response is not None:
            raise errors.ACKNOWLEDGED
        if interaction.failed or self.clock() - interaction.made > ANSWER_SECONDS:
            raise errors.UNKNOWN_INTERACTION
        return interaction

    def answered(self, application: str, token: str) -> Interaction:
        """An interaction that has had its first answer, by its token; raises a 401 or 404."""
        if application != str(self.bot.id):
            raise errors.UNKNOWN_WEBHOOK
        interaction = self.tokens.get(token)
        if interaction is None or self.clock() - interaction.made > TOKEN_SECONDS:
            raise errors.INVALID_TOKEN
        if interaction.response is None:
            raise errors.UNKNOWN_WEBHOOK
        return interaction

    def can_write_to(self, user: User) -> bool:
        """Return true if the bot may message this person; one who is in no guild counts as known from elsewhere."""
        theirs = [guild for guild in self.guilds.values() if user.id in guild.members]
        met = user.installed or not theirs or any(guild.has_bot for guild in theirs)
        return user.reachable and met

    def note(self, interaction: Interaction) -> None:
        """Keep a new interaction."""
        self.interactions[interaction.id] = self.unfinished[interaction.id] = interaction
        self.tokens[interaction.token] = interaction
        self.by_place.setdefault((interaction.user.id, interaction.channel.id), []).append(interaction)

    def waiting(self) -> list[Interaction]:
        """The interactions that are not answered yet."""
        return [interaction for interaction in self._unfinished() if interaction.open]

    def thinking(self) -> list[Interaction]:
        """The interactions whose answer was put off and has not come yet."""
        return [interaction for interaction in self._unfinished() if interaction.thinking]

    def _unfinished(self) -> list[Interaction]:
        self.unfinished = {each.id: each for each in self.unfinished.values() if each.open or each.thinking}
        return list(self.unfinished.values())

    def look_at_clock(self) -> None:
        """Tell people of interactions whose time is over."""
        for interaction in self.waiting():
            if self.clock() - interaction.made > ANSWER_SECONDS:
                self.fail(interaction)
        for interaction in self.thinking():
            if self.clock() - interaction.made > TOKEN_SECONDS:
                self.fail(interaction)

    def fail(self, interaction: Interaction) -> None:
        """Tell the person that nothing came."""
        interaction.failed = _FAILED[interaction.kind]
        self.failures.append(Failure(interaction.user, interaction.failed, interaction))
        if interaction.kind == MODAL and interaction.modal:
            interaction.modal.trouble = interaction.failed
        self.pulse.beat()


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0
