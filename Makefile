# Every target sets up what it needs, asks nothing, and works as root or not, twice in a row, from a path with spaces.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
BENCH_READY := .venv/.bench
HASHES := --require-hashes --disable-pip-version-check --quiet

.PHONY: help run demo cluster test test-long check format docs bench lock clean setup

help: ## what each target does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "%-10s %s\n", $$1, $$2}' Makefile

$(READY): requirements.lock pyproject.toml
	@test -x $(BIN)/python || "$(PYTHON)" -m venv .venv
	@echo "Installing the pinned packages into .venv …" >&2
	@$(BIN)/python -m pip install $(HASHES) -r requirements.lock
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	@touch $(READY)

$(BENCH_READY): requirements-bench.lock $(READY)
	@$(BIN)/python -m pip install $(HASHES) -r requirements-bench.lock
	@touch $(BENCH_READY)

setup: $(READY) ## virtual environment with the pinned packages

run: $(READY) ## the call of 2021 unfolds, then serves on http://127.0.0.1:8060
	@$(BIN)/wijkspoor up --demo --data build/run

demo: $(READY) ## the same play in a throw-away folder; prints the summary
	@$(BIN)/wijkspoor demo

cluster: $(READY) ## real Kafka (Java 17, Maven) and a process for every role; plays the call of 2021, then serves
	@$(BIN)/python -m deploy.cluster --data build/cluster

test: $(READY) ## every test but the long ones
	@$(BIN)/python -m pytest

test-long: $(READY) ## the long tests: a million appends, a thousand seeds
	@$(BIN)/python -m pytest -m long

check: $(READY) ## ruff, mypy, import-linter, SQL lint, lock is fresh
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/squawk --config events/adapters/sql/squawk.toml events/adapters/sql/migrations/*.sql
	@$(BIN)/python deploy/lock.py --check

format: $(READY) ## put the code in its form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

docs: $(READY) ## every rule, command and fact with the tests that show it, in build/docs
	@$(BIN)/python -m tests.architecture.table build/docs

bench: $(BENCH_READY) ## benchmarks beside their peers; build/bench.json for programs
	@$(BIN)/python -m tests.bench

lock: $(READY) ## pin anew what pyproject.toml asks for
	@$(BIN)/python deploy/lock.py

clean: ## remove what was built
	@rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
