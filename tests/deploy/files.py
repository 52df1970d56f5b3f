"""The container files as values: docker-compose.yml with its variables filled in, the Dockerfile as instructions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
SCALE = {"POSTGRES_PASSWORD": "secret", "PUBLIC_URL": "https://sign.example.org"}
"""The values in .env for the profile."""

_DOLLAR = "\N{SYMBOL FOR ESCAPE}"  # replaces $$ meanwhile
_VARIABLE = re.compile(r"\$\{(\w+):([-+])([^${}]*)\}")  # the innermost, without another inside


def compose(variables: Mapping[str, str]) -> dict[str, Any]:
    """docker-compose.yml as Docker reads it with these variables."""
    text, before = COMPOSE.replace("$$", _DOLLAR), ""
    while text != before:
        text, before = _VARIABLE.sub(lambda match: _value(match, variables), text), text
    assert "${" not in text, "a form of variable that these tests do not know"
    content: dict[str, Any] = yaml.safe_load(text.replace(_DOLLAR, "$"))
    return content


def _value(match: re.Match[str], variables: Mapping[str, str]) -> str:
    name, sign, other = match.groups()
    value = variables.get(name, "")
    return (value or other) if sign == "-" else (other if value else "")


def services(profile: str = "") -> dict[str, dict[str, Any]]:
    """The services that `docker compose up` starts, with or without the profile."""
    every: dict[str, dict[str, Any]] = compose(SCALE if profile else {})["services"]
    return {name: service for name, service in every.items() if profile in service.get("profiles", [profile])}


def processes() -> dict[str, dict[str, Any]]:
    """The services of both kinds that run our image."""
    return {name: service for name, service in services("scale").items() if service.get("image") == "undersign"}


def mounts(service: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Mounts of a service, source and target; a source that begins with ./ is in the repository."""
    for volume in service.get("volumes", []):
        if isinstance(volume, str):
            yield tuple(volume.split(":")[:2])  # type: ignore[misc]  # two of them
        else:
            yield f"./{volume['source']}", volume["target"]


@cache
def dockerfile() -> tuple[tuple[str, str], ...]:
    """The Dockerfile's instructions in order, with what they are told."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ").splitlines()
    return tuple((line.split(maxsplit=1)[0], line.split(maxsplit=1)[1].strip()) for line in lines if line)


def last_stage() -> dict[str, str]:
    """The instructions of the image that runs, the last of each kind."""
    instructions = dockerfile()
    first = max(number for number, (word, _) in enumerate(instructions) if word == "FROM")
    return dict(instructions[first:])
