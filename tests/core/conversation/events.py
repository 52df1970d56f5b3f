"""Strategies for events and for what is known about a signer."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from core.conversation import state as ev
from core.conversation.state import Event, Overlay
from core.conversation.typed import CanRead, Media, MediaKind, PointAt, SendProof, SendText, StopUpdates
from core.platforms import Platform
from core.signatures.signature import SignerContext
from tests.core.conversation.stories import SIGNED
from tests.world import NOW

names = st.sampled_from(
    ["full_name", "postal_code", "show_name", "email", "comment", "who", "country", "code", "role", "", "x"]
)
texts = st.sampled_from(
    ["Ada", "90210", "US", "tenant", "yes", "ada@example.org", "ada@gmial.com", "Georgia", "=x", "", "Sign"]
) | st.text(max_size=20)
numbers = st.integers(-2, 12)
events: SearchStrategy[Event] = st.one_of(
    st.builds(ev.Open, st.sampled_from(["", "elms", "oaks", "Ünfit", "x" * 80])),
    st.builds(ev.TurnPage, numbers),
    st.builds(ev.ListSources, numbers),
    st.builds(ev.ShowSource, numbers),
    st.builds(ev.Show, st.sampled_from(Overlay)),
    st.builds(ev.Answer, st.dictionaries(names, texts, max_size=4)),
    st.builds(ev.Reply, texts, st.none() | st.just(NOW), st.sampled_from([None, "", " "])),
    st.builds(Media, st.sampled_from(MediaKind)),
    st.sampled_from([PointAt("Remove"), StopUpdates(), ev.Cancel(kept=True)]),
    st.builds(ev.ListOwn, numbers, st.sampled_from(Overlay)),
    st.builds(ev.Correct, texts),
    st.builds(ev.ListPetitions, numbers),
    st.builds(ev.Edit, names),
    st.builds(ev.Remove, names),
    st.builds(ev.SetUpdates, st.booleans(), st.booleans()),
    st.builds(ev.Pick, names, numbers),
    st.builds(ev.SetLocale, st.sampled_from(["en", "es", "de"])),
    st.sampled_from(
        [
            ev.Back(),
            ev.Begin(),
            ev.Begin(),
            ev.Skip(),
            ev.Confirm(),
            ev.Confirm(named=True),
            ev.Cancel(),
            ev.NotMe(),
            ev.Withdraw(),
        ]
    ),
    st.sampled_from([ev.SendData(), SendProof(), SendText(), ev.Forget()]),
    st.builds(CanRead, st.booleans()),
)
knowns = st.builds(
    SignerContext,
    st.dictionaries(st.sampled_from(["name", "email", "postal_code", "country"]), texts),
    texts,
    st.none() | st.just(SIGNED),
    platform=st.sampled_from(["", *Platform]),
    reads_whole=st.none() | st.booleans(),
)
