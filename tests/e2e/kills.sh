#!/bin/bash
# kills.sh EXPERIMENT: a training that is killed fifty times at random moments, its worker, its parent, or all of it, ends in
# the same figure and run files as one that is left alone; nothing finished is lost or trained again, and no half file is
# ever taken for a whole one.
set -uo pipefail
source tests/e2e/common.sh

experiment=$1
name=$(basename "$experiment")
kills=50

# Two runs of some seconds, with a checkpoint every moment.
command=("$experiment" --profile=smoke --device=cpu --model=emb_mlp --jobs=2 --no-draw --set train.epochs=80
  --checkpoint-seconds=0.02)
whole=$TEST_TMPDIR/whole
broken=$TEST_TMPDIR/broken
"${command[@]}" --results="$whole" &>"$TEST_TMPDIR/log" || fail "left alone it fails: $(cat "$TEST_TMPDIR/log")"

# Of each finished run its inode: written once.
finished() {
  stat -c '%n %i' "$broken"/smoke/runs/*.h5 2>/dev/null
}

RANDOM=11
hit=0
for ((i = 0; i < kills; ++i)); do
  before=$(finished)
  "${command[@]}" --results="$broken" &>"$TEST_TMPDIR/log" &
  parent=$!
  sleep "0.$(printf '%03d' $((20 + RANDOM % 230)))"
  mapfile -t workers < <(pgrep -P "$parent")
  case $((i % 3)) in
    0) victims=("${workers[@]}") ;;
    1) victims=("$parent") ;;
    2) victims=("${workers[@]}" "$parent") ;;
  esac
  [[ ${#victims[@]} -eq 0 ]] || ! kill -9 "${victims[@]}" 2>/dev/null || hit=$((hit + 1))
  # Workers whose parent is gone end themselves; a parent whose workers were killed says so and ends.
  kill -9 "$parent" 2>/dev/null
  wait "$parent" 2>/dev/null
  for worker in "${workers[@]}"; do
    for ((wait = 0; wait < 100; ++wait)); do
      [[ -d /proc/$worker ]] && ! grep -q '^State:.*Z' "/proc/$worker/status" 2>/dev/null || break
      sleep 0.1
    done
    [[ $wait -lt 100 ]] || fail "worker $worker outlives its parent"
  done
  ! grep -Eq 'damaged|terminate called|Segmentation' "$TEST_TMPDIR/log" || fail "kill $i left this: $(cat "$TEST_TMPDIR/log")"
  while read -r line; do
    [[ -z $line ]] || grep -qxF "$line" <(finished) || fail "after kill $i a finished run is gone or written again: $line"
  done <<<"$before"
done
[[ $hit -ge 10 ]] || fail "only $hit of $kills kills met a process"

"${command[@]}" --results="$broken" &>"$TEST_TMPDIR/log" || fail "it does not go on: $(cat "$TEST_TMPDIR/log")"
for file in "$whole"/smoke/runs/*.h5 "$whole/smoke/$name".*.h5; do
  same_numbers "$file" "$broken/${file#"$whole/"}" ||
    fail "$file differs: $difference"
done
[[ -z $(ls "$broken"/smoke/runs/ | grep -v '\.h5$') ]] || fail "left over: $(ls "$broken"/smoke/runs)"
echo "$hit of $kills kills met a process"
[[ $failures -eq 0 ]]
