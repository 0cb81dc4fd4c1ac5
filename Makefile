# Two commands on a fresh machine: `make run` and `make test`. Each does its own set-up first.
# Needs only Python >= 3.11 and make.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: run demo test faults check docs lock clean
.DEFAULT_GOAL := help

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(READY): requirements.lock pyproject.toml
	@echo "Setting up .venv (once, about a minute) ..."
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

setup: $(READY) ## make .venv from the lock file

run: $(READY) ## start everything with the sample requests; Ctrl-C stops it
	@$(BIN)/ppid up --samples

demo: $(READY) ## a spring of requests on a virtual clock, under two minutes
	@$(BIN)/ppid demo

test: $(READY) ## the whole suite: SQLite, PostgreSQL from the wheel, mail, Prefect
	@$(BIN)/python -m pytest

faults: $(READY) ## the long faults: 200 kills on each database, a full disk, a real mail server
	@$(BIN)/python -m pytest tests/faults -m long -s -rs

bench: $(READY) ## every measurement of docs/performance.md, about 50 minutes
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r bench/requirements.lock
	@$(BIN)/python -m bench

bench-quick: $(READY) ## the same on small loads, four to eight minutes
	@$(BIN)/python -m bench --quick

check: $(READY) ## format, lint, types, import rules, generated docs, config
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m cli.gendocs --check
	@$(BIN)/ppid rules check
	@$(BIN)/ppid calendar check

docs: $(READY) ## write the generated parts of docs/ again
	@$(BIN)/python -m cli.gendocs
	@$(BIN)/python -m cli.genpictures

lock: $(READY) ## resolve requirements.lock anew from pyproject.toml (needs uv on the PATH)
	uv pip compile pyproject.toml --extra dev --generate-hashes --universal --python-version 3.11 \
	  --no-header --no-annotate --no-emit-index-url --no-emit-find-links -o requirements.lock
	uv pip compile bench/requirements.in -c requirements.lock --generate-hashes --universal --python-version 3.11 \
	  --no-header --no-annotate --no-emit-index-url --no-emit-find-links -o bench/requirements.lock

clean: ## forget .venv and var/
	rm -rf .venv var
