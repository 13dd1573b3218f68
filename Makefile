# Every verb sets up what it needs. A verb's line in `make help` is the comment behind it.

PYTHON     = python3
VENV       = .venv
ARGS       =
EXTRAS     = arrow,test
PYTHON_FT  = $(shell command -v python3.14t)

BIN       := $(VENV)/bin
READY     := $(VENV)/.ready
BUILT     := $(VENV)/.built
PIP        = python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
ON_PATH    = PATH="$(abspath $(BIN)):$$PATH"
BUILD_DEPS = pip setuptools setuptools-scm cython
UI_DIST   := services/alerting/ui_dist
UI_READY  := ui/node_modules/.ready
IMAGE      = alerting:local
IMAGE_ROOT := build/image-root
DOCKERFILE := deploy/docker/Dockerfile
UI_FILES  := $(shell find ui \( -name node_modules -o -name e2e \) -prune -o -type f ! -name '*.test.ts*' -print)
RELEASE   := build/release
BASE       = origin/main
FACTOR     = 1.2
ACTIONLINT_VERSION = 1.7.12
MOTO_VERSION       = 5.2.5
CHECKOV_VERSION    = 3.3.30
ACTIONLINT = build/tools/$(ACTIONLINT_VERSION)/actionlint
SOURCES   := $(wildcard matchcore/*.pyx matchcore/*.pxd matchcore/*.h) setup.py

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup build docs docs-serve diagrams demo demo-library bench-pipeline chaos crash-comparison steady-load bench-retention bench-tables lint ui ui-dev ui-test ui-e2e ui-screenshots ui-lint openapi dashboards proto format types test test-python test-freethreaded sanitize bench bench-compare annotate image image-bases image-test compose-config terraform terraform-plugins terraform-cost terraform-apply-test terraform-scan wheels sbom release-notes dist check clean

help:  ## print this list
	@awk -F ':.*##' '/^[a-z0-9-]+:.*##/ { printf "make %-22s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo 'PYTHON=python3.13 sets up .venv with that Python; ARGS="-k wire -x" is handed to pytest and to the benchmarks.'

setup: $(BUILT)  ## a virtual environment in .venv with the library, built in place, the platform, and every tool
build: $(BUILT)  ## compile what has changed

$(READY): pyproject.toml services/pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	    || { echo 'matchcore and alerting need Python 3.11 or newer: make PYTHON=/path/to/python3 ...' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/$(PIP) $(BUILD_DEPS)
	touch $@

# The first build, and one after new metadata, goes through pip; the others compile what is out of date.
# Cython knows what a .pyx depends on, but for the directives in setup.py.
$(BUILT): export MATCHCORE_STRICT = 1
$(BUILT): $(READY) $(SOURCES)
	find matchcore -name '*.c' ! -newer setup.py -delete
	if [ $@ -nt $(READY) ]; \
	then $(BIN)/python setup.py --quiet build_ext --inplace; \
	else $(BIN)/$(PIP) --no-build-isolation --editable '.[dev]' --editable './services[dev]'; fi
	touch $@

demo: $(BUILT)  ## the whole platform on this machine: a story, and a table of what arrived
	@$(MAKE) --no-print-directory ui || echo 'The UI is not built, for the reason above; the demo goes on without it.'
	$(BIN)/alerting demo $(ARGS)

demo-library: $(BUILT)  ## the library at work on a million rules
	$(BIN)/python -m benches.demo

# Without Node, everything but the UI works; where CI is set, it has to be there.
HAS_NODE = node -e 'const [major, minor] = process.versions.node.split(".").map(Number); \
    process.exit(major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19) ? 0 : 1)' 2>/dev/null
NO_NODE  = { echo 'The UI is left out: that needs Node 20.19, 22.12 or newer.'; test -z "$$CI"; }

$(UI_READY): ui/package.json ui/package-lock.json ui/.npmrc
	cd ui && npm ci --loglevel=error
	touch $@

$(UI_DIST)/index.html: $(UI_READY) $(UI_FILES)
	cd ui && npm run --silent build -- --logLevel warn

ui:  ## build the UI into the alerting package, when Node is there; fails when its first load is too large
	@if $(HAS_NODE); then $(MAKE) --silent --no-print-directory $(UI_DIST)/index.html; else $(NO_NODE); fi

ui-dev: $(UI_READY)  ## the UI with hot reload, in front of a running rule-service: ALERTING_UI_BACKEND=http://127.0.0.1:8081
	cd ui && npm run --silent dev

ui-test:  ## the UI's unit tests
	@if $(HAS_NODE); then $(MAKE) --no-print-directory $(UI_READY) && cd ui && npm run --silent test; else $(NO_NODE); fi

# A fresh platform on free ports, which is stopped at the end; Chromium is the system's.
ui-e2e: $(BUILT) ui  ## the UI's tests end to end: Chromium in front of the whole platform
	@if $(HAS_NODE); then cd ui && npm run --silent e2e -- --project=e2e $(ARGS); else $(NO_NODE); fi

ui-screenshots: $(BUILT) ui  ## docs/images: every page of the UI, light and dark
	@if $(HAS_NODE); then cd ui && npm run --silent e2e -- --project=screenshots $(ARGS); else $(NO_NODE); fi

ui-lint:  ## TypeScript, ESLint and Prettier; the types of the API are what its documents make
	@if $(HAS_NODE); then $(MAKE) --no-print-directory $(UI_READY) && cd ui && npm run --silent types && \
	npm run --silent lint && rm -rf ../build/schema && npm run --silent schema -- ../build/schema && \
	diff --recursive ../build/schema src/api/schema; else $(NO_NODE); fi

dashboards: $(BUILT)  ## generate deploy/grafana/dashboards, and the tables of docs/monitoring.md
	$(BIN)/python -m deploy.grafana.generator

openapi: $(BUILT) $(UI_READY)  ## generate the services' OpenAPI documents, and the types that the UI has of them
	$(BIN)/python -m alerting.openapi ui/openapi
	cd ui && npm run --silent schema

lint: $(BUILT)  ## ruff, cython-lint, buf, hadolint, shellcheck, ESLint, actionlint; generated code is what its source makes
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(ON_PATH) cython-lint matchcore
	$(BIN)/hadolint $(DOCKERFILE)
	$(BIN)/shellcheck deploy/make-secrets deploy/terraform/check deploy/terraform/modules/ecs-cluster/take_over.sh .ci/run
	cd proto && $(ON_PATH) buf lint
	cd proto && $(ON_PATH) buf format --diff --exit-code
	cd proto && $(ON_PATH) buf breaking --against contract.binpb
	rm -rf build/proto && cd proto && $(ON_PATH) buf generate --output ../build/proto
	diff --recursive --exclude=__init__.py --exclude=__pycache__ build/proto/alerting/events/v1 services/alerting/events/v1
	rm -rf build/openapi && $(BIN)/python -m alerting.openapi build/openapi
	diff --recursive build/openapi ui/openapi
	$(MAKE) --no-print-directory ui-lint lint-workflows

# actionlint comes as a Go module only. It asks shellcheck about scripts, which is a wheel, as zizmor is.
$(ACTIONLINT):
	GOBIN="$(abspath $(@D))" go install github.com/rhysd/actionlint/cmd/actionlint@v$(ACTIONLINT_VERSION)

lint-workflows: $(BUILT)  ## zizmor on .github, and actionlint where Go is there
	$(BIN)/zizmor --offline --quiet .github
	@if command -v go >/dev/null; then $(MAKE) --no-print-directory $(ACTIONLINT) && $(ON_PATH) $(ACTIONLINT); \
	else echo 'The workflows are not put through actionlint: that needs Go.'; test -z "$$CI"; fi

# From an archive and not by buf's own hands, which want a branch and not just any commit.
proto-breaking: $(BUILT)  ## whether readers of the messages of BASE=origin/main understand those that are here
	rm -rf build/base && mkdir -p build/base && git archive $(BASE) proto | tar -x -C build/base
	cd proto && $(ON_PATH) buf breaking --against ../build/base/proto

proto: $(BUILT)  ## generate the messages' code, and the contract that later versions are compared with
	cd proto && $(ON_PATH) buf format --write && $(ON_PATH) buf generate --output ../services
	cd proto && $(ON_PATH) buf build --exclude-source-info --output contract.binpb

format: $(BUILT)  ## let ruff format and mend what it can
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

types: $(BUILT)  ## mypy on everything, stubtest on the stubs
	$(BIN)/mypy
	$(BIN)/stubtest matchcore --mypy-config-file pyproject.toml --allowlist tests/typing/stubtest.allow --ignore-unused-allowlist

# What needs no server is done by all processors, and long tests stand side by side: who has done its own takes others'.
# What needs servers mostly waits: three processes, each with its own, and what builds wheels begins, as it takes longest.
# Two whole platforms would get in each other's way.
test: $(BUILT)  ## every test there is, or those that ARGS="..." names
ifdef ARGS
	$(BIN)/pytest $(ARGS)
else
	$(BIN)/pytest --numprocesses=auto --dist=worksteal tests/unit tests/property
	$(BIN)/pytest --numprocesses=3 --dist=loadfile --no-loadscope-reorder tests/packaging tests/contract tests/integration
	$(BIN)/pytest tests/e2e
endif

test-python: $(BUILT)  ## unit and property tests under PYTHON=..., from the sdist, in an environment of its own
	rm -rf build/sdist
	$(BIN)/python -m build --no-isolation --sdist --outdir build/sdist . >/dev/null
	tag=$$($(PYTHON) -c 'import sysconfig; print(sysconfig.get_config_var("SOABI"))') && other=build/$$tag/bin && \
	$(PYTHON) -m venv build/$$tag && \
	$$other/$(PIP) $(BUILD_DEPS) && \
	MATCHCORE_STRICT=1 $$other/$(PIP) --no-build-isolation --no-deps --force-reinstall build/sdist/*.tar.gz && \
	$$other/$(PIP) 'matchcore[$(EXTRAS)]' && \
	$$other/python -P -W error -c 'import matchcore, sys; print(sys.version, matchcore.__impl__)' && \
	$(TEST_ENV) $$other/pytest tests/unit/matchcore tests/property/matchcore $(ARGS)

# The import before the tests fails when an extension switches the GIL on again: it warns, and -W error is set.
# Without the Arrow libraries, whose tests then skip themselves: not all have wheels for such a Python.
test-freethreaded:  ## the same under a free-threaded Python: python3.14t on the PATH, or PYTHON_FT=...
	@test -n "$(PYTHON_FT)" || { echo 'no free-threaded Python on the PATH: make test-freethreaded PYTHON_FT=...' >&2; exit 1; }
	$(MAKE) test-python PYTHON=$(PYTHON_FT) EXTRAS=test TEST_ENV='PYTHON_GIL=0'

# Python itself is not instrumented, so the sanitizer has to be there before it; libstdc++ because
# the sanitizer looks for the C++ exceptions of pyarrow only once. pytest must not catch the sanitizer's report.
sanitize: $(BUILT)  ## unit and property tests with the address and undefined-behaviour sanitizers of gcc
	@test -e "$$($(CC) -print-file-name=libasan.so)" || { echo 'no libasan.so beside $(CC): make sanitize CC=gcc' >&2; exit 1; }
	MATCHCORE_SANITIZE=1 $(BIN)/python setup.py --quiet build --build-base build/sanitize --build-lib build/sanitize/lib
	LD_PRELOAD="$$($(CC) -print-file-name=libasan.so) $$($(CC) -print-file-name=libstdc++.so)" \
	ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1 UBSAN_OPTIONS=print_stacktrace=1 \
	PYTHONMALLOC=malloc PYTHONPATH=build/sanitize/lib \
	$(BIN)/pytest -p no:faulthandler --capture=sys --numprocesses=auto --dist=worksteal tests/unit/matchcore tests/property/matchcore $(ARGS)

# From the checkout's own directory, where the hooks find what they are made of.
docs: $(BUILT)  ## the documentation site, in build/docs; a link that leads nowhere is an error
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs --quiet build --strict --clean

docs-serve: $(BUILT)  ## the same, on http://127.0.0.1:8000, made again whenever a page changes
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs serve --dev-addr 127.0.0.1:8000

diagrams: $(BUILT)  ## docs/diagrams: the drawings of docs/architecture.md, light and dark
	$(BIN)/python -m docsite.diagrams docs/diagrams

bench-pipeline: $(BUILT)  ## the pipeline on Apache Kafka, stage by stage and end to end, as JSON
	$(BIN)/python -m benches.pipeline $(ARGS)

chaos: $(BUILT)  ## half an hour of killed, frozen, cut-off and filled-up parts while alerts flow: ARGS="--seconds 300 --seed 2"
	$(BIN)/python -m benches.reliability.chaos $(ARGS)

crash-comparison: $(BUILT)  ## the same crashes for stock Alertmanager and for us
	$(BIN)/python -m benches.reliability.crash_comparison $(ARGS)

steady-load: $(BUILT)  ## ten minutes at 80 % of the sustained rate: memory, lag, latency
	$(BIN)/python -m benches.reliability.steady_load $(ARGS)

bench-retention: $(BUILT)  ## old notifications are removed while new ones come: sizes, rates
	$(BIN)/python -m benches.retention $(ARGS)

bench-tables: $(BUILT)  ## a million rules and notifications: how long each click takes on the server
	$(BIN)/python -m benches.tables $(ARGS)

bench: $(BUILT)  ## one table of speed and memory, with ratios measured in one run
	$(BIN)/python -m benches.table $(ARGS)

# Both commits are built and take turns, so that what else the machine does slows both. Only a difference that is
# beyond the noise of the samples counts.
bench-compare: $(BUILT)  ## asv on BASE=origin/main and on the last commit here; fails where one got slower by FACTOR=1.2
	$(BIN)/asv --config benches/asv.conf.json machine --yes >/dev/null
	$(ON_PATH) $(BIN)/asv --config benches/asv.conf.json continuous --interleave-rounds --show-stderr \
	    --factor $(FACTOR) $(ARGS) $(BASE) HEAD

annotate: $(BUILT)  ## matchcore/*.html: which lines of Cython call Python
	rm -f matchcore/*.c
	MATCHCORE_ANNOTATE=1 $(BIN)/python setup.py --quiet build_ext --inplace

ENGINE = $(shell command -v docker || command -v podman)

# The version is worked out here, since the builder is not sent the history.
image: $(BUILT)  ## the image of all services, as IMAGE=alerting:local, with docker or podman
	@test -n "$(ENGINE)" || { echo 'neither docker nor podman on the PATH; make image-test needs none' >&2; exit 1; }
	version=$$($(BIN)/python -m setuptools_scm) && DOCKER_BUILDKIT=1 $(ENGINE) build --file $(DOCKERFILE) \
	    $(if $(findstring podman,$(ENGINE)),--ignorefile $(DOCKERFILE).dockerignore) --tag $(IMAGE) \
	    --build-arg VERSION="$$version" --build-arg REVISION="$$(git rev-parse HEAD)" $(ARGS) .

image-bases:  ## what the image is built on, with the digests that the registry has now: build arguments for a release
	@sed -n 's/^ARG \([A-Z]*_IMAGE\)=/\1 /p' $(DOCKERFILE) | while read -r name image; do \
	    digest=$$(docker buildx imagetools inspect "$$image" --format '{{.Manifest.Digest}}') || exit 1; \
	    echo "$$name=$$image@$$digest"; done

# Debian with Python and a compiler, which stand for the images; its mirror is the one of this machine.
IMAGE_PACKAGES := python3,python3-venv,python3-dev,gcc,libc6-dev,ca-certificates

$(IMAGE_ROOT).ready:
	rm -rf $(IMAGE_ROOT)
	mirror=$$(apt-get indextargets --format '$$(SITE)' 2>/dev/null | grep -v security | sort -u | head -n 1) && \
	debootstrap --variant=minbase --include=$(IMAGE_PACKAGES) trixie $(IMAGE_ROOT) $$mirror >$(IMAGE_ROOT).log
	touch $@

image-test: $(BUILT) $(IMAGE_ROOT).ready  ## every step of the Dockerfile and every service of its image, without Docker; as root
	ALERTING_TEST_IMAGE_ROOT=$(abspath $(IMAGE_ROOT)) $(BIN)/pytest tests/packaging/test_image.py $(ARGS)

compose-config:  ## what Docker makes of deploy/compose.yaml, and what it has against it
	docker compose --file deploy/compose.yaml config --quiet

terraform:  ## format, validate and test deploy/terraform offline; TERRAFORM_PLUGINS=directory with a copy of the AWS provider
	@TERRAFORM_PLUGINS="$(TERRAFORM_PLUGINS)" deploy/terraform/check

terraform-plugins:  ## a copy of the AWS provider for these, from the network, in build/terraform-plugins
	terraform -chdir=deploy/terraform/modules/task providers mirror $(abspath build/terraform-plugins)

terraform-cost: $(BUILT)  ## what a month of each environment costs, summed from deploy/terraform/prices.csv into its README
	$(BIN)/python -m deploy.terraform.cost

# Each in an environment of its own: they want older versions of what the platform uses.
build/moto-$(MOTO_VERSION)/.ready:
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/pip --disable-pip-version-check install --quiet 'moto[server,ec2,ecs,iam,secretsmanager]==$(MOTO_VERSION)'
	touch $@

build/checkov-$(CHECKOV_VERSION)/.ready:
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/pip --disable-pip-version-check install --quiet checkov==$(CHECKOV_VERSION)
	touch $@

terraform-apply-test: $(BUILT) build/moto-$(MOTO_VERSION)/.ready  ## apply low-cost to a mock of AWS; its tasks' commands run on real servers
	@plugins=$$(TERRAFORM_PLUGINS="$(TERRAFORM_PLUGINS)" deploy/terraform/check --plugins) && test -n "$$plugins" && TERRAFORM_PLUGINS="$$plugins" \
	MOTO_PYTHON=$(abspath build/moto-$(MOTO_VERSION)/bin/python) $(BIN)/pytest tests/terraform $(ARGS)

terraform-scan: build/checkov-$(CHECKOV_VERSION)/.ready  ## checkov on deploy/terraform; each exception has its reason beside it
	build/checkov-$(CHECKOV_VERSION)/bin/checkov --directory deploy/terraform --framework terraform --compact --quiet --skip-download

# The tools that build, repair and check wheels are of no use to a developer otherwise.
$(RELEASE)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(RELEASE)
	$(RELEASE)/bin/$(PIP) pip
	$(RELEASE)/bin/$(PIP) --group release
	touch $@

wheels: $(RELEASE)/.ready  ## dist/: the sdist, a wheel for each CPython found here, the platform's with the UI; each checked and tried
	@$(HAS_NODE) || { echo 'The platform has the UI in its wheel: that needs Node 20.19, 22.12 or newer.' >&2; exit 1; }
	@$(MAKE) --silent --no-print-directory $(UI_DIST)/index.html
	$(RELEASE)/bin/python -m release.wheels $(ARGS)

sbom: $(RELEASE)/.ready  ## build/sbom: what comes with the wheels of dist/, and what is in the UI, as CycloneDX
	$(RELEASE)/bin/python -m release.sbom

release-notes:  ## what CHANGELOG.md says of TAG=v1.2.3; fails where it says nothing
	@$(PYTHON) -m release.notes $(TAG)

dist: $(BUILT)  ## an sdist, and a wheel built from it, in dist/
	rm -rf dist
	$(BIN)/python -m build --no-isolation .

check: lint types test ui-test  ## lint, types and all tests; CI runs them and sanitize

clean:  ## take away all that was made
	rm -rf ui/node_modules $(UI_DIST)
	rm -rf $(VENV) build dist *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache .asv
	rm -f matchcore/*.c matchcore/*.html matchcore/*.so
	rm -rf services/*.egg-info
	find matchcore services tests benches -name __pycache__ -type d -prune -exec rm -rf {} +
