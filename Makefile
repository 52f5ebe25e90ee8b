# Two commands on a fresh machine with Python 3.11 or later: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SPEC := specs/weather/weather.yaml

.DEFAULT_GOAL := help
.PHONY: help demo test lint types contracts unit coverage fuzz bench clean

help:  ## list what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:[^#]*## /\t/' | expand -t 14

$(VENV)/.made: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "jobc needs Python 3.11 or later; set PYTHON=")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.tested: $(VENV)/.made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@

$(VENV)/.benched: $(VENV)/.tested
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	@touch $@

demo: $(VENV)/.made  ## run the weather job on real data
	$(BIN)/jobc run $(SPEC)#weather
	@echo
	@sed -n '1,12p' specs/weather/out/report.md
	@echo "..."
	@echo
	@echo "demo: the report is specs/weather/out/report.md, the chart and the database lie beside it"

test: lint types contracts unit  ## run every check
	@echo
	@echo "test: format, lint, types, contracts and tests passed"

lint: $(VENV)/.tested  ## check format and lint
	$(BIN)/ruff format --check
	$(BIN)/ruff check

types: $(VENV)/.tested  ## check types with mypy and pyright
	$(BIN)/mypy
	$(BIN)/basedpyright

contracts: $(VENV)/.tested  ## check who imports whom
	$(BIN)/lint-imports

unit: $(VENV)/.tested  ## run the tests
	$(BIN)/pytest --quiet --numprocesses auto --dist loadfile

coverage: $(VENV)/.tested  ## run the tests and show what they do not reach
	$(BIN)/pytest --quiet --numprocesses auto --dist loadfile --cov --cov-report=term:skip-covered

fuzz: $(VENV)/.tested  ## run the property tests with many examples
	HYPOTHESIS_PROFILE=deep $(BIN)/pytest --quiet tests/property

bench: $(VENV)/.benched  ## measure against floors and peers
	$(BIN)/python -m tests.bench.run

clean:  ## remove what the other targets made
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage specs/*/out
