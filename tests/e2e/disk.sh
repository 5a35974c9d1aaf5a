#!/bin/bash
# disk.sh EXPERIMENT: a disk that takes no more (a limit on the size of files stands for it) and a results folder that
# vanishes end a training in a sentence that names the file and the reason; once there is room it goes on to the same bits.
set -uo pipefail
source tests/e2e/common.sh

experiment=$1
name=$(basename "$experiment")

command=("$experiment" --profile=smoke --device=cpu --model=emb_mlp --jobs=2 --no-draw --set train.epochs=20
  --checkpoint-seconds=0.1)
whole=$TEST_TMPDIR/whole
full=$TEST_TMPDIR/full
"${command[@]}" --results="$whole" &>"$TEST_TMPDIR/log" || fail "left alone it fails: $(cat "$TEST_TMPDIR/log")"

# A file of more than 64 KiB cannot be written: no checkpoint, no run file. Standard output is a pipe, which has no such limit.
(
  trap '' XFSZ
  ulimit -f 64
  "${command[@]}" --results="$full" 2>&1
) | cat >"$TEST_TMPDIR/log"
status=${PIPESTATUS[0]}
[[ $status -eq 1 ]] || fail "status $status of a full disk"
grep -q 'File too large' "$TEST_TMPDIR/log" || fail "no reason: $(cat "$TEST_TMPDIR/log")"
grep -qF "$full/smoke/" "$TEST_TMPDIR/log" || fail "no path: $(cat "$TEST_TMPDIR/log")"
! grep -Eq 'terminate called|Segmentation|Aborted' "$TEST_TMPDIR/log" || fail "a crash: $(cat "$TEST_TMPDIR/log")"
[[ -z $(find "$full" -name '*.h5' 2>/dev/null) ]] || fail "something was stored: $(find "$full" -name '*.h5')"

"${command[@]}" --results="$full" &>"$TEST_TMPDIR/log" || fail "it does not go on: $(cat "$TEST_TMPDIR/log")"
for file in "$whole"/smoke/runs/*.h5 "$whole/smoke/$name".*.h5; do
  same_numbers "$file" "$full/${file#"$whole/"}" ||
    fail "$file differs: $difference"
done

# The folder is taken away while it trains.
gone=$TEST_TMPDIR/gone
"${command[@]}" --results="$gone" &>"$TEST_TMPDIR/log" &
parent=$!
for ((i = 0; i < 100; ++i)); do
  [[ ! -d $gone/smoke/checkpoints ]] || break
  sleep 0.05
done
rm -rf "$gone"
wait "$parent"
status=$?
! grep -Eq 'terminate called|Segmentation|Aborted' "$TEST_TMPDIR/log" || fail "a crash: $(cat "$TEST_TMPDIR/log")"
# What is written is whole wherever the folder was made again; else it is an error with the path.
if [[ $status -ne 0 ]]; then
  grep -qF "$gone" "$TEST_TMPDIR/log" || fail "status $status without the folder's name: $(cat "$TEST_TMPDIR/log")"
fi
"${command[@]}" --results="$gone" &>"$TEST_TMPDIR/log" || fail "it does not begin anew: $(cat "$TEST_TMPDIR/log")"
for file in "$whole"/smoke/runs/*.h5; do
  same_numbers "$file" "$gone/${file#"$whole/"}" ||
    fail "$file differs: $difference"
done
[[ $failures -eq 0 ]]
