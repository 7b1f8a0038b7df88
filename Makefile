# Tripane. `make help` lists what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
PYTHON ?= python3
PORT ?= 8080
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check install --quiet
BIOME := node_modules/.bin/biome

## run: start the whole system on this machine (PORT=8080; CONTAINERS=1 for the real images)
run: $(VENV)/.run
	exec $(PY) -m local --port $(PORT) $(if $(CONTAINERS),--containers)

## test: everything that can be tested on this machine (ARGS="tests/unit -k decode" for less)
test: $(VENV)/.dev $(VENV)/.browser
	$(PY) -m pytest $(ARGS)

## lint: ruff, mypy, and biome for the page
lint: $(VENV)/.dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy .
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory lint-page; \
	else echo "The page was not linted: biome needs npm on the PATH."; fi

lint-page: node_modules
	$(BIOME) ci frontend

## format: let ruff and biome rewrite what they can
format: $(VENV)/.dev node_modules
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .
	$(BIOME) check --write frontend

## evaluate: score committed weights (MODEL=enet DATA=../shared/data/camvid)
evaluate: $(VENV)/.dev
	@: $${MODEL:?say which: make evaluate MODEL=enet DATA=path/to/set} $${DATA:?say which: make evaluate MODEL=enet DATA=path/to/set}
	$(PY) -m training.evaluate --model $(MODEL) --data $(DATA) $(ARGS)

## train: train a model from its published starting point (MODEL=swiftnet ARGS="--help")
train: $(VENV)/.dev
	@: $${MODEL:?say which: make train MODEL=enet}
	$(PY) -m training.train --model $(MODEL) $(ARGS)

## base-image: make the images' base from Debian packages, where no container registry can be reached (root)
base-image:
	local/containers/base.sh

## images: build the container images of all functions, say how large they are (ARGS="enet --compressed")
images: $(VENV)/.run
	$(PY) -m local.containers.images $(ARGS)

## invoke: call a model's image as Lambda would, cold and warm (MODEL=enet EVENT=events/enet.json)
invoke: $(VENV)/.run
	@: $${MODEL:?say which: make invoke MODEL=enet}
	$(PY) -m local.containers.invoke $(MODEL) $(if $(EVENT),--event $(EVENT)) $(ARGS)

## synth: write the CloudFormation template and its assets to cdk.out
synth: $(VENV)/.dev
	rm -rf cdk.out
	CDK_OUTDIR=cdk.out $(PY) -m infra.app
	@echo "cdk.out/Tripane.template.json"

## clean: remove the virtual environment and everything that is built
clean:
	rm -rf $(VENV) node_modules build cdk.out .pytest_cache .mypy_cache .ruff_cache

## help: this list
help:
	@sed -n 's/^## /  make /p' $(MAKEFILE_LIST)

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Tripane needs Python 3.11 or later; this is %d.%d. Try make PYTHON=python3.11 ..." % sys.version_info[:2])'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements-torch.txt requirements.txt constraints.txt | $(PY)
	@echo "Installing into $(VENV): a few minutes the first time."
	$(PIP) --no-deps -r requirements-torch.txt
	$(PIP) -c constraints.txt -r requirements.txt
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.txt training/requirements.txt infra/requirements.txt
	$(PIP) -c constraints.txt -r requirements-dev.txt
	@touch $@

# Browser tests drive the machine's Chromium, or one that this brings.
$(VENV)/.browser: $(VENV)/.dev
	$(PY) -m tests.browser.install
	@touch $@

node_modules: package.json package-lock.json
	npm ci --silent --no-audit --no-fund
	@touch $@

.PHONY: run test lint lint-page format evaluate train base-image images invoke synth clean help
