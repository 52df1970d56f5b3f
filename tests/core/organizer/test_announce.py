"""Announcements, from the first words to the last report; what the audit log tells of failures."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from core.conversation import state as ev
from core.organizer.announce import LONGEST
from core.outbox import NewEntry, State, Topic, dead, doubtful
from core.outreach.announcement import FAN_OUT, TO_PERSON, AnnouncementState, Audience
from core.services.announcements import AnnouncementService, UnwantedError
from core.signatures.signature import Signer
from tests.core.organizer.test_commands import OLGA, Office, text
from tests.deliveries import Postbox, deliver, reasons
from tests.world import SALESFORCE, TREES, Talker, parts_of

TEXT = "The council votes on **Friday**.\nCome at 18:00!"


def reads(office: Office, line: str, who: Signer = OLGA) -> str:
    shown = office.asks(line, who)
    assert shown
    labels = [text(button.text) for row in shown.screen.buttons for button in row]
    return "\n".join([*parts_of(shown.screen, shown.locale), *labels])


def supporter(
    office: Office, name: str, platform: str = "telegram", *, label: str = "", language: str = "en", agrees: bool = True
) -> Talker:
    person = office.world.person(name, platform, language=language)
    person.does(ev.Open(label), ev.Begin(), ev.Reply("90210"), ev.SetUpdates(agrees), ev.Confirm())
    return person


def team() -> Office:
    """An office, and four who signed: three agreed to updates, one of them where nobody can be written to."""
    office = Office()
    supporter(office, "Ada", label="news")
    supporter(office, "Ben", "discord", language="es")
    supporter(office, "Cem", label="news", agrees=False)
    supporter(office, "Dia", "terminal")
    return office


@pytest.fixture
def office() -> Office:
    return team()


def post(office: Office, *boxes: Postbox) -> None:
    asyncio.run(deliver(office.world.signing, *(boxes or (Postbox("telegram"), Postbox("discord")))))


def test_a_draft_is_shown_as_it_arrives_with_the_number_of_people(office: Office) -> None:
    office.service = replace(office.service, previews={"telegram": lambda _: "T!", "test": lambda _: "never"})
    shown = reads(office, f"announce {SALESFORCE} {TEXT}")
    assert "hasn't been sent yet" in shown
    assert "Tell Salesforce to cancel" in shown
    assert "The council votes on Friday.\nCome at 18:00!" in shown
    assert "Demand Progress is writing to you because you signed" in shown
    assert "Buttons: Stop updates and See the petition" in shown
    assert "Telegram: 1\nDiscord: 1" in shown
    assert "The same announcement on Telegram\nT!" in shown
    assert "never" not in shown, "one's own platform shows it by itself"
    assert "No bot is set up here, so you see every platform." in shown
    assert shown.splitlines()[-4:] == [
        "Everyone who asked for updates: 2", "People who signed in English: 1", "People who signed in Spanish: 1",
        "People who came through “news”: 1",
    ]  # fmt: skip


def test_the_petition_is_asked_for_and_the_words_are_kept_meanwhile(office: Office) -> None:
    assert "Which petition?" in reads(office, f"announce {TEXT}")
    assert "Which petition?" in reads(office, "announcement 1 all"), "nobody can be chosen yet"
    assert "Keep the elms" in reads(office, f"announcement 1 about {TREES}")
    assert "Keep the elms" in reads(office, f"announcement 1 about {SALESFORCE}"), "it is chosen once"


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("announce", "You haven't announced anything yet."),
        (f"announce {SALESFORCE}", "You haven't announced anything yet."),
        (f"announce {SALESFORCE} {'x' * (LONGEST + 1)}", "That's 1,501 characters. The limit is 1,500"),
        (f"announce {SALESFORCE} a\tb", "can't be shown"),
        ("announcement", "no announcement with that number"),
        ("announcement 7 send all", "no announcement with that number"),
        (f"announcement {'9' * 40}", "no announcement with that number"),
    ],
)
def test_what_cannot_be_sent_is_said(office: Office, line: str, answer: str) -> None:
    assert answer in reads(office, line)


@pytest.mark.parametrize(
    "audience", ["", " everybody", " all of them", " in", " by", " news", " ?", " en", " all, please"]
)
def test_an_audience_that_is_not_understood_gets_nothing(office: Office, audience: str) -> None:
    reads(office, f"announce {SALESFORCE} {TEXT}")
    answer = reads(office, f"announcement 1 send{audience}")
    assert answer.startswith("I don't know that audience, so nothing was sent.")
    assert "hasn't been sent yet" in reads(office, "announcement 1")
    assert "Gathering" not in answer
    with office.world.work() as work:
        assert work.outbox.backlog(office.world.now) == {}


def test_an_audience_is_understood_however_its_first_word_is_written(office: Office) -> None:
    reads(office, f"announce {SALESFORCE} {TEXT}")
    assert "People who signed in Spanish" in reads(office, "announcement 1 send In es")


def test_without_a_text_the_newest_are_listed(office: Office) -> None:
    for number in range(10):
        reads(office, f"announce {SALESFORCE} Number {number}")
    shown = reads(office, "announce")
    assert "The 8 latest announcements" in shown
    assert "10 · November 23, 2026 · Number 9" in shown
    assert "Number 1\n" not in shown
    assert "so it will arrive" not in shown
    assert "hasn't been sent yet" in office.taps("announce", "10 · November 23, 2026 · Number 9")


def test_whoever_is_chosen_gets_it_and_nobody_else(office: Office) -> None:
    reads(office, f"announce {SALESFORCE} {TEXT}")
    asked = reads(office, "announcement 1 by News")
    assert "People who came through “news”" in asked
    assert "Telegram: 1\nDiscord: 0" in asked
    assert "Send to 1 person" in asked
    assert "still collecting the recipients" in office.taps("announcement 1 by news", "Send to 1 person")
    boxes = Postbox("telegram"), Postbox("discord")
    post(office, *boxes)
    assert [who for who, _ in boxes[0].got] == ["Ada"]
    assert boxes[1].got == []
    done = reads(office, "announcement 1")
    assert "Finished sending." in done
    assert "Sent: 1" in done
    assert done.splitlines()[-1] == "Uncertain: 0", "there is nothing left to press"


def test_everybody_is_told_in_their_own_language_as_to_the_frame(office: Office) -> None:
    reads(office, f"announce {SALESFORCE} {TEXT}")
    office.taps("announcement 1 all", "Send to 2 people")
    boxes = Postbox("telegram"), Postbox("discord")
    post(office, *boxes)
    ((_, hers),), ((_, his),) = boxes[0].got, boxes[1].got
    assert "The council votes on Friday." in hers
    assert "The council votes on Friday." in his
    assert "because you signed" in hers
    assert "porque firmaste" in his


def test_confirming_twice_sends_once_and_is_noted_once(office: Office) -> None:
    reads(office, f"announce {SALESFORCE} {TEXT}")
    for _ in range(2):
        reads(office, "announcement 1 send all")
    box = Postbox("telegram")
    post(office, box, Postbox("discord"))
    reads(office, "announcement 1 send all")
    post(office, box, Postbox("discord"))
    assert len(box.got) == 1
    log = reads(office, "audit")
    assert log.count("/announcement 1 sending") == 1
    assert "announcement 1 send all" not in log


def test_nobody_is_sent_to_nobody(office: Office) -> None:
    reads(office, f"announce {SALESFORCE} {TEXT}")
    for audience in ("in fr", "by rabcdefghijkl", "by nothing"):
        assert "None of these people can be reached" in reads(office, f"announcement 1 {audience}")
        assert "None of these people can be reached" in reads(office, f"announcement 1 send {audience}")
    with office.world.work() as work:
        assert work.outbox.counts(FAN_OUT.name) == {}


def test_pause_holds_it_and_cancel_ends_it(office: Office) -> None:
    reads(office, f"announce {SALESFORCE} {TEXT}")
    reads(office, "announcement 1 send all")
    assert "Paused. Nothing is sent until you resume." in office.taps("announcement 1", "Pause")
    boxes = Postbox("telegram"), Postbox("discord")
    post(office, *boxes)
    assert "Waiting: 2" in reads(office, "announcement 1")
    assert (boxes[0].got, boxes[1].got) == ([], [])
    assert "Sending." in office.taps("announcement 1", "Resume")
    post(office, boxes[0])
    assert len(boxes[0].got) == 1
    assert "Canceled. Nobody else will get it." in office.taps("announcement 1", "Cancel the rest")
    assert "Waiting: 0" in reads(office, "announcement 1"), "what waited is gone, not only passed over later"
    post(office, *boxes)
    assert boxes[1].got == []
    assert "Sent: 1" in reads(office, "announcement 1 resume"), "a cancelled one does not come back"
    assert "Canceled. Nobody else will get it." in reads(office, "announcement 1 pause")
    log = reads(office, "audit")
    assert [word for word in ("sending", "paused", "cancelled") if f"/announcement 1 {word}" in log] == [
        "sending", "paused", "cancelled",
    ]  # fmt: skip


def test_cancelled_while_recipients_are_gathered_puts_no_more_in_line(office: Office) -> None:
    reads(office, f"announce {SALESFORCE} {TEXT}")
    reads(office, "announcement 1 send all")
    reads(office, "announcement 1 cancel")
    assert not AnnouncementService(office.world.signing).fan_out(1), "as a worker does that had it in hand"
    with office.world.work() as work:
        assert [work.outbox.counts(topic.name) for topic in (FAN_OUT, *TO_PERSON.values())] == [{}, {}, {}]


def test_who_changed_their_mind_in_the_meantime_is_passed_over(office: Office) -> None:
    ada = office.world.person("Ada", "telegram")
    eve, fay, gil = (supporter(office, name) for name in ("Eve", "Fay", "Gil"))
    reads(office, f"announce {SALESFORCE} {TEXT}")
    reads(office, "announcement 1 send all")
    AnnouncementService(office.world.signing).fan_out(1)
    ada.does(ev.Withdraw())
    eve.does(ev.SetUpdates(wanted=False))
    fay.does(ev.Forget())
    box = Postbox("telegram", shut={"Gil"})
    post(office, box)
    assert box.got == []
    with office.world.work() as work:
        assert reasons(work, "announce.telegram") == {"OptedOut": 2, "Blocked": 1}, "Fay took hers along"
    shown = reads(office, "announcement 1")
    assert "Blocked the bot: 1\nNo longer want updates: 2\nFailed: 0" in shown
    reads(office, f"announce {SALESFORCE} More")
    assert "Telegram: 0" in reads(office, "announcement 2"), "whoever blocked the bot is not counted again"
    gil.does(ev.Open())
    assert "Telegram: 1" in reads(office, "announcement 2"), "until they write themselves"


def test_a_letter_says_why_it_is_not_to_be_sent(office: Office) -> None:
    service = AnnouncementService(office.world.signing)
    with office.world.work() as work:
        ada = work.signers.lock_or_create(Signer("telegram", "Ada"), office.world.now)
        draft = work.announcements.add(SALESFORCE, TEXT, office.world.now)
        gone = work.announcements.add("no-such-petition", TEXT, office.world.now)
        over = work.announcements.add(SALESFORCE, TEXT, office.world.now)
        work.announcements.save(replace(over, state=AnnouncementState.CANCELLED))
        work.commit()
    assert service.letter(draft.id, ada.id).to.user_id == "Ada"
    for number, person, why in (
        (99, ada.id, "Gone"), (draft.id, 99, "Gone"), (gone.id, ada.id, "Gone"), (over.id, ada.id, "Cancelled"),
    ):  # fmt: skip
        with pytest.raises(UnwantedError, match=why):
            service.letter(number, person)
    service.mark_unreachable(ada.id)
    service.mark_unreachable(999)
    with pytest.raises(UnwantedError, match="Blocked"):
        service.letter(draft.id, ada.id)


def test_recipients_are_gathered_batch_by_batch_and_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.services.announcements.BATCH", 2)
    for number in range(4):
        supporter(office, f"Person {'ABCD'[number]}")
    reads(office, f"announce {SALESFORCE} {TEXT}")
    reads(office, "announcement 1 send all")
    service = AnnouncementService(office.world.signing)
    assert service.fan_out(1)
    with office.world.work() as work:  # a worker that dies now has put two; another one goes on behind them
        put = [work.outbox.counts(topic.name, "1").get(State.WAITING, 0) for topic in TO_PERSON.values()]
        assert sum(put) == 2
        announcement = work.announcements.get(1)
        assert announcement
        work.announcements.save(replace(announcement, after=0))  # even if it had to begin again
        work.commit()
    while service.fan_out(1):
        pass
    assert not service.fan_out(1)
    box = Postbox("telegram")
    post(office, box, Postbox("discord"))
    assert sorted(who for who, _ in box.got) == ["Ada", "Person A", "Person B", "Person C", "Person D"]


def test_an_audience_is_a_language_or_a_label_or_everybody() -> None:
    assert Audience().takes("en", "news")
    assert Audience(locale="es").takes("es", "")
    assert not Audience(locale="es").takes("en", "")
    assert not Audience(label="news").takes("en", "")


def test_the_audit_log_counts_what_failed_by_topic_and_reason(office: Office) -> None:
    assert "Messages that may not have arrived" not in reads(office, "audit")
    topic, now = Topic("announce.telegram", repeat=False), office.world.now
    with office.world.work() as work:
        work.outbox.put([NewEntry(topic, str(number), now) for number in range(3)])
        first, second, third = work.outbox.claim("w", [topic.name], 9, now, now - now.replace(hour=0))
        work.outbox.report([dead(first, "Blocked"), dead(second, "Blocked"), doubtful(third, "LeaseExpired")], now)
        work.commit()
    log = reads(office, "audit")
    assert "Announcement on Telegram, not sent (Blocked): 2\n" in log
    assert "Announcement on Telegram, uncertain (LeaseExpired): 1" in log
    reads(office, "stats")
    assert "not sent (Blocked): 2" in reads(office, "audit")
