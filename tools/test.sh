#!/bin/bash
# Builds everything, runs all tests, and ends with their number: `N passed, N failed`. Arguments go to `bazel test`.
# With COUNTS_FILE set, the counts are written there instead of being printed; with TARGETS set, these are tested; with CI
# set, warnings are errors.
set -euo pipefail
source "$(dirname "$0")/common.sh"

events=$(mktemp)
trap 'rm -f "$events"' EXIT
mapfile -t strict < <(strict_flag)
quiet=()
[[ -t 1 ]] || quiet=(--noshow_progress)
read -ra targets <<<"${TARGETS:-//...}"
status=0
stoppable "$bazel" test --jobs="$(build_jobs)" --keep_going --build_event_json_file="$events" "${quiet[@]}" "${strict[@]}" "$@" \
  -- "${targets[@]}" || status=$?
python3 tools/count_tests.py --bazel-status="$status" ${COUNTS_FILE:+--output="$COUNTS_FILE"} "$events"
