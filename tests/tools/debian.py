"""Programs from Debian packages, npm, and PyPI that some tests need."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.tools import npm, pypi


@dataclass(frozen=True)
class Tool:
    """A program, the Debian packages that bring it, how to find it, and the tests that need it.

    `options` makes the options of pytest out of the program's path. `from_npm` are packages from there, and `from_pypi`
    the requirements of an environment of its own. CI goes on without one that `is_optional`.
    """

    name: str
    packages: str
    find: Callable[[], Path | None]
    tests: tuple[str, ...]
    options: Callable[[Path], list[str]] = lambda _: []
    from_npm: str = ""
    from_pypi: str = ""
    is_optional: bool = False


def on_path(*names: str) -> Callable[[], Path | None]:
    """Find the first of these programs that is on the path."""
    return lambda: next((Path(program) for program in map(shutil.which, names) if program), None)


def all_on_path(*names: str) -> Callable[[], Path | None]:
    """Find the first of these programs, if all of them are on the path or where administrators' programs are."""
    places = os.pathsep.join((os.environ["PATH"], "/usr/sbin"))

    def find() -> Path | None:
        found = [shutil.which(name, path=places) for name in names]
        return Path(found[0]) if found[0] and all(found) else None

    return find


def go_with_sumdb() -> Path | None:
    """Find Go, if its code for transparency logs is there too."""
    sources = Path("/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog")
    return on_path("go")() if sources.is_dir() else None


def newest_postgres() -> Path | None:
    """Find the newest PostgreSQL server that Debian installed."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    return programs[-1] if programs else None


_TOOLS = (
    Tool(
        "chromium", "chromium", on_path("chromium", "chromium-browser", "google-chrome"),
        ("tests/bots/web/test_browser.py", "tests/bots/web/test_verify.py", "tests/bots/preview/test_browser.py"),
    ),
    Tool(
        "promtool", "prometheus", on_path("promtool"),
        ("tests/deploy/test_promtool.py", "tests/deploy/test_alerts.py"),
    ),
    Tool("caddy", "caddy", on_path("caddy"), ("tests/deploy/test_caddy.py",)),
    Tool("go", "golang-go golang-golang-x-mod-dev", go_with_sumdb, ("tests/log/test_go.py",)),
    Tool("pdfsig", "poppler-utils", on_path("pdfsig"), ("tests/bots/delivery/test_document_signer.py",)),
    Tool("node", "nodejs", on_path("node", "nodejs"), ("tests/core/petition/test_recomputing.py",)),
    Tool(
        "citation-js", "nodejs npm", npm.found("@citation-js/core", "@citation-js/plugin-csl"),
        ("tests/bots/web/test_citation_js.py",), from_npm="@citation-js/core @citation-js/plugin-csl",
    ),
    Tool(
        "cluster", "etcd-server etcd-client patroni python3-etcd haproxy pgbouncer postgresql pgbackrest",
        all_on_path("etcd", "patroni", "haproxy", "pgbouncer", "pgbackrest"), ("tests/deploy/test_cluster.py",),
    ),
    Tool("pgbouncer", "pgbouncer", on_path("pgbouncer", "/usr/sbin/pgbouncer"), ("tests/storage/test_poolers.py",)),
    Tool(
        "pywb", "", pypi.found("pywb", "wayback"), ("tests/bots/sources/test_pywb.py",),
        from_pypi="pywb>=2.10,<3 setuptools<80", is_optional=True,  # it imports pkg_resources
    ),
    Tool(
        "another PostgreSQL", "postgresql", newest_postgres, ("tests/storage",),
        lambda program: ["-k", "postgresql", "--postgres-bin", str(program.parent)],
    ),
)  # fmt: skip
TOOLS: Mapping[str, Tool] = {tool.name: tool for tool in _TOOLS}


def install(tool: Tool, run: Callable[..., subprocess.CompletedProcess[str]] = subprocess.run) -> str:
    """Install a tool if it is missing. Return one sentence about what went wrong, or nothing."""
    if tool.find():
        return ""
    is_there = not tool.packages or (tool.from_npm and shutil.which("npm"))
    problem = "" if is_there else _install_packages(tool, run)
    if not problem and tool.from_npm:
        problem = npm.install_packages(tool.from_npm, run)
    if not problem and tool.from_pypi:
        problem = pypi.install_environment(tool.name, tool.from_pypi, run)
    if problem:
        return f"{tool.name} is missing, and {problem}"
    return "" if tool.find() else f"{tool.name} is missing, although everything it needs was installed."


def _install_packages(tool: Tool, run: Callable[..., subprocess.CompletedProcess[str]]) -> str:
    """Install Debian packages. Return why that failed, or nothing."""
    if not shutil.which("apt-get"):
        return "this system has no apt-get: install it by hand."
    for command in (["update", "-qq"], ["install", "-qqy", "--no-install-recommends", *tool.packages.split()]):
        done = run(["apt-get", *command], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["it did not say why"])[-1]
            return f"apt-get could not install {tool.packages}: {reason}"
    return ""
