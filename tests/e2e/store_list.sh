#!/bin/bash
# store_list.sh LIST SAMPLES EXPERIMENT OPENED_FILES: the runs of a folder in words, finished, unfinished and damaged ones.
set -uo pipefail
source tests/e2e/common.sh

list=$1
samples=$2
experiment=$3
opened_files=$PWD/$4
results=$TEST_TMPDIR/results
read -r id unfinished < <("$samples" "$results")

has() {
  grep -qE "$1" <<<"$output" || fail "no line '$1' in: $output"
}

expect 0 'Example: bazel run //lib/store:list -- results/default' "$list" --help
expect 2 '--all' "$list" --all
expect 2 'there is no folder' "$list" "$results/no"
expect 2 'did you mean smoke?' "$list" "$results/smok"
expect 1 'bazel run //experiments:fig3 -- --profile=smoke' env BUILD_WORKSPACE_DIRECTORY="$TEST_TMPDIR/nothing" "$list"
expect 1 'holds no files of the store' "$list" "$TEST_TMPDIR"

# One that was not damaged, but of no use to the run.
mv "$results/smoke/checkpoints/$unfinished.h5" "$results/smoke/checkpoints/$unfinished.h5.aside"
expect 0 '2 set aside' "$list" "$results"
has "^smoke/checkpoints/$unfinished.h5.aside  set aside"
has '^    is of other kernels, or another version or run, and was moved aside$'
mv "$results/smoke/checkpoints/$unfinished.h5.aside" "$results/smoke/checkpoints/$unfinished.h5"

for folder in "$results" "$results/smoke"; do
  expect 0 '3 files of runs: 1 finished, 1 set aside, 1 unfinished' "$list" "$folder"
  has "^$id  transformer  .*  finished   "
  has "^$unfinished  transformer  .* 11  .*  unfinished "
  has '^    loss  memory 4.000  reasoning_test 3.000$'
  has '^    with  .*transformer.d_model='
  has 'figure files:  fig9$'
done

expect 0 '2 files of runs: 1 set aside, 1 unfinished' "$list" "$results" --seed=11
[[ $output != *"$id"* ]] || fail "more than what was asked for: $output"
expect 2 'did you mean --check?' "$list" "$results" --chek

# What is no file has no size.
mkdir "$results/smoke/runs/fedcba9876543210.h5"
expect 1 '4 files of runs' "$list" "$results"
[[ $output != *TB* ]] || fail "a folder has a size: $output"
rmdir "$results/smoke/runs/fedcba9876543210.h5"

# A copy under a name that is not its run's is no run of that name.
for kind in runs checkpoints; do
  own=$id
  [[ $kind == runs ]] || own=$unfinished
  cp "$results/smoke/$kind/$own.h5" "$results/smoke/$kind/0123456789abcdef.h5"
  for check in '' --check; do
    # shellcheck disable=SC2086
    expect 1 '1 of another name' "$list" "$results" $check
    has "^smoke/$kind/0123456789abcdef.h5  of another name, "
    has "^    .*/smoke/$kind/0123456789abcdef.h5 holds the run $own, which its name does not say$"
    has "^$id  transformer  "
    has '4 files of runs: 1 finished, 1 of another name, '
  done
  rm "$results/smoke/$kind/0123456789abcdef.h5"
done

truncate -s 3000 "$results/smoke/runs/$id.h5"
for check in '' --check; do
  # shellcheck disable=SC2086
  expect 1 '1 damaged' "$list" "$results" $check
  has "^ *cannot read .*$id.h5: it is no HDF5 file, or it is truncated or damaged"
  has "^$unfinished  transformer "
done
# It may be one that is asked for.
expect 1 '1 damaged' "$list" "$results" --model=gpt2

# The profile's own runs differ in nothing; those with --set in what was set.
results=$TEST_TMPDIR/own
"$experiment" --profile=smoke --model=emb_mlp --results="$results" --no-draw --log=jsonl >/dev/null || fail 'no runs'
# What was trained is known without a look at it.
expect 0 'emb_mlp' env LD_PRELOAD="$opened_files" OPENED_LOG="$TEST_TMPDIR/opened" "$list" "$results"
! grep '/runs/' "$TEST_TMPDIR/opened" >&2 || fail 'these were opened'
grep -q '^read ' "$TEST_TMPDIR/opened" || fail 'nothing was watched'
# Its log tells the same last losses.
loss=$(grep -m 1 -oE 'memory [0-9.]+' <<<"$output")
first=$(grep -m 1 -oE '^[0-9a-f]{16}' <<<"$output")
python3 - "$results/smoke/log.jsonl" "$first" "${loss#memory }" <<'END' || fail "the log does not end with a loss of $loss of $first"
import json
import sys
lines = [json.loads(line) for line in open(sys.argv[1])]
mine = [line for line in lines if line["run"] == sys.argv[2]]
assert [line["event"] for line in mine if line["event"] != "progress"] == ["started", "finished"], mine
assert abs(mine[-2]["loss"]["memory"] - float(sys.argv[3])) < 1e-3, mine
END
[[ $output != *' with '* ]] || fail "the profile's own runs are said to differ: $output"
"$experiment" --profile=smoke --model=emb_mlp --results="$results" --no-draw --set train.epochs=1 >/dev/null || fail 'no runs'
expect 0 '    with  train.epochs=1' "$list" "$results"
has ' 2/2  finished '
has ' 1/1  finished '
awk 'length > 80 && !/^\// { exit 1 }' <<<"$output" || fail "lines of more than 80 columns: $output"
[[ $failures -eq 0 ]]
