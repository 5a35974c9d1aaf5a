#!/bin/bash
# unfinished.sh EXPERIMENT FIGURE INSPECT UNTRAINED: of interrupted runs --unfinished makes a figure file and a picture of
# their own, of what the checkpoints hold; both say how far the runs are and that nothing is judged.
set -uo pipefail
source tests/e2e/common.sh

experiment=$1
figure=$2
inspect=$3
untrained=$4
name=$(basename "$experiment")
results=$TEST_TMPDIR/results
folder=$results/smoke

# Long enough that no machine finishes a run before it is interrupted.
epochs=100000
run=("$experiment" --no-draw --profile=smoke --results="$results" --set train.epochs=$epochs)
draw=("$figure" --profile=smoke --results="$results")

# Nothing there yet; what cannot be asked for together.
expect 1 'there is nothing to draw' "${run[@]}" --unfinished
expect 1 "--unfinished" "${draw[@]}" --unfinished
for flag in --dry-run --print-config --print-claims --list-runs --measure-speed; do
  expect 2 "$flag" "${run[@]}" --unfinished $flag
done
expect 2 '--custom' "${draw[@]}" --unfinished --custom
expect 2 'trains nothing' "$untrained" --profile=smoke --results="$results" --unfinished

# interrupted COUNT FLAG...: the training with these flags, interrupted as soon as there are COUNT checkpoints. Nothing is written
# into the pipe `alive`: to read from it takes until the time is up, or until the training has ended.
runs=$("${run[@]}" --list-runs | wc -l)
mkfifo "$TEST_TMPDIR/alive"
interrupted() {
  local count=$1
  shift
  set -m
  "${run[@]}" --checkpoint-seconds=0.2 "$@" >"$TEST_TMPDIR/training" 2>&1 9>"$TEST_TMPDIR/alive" &
  training=$!
  set +m
  exec 8<"$TEST_TMPDIR/alive"
  SECONDS=0
  while [[ $(ls "$folder/checkpoints" 2>/dev/null | grep -c '\.h5$') -lt $count && $SECONDS -lt 240 ]]; do
    read -r -t 0.2 -u 8
    [[ $? -gt 128 ]] || break
  done
  exec 8<&-
  kill -INT "$training"
  wait "$training"
  [[ $? -eq 130 ]] || fail "the training was not interrupted: $(cat "$TEST_TMPDIR/training")"
}

# Each run of seed 1; a worker a run.
interrupted "$runs" --jobs="$runs"
[[ ! -d $folder/runs || -z $(ls "$folder/runs") ]] || fail 'a run was finished'
before=$(cd "$folder" && find . -type f -exec sha256sum {} + | sort)

file=$folder/$name.unfinished.h5
expect 0 "wrote $file" "${run[@]}" --unfinished
[[ $output == *"next: bazel run //figures:$name -- --profile=smoke --results=$results --unfinished"* ]] ||
  fail "the way to the picture is not told: $output"
[[ $output == *"of which 0 finished; unfinished: epoch "*" of $epochs"* ]] || fail "how far it is is not told: $output"
[[ $output == *'not judged'* && $output != *'holds  '* && $output != *'differs  '* ]] || fail "claims are judged: $output"
[[ $output != *'left out'* ]] || fail "a seed is left out: $output"
[[ ! -e $folder/$name.h5 && ! -e $folder/$name.custom.h5 ]] || fail 'another figure file was written'
rm "$file"
[[ $(cd "$folder" && find . -type f -exec sha256sum {} + | sort) == "$before" ]] || fail 'something else was changed'

# A seed that has not begun is left out, by name.
expect 0 "left out   all of seed 2" "${run[@]}" --unfinished --seeds=1,2
[[ $output == *"unfinished: epoch "*" of $epochs, without seed 2"* ]] || fail "the seed is not in the reason: $output"
expect 1 'there is nothing to draw' "${run[@]}" --unfinished --seeds=2
expect 0 "wrote $file" "${run[@]}" --unfinished

"$inspect" "$file" >"$TEST_TMPDIR/inspected"
grep -q "@not_judged = unfinished: epoch [0-9]* of $epochs\$" "$TEST_TMPDIR/inspected" || fail 'the file does not say why'
[[ $(grep -c '@verdict = ' "$TEST_TMPDIR/inspected") -eq $(grep -c '@verdict = not judged' "$TEST_TMPDIR/inspected") ]] ||
  fail 'the file has verdicts'
for id in $("${run[@]}" --list-runs | cut -d' ' -f1); do
  grep -q "$id" "$TEST_TMPDIR/inspected" || fail "the file does not name the run $id"
done

# The picture.
expect 0 "wrote $folder/figures/$name.unfinished.png" "${draw[@]}" --unfinished
for extension in svg pdf png csv; do
  [[ -s $folder/figures/$name.unfinished.$extension ]] || fail "no $name.unfinished.$extension"
  [[ ! -e $folder/figures/$name.$extension && ! -e $folder/figures/$name.custom.$extension ]] ||
    fail "another $extension was drawn"
done
picture=$folder/figures/$name.unfinished.svg
grep -v '<desc\|<title' "$picture" | tr '\n' ' ' |
  grep -q "unfinished: epoch [0-9]* of $epochs; nothing is judged" || fail 'the picture does not say it'
grep -q '<title[^>]*>[^<]*(unfinished)</title>' "$picture" || fail 'nor does its title'

# Seed 2 computed otherwise: no figure has both.
interrupted $((2 * runs)) --jobs="$runs" --seeds=2,2 --numerics=native
expect 1 'a figure is not to mix them' "${run[@]}" --unfinished --seeds=1,2
expect 0 "wrote $file" "${run[@]}" --unfinished --seeds=2,2
[[ $failures -eq 0 ]]
