# demo · test · check · seeded · words · pictures   (CI calls the same; make 3.81 and later)
.PHONY: demo test check lint tidy seeded words js lock clean python pictures
.DEFAULT_GOAL := test

VENV := .venv
BIN  := $(VENV)/bin
# The packages that ship; config/ is data with one line of Python.
CODE := bot storage protocol sandbox config

# Show the whole product on a page of this machine: no Slack account, no tokens.
demo: $(VENV)/run.stamp
	$(BIN)/python -m bot demo

# Everything CI runs. tidy has run by then, so pytest leaves it out.
test: check
	$(BIN)/python -m pytest -n auto --dist loadgroup --ignore=tests/tidy

check: lint tidy

lint: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(CODE) tests
	$(BIN)/lint-imports --no-logo

tidy: $(VENV)/test.stamp
	$(BIN)/python -m pytest -q tests/tidy

# Take every sentence from the code into the catalogue, and compile the translations.
words: $(VENV)/test.stamp
	$(BIN)/python -m tests.catalogue

# Take the pictures in docs/pictures anew, from the page itself, in Chromium.
pictures: $(VENV)/test.stamp
	$(BIN)/python -m tests.e2e.pictures

# Put deliberate defects in, one at a time, and prove that the test-suite catches every one.
seeded: $(VENV)/test.stamp
	$(BIN)/python -m tests.seeded

# Install the JavaScript Bolt that tests/sandbox/test_bolt_js.py runs against the sandbox.
js:
	cd tests/sandbox/js && npm ci --no-audit --no-fund

# Each stamp is redone when a lock file is newer than it.
$(VENV)/test.stamp: requirements.lock requirements-dev.lock | $(BIN)/python
	$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes \
	  -r requirements.lock -r requirements-dev.lock
	touch $(VENV)/run.stamp $@

$(VENV)/run.stamp: requirements.lock | $(BIN)/python
	$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes \
	  -r requirements.lock
	touch $@

# A name on PATH may be a shim that refuses to run, or a Python without venv: each is tried.
$(BIN)/python:
	@for python in $(PYTHON) python3.11 python3.12 python3.13 python3 python; do \
	  if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
	      >/dev/null 2>&1; then \
	    echo "Making $(VENV) with $$($$python --version)"; \
	    exec $$python -m venv $(VENV); \
	  fi; \
	done; \
	echo 'Belay needs Python 3.11 or later, with venv, on PATH: none was found.' >&2; \
	echo 'Install it (Debian: python3 and python3-venv), or say make PYTHON=/where/it/is.' >&2; \
	exit 1

# Pin what pyproject.toml asks for, keeping pins that still fit (LOCK_FLAGS=--upgrade moves them).
# What runs is settled first; what tests need comes on top of it.
UV_VERSION := 0.13.9
UV  := $(VENV)-lock/bin/uv
PIN := $(UV) pip compile pyproject.toml --quiet --universal --python-version 3.11 \
       --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links

lock: $(UV)
	$(PIN) $(LOCK_FLAGS) --output-file requirements.lock
	cp requirements-dev.lock requirements-dev.lock.new
	$(PIN) $(LOCK_FLAGS) --extra dev --constraint requirements.lock \
	  $$(sed -n 's/^\([a-z0-9._-]*\)==.*/--no-emit-package \1/p' requirements.lock) \
	  --output-file requirements-dev.lock.new
	sed -e '/^# The following packages were excluded/,$$d' requirements-dev.lock.new \
	  > requirements-dev.lock
	rm requirements-dev.lock.new

$(UV): | $(BIN)/python
	$(BIN)/python -m venv $(VENV)-lock
	$(VENV)-lock/bin/python -m pip install -qq uv==$(UV_VERSION)

clean:
	rm -rf $(VENV) $(VENV)-lock build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache \
	  .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
