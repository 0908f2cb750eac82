#!/usr/bin/env bash
# Makes the bed: a soft, even breath of sound for who is to press a key or to speak. Nobody should notice it, but without it
# nothing at all is sent, and some networks end a call that is silent.
#   bed.sh SOX OUT
# 20 s at -43 dBFS RMS (A-law, 8 kHz, mono) that go round without a seam: the last second is laid under the first.
set -euo pipefail
sox=$1 out=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A fixed seed (-R) and no dither (-D): always the same file.
"$sox" -R -D -n -r 8000 -c 1 -b 16 "$work/noise.wav" synth 21 pinknoise highpass 200 lowpass 700 gain -n -12
"$sox" -D "$work/noise.wav" "$work/body.wav" trim 0 20 fade q 1
"$sox" -D "$work/noise.wav" "$work/tail.wav" trim 20 1 fade q 0 1 1
"$sox" -D -m -v 1 "$work/body.wav" -v 1 "$work/tail.wav" "$work/round.wav"
level=$("$sox" "$work/round.wav" -n stats 2>&1 | awk '/^RMS lev dB/ { print $4 }')
"$sox" -D "$work/round.wav" -r 8000 -c 1 -e a-law -t al "$out" gain "$(awk "BEGIN { printf \"%.2f\", -43 - ($level) }")"
