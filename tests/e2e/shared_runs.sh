#!/bin/bash
# shared_runs.sh EXPERIMENT OTHER..: once EXPERIMENT has trained its runs, the OTHERs have nothing left to train.
set -euo pipefail

first=$1
shift
results=$TEST_TMPDIR/results
failures=0
"$first" --profile=smoke --results="$results" >/dev/null
before=$(ls "$results/smoke/runs")
for other in "$@"; do
  "$other" --profile=smoke --results="$results" >"$TEST_TMPDIR/output"
  read -r runs stored < <(sed -n 's/^  runs  *\([0-9]*\), of which \([0-9]*\) stored$/\1 \2/p' "$TEST_TMPDIR/output")
  if [[ $runs -eq 0 || $runs -ne $stored ]]; then
    echo "$(basename "$other"): $stored of $runs runs were stored by $(basename "$first")" >&2
    failures=$((failures + 1))
  fi
done
[[ $(ls "$results/smoke/runs") == "$before" ]] || { echo 'a run was added' >&2; exit 1; }
[[ $failures -eq 0 ]]
