#!/bin/bash
# store_inspect.sh INSPECT SAMPLES: a file, or a part of it, in a readable form: curves first, whole texts on request.
set -uo pipefail
source tests/e2e/common.sh

inspect=$1
samples=$2
read -r id _ < <("$samples" "$TEST_TMPDIR/results")
run=$TEST_TMPDIR/results/smoke/runs/$id.h5
figure=$TEST_TMPDIR/results/smoke/fig9.h5

# is TEXT COMMAND...: the output must be TEXT.
is() {
  local text=$1
  shift
  expect 0 "$text" "$@"
  [[ $output == "$text" ]] || fail "expected '$text' from: $*
got: $output"
}

expect 0 'Example: bazel run //lib/store:inspect' "$inspect" --help
expect 2 'FILE is required' "$inspect"
expect 2 '--hole' "$inspect" "$run" --hole
expect 2 'there is no file' "$inspect" "$run.no"
[[ $output == *"did you mean $id.h5?" ]] || fail "the run that is near is not named: $output"
expect 2 'is a folder: name a file in it' "$inspect" "$TEST_TMPDIR/results"
expect 2 'there is no /series/memry in' "$inspect" "$run" series/memry
[[ $output == *'/series has epoch, memory, reasoning_test, step'*'did you mean memory?'* ]] || fail "no names: $output"
expect 2 'there is no /config/@sead in' "$inspect" "$run" /config@sead

mkfifo "$TEST_TMPDIR/pipe"
expect 2 "$TEST_TMPDIR/pipe is not a regular file" timeout 60 "$inspect" "$TEST_TMPDIR/pipe"

echo damaged >"$TEST_TMPDIR/damaged.h5"
expect 1 'it is no HDF5 file' "$inspect" "$TEST_TMPDIR/damaged.h5"

# A changed value is shown, and told to be one. Of a file without digests nothing is known.
# flip FILE TO VALUE VALUE: a copy in which the first of the two values, which stand together, is another one.
flip() {
  python3 - "$@" <<'END'
import struct
import sys
data = bytearray(open(sys.argv[1], "rb").read())
data[data.index(struct.pack("<2d", *map(float, sys.argv[3:]))) + 6] ^= 1
open(sys.argv[2], "wb").write(data)
END
}
flip "$run" "$TEST_TMPDIR/flipped_run.h5" 5.25 4.5
flip "$figure" "$TEST_TMPDIR/flipped_figure.h5" 5 4
for file in "$TEST_TMPDIR/flipped_run.h5" "$TEST_TMPDIR/flipped_figure.h5"; do
  for part in / /@schema; do
    expect 0 "note: $file is damaged: its content does not match its digest" "$inspect" "$file" "$part"
    [[ $output == *initbias* ]] || fail "what is in a damaged file is not shown: $output"
  done
done
is 'initbias' "$inspect" "$figure" /@schema
# So is that a file has the name of another run.
cp "$run" "$TEST_TMPDIR/0123456789abcdef.h5"
expect 0 "note: $TEST_TMPDIR/0123456789abcdef.h5 holds the run $id, which its name does not say" \
  "$inspect" "$TEST_TMPDIR/0123456789abcdef.h5"
[[ $output == *'loss [3]: 5.25 4.5 4'* ]] || fail "what is in it is not shown: $output"
cp "$run" "$TEST_TMPDIR/mine.h5"
is 'initbias' "$inspect" "$TEST_TMPDIR/mine.h5" /@schema

expect 0 '@canonical = ' "$inspect" "$run"
[[ $output != *'note: '* ]] || fail "a whole file is told to be damaged: $output"
order=$(grep -n '^[a-z]*/$' <<<"$output" | sed 's/.*://' | tr -d '\n')
[[ $order == series/config/digest/provenance/probes/parameters/ ]] || fail "the groups come as $order"

is 'loss [3]: 5.25 4.5 4
  @units = nats' "$inspect" "$run" /series/memory/loss
is 'head.w [2, 3]:
  1 2 3
  4 5 6.5' "$inspect" "$run" parameters/head.w --whole
is 'nats' "$inspect" "$run" /series/memory/loss@units
is 'initbias' "$inspect" "$run" /@schema
is 'second' "$inspect" "$figure" /claims/fig9.B@statement
is 'rows [3]:
  W^q
  
  γ = 0.3' "$inspect" "$figure" /panels/B/rows --whole

expect 0 ' ...' "$inspect" "$run" /config@canonical
[[ $(wc -l <<<"$output") -eq 1 ]] || fail "not in one line: $output"
# On a terminal no line is wider than it.
if command -v script >/dev/null; then
  for file in "$run" "$figure"; do
    wide=$(script -qec "stty cols 60; '$inspect' '$file'" /dev/null </dev/null | tr -d '\r')
    [[ $wide == *' ...'* && $(wc -L <<<"$wide") -eq 60 ]] || fail "not as wide as a terminal of 60 columns: $wide"
  done
fi
expect 0 'init.gamma = ' "$inspect" "$run" /config@canonical --whole
[[ $(wc -l <<<"$output") -gt 20 && $output != *' ...'* ]] || fail "not the whole text: $output"
expect 0 'first_moment' "$inspect" "$TEST_TMPDIR"/results/smoke/checkpoints/*.h5 state
[[ $output != *series* ]] || fail "more than the group: $output"
[[ $failures -eq 0 ]]
