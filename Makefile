# demo · test · check · seeded · bench · bench-matrix · soak · kills · security · fuzz · audit · bom · words
# pictures   (CI calls the same; make 3.81 and later)
.PHONY: demo test check lint tidy seeded bench bench-matrix soak kills security fuzz audit bom words js lock \
  clean python pictures
.DEFAULT_GOAL := test

VENV := .venv
BIN  := $(VENV)/bin
AUDIT := $(VENV)-audit
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

# Simulate a county for a week while everything fails (SEED=7 replays one; SOAK_DAYS=14 is more).
soak: $(VENV)/test.stamp
	SEED=$(SEED) $(BIN)/python -m tests.simulation

# Kill real bots, crash their database, fill their disk, wedge their line (KILLS=1000 in all).
kills: $(VENV)/test.stamp
	$(BIN)/python -m tests.kills

# Measure how fast it is, beside what is wanted: about 20 minutes; BENCH_QUICK=1 in about one.
bench: $(VENV)/test.stamp
	$(BIN)/python -m tests.bench

# Measure how well the matrix answers: QUESTIONS=file of yours, PUBLIC=folder of public data.
bench-matrix: $(VENV)/test.stamp
	QUESTIONS="$(QUESTIONS)" PUBLIC="$(PUBLIC)" $(BIN)/python -m tests.matrix.bench

# Type 500 made-up identifiers into every input, and time 1,000 answers (SECURITY_QUICK=1: a tenth).
security: $(VENV)/test.stamp
	$(BIN)/python -m tests.security

# Try every parser of outside input with spoilt inputs, others each time (FUZZ_EXAMPLES=2000 each).
fuzz: $(VENV)/test.stamp
	$(BIN)/python -m pytest -n auto --hypothesis-profile=fuzz tests/security/test_fuzz.py \
	  tests/security/test_signatures.py

# Look up every locked package among known vulnerabilities. Asks PyPI; what it cannot look up fails.
audit: $(AUDIT)/bin/pip-audit
	$(AUDIT)/bin/pip-audit --strict --require-hashes --disable-pip \
	  -r requirements.lock -r requirements-dev.lock

# Write the bill of materials of what runs, in CycloneDX: build/belay.cdx.json.
bom: $(AUDIT)/bin/pip-audit
	mkdir -p build
	$(AUDIT)/bin/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible \
	  --output-format JSON --output-file build/belay.cdx.json requirements.lock

# Tools of their own, so that nothing of theirs is installed beside what runs or is tested.
$(AUDIT)/bin/pip-audit: | $(BIN)/python
	$(BIN)/python -m venv $(AUDIT)
	$(AUDIT)/bin/python -m pip install -qq --disable-pip-version-check \
	  pip-audit==2.10.1 cyclonedx-bom==7.5.0

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
	rm -rf $(VENV) $(VENV)-lock $(AUDIT) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache \
	  .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
