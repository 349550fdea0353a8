# make demo    the main job on sample data, papers under ancadmin-demo/papers
# make test    lint, types, import directions, generated pages, then every test
# make lint    all of that but the tests
# make docs    writes the generated pages, the sample data and the picture anew
# make bench   the same work for us and for others, side by side, at 1.4 million members

VENV := .venv
BIN := $(VENV)/bin
# The first Python on the path that is new enough; another one: make PYTHON=/path/to/python3
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done)
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: demo test lint docs bench clean
.DEFAULT_GOAL := demo

demo: $(VENV)/installed
	$(BIN)/ancadmin demo

test: lint
	$(BIN)/python -m pytest -n 2 --quiet

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/build.py --check

docs: $(VENV)/installed-dev
	$(BIN)/python -m ancadmin.db.tables
	$(BIN)/python docs/build.py

bench: $(VENV)/installed-bench
	$(BIN)/python benchmarks/run.py

clean:
	rm -rf $(VENV) ancadmin-demo benchmarks/data .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/made:
	@test -n "$(PYTHON)" || { echo "ancadmin needs Python 3.11 or later; on Debian: apt install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "$(PYTHON) cannot make a virtual environment; on Debian: apt install python3-venv" >&2; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	$(PYTHON) -m venv $(VENV)
	@# pip knows --group from 25.1 on
	$(PIP) --upgrade 'pip>=25.1'
	@touch $@

$(VENV)/installed: $(VENV)/made pyproject.toml
	@echo "Installing ancadmin and the libraries it stands on"
	$(PIP) --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	@echo "Installing what the tests need"
	$(PIP) --group dev --editable '.[duplicates]'
	@touch $@

$(VENV)/installed-bench: $(VENV)/installed
	$(PIP) --group bench --editable '.[duplicates]'
	@touch $@
