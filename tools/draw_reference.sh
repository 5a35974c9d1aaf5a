#!/bin/bash
# Draws every figure from the shipped figure files, without training: make figures FROM=reference. For PROFILE (default)
# below RESULTS (results/reference).
set -euo pipefail
source "$(dirname "$0")/common.sh"

profile=${PROFILE:-default}
output=$(realpath -m "${RESULTS:-results/reference}")/$profile/figures
names=("$@")
table=(--short --results="$PWD/data/reference")
if [[ $# -gt 0 ]]; then
  table+=(--studies="$(IFS=,; echo "$*")")
else
  mapfile -t names < <(studies STUDIES; studies BEYOND_STUDIES)
fi
stoppable "$bazel" build --jobs="$(build_jobs)" --show_result=0 "${names[@]/#///figures:}" //figures:claim_table
mkdir -p "$output"
drawn=0
for name in "${names[@]}"; do
  file=data/reference/$profile/$name.h5
  if [[ ! -f $file ]]; then
    echo "no $name: there is no $file"
    continue
  fi
  said=$("bazel-bin/figures/$name" --file="$PWD/$file" --output="$output/$name" 2>&1) || { echo "$said" >&2; exit 1; }
  echo "drawn: $name"
  drawn=$((drawn + 1))
done
[[ $drawn -gt 0 ]] || { echo "there are no figure files of the profile $profile" >&2; exit 1; }
echo
bazel-bin/figures/claim_table "${table[@]}" | sed -n '/scale: /,$p'
echo "$(counted "$drawn" figure) drawn in $output; all claims: bazel run //figures:claim_table -- --results=data/reference"
