#!/bin/bash
# Builds everything, runs all tests, and ends with their number: `N passed, N failed`. Arguments go to `bazel test`.
# With COUNTS_FILE set, the counts are written there instead of being printed; with TARGETS set, these are tested.
set -euo pipefail
source "$(dirname "$0")/common.sh"

events=$(mktemp)
trap 'rm -f "$events"' EXIT
quiet=()
[[ -t 1 ]] || quiet=(--noshow_progress)
read -ra targets <<<"${TARGETS:-//...}"
status=0
"$bazel" test --jobs="$(build_jobs)" --keep_going --build_event_json_file="$events" "${quiet[@]}" "$@" \
  -- "${targets[@]}" || status=$?
python3 tools/count_tests.py --bazel-status="$status" ${COUNTS_FILE:+--output="$COUNTS_FILE"} "$events"
