"""The command that prints a petition's sources as citations, for other programs and in the styles of journals."""

from __future__ import annotations

from contextlib import closing

import click

from bots.app.bootstrap import build
from bots.app.components import load
from bots.common.settings import load_settings
from bots.services import Services
from core.errors import ConfigurationError
from core.export.citations import bibtex, csl_items, csl_json
from core.petition.collection import Visibility
from core.petition.petition import Petition

_FORMATS = {"csl": csl_json, "bibtex": bibtex}
_NEEDS = "--format text needs citeproc-py: pip install 'undersign[citations]'"


@click.command()
@click.argument("slug", required=False, default="")
@click.option(
    "--format", "form", type=click.Choice([*_FORMATS, "text"]), default="bibtex", show_default=True,
    help="CSL-JSON, BibTeX, or text in a style, which needs undersign[citations].",
)  # fmt: skip
@click.option("--style", default="apa", show_default=True, metavar="STYLE", help="The style of the text, such as ieee.")
@click.option("--language", default="", metavar="CODE", help="The text in this language, such as es.")
def citations(slug: str, form: str, style: str, language: str) -> None:
    """Print the sources of a petition as citations.

    Reference managers such as Zotero read CSL-JSON and BibTeX. STYLE is the name of any style of
    citationstyles.org, such as apa, chicago-author-date, or modern-language-association.
    """
    with closing(build(load_settings(), visibility=Visibility.WITH_DRAFTS)) as services:
        petition = _petition(services, slug)
    text = petition.text(language)
    if form != "text":
        click.echo(_FORMATS[form](petition.public_slug, text), nl=False)
        return
    try:
        styles = load("bots.app.citation_styles")
    except ModuleNotFoundError as error:
        raise ConfigurationError(_NEEDS) from error
    for line in styles.formatted(csl_items(petition.public_slug, text), style):
        click.echo(line)


def _petition(services: Services, slug: str) -> Petition:
    """The petition that is named, or the only one."""
    if not slug and len(services.petitions) == 1:
        return next(iter(services.petitions.values()))
    found = next((each for each in services.petitions.values() if slug and each.public_slug == slug), None)
    if found is None:
        raise click.BadParameter(services.why_missing(slug), param_hint="SLUG")
    return found
