#!/bin/bash
# soak.sh RUN: 200 runs in one plan: from the 50th finished one to the 200th the program opens no more files and takes no more
# memory than one run's results need. Some minutes; by hand: bazel test //tests/e2e:soak_test --test_output=all
set -uo pipefail
source tests/e2e/common.sh

run=$1
results=$TEST_TMPDIR/results

"$run" --model=emb_mlp --gamma=0.01:1:0.01 --seeds=1..2 --profile=smoke --device=cpu --no-draw --results="$results" \
  --set=train.epochs=1 --set=emb_mlp.d_model=8 --set=emb_mlp.d_ff=8 &>"$TEST_TMPDIR/log" &
parent=$!

stored() {
  find "$results/smoke/runs" -name '*.h5' 2>/dev/null | wc -l
}

# sample RUNS: waits until so many are stored, and sets files and memory (kB) of the program.
sample() {
  while kill -0 "$parent" 2>/dev/null && [[ $(stored) -lt $1 ]]; do
    sleep 0.05
  done
  files=$(ls "/proc/$parent/fd" | wc -l)
  memory=$(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$parent/status")
  echo "$(stored) runs: $files open files, $memory kB"
}

sample 50
files_before=$files
memory_before=$memory
# Before the last are done and their files are read.
sample 195
wait "$parent" || fail "$(cat "$TEST_TMPDIR/log")"
[[ $(stored) -eq 200 ]] || fail "$(stored) runs are stored"
# A worker that is just being started, or one that ends, has some at the moment that is looked at.
[[ $files -le $((files_before + 8)) ]] || fail "open files grew from $files_before to $files"
[[ $memory -le $((memory_before + 2000)) ]] || fail "memory grew from $memory_before kB to $memory kB"
[[ $failures -eq 0 ]]
