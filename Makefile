# Every target makes its own environment in .venv, once, and again when pyproject.toml changes.
# Plain POSIX make and shell: GNU make 3.81 (macOS) and BSD make read it too.

READY  = .venv/ready
PY     = .venv/bin/python
FIRM   = rules/examples/harbour-legal
INPUT  = $(FIRM)/samples/time_entries.ndjson
OUT    = build/demo
JOB    = soluno time_entry $(INPUT) --from actionstep --firm $(FIRM)
PYTEST = $(PY) -m pytest -n auto --dist worksteal
DEEP   = 40

.PHONY: help demo test test-deep lint docs bench bench-page clean

help:
	@echo "make demo       map Harbour Legal's time entries to Soluno and look at the result"
	@echo "make test       lint, types, floors and all tests"
	@echo "make test-deep  the same tests with forty times as many cases, which takes hours (make test-deep DEEP=2)"
	@echo "make lint       lint, types and floors only"
	@echo "make docs       write the generated pages again"
	@echo "make bench      how fast it is, beside programs written by hand (make bench SPEED='--scale 0.1 --rounds 3')"
	@echo "make bench-page the same, written to tests/bench/RESULTS.md"
	@echo "make clean      remove the environment and everything built"

# Exit 1 of run means that some entries were rejected, which the sample does on purpose.
demo: $(READY)
	@rm -rf $(OUT)
	@echo "mapping-engine run $(JOB) --out $(OUT)"; echo
	@$(PY) -m mapping_engine run $(JOB) --out $(OUT) --force || test $$? -eq 1
	@test -f $(OUT)/report.json
	@echo; echo "mapping-engine explain $(JOB) --line 4 --field Amount"; echo
	@$(PY) -m mapping_engine explain $(JOB) --line 4 --field Amount
	@echo
	@echo "Look next at $(OUT)/rejected.ndjson (what to mend), rules/soluno/time_entry.yaml (the rules)"
	@echo "and rules/README.md (your first edit)."

test: lint
	$(PYTEST)

test-deep: $(READY)
	MAPPING_ENGINE_DEEP=$(DEEP) $(PYTEST) -m "" --timeout=0

lint: $(READY)
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@.venv/bin/lint-imports --no-logo

docs: $(READY)
	$(PY) -m pytest tests/test_problems.py --snapshot-update
	$(PY) -m mapping_engine.workbench.reference
	$(PY) -m mapping_engine.workbench.coverage
	$(PY) -m mapping_engine.workbench.editor_schemas
	$(PY) -m mapping_engine.workbench.grammar_tables
	$(PY) tests/books/postings.py

bench: $(READY)
	$(PY) tests/bench/speed.py $(SPEED)
	$(PY) -m pytest tests/bench -m deep -s

bench-page: $(READY)
	$(PY) tests/bench/speed.py --page tests/bench/RESULTS.md $(SPEED)

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(READY): pyproject.toml
	@for python in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
	  if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	    echo "making .venv with `$$python --version`"; \
	    rm -rf .venv && $$python -m venv .venv \
	    && $(PY) -m pip install --quiet --disable-pip-version-check -e ".[dev]" \
	    && touch $(READY) && exit 0; exit 1; \
	  fi; \
	done; \
	echo "Python 3.11 or newer (with venv) is needed; name yours with: make PYTHON=/path/to/python3" >&2; exit 1
