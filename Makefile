# The only set-up on a fresh machine: Python >= 3.11 and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEV := $(VENV)/.dev
RUN := $(VENV)/.run
BELOW := */doorward/errors.py,*/doorward/policy/*,*/doorward/catalog/*,*/doorward/trail/*,*/doorward/account/*,*/doorward/authn/*,*/doorward/authz/*,*/doorward/analysis/*

.PHONY: help up test test-clients check bench clean

help: ## Show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' Makefile

up: $(RUN) ## Create the environment and start Doorward on port 4599
	@$(BIN)/doorward up --data ./.doorward $(ARGS)

test: $(DEV) ## Run the tests that need Python alone
	$(BIN)/python -m pytest -m "not clients" -n 2 $(ARGS)

test-clients: $(DEV) ## Run the tests with heavy real clients and servers
	$(BIN)/python -m pytest -m clients $(ARGS)

check: $(DEV) ## Format, lint, types, import contracts, docs' examples, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test ARGS="--cov=doorward --cov-branch --cov-report= $(ARGS)"
	$(BIN)/coverage report --include='$(BELOW)' --fail-under=100

bench: $(DEV) ## Measure speed and memory against a peer (see docs/performance.md)
	$(BIN)/python benchmarks/run.py $(ARGS)

clean: ## Remove the environment and caches
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(RUN): requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(DEV): requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@ $(RUN)
