# Thin on purpose: each target is a line or two that the README shows as well. Works with GNU make 3.81.
PORT ?= 8765

.PHONY: install demo demo-reset test lint bench

install:
	@scripts/install test

demo:
	@scripts/install demo
	@.venv/bin/collective-alignment demo --port $(PORT)

demo-reset:
	@scripts/install demo
	@.venv/bin/collective-alignment demo --port $(PORT) --reset

lint: install
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy

test: lint
	@scripts/test

bench: install
	@for bench in benchmarks/[a-z]*.py; do .venv/bin/python $$bench || failed=1; done; test -z "$$failed"
