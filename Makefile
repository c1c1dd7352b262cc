# One command per need. Each works as the first command on a fresh machine with Python 3.11+ and make.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.locked
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: help setup demo test check collection e2e chaos bench fmt lock clean
help:            ## this list
	@grep -E '^[a-z0-9]+: .*##|^[a-z0-9]+:  +##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 12

setup: $(STAMP)  ## virtual environment with the locked dependencies
$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

demo: $(STAMP)   ## the whole main job on the shipped sample; leaves ./demo/
	$(BIN)/tocsin demo

test: $(STAMP)   ## every test, fast ones first, on SQLite and PostgreSQL
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder \
	  tests/unit tests/spec tests/acceptance tests/integration

check: $(STAMP)  ## format, lint, types, import contracts, rule examples
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/tocsin rules check

collection: $(STAMP)  ## the longer real collection: make collection COLLECTION=DIR
	TOCSIN_COLLECTION=$(COLLECTION) $(BIN)/python -m pytest tests/collection

e2e: $(STAMP)    ## the bot in a local Slack; needs node, npm and, for a picture, Chromium
	TOCSIN_ARTEFACTS=$(or $(TOCSIN_ARTEFACTS),$(CURDIR)/artifacts) $(BIN)/python -m pytest tests/e2e

chaos: $(STAMP)  ## the figures of trust: kills, storms, clock changes, bad inputs, fuzz; CHAOS=--full: the long run
	$(BIN)/python -m tests.chaos $(CHAOS)

bench: $(STAMP)  ## measurements as ratios against a named peer in the same run; BENCH=--full: the long versions
	$(BIN)/python -m tests.benchmarks $(BENCH)

fmt: $(STAMP)    ## format and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock:            ## renew requirements.lock (needs uv)
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-annotate --no-header -o requirements.lock

clean:           ## remove what the commands made
	rm -rf $(VENV) artifacts demo build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
