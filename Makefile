# Two commands for people: `make demo` and `make test`. Both work from a fresh clone with Python 3.11 or later.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help demo studies test check faults bench pictures clean

help:
	@echo "make demo    install, and rebuild a published two-year MRI cohort from its files"
	@echo "make studies install, and ask a simulated registry what ten published studies asked"
	@echo "make test    install what tests need, and run every check"
	@echo "make check   the fast checks only: format, lint, types, architecture"
	@echo "make faults  kill, fill, cut and feed the registry everything, for as long as it takes; see docs/trust.md"
	@echo "make bench   measure spondyl beside its alternatives, and write docs/benchmarks.md; about 20 minutes"
	@echo "make pictures  draw the pictures of the README anew, from the demo's registry"
	@echo "make clean   remove what the others made"

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "spondyl needs Python 3.11 or later")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --constraint constraints.txt --editable .
	$(BIN)/python -m compileall -q spondyl registry projections views cli  # as pip does for what is not editable: faster starts
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
	@command -v chromium chromium-browser >/dev/null || \
	  echo "no chromium: tests of pages in a browser are skipped; apt-get install chromium poppler-utils runs them" >&2
	$(BIN)/python -m pytest --doctest-modules spondyl registry projections views cli tests -n 2 --dist worksteal

faults: $(VENV)/.tested
	$(BIN)/python -m tests.faults
	$(BIN)/python -m tests.faults.planted

pictures: $(VENV)/.installed
	rm -rf .pictures docs/pictures/patient.svg docs/pictures/spine.svg
	$(BIN)/spondyl demo --into .pictures
	$(BIN)/spondyl --db .pictures/spondyl.db show ana1-01 --known-at as-published --svg docs/pictures/patient.svg
	$(BIN)/spondyl --db .pictures/spondyl.db show BAR1-01 --known-at as-published --map vu-lesions --svg docs/pictures/spine.svg
	chmod 644 docs/pictures/*.svg && rm -rf .pictures

$(VENV)/.benched: $(VENV)/.installed
	$(PIP) install --constraint constraints.txt --editable '.[bench]'
	touch $@

bench: $(VENV)/.benched
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) studies-demo .bench .faults .pictures .dbt build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
