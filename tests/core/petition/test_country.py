"""Countries, as people type them: every kind of name leads to its code, or to a question."""

from __future__ import annotations

import json

import pytest
from babel import Locale

from core.messages import Message
from core.petition.country import CODES, DATA, find
from core.petition.form import WHICH_COUNTRY, CleaningContext, Field, FieldKind, clean
from tests.renewal.country_names import digest_of

LANGUAGES = (
    "ar", "bn", "cs", "de", "el", "en", "es", "fa", "fr", "he", "hi", "hu", "id", "it", "ja", "ko", "nl", "pl",
    "pt", "ro", "ru", "sv", "th", "tr", "uk", "vi", "zh",
)  # fmt: skip

COUNTRY = Field("country", FieldKind.COUNTRY)

TYPED = {
    "US": "US of A, États-Unis, 米国, США, Vereinigte Staaten von Amerika, United States (USA), the USA!, "
    "us, usa, U.S., U.S.A., U. S. A., United States of America, the United States, UNITED STATES, America, 🇺🇸",
    "GB": "uk, U.K., the U.K., Gt. Britain, Cymru, Alba, Vereinigtes Königreich, Great Britain, Britain, "
    "England, Scotland, Wales, Northern Ireland, N. Ireland, 🇬🇧, "
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "NL": "The Netherlands, Holland, Nederland, Holanda, die Niederlande, Pays-Bas, Kingdom of the Netherlands",
    "CZ": "Czech Republic, Czech Rep., Czechia, Česko, cesko",
    "MO": "Macau, Macao",
    "KR": "Korea, South Korea, Republic of Korea, 한국, 대한민국, S. Korea, Korea (South), South-Korea",
    "KP": "North Korea, DPRK, Democratic People's Republic of Korea, N. Korea, Korea (North)",
    "RU": "Russian Federation, Россия, Российская Федерация, Rossiya, Russland",
    "VN": "Viet Nam, Vietnam, Việt Nam",
    "IE": "Irish Republic, Rep. of Ireland, Republic of Ireland, Éire, Ireland",
    "CI": "Ivory Coast, Cote d'Ivoire, Côte d’Ivoire, cote divoire, Elfenbeinküste, Costa de Marfil",
    "LC": "Saint Lucia, St. Lucia, St Lucia, Ste. Lucie, Santa Lucía",
    "KN": "St. Kitts & Nevis, Saint Kitts and Nevis",
    "BA": "Bosnia and Herzegovina, Bosnia & Herzegovina, Bosnia-Herzegovina, Bosnia, Bosna i Hercegovina",
    "AG": "Antigua and Barbuda",
    "ST": "Sao Tome and Principe, São Tomé & Príncipe",
    "CW": "Curacao, Curaçao",
    "RE": "Reunion, La Réunion",
    "MM": "Burma, Myanmar, Birma, Birmanie, Myanmar (Burma)",
    "SZ": "Swaziland, Eswatini",
    "MK": "Macedonia, North Macedonia, Северна Македонија, FYROM, N. Macedonia",
    "TL": "East Timor, Timor-Leste",
    "PS": "Palestine, State of Palestine, فلسطين, Gaza, West Bank",
    "VA": "Vatican, Vatican City, Holy See, the Vatican, Vatican City State",
    "CD": "RDC, Zaire, Democratic Republic of Congo, DRC, DR Congo, Democratic Republic of the Congo, "
    "Congo-Kinshasa, Congo (DRC)",
    "CG": "Republic of the Congo, Congo-Brazzaville, Republic of Congo",
    "SA": "KSA, Kingdom of Saudi Arabia",
    "CN": "PRC, People's Republic of China, 中国, 中國, P.R. China, 中华人民共和国, Zhongguo",
    "BS": "The Bahamas, bahamas, Commonwealth of the Bahamas",
    "GM": "The Gambia, Gambia",
    "PH": "the Philippines, Pilipinas",
    "DE": "Bundesrepublik Deutschland, FRG, Deutschland 🇩🇪, 德国, Deutschland, germany, 🇩🇪, DEU, Allemagne, Alemania",
    "BR": "Brasil, Brazil",
    "ES": "España, Espana, Spain",
    "MX": "México, Mexico, Méjico",
    "CH": "Schweiz, Suisse, Svizzera, Switzerland, Svizra",
    "TR": "Turkey, Türkiye, turkiye",
    "IR": "Iran, Islamic Republic of Iran",
    "TW": "Taiwan, 台灣, 臺灣, Taiwan (R.O.C.), Chinese Taipei",
    "XK": "Kosovo, Kosova",
    "AE": "UAE, U.A.E., Emirates, Dubai, الإمارات",
    "AL": "Shqipëria, Shqiperi",
    "AM": "Հայաստան, Hayastan",
    "AT": "Österreich, Oesterreich, Osterreich",
    "AX": "Åland, Aland Islands",
    "CF": "CAR, Central African Republic",
    "CV": "Cape Verde, Cabo Verde",
    "EG": "مصر, Egypt",
    "FK": "Falklands, Malvinas, Islas Malvinas",
    "FO": "Faroes, Faeroe Islands",
    "GE": "საქართველო, Sakartvelo",
    "GR": "Hellas, Ελλάδα, Ελλάς, Greece",
    "IN": "Bharat, भारत, इंडिया, India",
    "KH": "កម្ពុជា, Kampuchea",
    "LA": "Lao PDR, ລາວ, Laos",
    "NZ": "Aotearoa, N.Z., New Zealand",
    "PG": "PNG, P.N.G., Papua New Guinea",
    "TC": "Turks & Caicos Islands, Turks and Caicos",
    "TH": "ประเทศไทย, ไทย, Siam",
    "TT": "Trinidad & Tobago, T&T, Trinidad",
    "UA": "the Ukraine, Україна, Ukraina",
    "VC": "St Vincent & the Grenadines, Saint Vincent and Grenadines",
    "VG": "BVI, British Virgin Islands",
    "VI": "U.S. Virgin Islands, USVI",
    "ZA": "S. Africa, RSA, Südafrika",
    "JP": "日本, Nippon, にほん, Nihon",
}


@pytest.mark.parametrize("code", TYPED)
def test_a_country_by_each_of_its_names(code: str) -> None:
    names = (
        TYPED[code].split(", ") if code != "IR" else ["Iran", "Islamic Republic of Iran", "Iran, Islamic Republic of"]
    )
    assert {name: find(name, "en") for name in names} == dict.fromkeys(names, (code,))


@pytest.mark.parametrize(
    ("typed", "locale", "codes"),
    [
        ("Congo", "en", ("CD", "CG")),
        ("Kongo", "de", ("CD", "CG")),
        ("Saint Martin", "en", ("MF", "SX")),
        ("Virgin Islands", "en", ("VG", "VI")),
        ("ru", "es", ("GB", "RU")),  # CLDR's short form of Reino Unido
        ("RU", "es", ("RU",)),
        ("ru", "en", ("RU",)),
        ("EEUU", "es", ("US",)),
        ("EE. UU.", "es", ("US",)),
        ("Nga", "en", ("NG", "RU")),  # Nigeria's code, and Russia in Vietnamese
        ("Georgia", "en", ("GE",)),
        ("Niger", "en", ("NE",)),
        ("Iran, Islamic Republic of", "en", ("IR",)),
        ("Ireland, Republic of", "en", ("IE",)),
        ("Congo, Democratic Republic of the", "en", ("CD",)),
        ("Korea, North", "en", ("KP",)),
        ("Korea (North)", "es", ("KP",)),
        ("Guyane", "fr", ("GF",)),
        ("Estados Unidos da América", "pt", ("US",)),
        ("Deutschland", "nl_BE", ("DE",)),
    ],
)
def test_the_readers_language_comes_first(typed: str, locale: str, codes: tuple[str, ...]) -> None:
    assert find(typed, locale) == codes


NOT_COUNTRIES = (
    "AN", "CS", "SU", "FX", "YU", "DD", "ZR", "BU", "TP", "NT", "USSR", "Yugoslavia", "Czechoslovakia", "Europe",
    "Africa", "World", "None", "n/a", "🇦🇳", "🇸🇺", "🏴\u200d☠️", "ZZ", "EU", "E.U.", "Atlantis", "the", "🏴", "🇪🇺",
    "🇽🇽", "?", "1", "()", "United Arab",
)  # fmt: skip


@pytest.mark.parametrize("typed", NOT_COUNTRIES)
def test_what_is_no_country_is_unknown(typed: str) -> None:
    assert find(typed, "en") == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_name_in_every_language_leads_to_its_country_or_asks(language: str) -> None:
    names = {code: str(name) for code, name in Locale.parse(language).territories.items() if code in CODES}
    for locale in (language, "en", "es"):
        assert {name: code for code, name in names.items() if code not in find(name, locale)} == {}
        assert {name: code for code, name in names.items() if code not in find(name.upper(), locale)} == {}
    assert sum(len(find(name, language)) > 1 for name in names.values()) <= 3


def test_a_code_stays_what_it_is() -> None:
    codes = sorted(CODES)
    for locale in ("en", "es", "vi", "fr"):
        assert [clean(COUNTRY, code, CleaningContext(locale)) for code in codes] == codes


def test_a_name_of_two_countries_asks_which() -> None:
    names = ("Congo - Kinshasa", "Congo - Brazzaville")
    refusal = clean(COUNTRY, "congo", CleaningContext("en"))
    assert refusal == Message(WHICH_COUNTRY, {"countries": names, "codes": "CD CG"})


def test_the_data_is_as_it_was_renewed() -> None:
    facts = json.loads(DATA.read_text(encoding="utf-8"))
    assert facts["sha256"] == digest_of(facts["languages"])
