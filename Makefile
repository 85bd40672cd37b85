# Two commands for people: `make demo` and `make test`. Both work from a fresh clone with Python 3.11 or later.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help demo studies test check faults bench clean

help:
	@echo "make demo    install, and rebuild a published two-year MRI cohort from its files"
	@echo "make studies install, and ask a simulated registry what ten published studies asked"
	@echo "make test    install what tests need, and run every check"
	@echo "make check   the fast checks only: format, lint, types, architecture"
	@echo "make faults  kill, fill, cut and feed the registry everything, for as long as it takes; see docs/trust.md"
	@echo "make bench   measure spondyl beside its alternatives, and write docs/benchmarks.md; about 20 minutes"
	@echo "make clean   remove what the others made"

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "spondyl needs Python 3.11 or later")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --constraint constraints.txt --editable .
	$(BIN)/python -m compileall -q spondyl registry projections cli  # as pip does for what is not editable: faster starts
	touch $@

$(VENV)/.tested: $(VENV)/.installed
	$(PIP) install --constraint constraints.txt --editable '.[test]'
	touch $@

demo: $(VENV)/.installed
	@$(BIN)/spondyl demo

studies: $(VENV)/.installed
	rm -rf studies-demo
	$(BIN)/python examples/studies/simulate.py studies-demo/files
	$(BIN)/spondyl --db studies-demo/studies.db init
	$(BIN)/spondyl --db studies-demo/studies.db protocol adopt examples/studies/protocol.toml
	$(BIN)/spondyl --db studies-demo/studies.db import studies-demo/files
	@for study in examples/studies/[01]*.toml; do $(BIN)/spondyl --db studies-demo/studies.db cohort $$study || exit 1; done

check: $(VENV)/.tested
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check
	$(BIN)/python -m pytest --doctest-modules spondyl registry projections cli tests -n 2 --dist worksteal

faults: $(VENV)/.tested
	$(BIN)/python -m tests.faults
	$(BIN)/python -m tests.faults.planted

$(VENV)/.benched: $(VENV)/.installed
	$(PIP) install --constraint constraints.txt --editable '.[bench]'
	touch $@

bench: $(VENV)/.benched
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) studies-demo .bench .faults .dbt build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
