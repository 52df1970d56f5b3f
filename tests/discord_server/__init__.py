"""Fake Discord for tests: real HTTP and WebSockets on the loopback interface, and people to act as.

What it refuses, with Discord's own codes (the tests beside it try each):

| Where | What | Code |
|---|---|---|
| Any body | What Discord's schema forbids (see tests.discord_server.schema) | an error in the test |
| Message | Lengths, counts, kinds, repeated ids, links, files, mentions; 40 components, 4,000 characters | 50035 |
| Message | Nothing to show; a file over 10 MiB; texts of too many bytes | 50006; 40005; status 500 |
| Form | One to five parts, labels, ids, options, bounds; a form as the answer to a form | 50035 |
| Commands | Names, translations, options, choices; more than 100, or 5 in a menu | 50035; 30032 |
| Interaction | Answered twice; after 3 seconds or with another token; the wrong kind of answer | 40060; 10062; 50035 |
| Its token | After 15 minutes; before the first answer; a sixth message of a user's own app | 50027; 10015; 40094 |
| Channel | Unknown; unseen, a voice channel without Connect, a private thread without the bot | 10003; 50001 |
| Channel | Without the permission to write here, to attach files, to embed; a category or forum | 50013; 50008 |
| Thread | Edits in an archived one; anything in a locked one, unless the bot manages threads | 50083; 160005 |
| Messages | Unknown or deleted; of another author; to people who want no private ones | 10008; 50005; 50007 |
| Publishing | Outside announcements; twice; the fourth edit or eleventh post in an hour | 50024; 40033; 20028 |
| People | Commands without their permissions or Use Application Commands; other kinds of channels | an error |

A test orders what depends on Discord alone (see tests.discord_server.faults): rate limits, too many edits (30046),
AutoMod and the filter of links (200000, 240000), sending switched off for a while (40004, 40006), and people without a
server in common (50278). Slow mode (20016) and the number of webhooks (30007) never concern a bot like ours.
"""

from tests.discord_server.people import Guild, Person
from tests.discord_server.permissions import MEMBER, POSTER, READER, Permission
from tests.discord_server.server import TOKEN, DiscordServer
from tests.discord_server.state import ApiCall, Channel, Failure, Interaction, Message, Modal, Pings
from tests.discord_server.views import ChannelView
from tests.odd_answers import FOREVER, Answer

__all__ = [
    "FOREVER",
    "MEMBER",
    "POSTER",
    "READER",
    "TOKEN",
    "Answer",
    "ApiCall",
    "Channel",
    "ChannelView",
    "DiscordServer",
    "Failure",
    "Guild",
    "Interaction",
    "Message",
    "Modal",
    "Permission",
    "Person",
    "Pings",
]
