# Two commands on a fresh machine: `make demo` to try it, `make test` to check it. `make help` lists the others.

# Debian's own where it can be had: built with profiles (a quarter less CPU than one compiled without), and kept patched by
# the system. Looked for when it is used: by then the packages are there
fits = $(1) -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
PYTHON ?= $(shell $(call fits,/usr/bin/python3) && echo /usr/bin/python3 || echo python3)
PORT ?= 8000
SERVE ?= 1
VENV := .venv
BIN := $(VENV)/bin
RUNTIME_PACKAGES := python3-venv ca-certificates libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core
TEST_PACKAGES := $(RUNTIME_PACKAGES) chromium postgresql nginx-light qpdf poppler-utils r-base-core

# Debian's packages: installed when we are root, otherwise the line to run is printed and we go on
define need
	@missing=""; for package in $(1); do dpkg -s $$package >/dev/null 2>&1 || missing="$$missing $$package"; done; \
	if [ -n "$$missing" ] && [ "$$(id -u)" = 0 ]; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	elif [ -n "$$missing" ]; then echo "Missing; to install:  sudo apt-get install$$missing"; fi
endef

# uv where it is installed, else pip; both check the hashes of the lock. The lock is complete, so nothing is resolved again:
# pip before 23.3 takes the newest release where a package asks for another with an extra, and then lacks its hash
define locked
	@if command -v uv >/dev/null 2>&1; then uv pip install -q --no-deps --python $(BIN)/python --require-hashes -r $(1); \
	else $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r $(1); fi
endef

.PHONY: help demo test check load lock packages test-packages format

help:  ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

packages:
	$(call need,$(RUNTIME_PACKAGES))

test-packages:
	$(call need,$(TEST_PACKAGES))

$(VENV)/bin/python:
	@$(call fits,$(PYTHON)) || { echo "Python 3.11 or newer, with venv, is needed"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock pyproject.toml | packages $(VENV)/bin/python
	$(call locked,requirements.lock)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(VENV)/.development: requirements-dev.lock $(VENV)/.runtime
	$(call locked,requirements-dev.lock)
	@touch $@

demo: $(VENV)/.runtime  ## sample city on http://127.0.0.1:8000 (PORT=, SERVE=0 only prepares)
	@$(BIN)/python -m surveyapp.demo --port $(PORT) $(if $(filter 0,$(SERVE)),--prepare)

test: test-packages $(VENV)/.development  ## every test: unit, SQLite, PostgreSQL, a real browser
	@$(BIN)/python -m pytest -n auto --dist worksteal  # each process has servers of its own; who is done takes from the others

check: $(VENV)/.development  ## format, lint, types, import contracts, translations, migrations
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/surveyapp benchmark check
	@$(BIN)/surveyapp translations check
	@$(BIN)/python -m tests.migrations

load: test-packages $(VENV)/.development  ## respondents walk the whole path; prints what it measured
	@$(BIN)/python -m tests.load

format: $(VENV)/.development  ## puts the code in form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

LOCK := uv pip compile --quiet --no-config --universal --generate-hashes --no-header --python-version 3.11 pyproject.toml \
	--extra redis --extra build
lock:  ## pins every dependency with its hashes (needs uv)
	$(LOCK) --output-file requirements.lock
	$(LOCK) --extra dev --constraint requirements.lock --output-file requirements-dev.lock
