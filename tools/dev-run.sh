#!/usr/bin/env bash
# Builds the program and becomes it, so that the signals of `make dev` reach the program itself
# and it closes its database and ports before the next one starts. Unlike `make build` it keeps
# source paths in the program: by them templ finds the changed text of a page without a restart.
set -euo pipefail
cd "$(dirname "$0")/.."
CGO_ENABLED=0 go build -o bin/franklin-dev ./cmd/franklin
exec ./bin/franklin-dev demo "$@"
