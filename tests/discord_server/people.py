"""People and guilds, as a test plays them."""

from tests.discord_server.events import context
from tests.discord_server.payloads import guild_json
from tests.discord_server.permissions import MEMBER, POSTER, Permission
from tests.discord_server.places import NEWS, NEWS_THREAD, PUBLIC_THREAD, TEXT
from tests.discord_server.state import IN_BOT_DM, Channel, GuildState, Member, Role, User
from tests.discord_server.views import ChannelView, Server


class Person:
    """Person with a Discord account."""

    def __init__(self, server: Server, user: User) -> None:
        self.user = user
        self._server = server

    @property
    def id(self) -> int:
        """The account's snowflake."""
        return self.user.id

    @property
    def mention(self) -> str:
        """Mention of this person in a message."""
        return f"<@{self.user.id}>"

    def in_channel(self, channel: Channel) -> ChannelView:
        """A channel of a guild as this person sees it; raises AssertionError for one who is not a member."""
        assert channel.guild is None or self.user.id in channel.guild.members, f"{self.user.name} is not a member"
        return ChannelView(self._server, self.user, channel)

    def dm(self) -> ChannelView:
        """The private chat with the bot."""
        return ChannelView(self._server, self.user, self._private(with_bot=True))

    def anywhere(self) -> ChannelView:
        """Private chat with another person, where this person uses the bot as a user-installed app."""
        self.install()
        return ChannelView(self._server, self.user, self._private(with_bot=False))

    def install(self) -> None:
        """Install the app for this user, who can then use it everywhere."""
        self.user.installed = True

    def close_dms(self) -> None:
        """Take no private messages from the bot any more."""
        self.user.reachable = False

    def open_dms(self) -> None:
        """Take private messages from the bot again."""
        self.user.reachable = True

    def _private(self, *, with_bot: bool) -> Channel:
        world = self._server.world
        for channel in world.channels.values():
            if self.user in channel.people and channel.with_bot == with_bot:
                return channel
        other = world.bot if with_bot else User(world.ids.next(), f"A friend of {self.user.name}")
        made = Channel(world.ids.next(), people=[self.user, other], with_bot=with_bot)
        assert (context(made) == IN_BOT_DM) == with_bot
        world.channels[made.id] = made
        return made


class Guild:
    """A guild, which its members call a server; the bot is in it unless the test says otherwise."""

    def __init__(self, server: Server, state: GuildState) -> None:
        self.state = state
        self._server = server

    @property
    def id(self) -> int:
        """The guild's snowflake."""
        return self.state.id

    def channel(self, name: str = "general", bot: Permission = POSTER, kind: int = TEXT) -> Channel:
        """The channel of this name, made of this kind with these permissions for the bot if it does not exist yet."""
        for channel in self.state.channels.values():
            if channel.name == name:
                return channel
        world = self._server.world
        made = Channel(world.ids.next(), name, self.state, bot=bot, kind=kind)
        world.channels[made.id] = self.state.channels[made.id] = made
        return made

    def thread(self, name: str, parent: Channel) -> Channel:
        """A new public thread of a channel, in which the bot may do what it may do there."""
        made = self.channel(name, parent.bot, NEWS_THREAD if parent.kind == NEWS else PUBLIC_THREAD)
        made.parent, made.used = parent.id, self._server.world.clock()
        return made

    def join(self, person: Person, permissions: Permission = MEMBER) -> None:
        """Add a member, or change a member's permissions."""
        self.state.members[person.id] = Member(person.user, permissions)

    def role(self, name: str, permissions: Permission) -> Role:
        """Create a role; give it with `give`. Its permissions may be changed, and count from the next interaction."""
        made = Role(self._server.world.ids.next(), name, permissions)
        self.state.roles.append(made)
        return made

    def give(self, person: Person, role: Role) -> None:
        """Give a member a role."""
        self.state.members[person.id].roles.append(role)

    def take(self, person: Person, role: Role) -> None:
        """Take a role from a member."""
        self.state.members[person.id].roles.remove(role)

    def allow(self, command: str, person: Person) -> None:
        """Let a manager allow a command to a member, under Integrations in the server's settings."""
        self.state.allowed.add((command, person.id))

    def leave(self, person: Person) -> None:
        """Let a member go."""
        del self.state.members[person.id]

    def add_bot(self) -> None:
        """Let the owner add the bot; it is told if it asked for the guilds intent."""
        self.state.has_bot = True
        world = self._server.world
        body = guild_json(self.state, world.bot)
        del body["unavailable"]
        world.gateway.dispatch("GUILD_CREATE", body, self.id, intent=1, all_sessions=True)

    def kick_bot(self) -> None:
        """Let the owner throw the bot out."""
        self.state.has_bot = False
        gateway = self._server.world.gateway
        gateway.dispatch("GUILD_DELETE", {"id": str(self.id)}, self.id, intent=1, all_sessions=True)
