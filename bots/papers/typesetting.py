"""Sets all papers with Typst: a template and plain values in, a PDF or a PNG out.

Values reach a template as JSON and are set as text, so that no markup in a name or a title means anything. Fonts come
from the folder beside this module (`python -m tests.renewal.fonts` updates it) and from Typst itself, never from the
machine: the same input gives the same bytes everywhere. Typst releases Python's global lock, so a thread that sets type
blocks no other.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path

import typst
from babel import Locale

FONTS = Path(__file__).with_name("fonts")
_CJK = {"ja": "Noto Sans CJK JP", "ko": "Noto Sans CJK KR", "zh_Hant": "Noto Sans CJK TC"}
_PICTURE_PPI = 72  # at which a point is a pixel


def set_pdf(templates: tuple[str, ...], values: Mapping[str, object], locale: str, *, is_tagged: bool = False) -> bytes:
    """A PDF from templates of this package, one after another; `values` must be what JSON can hold.

    Tags tell a screen reader about headings and tables; they make a page of names several times as large.

    Raises:
        typst.TypstError: a template does not fit the values.
    """
    compiler = _compiler(templates, values, locale)
    return compiler.compile(format="pdf", pdf_tags=is_tagged)  # type: ignore[return-value]  # bytes where no file is named


def set_png(template: str, values: Mapping[str, object], locale: str, scale: float) -> bytes:
    """A PNG of a template's only page, at `scale` pixels per point.

    Raises:
        typst.TypstError: the template does not fit the values.
    """
    compiler = _compiler((template,), values, locale)
    return compiler.compile(format="png", ppi=_PICTURE_PPI * scale)  # type: ignore[return-value]  # of one page no list


def set_pages(templates: tuple[str, ...], values: Mapping[str, object], locale: str, scale: float) -> list[bytes]:
    """A PNG of each page of templates of this package, one after another; see set_pdf and set_png."""
    pages = _compiler(templates, values, locale).compile(format="png", ppi=_PICTURE_PPI * scale)
    return pages if isinstance(pages, list) else [pages]  # type: ignore[list-item]  # bytes where no file is named


def _compiler(templates: tuple[str, ...], values: Mapping[str, object], locale: str) -> typst.Compiler:
    given = {"data": dict(values), "language": language_facts(locale)}
    source = "\n".join(_template(name) for name in templates)
    inputs = {"given": json.dumps(given)}
    return typst.Compiler(source.encode(), font_paths=_fonts(), sys_inputs=inputs)


def language_facts(code: str) -> dict[str, str]:
    """Facts that a template needs about a language: its codes, its direction, its Han characters."""
    locale = Locale.parse(code)
    script = f"{locale.language}_{locale.script}" if locale.script else locale.language
    return {
        "code": locale.language,
        "region": locale.territory or "",
        "direction": "rtl" if locale.text_direction == "rtl" else "ltr",
        "han": _CJK.get(script, "Noto Sans CJK SC"),
    }


@cache
def _template(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])
