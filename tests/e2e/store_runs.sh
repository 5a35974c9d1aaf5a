#!/bin/bash
# store_runs.sh STORE WRITE_MANY WRITE_SAMPLES SWEEP OPENED_FILES: a store of 300 runs is listed, shown, planned, thinned out and merged;
# whatever becomes of its index, the answers are the same, and with one no run file is opened for them.
set -uo pipefail
source tests/e2e/common.sh

store=$1
write_many=$2
samples=$3
sweep=$4
opened_files=$PWD/$5
results=$TEST_TMPDIR/results
runs=$results/smoke/runs
"$write_many" "$results" 300 >/dev/null || fail 'no runs'

count() { find "$1" -name '*.h5' | wc -l; }
# opens NUMBER COMMAND...: the command opens run files as often.
opens() {
  local number=$1 log=$TEST_TMPDIR/opened
  shift
  rm -f "$log"
  LD_PRELOAD=$opened_files OPENED_LOG=$log "$@" &>/dev/null
  [[ $(grep -c '/runs/.*\.h5$' "$log") -eq $number ]] ||
    fail "not $number files are opened, but $(grep -c '/runs/.*\.h5$' "$log"), by: $*"
}
narrow() {
  awk 'length > 80 && !/\// { exit 1 }' <<<"$output" || fail "lines of more than 80 columns: $output"
}

expect 0 'Example: bazel run //lib/store:store -- list results/default' "$store" --help
narrow
for command in list show remove copy; do
  expect 0 "Example: bazel run //lib/store:store -- $command " "$store" $command --help
  narrow
done
expect 2 'did you mean remove?' "$store" remov "$results"
expect 2 'did you mean --dry-run?' "$store" remove "$results" --dry-rum
expect 2 'did you mean --gamma?' "$store" list "$results" --gama=0.3
expect 2 'RESULTS is required' "$store" remove
expect 2 'TO is required' "$store" copy "$results"
expect 2 'there is no folder' "$store" list "$results/no"
expect 2 'there is no folder' "$store" show "$results/no" 3f2a
expect 2 'there is no folder' "$store" remove "$results/no" --dry-run
expect 2 'there is no folder' "$store" copy "$results/no" "$TEST_TMPDIR/to"
expect 2 'did you mean smoke?' "$store" show "$results/smook" 3f2a
expect 2 "'x' names no seeds" "$store" list "$results" --seed=x
expect 2 'not a number' "$store" list "$results" --gamma=x

# list: the same by the index and without one.
expect 0 '300 files of runs: 300 finished' "$store" list "$results"
narrow
first=$output
[[ -s $runs/.index ]] || fail 'there is no index'
for change in 'true' 'rm' 'truncate -s 1000' 'truncate -s 0' 'sed -i s/emb_mlp/gpt2/' 'chmod 000'; do
  $change "$runs/.index"
  for folder in "$results" "$results/smoke"; do
    expect 0 '' "$store" list "$folder"
    [[ ${output#*$'\n'} == "${first#*$'\n'}" ]] || fail "after $change another list"
  done
done
expect 0 '300 finished' "$store" list "$results" --check
[[ $output == "$first" ]] || fail '--check lists others'
opens 0 "$store" list "$results"
opens 0 "$store" list "$results" --seed=2
opens 0 "$store" remove "$results" --dry-run
opens 900 "$store" list "$results" --check
# Of a copied folder a look at each file is enough.
cp -r "$results" "$TEST_TMPDIR/copied"
opens 300 "$store" list "$TEST_TMPDIR/copied"
opens 0 "$store" list "$TEST_TMPDIR/copied"
expect 0 ' files of runs: 10 finished' "$store" list "$results" --gamma=0.3 --seed=2
expect 0 ' files of runs: 40 finished' "$store" list "$results" --gamma=0.3,0.5 --seed=2..3 --model=emb_mlp
expect 0 ' 0 files of runs' "$store" list "$results" --model=gpt2
others=$(find "$runs" ! -name '*.h5' -printf '%P ')
[[ $others == ' .index ' ]] || fail "among the runs there is: $others"

# The index is no run to others either.
plan=("$sweep" --profile=smoke --base=emb_mlp --axis gamma=0.3:1.2:0.1 --axis optimizer.weight_decay=0:0.9:0.1
  --seeds=1..3 --dry-run --no-measure)
expect 0 '300 runs, 0 to train' "${plan[@]}" --results="$results"
opens 0 "${plan[@]}" --results="$results"

# show.
id=$(grep -m 1 -oE '^[0-9a-f]{16}' <<<"$first")
expect 0 "$id  emb_mlp gamma=0.3 seed=1" "$store" show "$results" "$id"
narrow
whole=$output
for text in 'state       finished, step ' "file        smoke/runs/$id.h5" '  made        on cpu (a CPU, kernels avx2)' \
  'optimizer.weight_decay = ' '  memory             loss 4.0' 'at the end' "  config      $id"; do
  [[ $whole == *"$text"* ]] || fail "no '$text' in: $whole"
done
expect 0 "$id" "$store" show "$results/smoke" "${id:0:10}"
expect 2 'no run whose id begins with' "$store" show "$results" xyz
near=${id:0:15}z
expect 2 "begins with '$near'; did you mean $id?" "$store" show "$results" "$near"
[[ $output == *"bazel run //lib/store:store -- list $results" ]] || fail "the list is not named: $output"
expect 2 "runs have ids that begin with '${id:0:1}'" "$store" show "$results" "${id:0:1}"
read -r finished unfinished < <("$samples" "$TEST_TMPDIR/samples")
expect 0 'state       unfinished, evaluated up to step 10 of' "$store" show "$TEST_TMPDIR/samples" "$unfinished"
expect 0 'figures     none uses it' "$store" show "$TEST_TMPDIR/samples" "$finished"
cp "$TEST_TMPDIR/samples/smoke/runs/$finished.h5" "$TEST_TMPDIR/samples/smoke/runs/0123456789abcdef.h5"
expect 1 "0123456789abcdef.h5 holds the run $finished, which its name does not say" \
  "$store" show "$TEST_TMPDIR/samples" 0123456789abcdef
rm "$TEST_TMPDIR/samples/smoke/runs/0123456789abcdef.h5"

# copy: into a store that holds some of them; a damaged one does not keep the others.
there=$TEST_TMPDIR/there
"$write_many" "$there" 200 200 >/dev/null || fail 'no runs'
expect 0 'copied 200 runs, ' "$store" copy "$results" "$there"
[[ $output == *'100 were there already, 0 left out'* ]] || fail "counts: $output"
[[ $(count "$there/smoke/runs") -eq 400 ]] || fail "$(count "$there/smoke/runs") runs after the copy"
for file in "$runs"/*.h5; do
  cmp "$file" "$there/smoke/runs/${file##*/}" || fail "$file is another one"
done
expect 0 'copied 0 runs, 0 B; 300 were there already' "$store" copy "$results" "$there"
opens 0 "$store" copy "$results" "$there"
expect 0 'copied 10 runs' "$store" copy "$results/smoke" "$TEST_TMPDIR/some" --gamma=0.3 --seed=2
[[ $(count "$TEST_TMPDIR/some/smoke/runs") -eq 10 ]] || fail 'not those that were asked for'
truncate -s 3000 "$runs/$id.h5"
expect 1 "left out: cannot read $runs/$id.h5" "$store" copy "$results" "$TEST_TMPDIR/whole"
[[ $output == *'copied 299 runs'*'1 left out'* ]] || fail "counts: $output"
[[ ! -e $TEST_TMPDIR/whole/smoke/runs/$id.h5 ]] || fail 'a damaged file was copied'
expect 1 "cannot read $runs/$id.h5" "$store" list "$results"
[[ $output == *'299 finished'* ]] || fail "a damaged file keeps others from the list: $output"
expect 1 "left out: cannot read $runs/$id.h5" "$store" copy "$there" "$results" --seed=1..3
[[ $(stat -c %s "$runs/$id.h5") -eq 3000 ]] || fail 'a file was overwritten'
cp "$there/smoke/runs/$id.h5" "$runs/"

# remove: the figure uses 30 of 300 runs.
expect 0 'would remove 270 runs, ' "$store" remove "$results" --dry-run
[[ $(grep -cE '^  [0-9a-f]{16}  +[0-9]+ kB  emb_mlp ' <<<"$output") -eq 270 ]] || fail "no sizes in: $output"
narrow
expect 1 '--yes removes these' "$store" remove "$results" </dev/null
[[ $(count "$runs") -eq 300 ]] || fail 'something was removed'
cp "$results/smoke/sweep.custom.h5" "$TEST_TMPDIR/kept.h5"
truncate -s 5000 "$results/smoke/sweep.custom.h5"
expect 1 'none is taken for unused' "$store" remove "$results" --yes
rm "$results/smoke/sweep.custom.h5"
expect 1 'has no figure file' "$store" remove "$results" --yes
cp "$TEST_TMPDIR/kept.h5" "$results/smoke/sweep.custom.h5"
mkdir -p "$results/smoke/checkpoints"
locked=$results/smoke/checkpoints/0123456789abcdef.lock
echo "host 1 1 machine/1 0" >"$locked"
expect 1 'are being trained (0123456789abcdef: host host, process 1)' flock "$locked" "$store" remove "$results" --yes
[[ $(count "$runs") -eq 300 ]] || fail 'something was removed'
expect 2 'excludes' "$store" remove "$results" --yes --dry-run
expect 0 'removed 270 runs' "$store" remove "$results" --yes
[[ $(count "$runs") -eq 30 ]] || fail "$(count "$runs") runs are left"
expect 0 'there is nothing to remove' "$store" remove "$results" --yes
expect 0 '300 runs, 270 to train' "${plan[@]}" --results="$results"
expect 0 'figures     sweep.custom' "$store" show "$results" "$(basename "$(find "$runs" -name '*.h5' | head -1)" .h5)"
[[ $failures -eq 0 ]]
