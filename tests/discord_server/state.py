"""State of the server: users, guilds, channels, messages and interactions. The rules are elsewhere."""

from dataclasses import dataclass, field

from tests.discord_server import rendering
from tests.discord_server.errors import ApiError, Json
from tests.discord_server.permissions import MEMBER, POSTER, Permission

CROSSPOSTED = 1 << 0
EPHEMERAL = 1 << 6
LOADING = 1 << 7
COMPONENTS_V2 = 1 << 15

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5
IN_GUILD, IN_BOT_DM, IN_PRIVATE_CHANNEL = 0, 1, 2


@dataclass(eq=False, slots=True)
class User:
    """A person or a bot; `installed`: has the app as a user installation; `reachable`: takes the bot's messages."""

    id: int
    name: str
    locale: str = "en-US"
    is_bot: bool = False
    installed: bool = False
    reachable: bool = True


@dataclass(eq=False, slots=True)
class Role:
    """A role of a guild, whose permissions may be changed."""

    id: int
    name: str
    permissions: Permission


@dataclass(eq=False, slots=True)
class Member:
    """A user in a guild; `own` are the permissions without roles."""

    user: User
    own: Permission = MEMBER
    roles: list[Role] = field(default_factory=list)

    @property
    def permissions(self) -> Permission:
        """The permissions now, with those of the roles."""
        held = self.own
        for role in self.roles:
            held |= role.permissions
        return held


@dataclass(eq=False, slots=True)
class GuildState:
    """A guild ("server" in Discord's own apps); `has_bot`: the bot was added to it.

    `allowed` are commands, each with a user that the guild's managers let use it, whatever permissions it wants.
    """

    id: int
    name: str
    owner: int
    locale: str = "en-US"
    has_bot: bool = True
    made: float = 0.0
    roles: list[Role] = field(default_factory=list)
    members: dict[int, Member] = field(default_factory=dict)
    channels: "dict[int, Channel]" = field(default_factory=dict)
    allowed: set[tuple[str, int]] = field(default_factory=set)


@dataclass(eq=False, slots=True)
class Channel:
    """A channel or thread of a guild, or a direct message; `bot` holds the bot's permissions and may be changed.

    `kind` is one of tests.discord_server.places; `with_bot` is false for a private thread without the bot, as for a
    private chat of two other people. `publishings` are the times of published messages, and a
    thread was `used` last at that time. People see the bot type until `typing_until`.
    """

    id: int
    name: str = ""
    guild: GuildState | None = None
    people: list[User] = field(default_factory=list)
    with_bot: bool = True
    bot: Permission = POSTER
    messages: "dict[int, Message]" = field(default_factory=dict)
    typing_until: float = 0.0
    kind: int = 0
    parent: int | None = None
    archived: bool = False
    used: float = 0.0
    locked: bool = False
    publishings: list[float] = field(default_factory=list)

    @property
    def bot_is_in(self) -> bool:
        """Return true if the bot can see this channel."""
        return self.guild.has_bot if self.guild else self.with_bot


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came as multipart."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file on a message."""

    id: int
    filename: str
    content: bytes
    url: str
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Pings:
    """Mentions by which a message notifies."""

    everyone: bool = False
    users: frozenset[int] = frozenset()
    roles: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return self.everyone or bool(self.users or self.roles)


@dataclass(eq=False, slots=True)
class Message:
    """One message; `only_for` is the one reader of an ephemeral message, `source` the interaction that it answers."""

    id: int
    channel: Channel
    author: User
    made: float
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    flags: int = 0
    only_for: User | None = None
    source: "Interaction | None" = None
    edits: int = 0
    edited: float | None = None
    deleted: bool = False
    pings: Pings = Pings()
    nonce: str | None = None
    versions: list[str] = field(default_factory=list)
    published_edits: list[float] = field(default_factory=list)
    extra: Json = field(default_factory=dict)

    @property
    def ephemeral(self) -> bool:
        """True if only one person sees it."""
        return bool(self.flags & EPHEMERAL)

    @property
    def published(self) -> bool:
        """True if servers that follow the channel have a copy."""
        return bool(self.flags & CROSSPOSTED)

    @property
    def loading(self) -> bool:
        """True while it says that the application is thinking."""
        return bool(self.flags & LOADING)

    @property
    def layout(self) -> bool:
        """True if it consists of components alone (Components V2)."""
        return bool(self.flags & COMPONENTS_V2)

    def as_text(self) -> str:
        """The message as a person reads it: author, words, then what can be pressed."""
        return rendering.as_text(self)


@dataclass(eq=False, slots=True)
class Modal:
    """Form that the bot opened for `opener`; `trouble` is the error of the last attempt to send it."""

    custom_id: str
    title: str
    components: list[Json]
    opener: "Interaction"
    trouble: str = ""
    closed: bool = False

    def as_text(self) -> str:
        """The form as a person reads it, with what is filled in already."""
        return rendering.modal_as_text(self)


@dataclass(eq=False, slots=True)
class Interaction:
    """Something that a person did, and what the bot answered; `response` is the type of its first answer."""

    id: int
    token: str
    kind: int
    user: User
    channel: Channel
    made: float
    payload: Json
    message: Message | None = None
    response: int | None = None
    reply: Message | None = None
    choices: list[Json] = field(default_factory=list)
    modal: Modal | None = None
    followups: int = 0
    failed: str = ""
    refusals: list[ApiError] = field(default_factory=list)

    @property
    def open(self) -> bool:
        """True while it waits for its first response."""
        return self.response is None and not self.failed

    @property
    def thinking(self) -> bool:
        """True while its response is deferred."""
        return self.reply is not None and self.reply.loading and not self.failed

    @property
    def by_user_install(self) -> bool:
        """True if the bot is here only as the person's user-installed app."""
        return set(self.payload["authorizing_integration_owners"]) == {"1"}


@dataclass(frozen=True, slots=True)
class Failure:
    """Failure shown to a person when the bot did not answer, and the refusals that may explain it."""

    user: User
    words: str
    interaction: Interaction

    def __str__(self) -> str:
        reasons = "".join(f"; refused: {error.to_json()}" for error in self.interaction.refusals)
        return f"{self.user.name}: {self.words}{reasons}"


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One call as it reached the server, and how it ended (status 0: the connection was dropped)."""

    method: str
    path: str
    params: Json
    status: int
    code: int = 0
    answer: object = None
