#!/usr/bin/env bash
set -euo pipefail
"$1" -n -r 8000 -c 1 -e a-law -t al "$2" synth 60 sine 330 gain -20
