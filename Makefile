# A fresh clone needs two commands: make demo, make test. Each first sets up what it needs.
# Packages come from wherever this machine's pip or uv is told to look; no address is written here.

VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.installed
JOBS ?= 2
# another Python to build .venv with: make setup PYTHON=/opt/python3.14/bin/python3
PYTHON ?=
# as pip does: trust the certificates that this machine trusts, a company's proxy included
export UV_SYSTEM_CERTS ?= 1

.PHONY: help setup demo test lint types unit notebooks lab bench bench-full lock clean

help:
	@echo "make demo    run the demo cycle and say where its report is"
	@echo "make test    check everything: style, types, tests, notebooks"
	@echo "make lab     open JupyterLab on the notebooks"
	@echo "make bench   the matching engine against its peers, up to 1,000 a side (minutes)"
	@echo "make bench-full   everything in docs/engine.md (hours), which it writes anew"
	@echo "make setup   only create .venv and install (the others do it when needed)"
	@echo "make lint | types | unit | notebooks   one part of make test"
	@echo "make lock    resolve pyproject.toml into requirements.lock (add UPGRADE=1 for newer versions)"
	@echo "make clean   remove .venv and caches; results in outputs/ stay"

setup: $(STAMP)

# The first Python that is new enough and can make an environment, pyenv's hidden ones included.
$(PY):
	@for candidate in "$(PYTHON)" python3 python3.14 python3.13 python3.12 \
	    "$${PYENV_ROOT:-$${HOME:-}/.pyenv}"/versions/*/bin/python3; do \
	  [ -n "$$candidate" ] || continue; \
	  "$$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 12))' \
	    >/dev/null 2>&1 || continue; \
	  echo "Creating $(VENV) with $$("$$candidate" --version) ($$candidate)"; \
	  exec "$$candidate" -m venv --clear $(VENV); \
	done; \
	echo "revmentor needs Python 3.12 or newer with its venv module: install one (Debian and Ubuntu: python3.12 and python3.12-venv; macOS: brew install python@3.13; anywhere: pyenv install 3.13) and run make again." >&2; \
	exit 1

# uv installs in a tenth of pip's time; where there is none, the locked one is fetched by pip.
# A newer lock or pyproject makes the stamp old; otherwise nothing is installed again.
# JupyterLab's news pop-up is switched off: it would call a server nobody here knows.
$(STAMP): requirements.lock pyproject.toml | $(PY)
	@set -e; \
	uv=$$(command -v uv || true); \
	if [ -z "$$uv" ]; then \
	  $(PY) -m pip --version >/dev/null 2>&1 || $(PY) -m ensurepip >/dev/null; \
	  awk '/^uv==/ {on = 1} on {print} on && !/\\$$/ {exit}' requirements.lock > $(VENV)/uv.txt; \
	  if $(PY) -m pip install -qq --disable-pip-version-check --no-deps --require-hashes \
	    -r $(VENV)/uv.txt; then uv=$(VENV)/bin/uv; fi; \
	fi; \
	echo "Installing the locked packages into $(VENV) (once)"; \
	if [ -n "$$uv" ] && \
	  "$$uv" pip install --quiet --python $(PY) --compile-bytecode --require-hashes -r requirements.lock; then \
	  "$$uv" pip install --quiet --python $(PY) --no-deps --no-build-isolation --editable .; \
	else \
	  echo "uv could not install them; trying pip, which takes a minute"; \
	  $(PY) -m pip --version >/dev/null 2>&1 || $(PY) -m ensurepip >/dev/null; \
	  $(PY) -m pip install -qq --disable-pip-version-check --no-deps --require-hashes \
	    -r requirements.lock; \
	  $(PY) -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation \
	    --editable .; \
	fi; \
	$(PY) -c 'import matplotlib.font_manager'; \
	$(VENV)/bin/revmentor warm; \
	$(VENV)/bin/jupyter labextension disable --level=sys_prefix \
	  @jupyterlab/apputils-extension:announcements >$(VENV)/labextension.log 2>&1 \
	  || { cat $(VENV)/labextension.log; exit 1; }; \
	touch $@

demo: setup
	@$(VENV)/bin/revmentor run demo
	@echo
	@echo "The report: $(CURDIR)/outputs/demo/base/report/index.html"

test: lint types unit notebooks
	@echo "All checks passed."

lint: setup
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

types: setup
	$(VENV)/bin/mypy

unit: setup
	$(VENV)/bin/pytest -q --doctest-modules revmentor
	$(VENV)/bin/pytest -q -n $(JOBS) --dist loadfile --no-loadscope-reorder tests

notebooks: setup
	$(VENV)/bin/pytest -q -n $(JOBS) --dist loadfile --nbval-lax --nbval-current-env notebooks

lab: setup
	PATH="$(CURDIR)/$(VENV)/bin:$$PATH" jupyter lab --ServerApp.root_dir="$(CURDIR)" \
	  --LabApp.default_url=/lab/tree/notebooks $$([ "$$(id -u)" != 0 ] || echo --allow-root)

bench: setup
	benchmarks/setup
	$(PY) benchmarks/peers.py --quick --repeats 1 --timeout 120

bench-full: setup
	benchmarks/setup
	$(PY) benchmarks/peers.py --large --out benchmarks/results/peers.json
	-$(PY) benchmarks/bars.py --out benchmarks/results/bars.json
	$(PY) benchmarks/odd.py --out benchmarks/results/odd.json
	$(PY) benchmarks/report.py

lock: $(PY)
	@uv=$$(command -v uv || echo $(VENV)/bin/uv); \
	"$$uv" pip compile --quiet --universal --python-version 3.12 --no-python-downloads \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --extra dev \
	  --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade) \
	  --output-file requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
