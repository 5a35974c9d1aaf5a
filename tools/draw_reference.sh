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
  # Of some studies one model's runs alone have finished: fig3.emb_mlp.h5.
  mapfile -t files < <(find data/reference/"$profile" -name "$name.h5" -o -name "$name.*.h5" 2>/dev/null | sort)
  if [[ ${#files[@]} -eq 0 ]]; then
    others=$(find data/reference -name "$name.h5" -o -name "$name.*.h5" | xargs -r -n 1 dirname | xargs -r -n 1 basename | sort -u)
    tell "no $name: it is not shipped for the profile $profile${others:+, but for ${others//$'\n'/ and }}"
    continue
  fi
  for file in "${files[@]}"; do
    stem=$(basename "$file" .h5)
    said=$("bazel-bin/figures/$name" --file="$PWD/$file" --output="$output/$stem" 2>&1) || { echo "$said" >&2; exit 1; }
    echo "drawn: $stem"
    drawn=$((drawn + 1))
  done
done
[[ $drawn -gt 0 ]] || { echo "nothing of this is shipped for the profile $profile" >&2; exit 1; }
echo
bazel-bin/figures/claim_table "${table[@]}" | sed -n '/scale: /,$p'
echo "$(counted "$drawn" figure) drawn in $output"
echo "all claims: make claims FROM=reference"
