"""Renews bots/papers/fonts: `python -m tests.renewal.fonts`, on Debian with npm.

Every file is Noto or Amiri, under the SIL Open Font License. Debian's font team packages Noto for all scripts; Expo
packages what Google Fonts serves, so that the fonts that most names are set in are newer there.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import struct
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont

from bots.papers.glyphs import TABLE, UNIT
from bots.papers.typesetting import FONTS

MANIFEST = FONTS / "manifest.json"
LICENCE = FONTS / "OFL.txt"
NOTO, CJK = "fonts-noto-core", "fonts-noto-cjk"  # of Debian
WITH_BOLD = "Armenian Bengali Georgian Gujarati Gurmukhi Khmer Malayalam Myanmar Sinhala Tamil Thaana Thai"
REGULAR = (
    "Adlam Balinese Bamum BassaVah Batak Buginese Buhid CanadianAboriginal Chakma Cham Cherokee Coptic Deseret "
    "GunjalaGondi HanifiRohingya Hanunoo Javanese KayahLi Lepcha Limbu Lisu Mandaic MasaramGondi Medefaidrin "
    "MeeteiMayek MendeKikakui Miao Mongolian Mro NKo NewTaiLue Newa OlChiki Osage Osmanya PahawhHmong PauCinHau "
    "Rejang Samaritan Saurashtra Shavian SoraSompeng Sundanese SylotiNagri Symbols Symbols2 Syriac Tagalog Tagbanwa "
    "TaiLe TaiTham TaiViet Tifinagh Tirhuta Vai Wancho WarangCiti Yi"
)
SERIF = "NyiakengPuachueHmong Tibetan Yezidi"  # Noto Sans does not cover these
EXPO = {
    "noto-sans": ("400Regular", "400Regular_Italic", "600SemiBold", "700Bold", "700Bold_Italic"),
    "noto-sans-arabic": ("400Regular", "600SemiBold", "700Bold"),
    "noto-sans-devanagari": ("400Regular", "700Bold"),
    "noto-sans-ethiopic": ("400Regular", "700Bold"),
    "noto-sans-hebrew": ("400Regular", "700Bold"),
    "noto-sans-kannada": ("400Regular", "700Bold"),
    "noto-sans-lao": ("400Regular", "700Bold"),
    "noto-sans-oriya": ("400Regular", "700Bold"),
    "noto-sans-telugu": ("400Regular", "700Bold"),
    "noto-emoji": ("400Regular",),
    "amiri": ("400Regular", "400Regular_Italic", "700Bold", "700Bold_Italic"),
}
PREFERRED = ("NotoSans_400Regular", "NotoSansHebrew_400Regular", "Amiri_400Regular", "NotoSansCJK-Regular")
"""The fonts that names are set in, in this order; the others print what these lack."""
STEP = 20  # widths are rounded up to so many thousandths
FACES = 4  # of the ten in Noto Sans CJK: Japan, Korea, simplified and traditional Chinese; then come Hong Kong and Mono


def main() -> None:
    """Download the packages, and replace all fonts by those in them."""
    with tempfile.TemporaryDirectory() as folder:
        fonts = [*_from_debian(Path(folder)), *_from_expo(Path(folder))]
        shutil.rmtree(FONTS, ignore_errors=True)
        FONTS.mkdir()
        files = {file.name: source for source, file in fonts if file.suffix in (".ttf", ".ttc")}
        for _, file in fonts:
            shutil.copyfile(file, FONTS / file.name)
    (FONTS / "LICENSE_FONT").rename(LICENCE)
    (only_cjk,) = FONTS.glob("*.ttc")
    keep_faces(only_cjk, FACES)
    facts = {name: {"source": files[name], "sha256": digest_of(FONTS / name)} for name in sorted(files)}
    MANIFEST.write_text(json.dumps({"licence": "OFL-1.1", "files": facts}, indent=1) + "\n", encoding="utf-8")
    TABLE.write_text(table_of(FONTS), encoding="utf-8")


def table_of(fonts: Path) -> str:
    """The table that bots.papers.glyphs reads."""
    files = {file.stem: file for file in sorted(fonts.glob("*.tt[fc]"))}
    first = [_widths(files[name]) for name in PREFERRED]
    others = [_widths(file) for name, file in files.items() if name not in PREFERRED]
    runs: list[list[int]] = []
    for point in sorted(set().union(*first, *others)):
        known = next((widths[point] for widths in first if point in widths), None)
        width = max(widths.get(point, 0) for widths in others) if known is None else known
        if runs and runs[-1][1:] == [point - 1, width]:
            runs[-1][1] = point
        else:
            runs.append([point, point, width])
    return "[" + ",\n".join(",".join(map(str, run)).join("[]") for run in runs) + "]\n"


def _widths(file: Path) -> dict[int, int]:
    """The width of each character in a font, in thousandths of its size."""
    with file.open("rb") as stream:
        font = TTCollection(stream).fonts[0] if file.suffix == ".ttc" else TTFont(stream, lazy=True)
        advances, per_em = font["hmtx"].metrics, font["head"].unitsPerEm
        return {
            point: -(-advances[name][0] * UNIT // (per_em * STEP)) * STEP for point, name in font.getBestCmap().items()
        }


def digest_of(file: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def keep_faces(collection: Path, count: int) -> None:
    """Leave only the first faces of a TrueType collection: Typst reads every one when it starts."""
    data = bytearray(collection.read_bytes())
    tag, _, faces = struct.unpack_from(">4sII", data)
    if tag != b"ttcf" or faces < count:
        raise ValueError(f"{collection.name} is not a collection of {count} faces or more")
    struct.pack_into(">I", data, 8, count)  # the offsets of the others are not read any more
    collection.write_bytes(data)


def _from_debian(folder: Path) -> Iterator[tuple[str, Path]]:
    """Iterate over the files, each with its source."""
    noto = [f"NotoSans{script}-{weight}.ttf" for script in WITH_BOLD.split() for weight in ("Regular", "Bold")]
    noto += [f"NotoSans{script}-Regular.ttf" for script in REGULAR.split()]
    noto += [f"NotoSerif{script}-Regular.ttf" for script in SERIF.split()]
    for package, names in ((NOTO, noto), (CJK, ["NotoSansCJK-Regular.ttc"])):
        subprocess.run(["apt-get", "download", "--quiet", package], cwd=folder, check=True)
        (archive,) = folder.glob(f"{package}_*.deb")
        subprocess.run(["dpkg-deb", "--extract", str(archive), str(folder / package)], check=True)
        version = archive.name.split("_")[1].replace("%3a", ":")
        cut = f", {FACES} of its faces" if package == CJK else ""
        for name in names:
            (file,) = (folder / package).rglob(name)
            yield f"Debian's {package} {version}{cut}", file


def _from_expo(folder: Path) -> Iterator[tuple[str, Path]]:
    """Iterate over the files, each with its source."""
    for family, weights in EXPO.items():
        package = f"@expo-google-fonts/{family}"
        subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True)
        (archive,) = (path for path in folder.glob(f"expo-google-fonts-{family}-*.tgz") if _is_of(path, family))
        with tarfile.open(archive) as packed:
            packed.extractall(folder / family, filter="data")
        for weight in weights:
            (file,) = (folder / family / "package" / weight).glob("*.ttf")
            yield f"npm's {package} {archive.stem.rpartition('-')[2]}", file
        if family == "noto-sans":
            yield package, folder / family / "package" / "LICENSE_FONT"


def _is_of(archive: Path, family: str) -> bool:
    """Tell noto-sans-0.4.2 from noto-sans-arabic-0.4.3."""
    return archive.stem.removeprefix(f"expo-google-fonts-{family}-")[:1].isdigit()


if __name__ == "__main__":
    main()
