"""Stories of supporters."""

from __future__ import annotations

from tests.scenarios.discord_stage import DiscordTheatre
from tests.scenarios.stage import Persona, Theatre
from tests.world import SALESFORCE, TREES


async def signs(person: Persona, name: str) -> None:
    """From the first screen to the review; a chat that knows the name does not ask for it."""
    await person.taps("Sign")
    if "Your first and last name" in person.reads():
        await person.types(name)
    await person.types("90210")


async def test_suzie_reads_and_checks_a_source_before_she_signs(theatre: Theatre) -> None:
    suzie = await theatre.person("Suzie Q")
    await suzie.opens(SALESFORCE, "elm-club")
    assert "A petition to Salesforce CEO Marc Benioff, by Demand Progress" in suzie.reads()
    assert "First goal: 1,000" in suzie.reads()
    await suzie.taps("Read")
    assert "It is time to cancel your contract" in suzie.reads()
    await suzie.taps("Next page")
    assert "he refused.[1]" in suzie.reads()
    await suzie.taps("[1]" if isinstance(theatre, DiscordTheatre) else "Source 1: Gizmodo")
    assert "Salesforce CEO Says It Won't Sever Ties" in suzie.reads()
    assert "June 28, 2018" in suzie.reads()
    assert "When they joined together to ask CEO Marc Benioff" in suzie.reads(), "the sentence that leans on it"
    await suzie.taps("Back to the page")
    assert "he refused.[1]" in suzie.reads()
    await signs(suzie, "Suzie Q")
    assert "You must cancel your corporations contract with CBP immediately." in suzie.reads(), "the letter itself"
    await suzie.taps("Confirm")
    assert "Thank you!" in suzie.reads()
    assert "signature no. 1" in suzie.reads()
    assert theatre.world.counted() == 1


async def test_omar_mistypes_and_loses_nothing(theatre: Theatre) -> None:
    omar = await theatre.person("Omar")
    await omar.opens(SALESFORCE)
    await omar.taps("Sign")
    if "Your first and last name" in omar.reads():
        await omar.types("Omar")
    await omar.types("9021")
    assert "That isn't a valid postal code" in omar.reads()
    await omar.types("90210")
    await omar.taps("Edit")
    await omar.taps("Add: Email")
    await omar.types("omar at example.org")
    assert "doesn't look like an email address" in omar.reads()
    await omar.types("omar@example.org")
    assert "omar@example.org" in omar.reads()
    assert "Omar" in omar.reads()
    await omar.taps("Edit")
    await omar.taps("Edit: Postal code")
    assert "90210" in omar.reads()
    await omar.taps("Keep as it is")
    await omar.taps("Confirm")
    assert theatre.world.counted() == 1


async def test_ana_speaks_spanish_and_reads_the_original(theatre: Theatre) -> None:
    ana = await theatre.person("Ana", language="es")
    await ana.opens(SALESFORCE)
    assert "inglés" in ana.reads()
    await ana.taps("Firmar")
    if "Tu nombre y apellido" in ana.reads():
        await ana.types("Ana")
    await ana.types("90210")
    assert "It is time to cancel your contract" in ana.reads()
    await ana.taps("Confirmar")
    assert theatre.world.counted() == 1


async def test_ben_changes_his_mind_twice(theatre: Theatre) -> None:
    ben = await theatre.person("Ben")
    await ben.opens(SALESFORCE)
    await signs(ben, "Ben")
    await ben.taps("Confirm")
    await ben.taps("Withdraw")
    assert "will stop counting right away" in ben.reads()
    await ben.taps("Withdraw my signature")
    assert theatre.world.counted() == 0
    await ben.taps("Sign again")
    if "Your first and last name" in ben.reads():
        await ben.types("Ben")
    await ben.types("90210")
    await ben.taps("Confirm")
    assert theatre.world.counted() == 1


async def test_carla_is_recognised_and_signs_the_next_one_with_fewer_taps(theatre: Theatre) -> None:
    carla = await theatre.person("Carla Chan")
    await carla.opens(SALESFORCE)
    await signs(carla, "Carla Chan")
    await carla.taps("Confirm")
    await carla.opens(TREES)
    assert "Welcome back, Carla Chan." in carla.reads()
    await carla.taps("Sign")
    await carla.types("United States")
    await carla.taps("I rent")
    assert "Postal code: 90210" in carla.reads()
    await carla.taps("Confirm")
    assert theatre.world.counted(TREES) == 1
    await carla.taps("My signatures")
    assert "You've signed 2 petitions." in carla.reads()


async def test_grace_names_a_country_that_could_be_two(theatre: Theatre) -> None:
    grace = await theatre.person("Grace")
    await grace.opens(SALESFORCE)
    await signs(grace, "Grace")
    await grace.taps("Confirm")
    await grace.opens(TREES)
    await grace.taps("Sign")
    await grace.types("the Congo")
    if "Tenant or owner?" in grace.reads():  # a form asks for both at once
        await grace.taps("I rent")
    assert "That name fits more than one country: Congo - Kinshasa and Congo - Brazzaville." in grace.reads()
    await grace.taps("Congo - Brazzaville")
    if "Confirm" not in grace.reads():
        await grace.taps("I rent")
    assert "Country: Congo - Brazzaville" in grace.reads()


async def test_dora_asks_what_is_stored_and_has_it_erased(theatre: Theatre) -> None:
    dora = await theatre.person("Dora")
    await dora.opens(SALESFORCE)
    await signs(dora, "Dora")
    await dora.taps("Privacy")
    assert "Your answers go to Demand Progress, but your email address only if you choose updates" in dora.reads()
    await dora.taps("Back to signing")
    await dora.taps("Confirm")
    await dora.taps("More")
    await dora.taps("Forget me")
    await dora.taps("Erase everything")
    assert "We've erased everything about you" in dora.reads()
    assert theatre.world.counted() == 0


async def test_eve_learns_nothing_by_typing_another_persons_address(theatre: Theatre) -> None:
    seen = []
    ada, again = "Ada Lovelace", "ADA Lovelace"  # another name would be that of a second person in the household
    for name, mail in ((ada, "ada@example.org"), (again, "ada+x@example.org"), ("Fay", "fay@example.org")):
        person = await theatre.person(name)
        await person.opens(SALESFORCE)
        await signs(person, name)
        await person.taps("Edit")
        await person.taps("Add: Email")
        await person.types(mail)
        await person.taps("Confirm")
        seen.append(person.reads().split("Receipt")[0])
    assert seen[1] == seen[2], "the second address was counted already, the third was not"
    assert theatre.world.counted() == 2


async def test_a_person_who_leaves_in_the_middle_comes_back_to_it(theatre: Theatre) -> None:
    gil = await theatre.person("Gil")
    await gil.opens(SALESFORCE)
    await signs(gil, "Gil")
    await gil.opens(SALESFORCE)
    assert "You haven't finished signing." in gil.reads()
    await gil.taps("Sign")
    assert "90210" in gil.reads()
    await gil.taps("Cancel")
    assert "Canceled. You haven't signed" in gil.reads()
    assert theatre.world.counted() == 0


async def test_text_in_place_of_a_choice_gets_a_helpful_answer(theatre: Theatre) -> None:
    hal = await theatre.person("Hal")
    await hal.opens(SALESFORCE)
    await hal.types("hello?")  # which is welcomed
    assert "Sign" in hal.reads()
    for text in ("what now?", "<b>Sign</b>", "\u202e", "💥" * 50):
        await hal.types(text)
        assert "Please choose one of the options shown." in hal.reads()


async def test_vera_sends_only_voice_messages_and_signs_all_the_same(theatre: Theatre) -> None:
    vera = await theatre.person("Vera Voice")
    await vera.opens(SALESFORCE)
    await vera.speaks()
    assert "Please choose one of the options shown." in vera.reads()
    await vera.taps("Sign")
    if "Your first and last name" in vera.reads():
        await vera.types("Vera Voice")  # as her keyboard writes down what she says
    for _ in range(12):
        await vera.speaks()
        assert "isn't a valid" not in vera.reads(), "a voice message is not an answer"
    if "Postal code" not in vera.reads():  # an open form is not a question yet
        await vera.taps("Sign")
    assert "Postal code" in vera.reads()
    await vera.types("90210")
    await vera.speaks()
    assert "Postal code: 90210" in vera.reads()
    assert "Name: Vera Voice" in vera.reads()
    await vera.taps("Confirm")
    assert "Thank you!" in vera.reads()
    await vera.speaks()
    assert "signature no. 1" in vera.reads()
    assert theatre.world.counted() == 1, "twelve voice messages are no attempts"


async def test_ravi_from_singapore_signs_as_his_papers_say(theatre: Theatre) -> None:
    ravi = await theatre.person("Ravi s/o Kumar")
    await ravi.opens(TREES)
    await ravi.taps("Sign")
    if "Your first and last name" in ravi.reads():
        await ravi.types("Ravi s/o Kumar")
    await ravi.types("Singapore")
    if "Tenant or owner?" in ravi.reads():  # a form asks for both at once
        await ravi.taps("I rent")
    assert "Singapore" in ravi.reads()
    assert "546080" in ravi.reads(), "an example of Singapore's codes, before anything is refused"
    await ravi.types("1895")
    assert "That isn't a valid postal code (Singapore)." in ravi.reads()
    await ravi.types("S(018956)")
    if "Confirm" not in ravi.reads():
        await ravi.taps("I rent")
    assert "Ravi s/o Kumar" in ravi.reads()
    assert "Postal code: 018956" in ravi.reads()
    await ravi.taps("Confirm")
    assert theatre.world.counted(TREES) == 1


async def test_juergen_from_germany_gives_his_country_instead_of_a_zip_code(theatre: Theatre) -> None:
    juergen = await theatre.person("Jürgen Groß")
    await juergen.opens(SALESFORCE)
    await juergen.taps("Sign")
    if "Your first and last name" in juergen.reads():
        await juergen.types("Jürgen Groß")
    assert "If you live elsewhere" in juergen.reads()
    await juergen.types("D-10115 Berlin, Deutschland")
    assert "or your country's name" in juergen.reads()
    await juergen.types("Deutschland")
    assert "Country: Germany" in juergen.reads()
    await juergen.taps("Edit")
    await juergen.taps("Add: Email")
    await juergen.types("juergen@gmial.com")
    assert "Did you mean juergen@gmail.com?" in juergen.reads()
    await juergen.taps("juergen@gmail.com")
    assert "juergen@gmail.com" in juergen.reads()
    await juergen.taps("Confirm")
    assert theatre.world.counted() == 1
