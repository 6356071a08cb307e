.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help setup demo test prove lint bench mutants screenshots messages lock clean chromium

bin := .venv/bin

# A stamp per lock, inside .venv: gone with it, older than a changed lock. The development lock
# holds everything of the runtime lock, so it answers for both.
runtime := .venv/.runtime-stamp
development := .venv/.development-stamp
peers := .venv/.bench-stamp
mutation := .venv/.mutants-stamp

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(runtime) ## make .venv with what running needs (PYTHON=python3.12 to choose)

demo: $(runtime) ## two consultations to look at, one finished and one starting today
	@$(bin)/consult demo $(ARGS)

test: $(development) chromium ## lint, types and every test; ARGS are handed to pytest
	@$(MAKE) --no-print-directory lint
	@$(bin)/python -m pytest -n 2 $(ARGS)

prove: $(development) chromium ## every test with all that is drawn at random, before a release: hours (SIZE=everyday)
	@TEST_SIZE=$(or $(SIZE),full) $(bin)/python -m pytest -n 2 $(ARGS)

lint: $(development) ## ruff, formatting, mypy
	@$(bin)/ruff check .
	@$(bin)/ruff format --check .
	@$(bin)/mypy

bench: $(peers) ## time what promises were made about, beside other programs (SIZE=small ARGS="--part web")
	@$(bin)/python -m tests.benchmarks $(if $(SIZE),--size $(SIZE)) $(ARGS)

mutants: $(mutation) ## do the tests notice bugs put into the code? slow (MUTANTS=200 MUTANTS_SEED=2)
	@nice -n 15 $(bin)/python -m tests.mutants $(if $(MUTANTS),--size $(MUTANTS)) $(if $(MUTANTS_SEED),--seed $(MUTANTS_SEED)) $(ARGS)

screenshots: $(development) chromium ## pictures of every page to build/screenshots
	@$(bin)/python -m tests.browser.screenshots $(ARGS)

# The template of all messages is made anew each time and thrown away; what stays has no date of its
# making and no line numbers, so that it changes only when a text does. In the end it names the texts
# that say a term of the experts in another word than the rest of their catalogue does.
messages: $(runtime) ## find the texts of the interface, update and compile the catalogues (NEW=uk adds one)
	@mkdir -p build
	@$(bin)/pybabel -q extract -F pyproject.toml -k _l -c Translators: -s --add-location=file -w 100 -o build/messages.pot .
	@$(if $(NEW),$(bin)/pybabel -q init -i build/messages.pot -d consult/words/translations -w 100 -l $(NEW))
	@$(bin)/pybabel -q update -i build/messages.pot -d consult/words/translations -w 100 -N --ignore-obsolete --ignore-pot-creation-date
	@$(bin)/pybabel -q compile -d consult/words/translations
	@rm build/messages.pot
	@$(bin)/python -m tests.words.terms

lock: ## resolve the lock files anew (ARGS=--upgrade for newer versions)
	@ARGS="$(ARGS)" .ci/lock

clean: ## remove .venv and the tools' caches; no consultation's data
	@rm -rf .venv .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

chromium:
	@.ci/chromium

$(runtime): requirements.txt pyproject.toml
	@.ci/setup requirements.txt
	@touch $@

$(development): requirements-dev.txt requirements.txt pyproject.toml
	@.ci/setup requirements-dev.txt
	@touch $(runtime) $@

$(mutation): requirements-mutants.txt $(development)
	@.ci/setup requirements-mutants.txt
	@touch $@

# One of the peers asks for older versions of what we use, and runs with ours: --no-deps.
$(peers): requirements-bench.txt $(development)
	@.ci/setup requirements-bench.txt --no-deps
	@touch $@
