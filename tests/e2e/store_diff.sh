#!/bin/bash
# store_diff.sh DIFF SAMPLES: equal and different files and folders are told apart, with the place and size of the first
# difference, claim by claim, and the exit status says which.
set -uo pipefail
source tests/e2e/common.sh

diff=$1
samples=$2
a=$TEST_TMPDIR/a
b=$TEST_TMPDIR/b
same=$TEST_TMPDIR/same
read -r id unfinished < <("$samples" "$a")
"$samples" "$same" >/dev/null
"$samples" "$b" changed >/dev/null

expect 0 'bazel run //lib/store:diff -- data/reference/default' "$diff" --help
expect 2 'B is required' "$diff" "$a"
expect 2 'fig8.h5; did you mean fig9.h5?' "$diff" "$a/smoke/fig9.h5" "$a/smoke/fig8.h5"
expect 2 'give two files or two folders' "$diff" "$a" "$a/smoke/fig9.h5"
expect 2 'give two of a kind' "$diff" "$a/smoke/fig9.h5" "$a/smoke/runs/$id.h5"
expect 2 'not of folders' "$diff" "$a" "$b" --output="$TEST_TMPDIR/folders"
for output in "$TEST_TMPDIR/" "$TEST_TMPDIR"; do
  expect 2 "is a folder: name the pictures in it, --output=$TEST_TMPDIR/overlay" \
    "$diff" "$a/smoke/fig9.h5" "$b/smoke/fig9.h5" --output="$output"
done

expect 0 'equal: digest ' "$diff" "$a/smoke/runs/$id.h5" "$same/smoke/runs/$id.h5"
expect 1 '/series/memory/loss: 1 of 3 values' "$diff" "$a/smoke/runs/$id.h5" "$b/smoke/runs/$id.h5"
for text in 'first at [2]: 4 in A, 3.5 in B' 'largest difference 0.5 at [2], 0.125 relative' \
  '/parameters/head.w: 1 of 6 values' 'first at [1, 2]: 6.5 in A, 6.75 in B'; do
  [[ $output == *"$text"* ]] || fail "no '$text' in: $output"
done
expect 0 'equal: digest ' "$diff" "$a/smoke/checkpoints/$unfinished.h5" "$b/smoke/checkpoints/$unfinished.h5"

expect 0 'same         fig9.A: differs -1' "$diff" "$a/smoke/fig9.h5" "$same/smoke/fig9.h5"
expect 1 '2 claims: 1 the same, 0 with another value, 1 with another verdict' "$diff" "$a/smoke/fig9.h5" "$b/smoke/fig9.h5"
[[ $output == *'A differs -1, B holds 1'* ]] || fail "no verdicts of both: $output"
[[ $output == *'DIFFERS      0123456789abcdef  transformer gamma=0.3 seed=1'* ]] || fail "no run that differs: $output"

expect 0 '2 files in both: 2 equal, 0 differ; 0 only in A, 0 only in B' "$diff" "$a" "$same"
expect 1 '2 files in both: 0 equal, 2 differ' "$diff" "$a" "$b"
[[ $output == *"DIFFERS      smoke/runs/$id.h5"*transformer\ gamma=* ]] || fail "the run is not named: $output"
rm "$same/smoke/runs/$id.h5"
expect 1 "only in A    runs/$id.h5  transformer gamma=" "$diff" "$a/smoke" "$same/smoke"
expect 1 'nothing is in both' "$diff" "$a" "$same/smoke"
printf 'x' | dd of="$b/smoke/fig9.h5" bs=1 seek=6000 conv=notrunc 2>/dev/null
expect 2 'UNREADABLE   smoke/fig9.h5' "$diff" "$a" "$b"
[[ $output == *', 1 cannot be read; '* ]] || fail "the sum leaves out what cannot be read: $output"
expect 1 '' "$diff" "$a" "$same"
awk 'length > 80 && !/^[AB] / { exit 1 }' <<<"$output" || fail "lines of more than 80 columns: $output"

# HDF5's own description of the data, damaged: told as such.
cp "$a/smoke/fig9.h5" "$b/smoke/fig9.h5"
damaged=$b/smoke/fig9.h5
printf '\377' | dd of="$damaged" bs=1 conv=notrunc status=none seek=$(($(grep -abo OHDR "$damaged" | sed -n '3s/:.*//p') + 6))
expect 2 "$damaged is damaged: cannot " "$diff" "$a/smoke/fig9.h5" "$damaged"

# A copy under another run's name is none that can be compared.
"$samples" "$same" >/dev/null
wrong=smoke/runs/0123456789abcdef.h5
cp "$same/smoke/runs/$id.h5" "$same/$wrong"
says="$same/$wrong holds the run $id, which its name does not say"
expect 1 "UNREADABLE   $wrong, only in B: $says" "$diff" "$a" "$same"
cp "$a/smoke/runs/$id.h5" "$a/$wrong"
expect 2 "UNREADABLE   $wrong: $a/$wrong holds the run $id" "$diff" "$a" "$same"
expect 2 "$says" "$diff" "$a/smoke/runs/$id.h5" "$same/$wrong"
rm "$a/$wrong" "$same/$wrong"

for kind in runs/$id fig9; do
  "$samples" "$same" changed >/dev/null
  expect 1 'A solid, B dashed' "$diff" "$a/smoke/$kind.h5" "$same/smoke/$kind.h5" --output="$TEST_TMPDIR/overlay"
  grep -q '>memory, A<' "$TEST_TMPDIR/overlay.svg" || fail "no curve of A in the picture of $kind"
  [[ -s $TEST_TMPDIR/overlay.png ]] || fail "no png of $kind"
done
[[ $failures -eq 0 ]]
