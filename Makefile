PYTHON = .venv/bin/python

.PHONY: migrations
migrations: ## (until the first release) rewrite the one initial migration of each app from its models and guards
	@rm -f cms/*/migrations/0*.py campaigns/migrations/0*.py funding/migrations/0*.py home/migrations/0*.py search/migrations/0*.py
	@for app in core users images mail funding campaigns home search; do $(PYTHON) manage.py makemigrations $$app -v0 || exit 1; done
	@for app in cms/users cms/images cms/mail funding campaigns home search; do \
	  if [ -e $$app/migrations/0001_initial.py ]; then \
	    printf '\n\n# `app_now()` is a default of columns here.\nMigration.dependencies.append(("core", "0001_initial"))\n' >> $$app/migrations/0001_initial.py; \
	  fi; done
	@for app in cms/core cms/users funding campaigns; do \
	  module=$$(echo $$app | tr / .); \
	  case $$app in cms/core) line='# Columns here have `app_now()` as their default: it comes first.\nMigration.operations[:0] = guards.operations()';; *) line='Migration.operations += guards.operations()';; esac; \
	  printf "\n$$line\n" >> $$app/migrations/0001_initial.py; \
	  sed -i "0,/^import\|^from/s//from $$module import guards\n&/" $$app/migrations/0001_initial.py; \
	done
	@.venv/bin/ruff check -q --fix --select I cms funding campaigns home search || true
