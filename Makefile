# `make help` lists the targets. Each one first makes what it needs: see tools/bootstrap.
.DEFAULT_GOAL := help
BIN := .venv/bin

# Programs that tests run beside the service, as PROGRAM[:DEBIAN-PACKAGE], and what they lean on.
REAL := nginx:nginx-light promtool:prometheus curl ip:iproute2 chromium :libatomic1 \
	prometheus-alertmanager amtool:prometheus-alertmanager buildah debootstrap podman runc

.PHONY: help screenshots demo test lint format generate bench coverage image clean

help: ## Say what there is
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

demo: .venv/.ready ## Watch a small world of releases go wrong, and the probe find out
	@$(BIN)/delivery-probe demo $(ARGS)

test: .venv/.ready ## Run every test (ARGS="-k stale" for some)
	@tools/debian-packages $(REAL) || true
	@tools/helm || true
	@$(BIN)/pytest $(ARGS)

lint: .venv/.ready ## Hold style, types, arrows and sizes
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/codespell probe dashboards config docs *.md
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/pytest -q tests/contracts

format: .venv/.ready ## Let ruff mend what it can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

coverage: .venv/.ready ## Run every test and show which lines none of them reached
	@$(BIN)/pytest --cov --cov-report=term-missing:skip-covered $(ARGS)

bench: .venv/.ready ## Measure, side by side with peers (minutes; see bench/RESULTS.md)
	@tools/debian-packages nginx:nginx-light prometheus-blackbox-exporter curl openssl
	@for each in exposition pages peers scale schedule ledger siege; do echo "== $$each"; $(BIN)/python bench/$$each.py || exit 1; done

generate: .venv/.ready ## Write again what is generated from the code
	@$(BIN)/python -m probe.generate
	@$(BIN)/python -m probe.settings > config/schema.json
	@$(BIN)/python -m probe.web.openapi > docs/openapi.json
	@$(BIN)/python -m dashboards
	@$(BIN)/python tools/chart.py

image: ## Build the container image (ARGS go to the builder; see docs/deploy.md)
	@tools/image $(ARGS)

screenshots: .venv/.ready ## Take pictures of every page while the demo plays
	@tools/debian-packages chromium :libatomic1
	@$(BIN)/python tools/screenshots.py

clean: ## Remove what the other targets made
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/.ready: pyproject.toml uv.lock tools/bootstrap tools/uv.txt
	@tools/bootstrap
	@touch $@
