"""Settings that cannot be right: a sentence of ours for each, which never repeats the value."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bots.common.setting_rules import sentence
from bots.common.settings import Settings, load_settings
from core.errors import ConfigurationError
from tests.bots.web.site import DISCORD_TOKEN
from tests.discord_server import TOKEN as FAKE_DISCORD_TOKEN
from tests.telegram_server import TOKEN as TELEGRAM_TOKEN

SECRET = "AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"
WEB = ("PUBLIC_URL", "TELEGRAM_API_URL", "DISCORD_API_URL")
HOSTS = ("WEB_HOST", "METRICS_HOST")
PORTS = ("WEB_PORT", "METRICS_PORT")


def read(folder: Path, patch: pytest.MonkeyPatch, **settings: str) -> Settings:
    for name in os.environ:
        if name.lower() in Settings.model_fields:
            patch.delenv(name)
    for name, value in settings.items():
        patch.setenv(name, value)
    patch.chdir(folder)
    return load_settings()


WRONG = [
    *((name, value) for name in WEB for value in (
        "example.org", "https://", "https:///path", "ftp://example.org", "https://exa mple.org", "https://[::1",
        "https://example.org:port", "https://example.org:70000", "https://-a.org", "https://a..org",
        "https://999.1.1.1",
        f"https://user:{SECRET}@example.org", "https://example.org/?a=b", "https://example.org/#top", "https://x\tx",
        f"https://{'a' * 64}.org", f"https://{'a.' * 130}org",
    )),
    *((name, value) for name in HOSTS for value in (
        "https://example.org", "127.0.0.1:8080", "0.0.0", "256.0.0.1", "::g", "a b", "-", "[::1]", "*",
    )),
    *((name, value) for name in PORTS for value in ("70000", "-1", "http", "80 80", "8080/tcp", "1.5", "80,81")),
    *(("TELEGRAM_TOKEN", value) for value in (
        SECRET, f"bot123456789:{SECRET}", f"123456789{SECRET}", f"123456789:{SECRET[:20]}", f"123456789: {SECRET}",
        f"'123456789:{SECRET}'", f"123456789:{SECRET}!", f"x:{SECRET}", f"0:{SECRET}", FAKE_DISCORD_TOKEN, "YOUR_TOKEN",
    )),
    *(("DISCORD_TOKEN", value) for value in (
        SECRET, f"Bot {FAKE_DISCORD_TOKEN}", FAKE_DISCORD_TOKEN.rpartition(".")[0],
        f"{FAKE_DISCORD_TOKEN}.x",
        f"x.y.{SECRET}", f"MTIz.y.{SECRET}", FAKE_DISCORD_TOKEN.replace(".", ".."), TELEGRAM_TOKEN,
        "116000000000000000",
    )),
    *(("DISCORD_GATEWAY_URL", value) for value in ("https://example.org", "wss://", "example.org", "wss://a b")),
    *(("ORGANIZERS_GUILD", value) for value in ("x", "-1", "123", "1.5", "81384788765712384,", str(2**63))),
    *(("DISCORD_SHARDS", value) for value in ("4/2", "0-8/8", "3-1/8", "x", "1", "0/0")),
    *(("ORGANIZERS", value) for value in (
        "123", "telegram:", "telegram:@ada", "telegram:-5", "telegram:0", "telegram:99999999999999999", "discord:ada#1",
        "discord:123456789012345678901", "matrix:1", "telegram:1;discord:2", "telegram:1 telegram:2",
    )),
    *(("LANG", value) for value in ("es MX", "es_MX.", "/usr", "español", "es@", "12", "e" * 9)),
    *(("LOG_LEVEL", value) for value in ("LOUD", "debug ", "10")),
    *(("DATABASE_URL", value) for value in (
        f"postgresql://ada:{SECRET}@host:port/x", f"postgresql://ada:{SECRET}@host:70000/x",
        f"postgresql://ada:pa/ss{SECRET}@host/x", f"postgresql://ada:{SECRET}@ho st/x", "postgresql://[::1/x",
        f"postgresql://ada:{SECRET}@h1:5431,h2:70000/x", "postgresql://h1:5431,h 2/x", "postgresql://h1:1,h2:0/x",
    )),
    *(("DATABASE_POOLER", value) for value in ("pgpool", "PgBouncer", "1")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_what_cannot_be_right_is_one_sentence(
    name: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read(tmp_path, monkeypatch, **{name: value})
    words = str(refused.value)
    assert words.startswith(f"{name} is not a")
    assert ". Expected: " in words
    assert words.count("\n") == 0
    for others in ("Value error", "Input should", "Errno", SECRET, FAKE_DISCORD_TOKEN):
        assert others not in words


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, value) for name in WEB for value in (
            "https://example.org", "http://127.0.0.1:8080/sign", "https://[::1]:8443", "http://bot_api:8081",
            "https://xn--bcher-kva.example", "https://bücher.example", "https://example.org.", "HTTPS://EXAMPLE.ORG",
        )),
        *((name, value) for name in HOSTS for value in ("127.0.0.1", "::", "::1", "localhost", "my-host.example")),
        *((name, value) for name in PORTS for value in ("0", "8080", "65535")),
        ("TELEGRAM_TOKEN", TELEGRAM_TOKEN), ("TELEGRAM_TOKEN", f"123456789:{SECRET}"),
        ("DISCORD_TOKEN", FAKE_DISCORD_TOKEN), ("DISCORD_TOKEN", DISCORD_TOKEN),
        ("DISCORD_GATEWAY_URL", "ws://127.0.0.1:5/"), ("DISCORD_GATEWAY_URL", "wss://gateway.example.org/?v=10"),
        ("ORGANIZERS_GUILD", "81384788765712384"), ("DISCORD_SHARDS", "0-3/8"), ("DISCORD_SHARDS", "0/1"),
        ("ORGANIZERS", "telegram:123, discord:123456789012345678,terminal:ada,"),
        *(("LANG", value) for value in ("C", "C.UTF-8", "POSIX", "es", "es_MX.UTF-8", "de_DE@euro", "zh-Hant-TW")),
        *(("DATABASE_URL", value) for value in (
            "postgresql://ada:pa%2Fss@host:5432/x", "postgresql://postgres:@/postgres?host=/tmp/socket", "sqlite:///x",
            "postgres://undersign@postgres/undersign", "postgresql://ada@%2Fvar%2Frun/x",
            "postgresql://app@h1:5431,h2:5432/app?target_session_attrs=read-write", "postgresql://h1,[::1]:5433/app",
        )),
        ("DATABASE_POOLER", "pgbouncer"),
    ],
)  # fmt: skip
def test_what_can_be_right_is_taken(name: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read(tmp_path, monkeypatch, **{name: value})


def test_every_fault_has_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read(tmp_path, monkeypatch, WEB_PORT="x", LANG="x y", LOG_LEVEL="x")
    lines = str(refused.value).splitlines()
    assert sorted(line.split()[0] for line in lines) == ["LANG", "LOG_LEVEL", "WEB_PORT"]


def test_a_setting_of_which_nothing_is_expected_has_a_sentence_too() -> None:
    assert sentence("data_dir") == "DATA_DIR cannot be used."
