"""The region of a signature for a map of support: the country and, in the United States, the state.

A ZIP code's first three digits name the place that sorts its mail, which determines the state. The table was made from
the 42,789 ZIP codes in the package zipcodes 3.0.0; 24 of them are in a different state than most codes with their
prefix, and count for the prefix's state. The package itself would take 57 MB of memory, and a quarter of a second at
the first signature.
"""

from __future__ import annotations

from collections.abc import Iterator

from babel import Locale

_ZIP_PREFIXES = """
AA 340         AE 090-099     AK 995-999     AL 350-352 354-369            AP 962-966     AR 716-729
AZ 850-853 855-857 859-860 863-865           CA 900-908 910-928 930-961    CO 800-816     CT 060-069
DC 200 202-205 569 888        DE 197-199     FL 320-339 341-342 344 346-347 349           GA 300-319 398-399
GU 969         HI 967-968     IA 500-516 520-528            ID 832-838     IL 600-620 622-629
IN 460-479     KS 660-662 664-679            KY 400-418 420-427            LA 700-701 703-708 710-714
MA 010-027 055                MD 206-212 214-219            ME 039-049     MI 480-499     MN 550-551 553-567
MO 630-631 633-641 644-658    MS 386-397     MT 590-599     NC 270-289     ND 580-588     NE 680-681 683-693
NH 030-038     NJ 070-089     NM 870-871 873-884            NV 889-891 893-895 897-898    NY 005 100-149
OH 430-459     OK 730-731 734-741 743-749    OR 970-979     PA 150-196     PR 006-007 009 RI 028-029
SC 290-299     SD 570-577     TN 370-385     TX 733 750-770 772-799 885    UT 840-847     VA 201 220-246
VI 008         VT 050-054 056-059            WA 980-986 988-994            WI 530-532 534-535 537-549
WV 247-268     WY 820-831
"""


def region_of(code: str, country: str) -> str:
    """The region of a postal code and a country, such as DE, or US-CA if the state is known; empty if both are."""
    state = _STATES.get(code[:3]) if country == "US" else None
    return f"{country}-{state}" if state else country


def region_name(region: str, locale: str) -> str:
    """The name of a region: the country in the reader's language, preceded by a state's postal abbreviation."""
    country, _, state = region.partition("-")
    name = str(Locale.parse(locale).territories.get(country, country))
    return f"{state}, {name}" if state else name


def _states() -> Iterator[tuple[str, str]]:
    state = ""
    for word in _ZIP_PREFIXES.split():
        if word.isalpha():
            state = word
            continue
        first, _, last = word.partition("-")
        for prefix in range(int(first), int(last or first) + 1):
            yield f"{prefix:03d}", state


_STATES = dict(_states())
