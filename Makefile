# Two commands matter: `make demo` and `make test`. Each prepares what it needs.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
RECORD ?= demo-record

.PHONY: demo test check format install bench train clean help

help:
	@echo "make demo    install, code the bundled articles, show what was found (record: $(RECORD)/)"
	@echo "make test    install with test tools, run every test"
	@echo "make check   ruff, mypy strict, import order of the rooms"
	@echo "make bench   speed and memory, written to docs/benchmarks.md"
	@echo "make train   train the language model anew (hours; needs ../shared and training/requirements.txt)"

$(VENV)/.made: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "demarche needs Python 3.11 or newer; set PYTHON=")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.made-dev: $(VENV)/.made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

install: $(VENV)/.made

demo: $(VENV)/.made
	$(BIN)/demarche demo -o $(RECORD)

# The pages are looked at in Debian's Chromium: fetched where that is allowed, else its tests say what is missing.
.PHONY: chromium
chromium:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || test -n "$$DEMARCHE_CHROMIUM" || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "installing chromium, for the tests of the pages"; \
	    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; } \
	      || echo "chromium could not be installed: the tests of the pages will be skipped"; \
	  else echo "chromium is missing: the tests of the pages will be skipped (apt-get install chromium)"; fi; }

test: $(VENV)/.made-dev chromium
	$(BIN)/python -m pytest -n 2

check: $(VENV)/.made-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.made-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.made-dev
	$(BIN)/python -m benchmarks

train: $(VENV)/.made
	$(MAKE) -C training all

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache $(RECORD)
