"""One person's use of the bot: in a server, in direct messages, anywhere."""

from __future__ import annotations

import datetime as dt
import re

from core.signatures.quarantine import Signal
from core.signatures.signature import SignatureStatus
from tests.discord_server.kinds import walk
from tests.discord_server.state import Message
from tests.discord_server.views import ChannelView
from tests.scenarios.discord_stage import NAMELESS, UNNAMED, DiscordTheatre
from tests.world import SALESFORCE, TREES


async def signed(view: ChannelView) -> None:
    await view.command("petition sign", petition=SALESFORCE)
    await view.submit({"Postal code": "90210", **UNNAMED})
    await view.press("Confirm")


async def test_good_answers_stay_when_another_is_refused(theatre: DiscordTheatre) -> None:
    view = (await theatre.person("Ada")).view
    await view.command("petition sign", petition=SALESFORCE)
    await view.submit({"Postal code": "90210", **UNNAMED})
    await view.press("Edit")
    await view.submit({"Postal code": "9021", "Email": "ada at home", "Comment": "Because I care"})
    assert "Postal code:** That isn't a valid postal code" in view.last.as_text()
    assert "Email:** That doesn't look like an email address" in view.last.as_text()
    await view.press("Correct your answers")
    assert view.modal is not None
    assert "[Because I care]" in view.modal.as_text()
    await view.submit({"Postal code": "90210", "Email": "ada@example.org"})
    assert "ada@example.org" in view.last.as_text()
    await view.press("Confirm")
    assert theatre.world.counted() == 1


async def test_an_answer_is_edited_added_and_taken_away_in_forms(theatre: DiscordTheatre) -> None:
    ada = await theatre.person("Ada")
    view = ada.view
    await view.command("petition sign", petition=SALESFORCE)
    await view.submit({"Postal code": "90210", **UNNAMED})
    await ada.view.press("Edit")
    await view.submit({"Name": "Ada L."})
    assert "**Name:** Ada L." in view.last.as_text()
    await ada.view.press("Edit")
    await view.submit({"Comment": "*Bold* words"})
    assert "Bold" in view.last.as_text()
    await ada.view.press("Edit")
    await view.submit({"Comment": ""})
    assert "You left this empty, so we kept your answer." in view.last.as_text()
    assert "Bold" in view.last.as_text()
    await view.press("Remove")
    assert "Comment:**" not in view.last.as_text()
    assert len([message for message in view.messages if message.ephemeral]) == 1, "one living message"


async def test_a_form_that_was_closed_opens_again(theatre: DiscordTheatre) -> None:
    view = (await theatre.person("Ada")).view
    await view.command("petition sign", petition=SALESFORCE)
    view.dismiss_modal()
    await view.command("petition sign", petition=SALESFORCE)
    await view.submit({"Postal code": "90210", **UNNAMED})
    await view.press("Confirm")
    assert theatre.world.counted() == 1


async def test_choices_are_marked_in_the_form(theatre: DiscordTheatre) -> None:
    view = (await theatre.person("Ada")).view
    await view.command("petition show", petition=TREES)
    await view.press("Sign")
    assert view.modal is not None
    await view.submit({"Country": "US", "Postal code": "90210", "Tenant or owner?": "I rent"})
    assert "about to sign" in view.last.as_text()


async def test_in_the_bots_own_chat_messages_stay_and_typing_is_answered(theatre: DiscordTheatre) -> None:
    dm = (await theatre.person("Ada")).dm
    dm.say("hello?")
    await dm.settle()
    assert "Choose one of these 2 petitions" in dm.last.as_text()
    await dm.command("petition sign", petition=SALESFORCE)
    await dm.submit({"Postal code": "9021", **UNNAMED})
    for words, then in (("902", "isn't a valid postal code"), ("90210", "about to sign")):
        dm.say(words)
        await dm.settle()
        assert then in dm.last.as_text()
    await dm.press("Confirm")
    assert "Thank you!" in dm.last.as_text()
    assert not dm.last.ephemeral
    assert "Post it here" not in dm.last.as_text(), "there is nobody else"


async def test_the_bot_does_not_answer_itself(theatre: DiscordTheatre) -> None:
    """Discord tells the bot of every direct message, those that it wrote included."""
    dm = (await theatre.person("Ada")).dm
    dm.say("hello?")
    await dm.settle()
    by_bot = [each.author.is_bot for each in dm.messages]
    assert by_bot == [False, True]
    created = [each for event, each in theatre.server.gateway.connected[0].history if event == "MESSAGE_CREATE"]
    assert [each["author"]["bot"] for each in created] == by_bot, "the fake told it of both"


async def test_as_an_own_app_it_works_in_any_chat(theatre: DiscordTheatre) -> None:
    person = theatre.server.person(77, "Zoe")
    view = person.anywhere()
    await signed(view)
    assert theatre.world.counted() == 1
    await view.press("Post it here")
    assert not view.last.ephemeral
    assert "Next goal" in view.last.as_text()


async def test_signing_by_a_shared_card_credits_the_sharer_without_a_name(theatre: DiscordTheatre) -> None:
    ada, ben = await theatre.person("Ada"), await theatre.person("Ben")
    await signed(ada.view)
    await ada.view.press("Post it here")
    assert "Ada" not in ben.view.last.as_text()
    await ben.view.press("Sign")
    await ben.view.submit({"Postal code": "90210", **UNNAMED})
    await ben.view.press("Confirm")
    signatures = list(theatre.services.queries.signatures(SALESFORCE, (SignatureStatus.COUNTED,)))
    first, second = signatures
    assert theatre.services.queries.credited(SALESFORCE, first.referral) == 1
    assert second.label.startswith("own~")


async def test_a_long_name_and_marks_in_it_do_no_harm(theatre: DiscordTheatre) -> None:
    ada = await theatre.person("*_~`|> " * 20)
    await ada.view.command("petition sign", petition=SALESFORCE)
    assert ada.view.modal is not None
    await ada.view.submit({"Name": "@everyone <@1>", "Postal code": "90210", **UNNAMED})
    assert not theatre.server.failures


async def test_typed_text_pings_nobody(theatre: DiscordTheatre) -> None:
    view = (await theatre.person("Ada")).view
    await view.command("petition sign", petition=SALESFORCE)
    await view.submit({"Postal code": "90210", **UNNAMED})
    await view.press("Edit")
    await view.submit({"Comment": "@everyone @here <@1> <@&2>"})
    pings = view.last.pings
    assert not pings.everyone
    assert not pings.roles
    assert not pings.users


async def test_language_privacy_and_erasing_work_from_here(theatre: DiscordTheatre) -> None:
    ada = await theatre.person("Ada")
    await signed(ada.view)
    await ada.view.command("privacy")
    assert "What we store" in ada.view.last.as_text()
    await ada.view.command("language")
    await ada.taps("Español")
    await ada.view.command("mysignatures")
    assert "Has firmado 1 petición" in ada.view.last.as_text()
    await ada.view.command("forget")
    await ada.taps("Borrar todo")
    assert theatre.world.counted() == 0


async def test_a_form_that_is_closed_leaves_everything_as_it_was(theatre: DiscordTheatre) -> None:
    ada = await theatre.person("Ada")
    view = ada.view
    await view.command("petition read", petition=SALESFORCE)
    await view.press("Next page")
    await view.press("Sign")
    view.dismiss_modal()
    await view.press("Previous page")
    assert "page 1 of 2" in view.last.as_text()
    await view.press("Sign")
    await view.submit({"Postal code": "90210", **UNNAMED})
    await ada.view.press("Edit")
    view.dismiss_modal()
    await ada.view.press("Edit")
    assert view.modal is not None
    assert "Postal code" in view.modal.as_text()
    assert "Name *" in view.modal.as_text(), "all fields are in one form"
    view.dismiss_modal()
    await view.press("Confirm")
    assert theatre.world.counted() == 1


async def test_a_form_sent_late_keeps_what_was_typed(theatre: DiscordTheatre) -> None:
    ada = await theatre.person("Ada")
    await ada.view.command("petition sign", petition=SALESFORCE)
    ada.dm.say("/nothing")
    await ada.view.settle()
    await ada.view.submit({"Postal code": "90210", **UNNAMED})
    assert "about to sign" in ada.view.last.as_text()
    assert "90210" in ada.view.last.as_text()


def public(message: Message) -> tuple[object, ...]:
    """Read what any other bot could see of a card, besides who posted it: the shape of its buttons."""
    ids = [component["custom_id"] for component in walk(message.components) if component.get("custom_id")]
    return (
        [re.sub(r"c\w{13}\|", "c<label>|", custom_id) for custom_id in ids],
        {custom_id[1] for custom_id in ids},
    )


async def test_a_shared_card_does_not_reveal_who_signed(theatre: DiscordTheatre) -> None:
    ada, ben = await theatre.person("Ada"), await theatre.person("Ben")
    await signed(ada.view)
    await ada.view.press("Post it here")
    cards = [ben.view.last]
    theatre.world.now += dt.timedelta(minutes=2)
    await ben.view.command("petition share", petition=SALESFORCE)
    await ben.view.press("Post it here")
    cards.append(next(message for message in reversed(ben.view.messages) if not message.ephemeral))
    assert public(cards[0]) == public(cards[1])


async def test_the_label_stays_when_a_person_chooses_from_a_list(theatre: DiscordTheatre) -> None:
    ada = await theatre.person("Ada")
    await ada.view.command("petition sign")
    await ada.taps("Tell Salesforce to cancel")
    await ada.view.submit({"Postal code": "90210", **NAMELESS})
    (signature,) = theatre.services.queries.signatures(SALESFORCE, (SignatureStatus.COUNTED,))
    assert signature.label == theatre.services.community_label("discord", str(theatre.guild.id))


async def test_withdrawing_leads_to_what_was_signed_elsewhere(theatre: DiscordTheatre) -> None:
    ada = await theatre.person("Ada")
    await signed(ada.view)
    await ada.view.command("petition show", petition=TREES)
    await ada.view.command("withdraw")
    assert "You've signed 1 petition" in ada.view.last.as_text()


async def test_an_account_made_a_moment_ago_is_held_back_and_sees_no_difference(theatre: DiscordTheatre) -> None:
    with theatre.world.work() as work:
        work.signals.set_threshold(Signal.NEW_ACCOUNT, 10)
        work.commit()
    screens = []
    for number, minutes in ((81, 11), (82, 9)):
        made = theatre.world.now - dt.timedelta(minutes=minutes)
        person = theatre.server.person(number, "Ada", created_at=made)
        theatre.guild.join(person)
        await signed(person.in_channel(theatre.channel))
        screens.append(person.in_channel(theatre.channel).last.as_text())
        with theatre.world.work() as work:
            totals = work.tallies.of(SALESFORCE).totals
    assert (totals[SignatureStatus.COUNTED], totals[SignatureStatus.QUARANTINED]) == (1, 1)
    assert "signature no. 2" in screens[1]


async def test_a_label_comes_with_the_petitions_name_as_the_web_page_says(theatre: DiscordTheatre) -> None:
    view = (await theatre.person("Ada")).view
    await view.command("petition sign", petition=f"{SALESFORCE}--newsletter")
    await view.submit({"Postal code": "90210", **UNNAMED})
    await view.press("Confirm")
    ben = (await theatre.person("Ben")).view
    await ben.command("petition sign", petition=f"{SALESFORCE}--<not a label>{'x' * 90}")
    await ben.submit({"Postal code": "90210", **UNNAMED})
    await ben.press("Confirm")
    with theatre.world.work() as work:
        assert work.tallies.credited(SALESFORCE, "newsletter") == 1
    assert theatre.world.counted() == 2
