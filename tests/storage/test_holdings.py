"""Everything stored about an account, in every storage: the fake in memory, SQLite and PostgreSQL alike."""

from __future__ import annotations

from dataclasses import replace

from core.conversation.state import Conversation, Stage
from core.outbox import NewEntry, Topic, dead
from core.signatures.holding import Holding
from core.signatures.review import ERASED, Plan
from core.signatures.search import Wanted
from core.signatures.signature import SignatureStatus, Signer
from tests.storage.test_contract import ADA, BEN, Work, met, signature
from tests.world import NOW


def held(work: Work, signer: Signer) -> Holding | None:
    with work() as unit:
        keys = unit.holdings.find(Wanted("", accounts=(signer,)))
        return unit.holdings.get(keys[0]) if keys else None


def test_an_account_without_anything_else(work: Work) -> None:
    assert held(work, ADA) is None
    met(work, ADA)
    holding = held(work, ADA)
    assert holding
    assert holding.signer
    assert (holding.signer.platform, holding.signer.user_id) == ("test", "1")
    assert (holding.platform, holding.met_at, holding.signatures, holding.drafts) == ("test", NOW, (), ())
    assert (holding.opened, holding.waiting, holding.unopened) == ((), 0, 0)
    assert held(work, BEN) is None


def test_everything_is_listed_and_nothing_of_others(work: Work) -> None:
    ada, ben = met(work, ADA), met(work, BEN)
    topic = Topic("post", repeat=False)
    with work() as unit:
        for person, receipt in ((ada, "R-1"), (ben, "R-2")):
            unit.signers.save(replace(person, details={"name": receipt}))
            unit.signatures.add(person, signature(receipt, mailbox=receipt))
            unit.signatures.add(person, signature(f"{receipt}-oaks", petition="oaks", mailbox=None))
            unit.conversations.save(person, Conversation("elms", "en", stage=Stage.FINISHED), NOW)
            unit.conversations.save(person, Conversation("oaks", "en", stage=Stage.REVIEWING), NOW)
            unit.outbox.put([NewEntry(topic, f"{receipt}{number}", NOW, person=person.id) for number in range(3)])
        (first, *_) = unit.outbox.claim("w", [topic.name], 9, NOW, NOW - NOW)
        unit.outbox.report([dead(first, "Gone")], NOW)
        unit.signatures.withdraw(unit.signatures.standing(ada)[1], NOW)
        unit.commit()
    holding = held(work, ADA)
    assert holding
    assert [each.receipt for each in holding.signatures] == ["R-1", "R-1-oaks"]
    assert [each.status for each in holding.signatures] == [SignatureStatus.COUNTED, SignatureStatus.WITHDRAWN]
    assert [each.answers for each in holding.signatures] == [{"who": "Ada"}, {}]
    assert (holding.drafts, holding.opened, holding.details) == (("oaks",), ("elms",), {"name": "R-1"})
    assert [each.receipt for each in holding.standing] == ["R-1"]
    other = held(work, BEN)
    assert other
    assert (holding.waiting, other.waiting) == (2, 3)


def test_a_key_locks_the_person_to_erase(work: Work) -> None:
    ada = met(work, ADA)
    with work() as unit:
        unit.signers.save(replace(ada, seen=("7",)))
        (key,) = unit.holdings.find(Wanted("", accounts=(ADA,)))
        person = unit.signers.lock(key)
        assert person
        assert (person.id, person.signer.platform, person.seen) == (ada.id, "test", ("7",))
        assert unit.signers.lock("nobody") is None


def test_no_plan_leads_to_an_erased_account(work: Work) -> None:
    ada, _ = met(work, ADA), met(work, BEN)
    with work() as unit:
        adas, bens = (unit.holdings.find(Wanted("", accounts=(who,)))[0] for who in (ADA, BEN))
        unit.reviews.keep("C0DE", Plan("", f"found {adas} {bens}", NOW))
        unit.reviews.keep("0THER", Plan("oaks", "accept", NOW))
        unit.commit()
    with work() as unit:
        unit.signers.erase(ada)
        unit.commit()
    with work() as unit:
        assert unit.reviews.take("C0DE") == Plan("", f"found {ERASED} {bens}", NOW), "the others keep their numbers"
        assert unit.reviews.take("0THER") == Plan("oaks", "accept", NOW)


def test_receipts_lead_to_their_account(work: Work) -> None:
    ada, ben = met(work, ADA), met(work, BEN)
    with work() as unit:
        unit.signatures.add(ada, signature("R-1", mailbox=None))
        unit.signatures.add(ben, signature("R-2", mailbox=None))
        (key,) = unit.holdings.find(Wanted("", receipts=("R-2", "R-3")))
        holding = unit.holdings.get(key)
        assert holding
        assert holding.signer
        assert holding.signer.user_id == "2"
        assert unit.holdings.find(Wanted("", receipts=("R-3",))) == ()
        unit.signatures.anonymise(ben)
        assert unit.holdings.find(Wanted("", receipts=("R-2",))) == ()
        assert unit.holdings.get("nobody") is None


def test_the_version_changes_with_what_is_stored(work: Work) -> None:
    ada = met(work, ADA)
    versions = set()

    def note() -> None:
        holding = held(work, ADA)
        assert holding
        versions.add(holding.version)

    note()
    note()
    assert len(versions) == 1
    with work() as unit:
        unit.signatures.add(ada, signature("R-1"))
        unit.commit()
    note()
    with work() as unit:
        unit.conversations.save(ada, Conversation("oaks", "en", stage=Stage.ANSWERING), NOW)
        unit.commit()
    note()
    with work() as unit:
        unit.signatures.withdraw(unit.signatures.standing(ada)[0], NOW)
        unit.commit()
    note()
    assert len(versions) == 4
