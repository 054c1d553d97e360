# Everything from a bare Python 3.11+: `make run` to chat, `make test` to see it hold.
PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
STAMP := .venv/.made-from-lock

.DEFAULT_GOAL := help
.PHONY: help setup run test lint bench gazetteer lock clean

help:  ## Say what can be made.
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 10

setup: $(STAMP)  ## Make .venv with everything in it, .venv/bin/frontdesk included.

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Frontdesk needs Python 3.11 or newer: call make with PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv .venv \
		|| { echo "Python has no venv module: on Debian and Ubuntu, install the package python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $(STAMP)

run: setup  ## Start the demo clinic on SQLite and say where to chat.
	@$(BIN)/frontdesk demo

test: setup  ## Run the whole suite: SQLite, PostgreSQL, Redis, HTTP.
	@$(BIN)/python -m pytest -n 2 $(ARGS)

lint: setup  ## Format check, lint, types, layers.
	@$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/lint-imports

bench: setup  ## Measure: turns over HTTP against the bare SQL of one turn, on both databases.
	@$(BIN)/python -m tests.bench $(ARGS)

gazetteer: setup  ## Make the table of towns anew; installs its source for this run only.
	@$(BIN)/python -m tools.gazetteer

lock:  ## Write requirements.lock anew from pyproject.toml.
	@$(BIN)/uv lock --quiet --upgrade
	@$(BIN)/uv export --quiet --no-emit-project --all-extras --no-annotate --no-header -o requirements.lock

clean:  ## Remove what setup and runs made, but not the demo's data.
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build *.egg-info
