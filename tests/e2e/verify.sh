#!/bin/bash
# verify.sh FIG3 FIG4 UNTRAINED FIG1: --verify trains again beside what is stored, which stays as it is, and tells the same bits
# from others. And --model: a figure file of one model alone has its runs and its claims.
set -uo pipefail
source tests/e2e/common.sh

fig3=$1
fig4=$2
untrained=$3
fig1=$4
results="$TEST_TMPDIR/my results"
folder=$results/smoke

shared=(--profile=smoke "--results=$results" --device=cpu)
expect 1 'there is nothing to compare with' "$fig4" "${shared[@]}" --verify=sample
expect 0 'nothing to verify' "$untrained" "${shared[@]}" --verify=all
expect 0 "wrote $folder/fig4.h5" "$fig4" "${shared[@]}" --no-draw
before=$(cd "$folder" && find . -type f -name '*.h5' -exec sha256sum {} + | sort)
expect 0 'equal' "$fig4" "${shared[@]}" --verify=sample
expect 0 'verdicts: ' "$fig4" "${shared[@]}" --verify=all
[[ $output == *'1 of 1 run is trained again'* && $output == *'the figure file: equal'* && $output != *DIFFERENT* ]] || fail "not all was verified: $output"
[[ $(cd "$folder" && find . -type f -name '*.h5' -exec sha256sum {} + | sort) == "$before" ]] || fail 'what was stored changed'
[[ -n $(ls "$results/verify/smoke/runs") ]] || fail 'nothing was trained apart'

# On a terminal no line is wider than it, but for one that is a path; a command that was broken is the same when it is pasted.
if command -v script >/dev/null; then
  # terminal COMMAND...: what it says on one of 50 columns.
  terminal() {
    script -qec "stty cols 50; export TERM=dumb; $(printf '%q ' "$@")" /dev/null </dev/null | tr -d '\r'
  }
  wide=$(terminal "$fig4" "${shared[@]}" --verify=all)
  [[ $wide == *equal* && $wide == *'verdicts: '* ]] || fail "nothing was verified: $wide"
  [[ $(grep -v "^ *$results" <<<"$wide" | wc -L) -le 50 ]] || fail "wider than the terminal: $wide"
  expect 0 'next: ' "$fig4" "${shared[@]}" --no-draw
  whole=$(grep '^next: ' <<<"$output")
  wide=$(terminal "$fig4" "${shared[@]}" --no-draw | sed -n '/^next: /,$p')
  [[ $(wc -l <<<"$wide") -gt 1 && $(sed ':a; / \\$/ { N; s/ \\\n */ /; b a }' <<<"$wide") == "$whole" ]] ||
    fail "not the command '$whole': $wide"
fi

# What cannot be removed is no run that was trained again.
run=$(find "$results/verify/smoke/runs" -name '*.h5')
rm "$run"
mkdir -p "$run/in the way"
expect 1 'cannot remove' "$fig4" "${shared[@]}" --verify=sample
rm -r "$run"

# One model alone: a file beside the profile's own, which it never replaces.
expect 0 "wrote $folder/fig3.emb_mlp.h5" "$fig3" "${shared[@]}" --model=emb_mlp --no-draw
[[ $output == *fig3.B.bias* && $output != *fig3.A.* ]] || fail "the claims are not Emb-MLP's alone: $output"
[[ ! -e $folder/fig3.h5 ]] || fail 'fig3.h5 was made of one model'
expect 2 'model' "$fig3" "${shared[@]}" --model=gpt2
expect 2 'model' "$fig4" "${shared[@]}" --model=emb_mlp

# Against the file of other runs nothing is equal.
expect 0 fig4.custom.h5 "$fig4" "${shared[@]}" --set train.epochs=1 --no-draw
cp "$folder/fig4.custom.h5" "$folder/fig4.h5"
expect 1 'the reference has no such run' "$fig4" "${shared[@]}" --verify=sample
expect 1 'the reference has no such run' "$fig4" "${shared[@]}" --verify=all

# LibTorch's own kernels sum in another order with other vectors: other bits, and the tensor that is the first to have them.
if grep -qw avx2 /proc/cpuinfo; then
  torchs=("$fig1" --profile=smoke "--results=$TEST_TMPDIR/torch" --device=cpu --numerics=native --set=gpt2.dropout=0.1)
  expect 0 'wrote ' env ATEN_CPU_CAPABILITY=default "${torchs[@]}" --no-draw
  expect 0 ' equal' env ATEN_CPU_CAPABILITY=default "${torchs[@]}" --verify=sample
  expect 1 'DIFFERENT: first in embedding.position [' env ATEN_CPU_CAPABILITY=avx2 "${torchs[@]}" --verify=sample
  [[ $output == *'tensors differ; that was on '* && $output == *'other bits; --verify=all says'* ]] ||
    fail "not what differs, and where it was trained: $output"
else
  echo "left out: other vectors of LibTorch's; this processor has no AVX2"
fi

# One that is stopped goes on from its runs and checkpoints, with the command that it tells; while it is there, there is no other.
long=("$fig3" "${shared[@]}" --model=emb_mlp --set train.epochs=80 --jobs=1 --checkpoint-seconds=0.02)
log=$TEST_TMPDIR/log
expect 0 'wrote ' "${long[@]}" --no-draw
runs=$("${long[@]}" --list-runs | wc -l)
[[ $runs -ge 2 ]] || fail "$runs runs are too few"
# Of its scratch runs the inodes: written once.
stored() {
  local id
  for id in $("${long[@]}" --list-runs | cut -d' ' -f1); do
    [[ ! -e $results/verify/smoke/runs/$id.h5 ]] || stat -c '%n %i' "$results/verify/smoke/runs/$id.h5"
  done
}
"${long[@]}" --verify=all &>"$log" &
first=$!
SECONDS=0
until [[ -n $(stored) || $SECONDS -gt 60 ]]; do sleep 0.02; done
expect 1 "another --verify is going on in $results/verify/smoke (host " "${long[@]}" --verify=sample
[[ $output == *", process $first)"* ]] || fail "not its process: $output"
kill -TERM "$first"
wait "$first"
status=$?
[[ $status -eq 143 ]] || fail "status $status of a stopped one: $(cat "$log")"
grep -q 'what was done is kept. To go on, give the same command again' "$log" || fail "not told: $(cat "$log")"
before=$(stored)
[[ -n $before && $(wc -l <<<"$before") -lt $runs ]] || fail "not in the middle of it: $before"
expect 0 "goes on where the same command was stopped, with $(wc -l <<<"$before") of them trained" "${long[@]}" --verify=all
[[ $output == *"trained $((runs - $(wc -l <<<"$before"))) run"* && $(grep -c '  equal$' <<<"$output") -eq $runs ]] ||
  fail "not the rest was trained: $output"
while read -r line; do
  grep -qxF "$line" <(stored) || fail "trained twice: $line"
done <<<"$before"
# What is done is none of the next one's.
after=$(stored)
expect 0 "trained $runs runs" "${long[@]}" --verify=all
[[ $output != *'goes on'* ]] || fail "it goes on with what was done: $output"
while read -r line; do
  ! grep -qxF "$line" <(stored) || fail "not trained again: $line"
done <<<"$after"
[[ $failures -eq 0 ]]
