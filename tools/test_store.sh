#!/bin/bash
# Whether a store of 10,000 runs (another multiple of 100 as argument) is listed, planned and merged without opening more files than
# need be, and how long that takes, with files made up for it in a folder of its own, which is removed at the end; some minutes, most
# of them to write these. Fails where an answer is wrong, or where more is opened or read than the answer needs; of the times
# docs/tools.md says what they were.
set -uo pipefail
source "$(dirname "$0")/common.sh"
source tests/e2e/common.sh

runs=${1:-10000}
targets=(//experiments:fig3 //experiments:store //experiments:sweep //tests:opened_files.so //tests/store:write_many)
stoppable "$bazel" build --jobs="$(build_jobs)" --noshow_progress --ui_event_filters=-info --show_result=0 "${targets[@]}" || exit
store=$PWD/bazel-bin/experiments/store
plan=(--axis gamma=0.3:1.2:0.1 --axis optimizer.weight_decay=0:0.9:0.1 --seeds=1..$((runs / 100)))
write_many=$PWD/bazel-bin/tests/store/write_many
opened_files=$PWD/bazel-bin/tests/opened_files.so
unset BUILD_WORKSPACE_DIRECTORY BUILD_WORKING_DIRECTORY

folder=$(mktemp -d) || exit
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# timed WHAT OPENED STATUS TEXT COMMAND...: as expect, and prints how long it took, how much of that a processor, and how often a run
# file was opened; fails where that was more than OPENED times.
timed() {
  local what=$1 most=$2 taken opened
  shift 2
  TIMEFORMAT='%R %U %S'
  : >"$folder/opened"
  export LD_PRELOAD=$opened_files OPENED_LOG=$folder/opened
  { time expect "$@" 2>&3; } 3>&2 2>"$folder/time"
  unset LD_PRELOAD
  read -r -a taken <"$folder/time"
  opened=$(grep -c '/runs/' "$folder/opened")
  read_mb=$(awk '$1 == "read" { sum += $2 } END { printf "%d", sum / 1e6 }' "$folder/opened")
  awk -v what="$what" -v real="${taken[0]}" -v user="${taken[1]}" -v kernel="${taken[2]}" -v opened="$opened" \
    'BEGIN { printf "%-66s %6.2f s %6.2f s %7d\n", what, real, user + kernel, opened }'
  [[ $opened -le $most ]] || fail "$what: run files were opened $opened times, and $most times are enough"
  grep -q '^read ' "$folder/opened" || fail "$what: what was opened is not known"
}

"$write_many" "$folder/a" "$runs" || exit
printf '%-66s %8s %8s %7s\n' '' time CPU opened
# Opened to be hashed, to be looked at by us, and by HDF5.
timed 'list, without an index: every file is read' $((3 * runs)) 0 "$runs finished" "$store" list "$folder/a"
[[ $(grep '/runs/' "$folder/opened" | sort -u | wc -l) -eq $runs ]] || fail 'not every file is read'
timed 'list' 0 0 "$runs finished" "$store" list "$folder/a"
timed 'list --seed=1' 0 0 '100 finished' "$store" list "$folder/a" --seed=1
timed 'plan: fig3 --dry-run' 0 0 'runs, ' bazel-bin/experiments/fig3 --profile=smoke --results="$folder/a" --dry-run --no-measure
timed 'plan: sweep --dry-run, all are stored' 0 0 "$runs runs, 0 to train" \
  bazel-bin/experiments/sweep --profile=smoke --base=emb_mlp "${plan[@]}" --results="$folder/a" --dry-run --no-measure
mkdir -p "$folder/b/smoke/runs"
find "$folder/a/smoke/runs" -name '*.h5' | sort | head -$((runs / 2)) | xargs cp -t "$folder/b/smoke/runs"
# Half of them are hashed there, by two opens each; the other half is read here once.
timed 'merge: copy into a store that has half of them, without an index' $((2 * runs)) 0 "copied $((runs - runs / 2)) runs" \
  "$store" copy "$folder/a" "$folder/b"
timed 'merge: copy, all are there' 0 0 "$runs were there already" "$store" copy "$folder/a" "$folder/b"
cp -r "$folder/a" "$folder/moved"
timed 'list, of a folder that was copied with its index' "$runs" 0 "$runs finished" "$store" list "$folder/moved"
index_mb=$(($(stat -c %s "$folder/a/smoke/runs/.index") / 1000000))
[[ $read_mb -le $((index_mb + runs * 8192 / 1000000 + 2)) ]] || fail "of a copied folder $read_mb MB are read, more than the files' ends"
timed 'list, of it once more' 0 0 "$runs finished" "$store" list "$folder/moved"
timed 'remove --dry-run' 0 0 "would remove $((runs - runs / 10)) runs" "$store" remove "$folder/a" --dry-run
[[ $failures -eq 0 ]]
