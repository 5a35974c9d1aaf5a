#!/bin/bash
# End-to-end test of one study: smoke.sh EXPERIMENT FIGURE. Runs the experiment's program at --profile=smoke into an empty
# folder, checks that every file is there and not empty, and that the figure's program draws the same once more.
set -euo pipefail

experiment=$1
figure=$2
name=$(basename "$experiment")
results=$TEST_TMPDIR/results

output=$("$experiment" --profile=smoke --results="$results")
echo "$output"
# A study with claims tells how to see what comes of one, another how to draw it again.
next="next: bazel run //figures:$name -- --profile=smoke --results=$results"
if [[ $output == *'not judged'* ]]; then
  next="next: bazel run //figures:claim_table -- --profile=smoke --results=$results --explain=$name."
fi
if [[ $output != *"$next"* ]]; then
  echo "this is not told: $next" >&2
  exit 1
fi

folder=$results/smoke
missing=0
for file in "$folder/$name.h5" "$folder/figures/$name".{svg,pdf,png,csv}; do
  if [[ ! -s $file ]]; then
    echo "missing or empty: ${file#"$results"/}" >&2
    missing=1
  fi
done
# Its own batches are no larger than its data.
if "$experiment" --profile=smoke --results="$results" --list-runs 2>&1 | grep 'note:'; then
  exit 1
fi
# What a study found stands in the picture; each of those beyond the paper finds something.
found=$(sed -n 's/^found: //p' <<<"$output")
if [[ $name == beyond_* && -z $found ]] || ! grep -qF -- "${found:0:30}" "$folder/figures/$name.svg"; then
  echo "not told or not in the picture: ${found:-what was found}" >&2
  exit 1
fi
before=$(sha256sum "$folder/figures/$name".*)
"$figure" --profile=smoke --results="$results"
[[ $(sha256sum "$folder/figures/$name".*) == "$before" ]] || { echo 'the two programs draw differently' >&2; exit 1; }
[[ $missing -eq 0 ]] || { find "$results" -type f >&2; exit 1; }
