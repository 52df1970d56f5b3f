"""Names as identity documents have them are accepted; links, markup and formulas are not."""

from __future__ import annotations

import pytest

from tests.core.petition.test_form import NAME, refused, taken


@pytest.mark.parametrize(
    "name",
    [
        "Ada Lovelace", "Łukasz Żółć", "李小龙", "محمد علي", "Ольга", "O’Brien-Smith", "J. R. R. Tolkien", "Björk",
        "St.John Rivers", "Ngũgĩ wa Thiong'o", "می\u200cخواهم", "X Æ A-12", "🌱 Ada", "Martin Luther King, Jr.",
        "Ravi s/o Kumar", "Meera D/O Rajan", "Suresh A/L Muthu", "Siti A/P Ali", "Tan Ah Kow @ Tan Beng",
        "Mohd.Faisal Rahman", "Muhd.Aizat", "Chas.Brown", "Prof.Dr.Anna Weber", "Dr.med.Karl Weber", "Mlle.Rose",
        "Srta.Lopez", "j.smith", "m.k.rao", "p.j.hale", "Yamada.Taro", "Jean.Luc Picard", "R.k.Menon", "O'Brien",
        "D’Angelo", "Anne-Marie", "Ng", "X", "Null",
        "राम कुमार", "مُحَمَّد", "Nguyễn Thị Minh Khai", "Yu.Li", "TAN.MEI.LI", "Maria.de Souza", "j.kim", "Anna / Ann",
        "Ada \U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "Ma. Lourdes Cruz",
        "Rajesh W/O Kumar", "Lim A/K Bujang", "Jau anak Lagan", "Siti bte. Ali", "Nurul bt.Hassan", "Kumar S/O. Raman",
        "Tan Ah Kow@Tan Beng", "ROSLI@MOHD ROSLI BIN ALI", "सीता @ रवि", "TAN AH KOW (CHEN YAKAO)", "Anna/Ann Lee",
        "Capt.Tom Moore", "Rev.Dr.King", "Dipl.-Ing.Karl May", "Univ.-Prof.Dr.Eva Maier", "A.P.J.Abdul Kalam",
        "nguyen.v.a", "Ph.D.Ada King", "Ada King, Ph.D.", "Budi S.H., M.H.", "Siti S.Pd", "Juan S.de León",
        "Ma.de Jesus Patricio", "J.v.d.Berg", "Jan v/d Berg", "Jan van 't Hoff", "’t Hooft", "J.-P. Sartre",
        "M.Co", "Sean O.Co", "Ho.Ly", "Vo.Vi", "Anna.Li", "N'Golo Kanté", "ʻĀina", "Nǃxau ǂToma", "D´Angelo",
        "“Weird Al” Yankovic", "Jennifer 8. Lee", "Malcolm X", "Ye", "O", "None", "Undefined", "Test", "Ada ❤️",
        "Владимир Ильич", "김민수", "山田・太郎", "山田。太郎", "Ōe Kenzaburō", "S:t Clair", "Mª Carmen",
    ],
)  # fmt: skip
def test_names_keep_every_script(name: str) -> None:
    assert taken(NAME, name) == name


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("𝓐𝓷𝓪 𝓟𝓮𝓻𝓮𝔃", "Ana Perez"),
        ("Ｎａｎａ", "Nana"),
        ("Ⓐⓝⓐ Ⓛⓞⓟⓔⓩ", "Ana Lopez"),
        ("🅰🅽🅰", "ANA"),
        ("🅰️🅽🅰", "ANA"),
        ("🅐🅝🅐", "ANA"),
        ("🄰🄽🄰", "ANA"),
        ("⒜⒩⒜", "ana"),
        ("ᴀɴᴀ ʟᴏᴘᴇᴢ", "ana lopez"),
        ("𝔄𝔫𝔞 𝕷𝖔𝖕𝖊𝖟", "Ana Lopez"),
        ("𝚫𝛂", "Δα"),
        ("ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダ タロウ"),
        ("ﻣﺤﻤﺪ", "محمد"),
        ("Ａ̈da", "Äda"),
        ("Ali s／o Bakar", "Ali s/o Bakar"),
        ("\u202aAda Lovelace\u202c", "Ada Lovelace"),
        ("\u2068 Ada \u2069", "Ada"),
        ("\u2067\u2068עדה\u2069\u2069", "עדה"),
    ],
)
def test_decoration_and_direction_marks_go_and_the_name_stays(typed: str, stored: str) -> None:
    assert taken(NAME, typed) == stored


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ("=cmd()", "refused.name_start"),
        ("+1 555", "refused.name_start"),
        ("-Ada", "refused.name_start"),
        ("@ada", "refused.name_start"),
        ("Ada https://spam.example", "refused.name_link"),
        ("www.spam.example", "refused.name_link"),
        ("buy at spam.com", "refused.name_link"),
        ("SPAM.COM", "refused.name_link"),
        ("t.me/spam", "refused.name_link"),
        ("t.me/x", "refused.name_link"),
        ("spam.com", "refused.name_link"),
        ("Discord.Gg", "refused.name_link"),
        ("Bit.Ly", "refused.name_link"),
        ("ada@example.org", "refused.name_link"),
        ("＝Ada", "refused.name_start"),
        ("＠ada", "refused.name_start"),
        ("<SCRIPT>alert()", "refused.name_link"),
        ("[b]Ada[/b]", "refused.name_link"),
        ("[url=x]Ada[/url]", "refused.name_link"),
        ("%77%77", "refused.name_link"),
        ("x.com", "refused.name_link"),
        ("&lt;b&gt;", "refused.name_link"),
        ("&#60;b", "refused.name_link"),
        ("&amp;", "refused.name_link"),
        ("Ada%0a", "refused.name_link"),
        ("%3Cscript%3E", "refused.name_link"),
        ("{{7*7}}", "refused.name_link"),
        ("${jndi:ldap}", "refused.name_link"),
        ("javascript:alert(1)", "refused.name_link"),
        ("tel:+123", "refused.name_link"),
        ("localhost:80", "refused.name_link"),
        ("=HYPERLINK(1)", "refused.name_start"),
        ("\ufe66Ada", "refused.name_start"),
        ("－Ada", "refused.name_start"),
        ("@everyone", "refused.name_start"),
        ("Ada@everyone", "refused.name_link"),
        ("Ada @bot", "refused.name_link"),
        ("Ada@Example.De", "refused.name_link"),
        ("/start", "refused.name_link"),
        ("../../etc", "refused.name_link"),
        ("evil.com.", "refused.name_link"),
        ("evil.рф", "refused.name_link"),
        ("evil.中国", "refused.name_link"),
        ("xn--e1afmkfd.xn--p1ai", "refused.name_link"),
        ("casino.win", "refused.name_link"),
        ("free.money now", "refused.name_link"),
        ("t.me", "refused.name_link"),
        ("t.co", "refused.name_link"),
        ("Bit.ly", "refused.name_link"),
        ("Evil.Ru/x", "refused.name_link"),
        ("Ⓢⓟⓐⓜ.ⓒⓞⓜ", "refused.name_link"),
        ("Spam.Com", "refused.name_link"),
        ("spam.de", "refused.name_link"),
        ("ｓｐａｍ.ｃｏｍ", "refused.name_link"),
        ("spam。com", "refused.name_link"),
        ("buy spam.com now", "refused.name_link"),
        ("bit.ly/a", "refused.name_link"),
        ("Ada\u202dcba", "refused.characters"),
        ("Ada\nLovelace", "refused.characters"),
        ("Ada\u202eecalevoL", "refused.characters"),
        ("Ada\x00", "refused.characters"),
        ("12345", "refused.name_letters"),
        ("evil\u3002com", "refused.name_link"),
        ("ｅｖｉｌ．ｃｏｍ", "refused.name_link"),
        ("https:evil", "refused.name_link"),
        ("\u3164", "refused.empty"),
        ("Ada\u2028Lovelace", "refused.characters"),
        ("Ada\u202aLovelace", "refused.characters"),
        ("Ada\ue000", "refused.characters"),
        ("🌱🌱", "refused.name_letters"),
        ("a" * 101, "refused.too_long"),
        ("   ", "refused.empty"),
        ("\u200b\u200e", "refused.empty"),
    ],
)
def test_names_refuse_what_is_no_name(raw: str, key: str) -> None:
    assert refused(NAME, raw) == key


def test_spaces_are_tidied_and_characters_composed() -> None:
    assert taken(NAME, "  Ada   Love\u200blace ") == "Ada Lovelace"
    assert taken(NAME, "Jose\u0301") == "José"
