#!/usr/bin/env bash
# Plays score.txt into an A-law file (8 kHz, mono), which Asterisk sends as it is.
#   render.sh SOX OUT
# About 67 s of music, -20 dBFS RMS, that goes round: what rings on behind the last bar is laid over the first.
set -euo pipefail
sox=$1 out=$2
score=$(dirname "$0")/score.txt
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

tempo=$(sed -nE 's/^tempo ([0-9]+).*/\1/p' "$score")
calc() { awk "BEGIN { printf \"%.4f\", $1 }"; }
bar=$(calc "240 / $tempo") # seconds

parts=()
bars=0
place() { # file, gain, start: into the mix
  "$sox" -v "$2" "$1" "$work/placed-${#parts[@]}.wav" pad "$3" 0
  parts+=(-v 1 "$work/placed-${#parts[@]}.wav")
}
while IFS='|' read -r chord melody; do
  start=$(calc "$bars * $bar")
  read -ra notes <<<"$chord"
  voices=()
  for note in "${notes[@]}"; do voices+=(triangle "$note"); done
  # The chord swells and dies away into the next one.
  "$sox" -r 44100 -c "${#notes[@]}" -n -r 16000 "$work/chord.wav" synth "$(calc "$bar + 1.6")" "${voices[@]}" \
    remix - lowpass 1800 tremolo 0.6 15 fade h 0.9 0 1.5
  place "$work/chord.wav" 0.35 "$start"
  read -ra notes <<<"$melody"
  voices=() delays=()
  for note in "${notes[@]}"; do
    voices+=(pluck "${note#*:}")
    delays+=("$(calc "(${note%%:*} - 1) * $bar / 4")")
  done
  mix=$(seq -s, -f '%gv0.5' 1 $((${#voices[@]} / 2)))
  # A fixed seed (-R) and no dither (-D): the same score makes the same file.
  "$sox" -R -D -r 44100 -c $((${#voices[@]} / 2)) -n -r 16000 "$work/melody.wav" synth 2.6 "${voices[@]}" fade l 0.005 2.6 1.2 \
    delay "${delays[@]}" remix -m "$mix"
  place "$work/melody.wav" 0.9 "$start"
  bars=$((bars + 1))
done < <(sed -E 's/#( .*|$)//; /^tempo/d; /^[[:space:]]*$/d' "$score")

length=$(calc "$bars * $bar")
"$sox" -m "${parts[@]}" "$work/all.wav" reverb 25 50 60 0 0 -4 remix -
"$sox" "$work/all.wav" "$work/tail.wav" trim "$length"
"$sox" -m -v 1 "$work/all.wav" -v 1 "$work/tail.wav" "$work/round.wav" trim 0 "$length" \
  highpass 200 compand 0.2,0.8 -60,-60,-26,-20,0,-8 0 -20
level=$("$sox" "$work/round.wav" -n stats 2>&1 | awk '/^RMS lev dB/ { print $4 }')
"$sox" -D "$work/round.wav" -r 8000 -c 1 -e a-law -t al "$out" gain "$(calc "-20 - ($level)")"
