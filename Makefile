# Two commands matter: `make run` starts the desk, `make test` tests it. Both install what they need first.
# Settings may stand behind the command: make run WEB_PORT=8080

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run test check train bench soak chaos security audit nlu-report lock install widget

BIN := .venv/bin
INSTALLED := .venv/.installed
export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 3

# A shim named uv may exist and fail, so it is tried, not looked for.
FIND_UV = uv=uv; $$uv --version >/dev/null 2>&1 || uv=.tools/bin/uv; \
	$$uv --version >/dev/null 2>&1 || { \
	  echo "Fetching uv, the installer, into .tools (once) …"; \
	  python=$$(cd / && for name in python3 /usr/bin/python3 python; do \
	    $$name -c 'import venv, ensurepip' >/dev/null 2>&1 && { command -v $$name; break; }; done); \
	  [ -n "$$python" ] || { echo "No Python 3 with venv was found. Install it: apt-get install python3-venv (Debian, Ubuntu) or brew install python3 (macOS)" >&2; exit 1; }; \
	  (cd / && $$python -m venv "$(CURDIR)/.tools") && .tools/bin/pip install --quiet --disable-pip-version-check uv; \
	} && $$uv --version >/dev/null

help:
	@echo "make run         start the desk (installs and trains first where needed)"
	@echo "make test        run every test"
	@echo "make check       lint, types, import rules, training data, fast tests"
	@echo "make train       train the understanding, if its data changed"
	@echo "make bench       measure, against the named peers"
	@echo "make soak        customers for an hour at half load: does anything grow"
	@echo "make chaos       kill, fill, freeze and cut off what a desk consists of, and count (half an hour)"
	@echo "make security    every test of docs/security.md, and fuzzing of every public route"
	@echo "make audit       known weaknesses of the locked packages (needs the network)"
	@echo "make nlu-report  evaluate the understanding and write docs/understanding.md"
	@echo "make widget      build the website's chat from its sources (needs Node)"
	@echo "make lock        resolve the dependencies anew into requirements.lock"

install: $(INSTALLED)

$(INSTALLED): requirements.lock pyproject.toml .python-version
	@$(FIND_UV) && \
	{ $(BIN)/python -c '' 2>/dev/null || { echo "Making .venv with Python $$(cat .python-version) …"; \
	  $$uv venv --quiet --clear --python "$$(cat .python-version)" .venv; }; } && \
	echo "Installing the locked packages into .venv (a minute or two the first time) …" && \
	VIRTUAL_ENV=.venv $$uv pip sync --require-hashes --compile-bytecode requirements.lock && \
	VIRTUAL_ENV=.venv $$uv pip install --quiet --no-deps --no-build-isolation --editable . && \
	touch $@ && echo "Installed."

run: install
	@exec $(BIN)/madoguchi run

train: install
	@exec $(BIN)/madoguchi train

test: train
	@exec .ci/test

check: install
	@exec .ci/check

bench: train
	@exec $(BIN)/python -m bench

soak: train
	@exec $(BIN)/python -m bench.soak

chaos: train
	@exec $(BIN)/python -m bench.chaos

nlu-report: install
	@exec $(BIN)/python -m bench.nlu_report

widget:
	cd bot/channels/web/widget && npm ci --no-audit --no-fund && npm run build

security: train
	@exec $(BIN)/python -m tests.security

audit:
	@exec .ci/audit

lock:
	@$(FIND_UV) && $$uv pip compile --quiet --upgrade --python-version "$$(cat .python-version)" --generate-hashes \
	  --extra dev --no-header --no-annotate --no-emit-index-url --output-file requirements.lock pyproject.toml && \
	echo "requirements.lock is new; make install brings it in."
