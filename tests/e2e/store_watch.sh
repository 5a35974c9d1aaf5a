#!/bin/bash
# store_watch.sh WATCH SAMPLES: curves in the terminal and as a page, also while files are replaced, cut and removed.
set -uo pipefail
source tests/e2e/common.sh

watch=$1
samples=$2
results=$TEST_TMPDIR/results
read -r id unfinished < <("$samples" "$results")
page=$TEST_TMPDIR/watch.html

expect 0 'Example: bazel run //lib/store:watch -- results/default' "$watch" --help
expect 2 '--every' "$watch" "$results" --every=0
expect 2 'there is no folder' "$watch" "$results/no" --once
expect 2 "is a folder: name the file in it, --page=$results/watch.html" "$watch" "$results" --once --page="$results"

export LC_ALL=C.UTF-8
expect 0 '2 runs, 1 unfinished' "$watch" "$results" --once --page="$page"
[[ $output == *'  memory           █'*'loss 4.000 accuracy 0.50'* ]] || fail "no curve: $output"
[[ $output != *$'\e'* ]] || fail "colours without a terminal: $output"
while read -r line; do
  [[ ${#line} -le 80 || $line == *"$TEST_TMPDIR"* ]] || fail "a line of ${#line} columns: $line"
done <<<"$output"
expect 0 '  memory           #' "$watch" "$results/smoke" --once --ascii
python3 - "$page" <<'END' || fail 'the page is not well-formed, or lacks a run'
import sys
import xml.etree.ElementTree as tree
page = tree.fromstring(open(sys.argv[1], encoding="utf-8").read().replace("<!DOCTYPE html>", "", 1))
assert len(page.findall(".//svg")) == 2, "runs"
lines = [line.get("points").split() for line in page.iter("polyline")]
assert len(lines) == 4 and all(len(points) == 3 for points in lines), lines
END

# What cannot be read is named, and where it is told why.
[[ $output != *'cannot be read'* ]] || fail "files that are whole are said not to be read: $output"
cp "$results/smoke/runs/$id.h5" "$TEST_TMPDIR/whole.h5"
python3 - "$results/smoke/runs/$id.h5" <<'END'
import struct
import sys
data = bytearray(open(sys.argv[1], "rb").read())
data[data.index(struct.pack("<2d", 5.25, 4.5)) + 6] ^= 1
open(sys.argv[1], "wb").write(data)
END
expect 0 "1 file of runs cannot be read: smoke/runs/$id.h5; why, tells" "$watch" "$results" --once
[[ $output == *'1 run, 1 unfinished'* ]] || fail "a finished run with a changed value is shown: $output"
cp "$TEST_TMPDIR/whole.h5" "$results/smoke/runs/$id.h5"
expect 0 '2 runs, 1 unfinished' "$watch" "$results" --once
truncate -s 3000 "$results/smoke/runs/$id.h5"
expect 0 "1 file of runs cannot be read: smoke/runs/$id.h5; why, tells" "$watch" "$results" --once --page="$page"
[[ $output == *"bazel run //lib/store:list -- $results"* ]] || fail "no command tells why: $output"
grep -q "<p>1 file of runs cannot be read: smoke/runs/$id.h5</p>" "$page" || fail 'the page does not say so'

# A copy under another run's name is told, and not shown.
"$samples" "$results" >/dev/null
wrong=$results/smoke/runs/0123456789abcdef.h5
cp "$results/smoke/runs/$id.h5" "$wrong"
expect 0 "$wrong holds the run $id, which its name does not say" "$watch" "$results" --once --page="$page"
[[ $output == *'2 runs, 1 unfinished'* && $output != *'cannot be read'* ]] || fail "the copy is shown, or unread: $output"
grep -q "0123456789abcdef.h5 holds the run $id, which its name does not say</p>" "$page" || fail 'the page does not tell of the copy'
rm "$wrong"

# Runs that it may not look at are not none. (A link to itself stands in for a folder that is closed to others than root.)
mv "$results/smoke/runs" "$results/smoke/away"
ln -s runs "$results/smoke/runs"
expect 1 "cannot list $results/smoke/runs" "$watch" "$results" --once
rm "$results/smoke/runs"
mv "$results/smoke/away" "$results/smoke/runs"

# Files are replaced, cut and removed while it looks, and it may start before there is a folder.
rm -r "$results" "$page"
"$watch" "$results" --every=0.1 --page="$page" >"$TEST_TMPDIR/out" 2>"$TEST_TMPDIR/err" &
pid=$!
for round in 1 2 3 4 5 6; do
  "$samples" "$results" >/dev/null
  sleep 0.1
  truncate -s 3000 "$results/smoke/checkpoints/$unfinished.h5"
  sleep 0.1
  rm "$results/smoke/runs/$id.h5"
  [[ $round -lt 6 ]] || "$samples" "$results" changed >/dev/null
done
for _ in {1..100}; do
  grep -q 'loss 3.500' "$TEST_TMPDIR/out" && break
  sleep 0.1
done
kill -0 "$pid" || fail 'it has ended'
kill "$pid"
wait "$pid" 2>/dev/null
grep -q 'no runs yet' "$TEST_TMPDIR/out" || fail 'nothing was said of no runs'
grep -q 'loss 3.500' "$TEST_TMPDIR/out" || fail 'the last state was not shown'
grep -q 'memory 3.500' "$page" || fail 'the page lacks the last state'
[[ $(grep -v '^the page is ' "$TEST_TMPDIR/err") == '' ]] || fail "errors: $(cat "$TEST_TMPDIR/err")"

# On a terminal: in colour, unless NO_COLOR is set.
if command -v script >/dev/null; then
  "$samples" "$results" >/dev/null
  expect 0 $'\e[34m' script -qec "TERM=xterm $watch $results --once" /dev/null
  expect 0 'memory' script -qec "NO_COLOR=1 TERM=xterm $watch $results --once" /dev/null
  [[ $output != *$'\e[34m'* ]] || fail "colours in spite of NO_COLOR: $output"
fi
[[ $failures -eq 0 ]]
