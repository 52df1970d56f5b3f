"""A petition in Arabic alone, a language that the product's own sentences lack."""

from __future__ import annotations

from pathlib import Path

from core.petition.petition import Petition
from tests.loading import load_petitions

OLIVES = "olives"
_FACTS = """
[petition]
organizer = "جيران شارع الزيتون"
target = "مجلس المدينة (2026)"
languages = ["ar"]
goal = 100
closes = 2027-06-30
retention_days = 30

[[fields]]
name = "full_name"
kind = "name"
required = true
"""
_LETTER = """---
title: أنقذوا أشجار الزيتون الأربعين في شارع الزيتون قبل حلول فصل الربيع القادم
summary: نطلب من مجلس المدينة تقليم الأشجار وعدم قطعها.
---

أشجار الزيتون الأربعون سليمة. نطلب منكم تقليمها وعدم قطعها.
"""
_BACKGROUND = """
يريد المجلس قطعها في الربيع.[^1] وهي سليمة كلها.[^2]

[^1]: جريدة المدينة، «قطع أربعين شجرة زيتون في شارع الزيتون بحلول الربيع القادم رغم اعتراض السكان»، 2 مارس 2026. <https://courier.example.org/olives>

[^2]: Tree Survey, “Olive trees of the city,” March 3, 2026.
"""


def arabic_petition(folder: Path) -> Petition:
    """The petition, loaded from files in a new folder inside this one."""
    own = folder / "petitions" / OLIVES
    (own / "ar").mkdir(parents=True)
    for name, text in (("petition.toml", _FACTS), ("ar/letter.md", _LETTER), ("ar/background.md", _BACKGROUND)):
        (own / name).write_text(text, encoding="utf-8")
    return load_petitions(folder / "petitions")[OLIVES]
