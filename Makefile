# `make` alone lists what there is. PYTHON names the interpreter that the environment is made with.
PYTHON ?= python3
VENV = .venv/bin/python
ENVIRONMENT = @$(PYTHON) scripts/bootstrap.py
PACKAGES = cms campaigns funding home search
TESTERS ?= $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)

.DEFAULT_GOAL := help
.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-12s %s\n", $$1, $$2 }'

.PHONY: environment
environment: ## make .venv from uv.lock (every target does, when the lock has changed)
	$(ENVIRONMENT)

.PHONY: run
run: environment ## everything on http://localhost:8000 with the demo; PORT and STRIPE_SANDBOX_PORT move it, Ctrl-C stops it
	@exec $(VENV) -m scripts.run

.PHONY: reset
reset: environment ## forget the demo: the database in .var, its media, mails and payments
	@$(VENV) -m scripts.reset

.PHONY: test
test: environment ## the whole suite on a real PostgreSQL, in parallel (the browser's journey: test-browser)
	@$(VENV) -m scripts.messages compile
	@$(VENV) -m pytest -n $(TESTERS) -m "not browser and not slow and not kill"

.PHONY: test-browser
test-browser: environment ## the journeys in a real browser (Debian's chromium)
	@$(VENV) -m scripts.messages compile
	@$(VENV) -m pytest -m browser

.PHONY: test-slow
test-slow: environment ## the demo from nothing, killed on its way; all orders of seven events; many random stories
	@$(VENV) -m scripts.messages compile
	@$(VENV) -m pytest -m slow

.PHONY: test-kill
test-kill: environment ## kill workers, PostgreSQL, Redis and RabbitMQ while money moves (KILL_SECONDS gives it more time)
	@$(VENV) -m scripts.messages compile
	@$(VENV) -m pytest -m kill

.PHONY: screenshots
screenshots: environment ## the README's pictures, taken of the demo while `make run` runs beside it
	@$(VENV) -m scripts.screenshots

.PHONY: check
check: environment ## style, types, import contracts, migrations, API file, translations, production settings
	@$(VENV) -m scripts.check

.PHONY: bench
bench: environment ## queries and relative speeds against their targets, on scratch databases; ONLY=<part>
	@$(VENV) -m scripts.messages compile
	@$(VENV) -m tests.bench $(if $(ONLY),--only $(ONLY))

.PHONY: lint
lint: environment ## style alone
	@$(VENV) -m scripts.check style

.PHONY: fmt
fmt: environment ## put the code into shape
	@$(VENV) -m ruff check -q --fix . || true
	@$(VENV) -m ruff format -q .

.PHONY: messages
messages: environment ## bring the translation files up to date with the code, and compile them
	@$(VENV) -m scripts.messages merge
	@$(VENV) -m scripts.messages compile

.PHONY: openapi
openapi: environment ## write openapi.yaml from the code
	@KINDLING_NO_DATABASE=1 DJANGO_SETTINGS_MODULE=cms.settings.test $(VENV) -W ignore manage.py spectacular \
	  --validate --fail-on-warn --file openapi.yaml

.PHONY: docs
docs: environment ## write docs/states.md from the tables of states
	@$(VENV) -m scripts.states write

.PHONY: migrations
migrations: ## (until the first release) rewrite the one initial migration of each app from its models and guards
	@$(VENV) -m scripts.migrations
