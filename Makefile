# Franklin's one entry point for people and machines. `make` alone prints what there is.
#
# build and demo need only Go: generated code is committed. Everything else builds the
# development tools it uses once into bin/tools, at the versions pinned in tools/go.mod.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory
.NOTPARALLEL:

MODULE  := github.com/franklin-letters/franklin
BIN     := bin/franklin
TOOLS   := bin/tools
E2E     := test/e2e
DIST    := dist
TARGETS := linux/amd64 linux/arm64 darwin/amd64 darwin/arm64
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -s -w -X main.version=$(VERSION)

# ARGS goes to the program a target starts: make demo ARGS="--addr 127.0.0.1:9000".
ARGS ?=

##@ Run

.PHONY: help
help: ## Show this list.
	@awk 'BEGIN {FS = ":.*## "} \
		/^##@ / {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z][a-z0-9-]*:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## Build bin/franklin, one static binary.
	@CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o $(BIN) ./cmd/franklin

.PHONY: demo
demo: build ## Start everything with a demo campaign and print the links. ARGS="..." is passed on.
	@./$(BIN) demo $(ARGS)

.PHONY: dev
dev: $(TOOLS)/templ ## The demo, rebuilt and restarted on every change of Go, templ, CSS, Markdown or JSON.
	@$(TOOLS)/templ generate --watch --open-browser=false --log-level warn \
		--watch-pattern '\.(go|templ|css|js|md|json)$$' --ignore-pattern '^$(CURDIR)/(bin|dist|tmp|data|test)/|/node_modules/' \
		--cmd 'tools/dev-run.sh $(ARGS)'

##@ Change

.PHONY: gen
gen: gen-sql gen-text gen-html ## Generate Go from SQL (sqlc), message catalogues and templates (templ).

.PHONY: gen-sql
gen-sql: $(if $(wildcard internal/db/sqlc.yaml),$(TOOLS)/sqlc)
	@if [ -f internal/db/sqlc.yaml ]; then $(TOOLS)/sqlc generate -f internal/db/sqlc.yaml; fi

.PHONY: gen-text
gen-text:
	@go generate ./internal/locale

.PHONY: gen-html
gen-html: $(TOOLS)/templ
	@$(TOOLS)/templ generate --log-level warn

.PHONY: gen-check
gen-check: ## Fail when committed generated code is not what its sources generate.
	@tools/check-generated.sh

.PHONY: fmt
fmt: $(TOOLS)/golangci-lint $(TOOLS)/templ ## Format Go (gofumpt, grouped imports) and templates.
	@$(TOOLS)/golangci-lint fmt ./...
	@$(TOOLS)/templ fmt -log-level warn .

.PHONY: lint
lint: $(TOOLS)/golangci-lint ## Lint with the rules of .golangci.yaml: layers, errors, contexts, sizes; and see that the benchmarks build.
	@$(TOOLS)/golangci-lint run ./...
	@go -C test/bench vet ./...

.PHONY: hooks
hooks: ## Make git run .githooks/pre-commit before each commit.
	@git config core.hooksPath .githooks
	@echo 'git runs .githooks from now on; undo with: git config --unset core.hooksPath'

##@ Prove

.PHONY: check
check: lint unit ## The gate before a commit: lint and quick tests, under a minute when caches are warm.

.PHONY: unit
unit: ## Quick tests of every package, on both databases when PostgreSQL is installed.
	@go test -short ./...

# The whole house is tested on machines that others keep busy, where one of thousands of tests
# can be late. One to three that fail are run once more, and named at the end. What is broken
# fails again; a data race is never given a second chance.
GOTEST := $(TOOLS)/gotestsum --format standard-quiet --rerun-fails=1 --rerun-fails-max-failures=3 \
	--rerun-fails-run-root-test --rerun-fails-abort-on-data-race

.PHONY: test
test: test-deps gen-check lint build e2e race $(TOOLS)/gotestsum $(TOOLS)/mailpit ## Everything: both databases, race detector, browser, kill -9, generated code, sizes.
	@$(GOTEST) --packages ./... -- -count=1 -timeout 30m

.PHONY: race
race: $(TOOLS)/gotestsum ## Quick tests again under the race detector.
	@CGO_ENABLED=1 $(GOTEST) --packages "$$(go list ./... | grep -Ev '/test/|/cmd/' | tr '\n' ' ')" -- -race -short -timeout 30m

.PHONY: test-deps
test-deps: ## Install what the tests need (PostgreSQL, Chromium, xmllint, Java, DKIM verifiers, LibreOffice, npm packages) where missing.
	@tools/install-test-deps.sh

.PHONY: e2e
# A browser on a busy machine can be late once. A story that is broken fails the second time too.
e2e: build ## The whole way in a real browser: letter, receipt, accessibility, HTML and speed checks.
	@npm --prefix $(E2E) test || { echo 'e2e: a second and last try'; npm --prefix $(E2E) test; }

.PHONY: crash
crash: ## Kill it, cut its power, fill its disk, let the Capitol misbehave: 20 minutes; no letter may be lost or doubled.
	@go test -count=1 -timeout 60m -v ./test/crash -full $(ARGS)

.PHONY: crash-mutants
crash-mutants: ## Break the program in five ways; the checker must notice each (4 minutes).
	@go test -count=1 -timeout 30m -v ./test/crash -run Mutants -mutants $(ARGS)

.PHONY: load
load: ## Offer ten times the sustained rate of letters and look what is served. ARGS="-queued 200000" drains a line instead.
	@go run ./test/load $(ARGS)

.PHONY: bench
bench: build ## Measure lookups, submissions and page views against their references.
	@go -C test/bench run . $(ARGS)

.PHONY: bench-district
bench-district: ## Measure districts of points and addresses against orb, S2, Tile38, PostGIS and databases.
	@go -C test/bench run ./district $(ARGS)

.PHONY: bench-mail
bench-mail: ## Send a mailing beside a bare loop, count segments of ten million people, bring people in and take them out. ARGS="-people 1000000" is quicker.
	@go test -run xxx -bench Mailing -benchtime 20000x ./internal/mailing
	@go -C test/bench run ./people -people 10000000 $(ARGS)

.PHONY: verify-district
verify-district: build ## Compare the district index with a brute-force answer on a million points near lines.
	@go -C test/bench run . verify-district $(ARGS)

.PHONY: screenshots
screenshots: build ## Photograph every public page: desktop, phone, dark.
	@node $(E2E)/screenshots.mjs $(ARGS)

.PHONY: cover
cover: ## Measure test coverage and write tmp/cover.html.
	@mkdir -p tmp
	@go test -short -coverpkg ./congress/...,./internal/... -coverprofile tmp/cover.out ./... >/dev/null
	@go tool cover -html tmp/cover.out -o tmp/cover.html
	@go tool cover -func tmp/cover.out | tail -1

##@ Release

.PHONY: dist
dist: ## Build release binaries for Linux and macOS with checksums into dist/.
	@rm -rf $(DIST) && mkdir -p $(DIST)
	@for target in $(TARGETS); do \
		name=$(DIST)/franklin-$(VERSION)-$${target/\//-}; \
		echo "$$name"; \
		CGO_ENABLED=0 GOOS=$${target%/*} GOARCH=$${target#*/} \
			go build -trimpath -ldflags '$(LDFLAGS)' -o $$name ./cmd/franklin; \
		go version -m $$name > $$name.modules.txt; \
	done
	@cd $(DIST) && sha256sum * > SHA256SUMS && cat SHA256SUMS

.PHONY: clean
clean: ## Remove what the targets made (not bin/tools; that is slow to build).
	@rm -rf $(BIN) $(BIN)-dev $(DIST) tmp

# Development tools. Each is built once and again when its pinned version moves.

.PHONY: tools
tools: $(TOOLS)/templ $(TOOLS)/sqlc $(TOOLS)/gofumpt $(TOOLS)/golangci-lint $(TOOLS)/gotestsum $(TOOLS)/mailpit ## Build every development tool now (several minutes the first time).

$(TOOLS)/%: tools/go.mod tools/go.sum
	@echo "building $* (once)"
	@mkdir -p $(TOOLS)
	@go build -C tools -o ../$@ $$(go -C tools list -f '{{.ImportPath}}' tool | grep '/$*$$')
	@touch $@

# A mail catcher that judges HTML. It has a module of its own: it needs newer libraries than
# the other tools, which would all be built anew.
$(TOOLS)/mailpit: tools/mailpit/go.mod tools/mailpit/go.sum
	@echo "building mailpit (once)"
	@mkdir -p $(TOOLS)
	@go build -C tools/mailpit -o ../../$@ github.com/axllent/mailpit
	@touch $@
