#!/bin/bash
# End-to-end test of one figure: smoke.sh EXPERIMENT FIGURE. Runs the experiment's program at --profile=smoke into an
# empty folder, then the figure's program on what it stored, and checks that every file is there and not empty.
set -euo pipefail

experiment=$1
figure=$2
name=$(basename "$experiment")
results=$TEST_TMPDIR/results

"$experiment" --profile=smoke --results="$results"
"$figure" --profile=smoke --results="$results"

folder=$results/smoke
missing=0
for file in "$folder/$name.h5" "$folder/figures/$name".{svg,pdf,png,csv}; do
  if [[ ! -s $file ]]; then
    echo "missing or empty: ${file#"$results"/}" >&2
    missing=1
  fi
done
[[ $missing -eq 0 ]] || { find "$results" -type f >&2; exit 1; }
