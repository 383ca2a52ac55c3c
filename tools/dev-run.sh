#!/usr/bin/env bash
# Builds the program and becomes it, so that the signals of `make dev` reach the program itself
# and it closes its database and ports before the next one starts.
set -euo pipefail
cd "$(dirname "$0")/.."
make build
exec ./bin/franklin demo "$@"
