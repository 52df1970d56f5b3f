# Everything runs inside .venv, installed from the lock files. Running it again installs nothing.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
# Where this is set, as in many containers, every process compiles every module again.
export PYTHONDONTWRITEBYTECODE :=
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip --disable-pip-version-check --quiet install --no-compile  # what is imported is compiled then; most never is

.PHONY: help try test check check-all fast soak cluster bench verify-log mutation docs pictures screens format lock clean

help: ## show the targets
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 11

try: $(VENV)/.run ## read and sign the shipped petition in this terminal
	@$(BIN)/undersign try

test: $(VENV)/.dev ## run the tests, except the long ones; they need only Python and make, and random ones make a tenth of their tries
	@EFFORT=0.1 $(BIN)/pytest -n auto --dist worksteal -m 'not tool and not long'

check: $(VENV)/.dev ## check style, types, imports and prose, then run all the tests, random ones with all their tries
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports
	@$(BIN)/pytest tests/prose
	@$(BIN)/pytest -n auto --dist worksteal --ignore=tests/prose $(COVERAGE)

check-all: COVERAGE = --cov --cov-report=
check-all: check ## do the same and measure coverage, run the tests that need Debian packages, which it installs, and soak for ten minutes
	@$(BIN)/python -m tests.tools
	@$(BIN)/python -m tests.soak --minutes 10
	@$(BIN)/python -m tests.soak --minutes 2 --database sqlite

fast: $(VENV)/.dev ## run the short tests that start no process and no server and wait for nothing, while you work
	@EFFORT=0.1 $(BIN)/pytest -n logical --dist worksteal -m 'not process and not server and not long and not waits'

screens: $(VENV)/.dev ## draw every screen in every language, with its message keys, into build/screens.html
	@$(BIN)/python -m tests.screens

soak: $(VENV)/.dev ## run everything for an hour while things go wrong at random, and check that nothing is lost
	@$(BIN)/python -m tests.soak

cluster: $(VENV)/.dev ## kill machines of a database cluster while people sign, 50 times; it needs Debian packages
	@$(BIN)/python -m tests.tools --install cluster
	@$(BIN)/python -m tests.cluster

bench: $(VENV)/.dev ## run the benchmarks, each compared with a baseline in the same run
	@$(BIN)/python -m tests.bench

verify-log: $(VENV)/.dev ## let Go's code for transparency logs verify a small log, and refuse it after each kind of tampering
	@$(BIN)/python -m tests.log

mutation: $(VENV)/.dev ## break the code in 100 places, one at a time, and show which breaks no test notices
	@$(BIN)/python -m tests.mutation

docs: $(VENV)/.dev ## regenerate the documents written from the code: settings, modules, the diagram
	@$(BIN)/python -m tests.settings_page && $(BIN)/python -m tests.modules && $(BIN)/python -m tests.diagram

pictures: $(VENV)/.dev ## draw the pictures in docs from what the bots send (the web page needs Chromium)
	@$(BIN)/python -m tests.pictures

format: $(VENV)/.dev ## format the code and sort its imports
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

lock: $(VENV)/.dev ## resolve the dependencies again and write the lock files
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header \
		--upgrade pyproject.toml --group build --output-file requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header \
		--upgrade pyproject.toml --group dev --constraint requirements.lock --output-file requirements-dev.lock
	@sed -i.old 's/^lxml\[html-clean\]/lxml[html_clean]/' requirements.lock requirements-dev.lock && rm -f *.lock.old  # pip 23 takes two spellings for two extras

clean: ## remove the virtual environment and the caches
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage*

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "Undersign needs Python 3.11 or newer: install it, or name it with make PYTHON=..." >&2; exit 2; }
	@echo "Setting up $(VENV) (only the first time) ..." >&2
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: $(VENV)/.made requirements.lock pyproject.toml
	@echo "Installing the locked packages ..." >&2
	@$(INSTALL) --require-hashes --requirement requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	@echo "Installing the locked packages for developers ..." >&2
	@$(INSTALL) --require-hashes --requirement requirements-dev.lock
	@echo "Compiling everything ..." >&2  # once; the workers of the first run would do it once each
	-@$(BIN)/python -m compileall -q -j 0 $(VENV)/lib >/dev/null
	-@$(BIN)/pytest --collect-only >/dev/null
	@touch $@
