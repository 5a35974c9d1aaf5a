#!/bin/bash
# Runs libFuzzer on every target of tests/fuzz, built by clang with the sanitizers of addresses and of undefined behaviour
# (--config=fuzz), each for SECONDS_EACH seconds: 60. Ends with `N targets, N findings`, and fails if anything was found.
# Inputs that reach something new are kept in results/fuzz/TARGET and are where the next call begins; one that is a
# finding lies beside that folder, as TARGET.crash-.. or so, and its report in TARGET.log. Arguments name single targets.
set -euo pipefail
source "$(dirname "$0")/common.sh"

seconds=${SECONDS_EACH:-60}
if [[ ! $seconds =~ ^[1-9][0-9]*$ ]]; then
  echo "fuzz.sh: SECONDS_EACH=$seconds is no number of seconds" >&2
  exit 2
fi
if ! command -v clang-14 >/dev/null; then
  echo 'fuzz.sh: clang-14 is missing, whose libFuzzer this is; tools/setup.sh tests/fuzz/apt-packages.txt installs it' >&2
  exit 1
fi

quiet=(--noshow_progress --ui_event_filters=-info --show_result=0)
labels=$("$bazel" query "${quiet[@]:0:2}" 'attr(tags, "\bfuzz\b", //tests/fuzz:all)')
if [[ $# -gt 0 ]]; then
  labels=$(printf '//tests/fuzz:%s_fuzz\n' "$@")
fi
mapfile -t targets <<<"$labels"
echo "Building $(counted ${#targets[@]} target); the first time some minutes."
stoppable "$bazel" build --config=fuzz --jobs="$(build_jobs)" "${quiet[@]}" "${targets[@]}"
programs=$("$bazel" info --config=fuzz "${quiet[@]:0:2}" bazel-bin)/tests/fuzz

# What targets write for a moment is kept off the disk where that can be.
scratch=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
trap 'rm -rf "$scratch"' EXIT
folder=${RESULTS:-results}/fuzz
mkdir -p "$folder"
export TEST_TMPDIR=$scratch UBSAN_OPTIONS=print_stacktrace=1 ASAN_OPTIONS=malloc_context_size=8:quarantine_size_mb=32
# An allocation beyond this is a damaged size that was believed.
limits=(-rss_limit_mb=4096 -malloc_limit_mb=2048 -timeout=20)
findings=0
for label in "${targets[@]}"; do
  name=${label#*:}
  target=${name%_fuzz}
  log=$folder/$target.log
  status=0
  FUZZ_CORPUS=$folder/$target stoppable "$programs/$name" "$folder/$target" -dict="$folder/$target.dict" \
    -artifact_prefix="$folder/$target." -max_total_time="$seconds" -print_final_stats=1 "${limits[@]}" \
    >"$log" 2>&1 || status=$?
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  rate=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")
  if [[ $status -eq 0 && -n $runs ]]; then
    echo "$target: $runs inputs, $rate a second, no finding"
  else
    findings=$((findings + 1))
    echo "$target: a finding after ${runs:-no} inputs, see $log"
    grep -aE 'property violated|runtime error|ERROR: |Test unit written' "$log" || tail -n 5 "$log"
  fi
done
echo "$(counted ${#targets[@]} target), $(counted "$findings" finding)"
[[ $findings -eq 0 ]]
