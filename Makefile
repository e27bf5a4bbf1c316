# The commands of the house. Everything happens in .venv; nothing is installed outside it.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
HEADLESS ?=

.DEFAULT_GOAL := help
.PHONY: help install demo run test test-slow test-real lint data schemas pictures train bench-reading bench-hands bench-folding bench-trends bench-views clean

help:            ## this list
	@grep -E '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

# Each stamp is younger than what it was built from, so a second call costs nothing.
.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(PIP) install --constraint constraints.txt --editable '.[embedded]'
	@touch $@

.venv/test-installed: .venv/installed
	$(PIP) install --constraint constraints.txt --editable '.[embedded,test]'
	@touch $@

install: .venv/installed  ## build .venv

demo: .venv/installed     ## a written world that lives; HEADLESS=1 prints tables and ends
	$(BIN)/watcher demo $(if $(HEADLESS),--headless)

run: .venv/installed      ## the daemon on config/
	$(BIN)/watcher run

lint: .venv/test-installed  ## format, rules, types, architecture
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint                ## the fast suite, against a real Elasticsearch
	$(BIN)/pytest --cov --cov-report=term:skip-covered

test-slow: .venv/test-installed  ## the long ones: kill -9, outages, endurance
	$(BIN)/pytest --runslow -m slow

test-real: .venv/test-installed  ## a real Bluesky server (npm, under var/), collected from
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory var/bluesky-server/node_modules/@atproto/dev-env; \
		else echo "npm is not installed: the real Bluesky server will not be tried"; fi
	$(BIN)/pytest --runslow tests/real

# The version that was tried; --prefix keeps it out of the repository. What must be compiled takes the headers that are
# installed beside node, where they are, and fetches none.
var/bluesky-server/node_modules/@atproto/dev-env:
	npm install --prefix var/bluesky-server $(if $(wildcard /usr/include/node/node.h),--nodedir=/usr) --no-audit --no-fund @atproto/dev-env@0.3.215

data: .venv/installed     ## what ships in pipelines/data, from config/themes.yml and territoire.yml
	$(BIN)/python deploy/package_data.py

schemas: .venv/installed  ## what an editor completes the keys of config/*.yml from: config/schemas
	$(BIN)/python deploy/schemas.py

pictures: .venv/test-installed  ## the pictures of the guide, config/images, taken of the demo
	$(BIN)/python -m tests.pictures

train: .venv/installed    ## what each clue is worth to relevance, intents and topics, from the labelled posts (seconds)
	$(BIN)/python -m deploy.train
	$(BIN)/python -m deploy.train_topics

bench-reading: .venv/test-installed  ## posts a second, beside spaCy's stock French pipeline (the extra `models`)
	$(BIN)/python tests/bench/reading.py

bench-hands: .venv/installed  ## how each hand's posts are read by what was learned from the others (minutes)
	$(BIN)/python -m tests.bench.hands

bench-folding: .venv/test-installed  ## posts a second folded into trends, and read back from Elasticsearch
	$(BIN)/python -m tests.bench.folding --walk

bench-trends: .venv/test-installed  ## the trend detectors on the shared benchmark, as JSON; needs ../shared
	$(BIN)/python -m tests.bench.trends

bench-views: .venv/test-installed  ## how long each view takes over a million posts, kept under var/bench; half an hour the first time
	$(BIN)/python -m tests.bench.views

clean:                    ## remove .venv and caches, keep var/
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis test-output
