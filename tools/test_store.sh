#!/bin/bash
# How long a store of 10,000 runs (another multiple of 100 as argument) takes to be listed, planned and merged, with files made up for it
# in a folder of its own, which is removed at the end; some minutes, most of them to write these. Fails where an answer is wrong;
# of the times docs/tools.md says what they were.
set -uo pipefail
source "$(dirname "$0")/common.sh"
source tests/e2e/common.sh

runs=${1:-10000}
targets=(//experiments:fig3 //experiments:store //experiments:sweep //tests/store:write_many)
stoppable "$bazel" build --jobs="$(build_jobs)" --noshow_progress --ui_event_filters=-info --show_result=0 "${targets[@]}" || exit
store=$PWD/bazel-bin/experiments/store
plan=(--axis gamma=0.3:1.2:0.1 --axis optimizer.weight_decay=0:0.9:0.1 --seeds=1..$((runs / 100)))
write_many=$PWD/bazel-bin/tests/store/write_many
unset BUILD_WORKSPACE_DIRECTORY BUILD_WORKING_DIRECTORY

folder=$(mktemp -d) || exit
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# timed WHAT STATUS TEXT COMMAND...: as expect, and prints how long it took, and how much of that a processor.
timed() {
  local what=$1 taken
  shift
  TIMEFORMAT='%R %U %S'
  { time expect "$@" 2>&3; } 3>&2 2>"$folder/time"
  read -r -a taken <"$folder/time"
  awk -v what="$what" -v real="${taken[0]}" -v user="${taken[1]}" -v kernel="${taken[2]}" \
    'BEGIN { printf "%-66s %6.2f s %6.2f s\n", what, real, user + kernel }'
}

"$write_many" "$folder/a" "$runs" || exit
printf '%-66s %8s %8s\n' '' time CPU
timed 'list, without an index: every file is read' 0 "$runs finished" "$store" list "$folder/a"
timed 'list' 0 "$runs finished" "$store" list "$folder/a"
timed 'list --seed=1' 0 '100 finished' "$store" list "$folder/a" --seed=1
timed 'plan: fig3 --dry-run' 0 'runs, ' bazel-bin/experiments/fig3 --profile=smoke --results="$folder/a" --dry-run --no-measure
timed 'plan: sweep --dry-run, all are stored' 0 "$runs runs, 0 to train" \
  bazel-bin/experiments/sweep --profile=smoke --base=emb_mlp "${plan[@]}" --results="$folder/a" --dry-run --no-measure
mkdir -p "$folder/b/smoke/runs"
find "$folder/a/smoke/runs" -name '*.h5' | sort | head -$((runs / 2)) | xargs cp -t "$folder/b/smoke/runs"
timed 'merge: copy into a store that has half of them, without an index' 0 "copied $((runs - runs / 2)) runs" \
  "$store" copy "$folder/a" "$folder/b"
timed 'merge: copy, all are there' 0 "$runs were there already" "$store" copy "$folder/a" "$folder/b"
cp -r "$folder/a" "$folder/moved"
timed 'list, of a folder that was copied with its index' 0 "$runs finished" "$store" list "$folder/moved"
timed 'remove --dry-run' 0 "would remove $((runs - runs / 10)) runs" "$store" remove "$folder/a" --dry-run
[[ $failures -eq 0 ]]
