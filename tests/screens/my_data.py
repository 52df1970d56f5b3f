"""The file with everything that is stored about a signer, and the answers around it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from bots.papers.data_page import data_file as draw
from core.conversation import state as ev
from core.conversation.data_file import data_file
from core.conversation.notices import with_notice
from core.conversation.screen import View
from core.conversation.state import Conversation, Overlay, Stage
from core.conversation.stored_data import StoredAccount, StoredConversation, StoredData, StoredEntry, StoredSignature
from core.conversation.typed import LongText
from core.messages import Message
from core.signatures.consent import Consent, ConsentSubject, HandInChoice
from core.signatures.signature import Outcome, Signature, SignatureStatus
from tests.screens import drawing
from tests.screens.studio import CHATS, PAPERS, Studio
from tests.world import NOW, TREES

DATA = "The file with a signer's data"
LATER = NOW + dt.timedelta(days=1)
ANSWERS = {"who": "Ada Lovelace", "country": "US", "code": "90210", "role": "tenant", "mail": "ada@example.org"}

CONSENT = Consent(ConsentSubject.HAND_IN, HandInChoice.NAME, "telegram", NOW, "en", "d" * 64, ("reason",))


def answers(studio: Studio) -> None:
    """The privacy screen after asking."""
    studio.does(DATA, "Nothing is stored", studio.person("Eve").about(TREES), ev.SendData())
    ada = studio.person(petition=TREES)
    studio.does(DATA, "Below the file", ada, ev.Open(), ev.SendData())
    assert isinstance(ada.view, View)
    studio.show(DATA, "The file wasn't sent", with_notice(ada.view, Message("notice.data_failed")))
    studio.does(DATA, "Asked again at once", ada, ev.SendData())
    for surface in CHATS:
        studio.sentence(surface, DATA, "With the file", Message("data.sent"))


def file(studio: Studio) -> None:
    """The file itself, with something in every place."""
    data = data_file(_stored(studio.locale), studio.petitions, studio.locale, LATER)
    with studio.place(PAPERS, DATA, "The file") as pieces:
        drawn = draw(data, studio.catalog, studio.locale)
        assert drawn
        pieces.append(drawing.page(drawn.content.decode(), ""))


def _stored(locale: str) -> StoredData:
    details = {
        "name": "Ada Lovelace", "first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.org",
        "postal_code": "90210", "postal_code_country": "US", "country": "US",
    }  # fmt: skip
    signature = Signature(
        TREES, "AAAA-AAAA-0001", "r0123456789ab", 7, SignatureStatus.COUNTED, "d" * 64, NOW, "telegram", locale,
        label="news", region="US-CA", updates=True, named=True, consents=(CONSENT,), answers=ANSWERS,
    )  # fmt: skip
    withdrawn = replace(signature, receipt="AAAA-AAAA-0002", status=SignatureStatus.WITHDRAWN, region="", answers={})
    return StoredData(
        StoredAccount("telegram", "7", NOW, locale, TREES, True, details, ("41", "42"), True),
        (StoredSignature(withdrawn, LATER), StoredSignature(signature, NOW)),
        (StoredConversation(TREES, Stage.ANSWERING.value, LATER, _conversation(locale)),),
        (StoredEntry("announce.telegram", LATER, {"announcement": 3}),),
    )


def _conversation(locale: str) -> Conversation:
    return Conversation(
        TREES, locale, Stage.ANSWERING, trail=(Overlay.MORE, Overlay.PRIVACY), page=1, list_page=1, source=2,
        asking="mail", answers=ANSWERS, errors={"mail": Message("refused.email")}, digest="d" * 64,
        label="r0123456789ab", notice=Message("notice.not_me"), outcome=Outcome.WITHDRAWN, stranger=True,
        opened_at=NOW, answered_at=NOW, probes=1, album="7", promised="d" * 64, own_page=1,
        by_email=True, unfinished=LongText("Because", "", NOW, "why"),
        furthest="review", asked=("mail",), seen=("read:text",), data_at=LATER, revision=12,
    )  # fmt: skip
