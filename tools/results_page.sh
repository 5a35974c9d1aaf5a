#!/bin/bash
# Writes RESULTS.md, the tables of README.md, ARTIFACT.md and docs/studies.md, values in docs/findings.md, and
# experiments/costs.tsv from data/reference and the studies.
set -euo pipefail
source "$(dirname "$0")/common.sh"
mapfile -t names < <(studies STUDIES)
mapfile -t beyond < <(studies BEYOND_STUDIES)
stoppable "$bazel" build --show_result=0 //figures:claim_table //experiments:sizes //lib/store:inspect "${names[@]/#///experiments:}" "${beyond[@]/#///experiments:}"
python3 tools/results.py bazel-bin/figures/claim_table bazel-bin/experiments/sizes bazel-bin/lib/store/inspect . "${names[@]/#/bazel-bin/experiments/}" \
  --beyond "${beyond[@]/#/bazel-bin/experiments/}"
