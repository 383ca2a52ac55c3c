#!/usr/bin/env bash
# Installs what `make test` needs and the machine lacks: Debian packages with apt-get (as root or
# through sudo) and the npm packages of the browser tests. Does nothing when all is there.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=()
if ! compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null; then packages+=(postgresql); fi
if ! command -v chromium >/dev/null; then packages+=(chromium fonts-liberation); fi
if ! command -v xmllint >/dev/null; then packages+=(libxml2-utils); fi
if ! command -v java >/dev/null; then packages+=(default-jre-headless); fi
# Foreign judges of our mail, and a DNS server for them.
if ! command -v dkimverify >/dev/null; then packages+=(python3-dkim); fi
if ! PATH=$PATH:/usr/sbin command -v opendkim-testmsg >/dev/null; then packages+=(opendkim-tools); fi
if ! command -v spamassassin >/dev/null; then packages+=(spamassassin); fi
if ! PATH=$PATH:/usr/sbin command -v dnsmasq >/dev/null; then packages+=(dnsmasq-base iproute2); fi
# A foreign spreadsheet that opens what is exported: 85 MB, a third of a minute.
if ! command -v soffice >/dev/null; then packages+=(libreoffice-calc-nogui); fi

if ((${#packages[@]})); then
  as_root=()
  if ((EUID != 0)); then as_root=(sudo); fi
  if ! command -v apt-get >/dev/null || { ((EUID != 0)) && ! command -v sudo >/dev/null; }; then
    echo "The tests need, and this script cannot install: ${packages[*]}" >&2
    exit 1
  fi
  echo "installing ${packages[*]}"
  log=$(mktemp)
  trap 'rm -f "$log"' EXIT
  if ! { "${as_root[@]}" apt-get update -q &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${packages[@]}"; } >"$log" 2>&1 </dev/null; then
    tail -n 40 "$log" >&2
    exit 1
  fi
fi

# The lock file says what node_modules must be; npm writes its own copy inside when it is done.
if [ -f test/e2e/package-lock.json ]; then
  if [ test/e2e/package-lock.json -nt test/e2e/node_modules/.package-lock.json ]; then
    echo 'installing npm packages of test/e2e'
    PUPPETEER_SKIP_DOWNLOAD=1 PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 \
      npm ci --prefix test/e2e --ignore-scripts --no-audit --no-fund --loglevel error </dev/null
  fi
fi
