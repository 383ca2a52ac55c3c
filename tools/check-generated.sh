#!/usr/bin/env bash
# Generates everything again and fails when a file changed: then what is committed was not made from
# its sources. The fresh files stay in the tree, ready to be looked at and committed.
set -euo pipefail
cd "$(dirname "$0")/.."

# generated lists every tracked or new file that says of itself that it is generated, with its hash.
generated() {
  git ls-files --cached --others --exclude-standard -- '*.go' |
    while read -r file; do
      if [ -f "$file" ] && head -n 20 "$file" | grep -qE '^// Code generated .* DO NOT EDIT\.$'; then
        sha256sum "$file"
      fi
    done
}

before=$(generated)
make gen
after=$(generated)
if ! changed=$(diff <(echo "$before") <(echo "$after")); then
  echo 'Generated code was out of date. It is fresh now; look at it and commit it:' >&2
  echo "$changed" | awk '/^[<>]/ {print "  " $3}' | sort -u >&2
  exit 1
fi
