#!/bin/bash
# Brings the registered claims, experiments/claims.json and the later claims_<n>.json, up to date with what the experiments
# claim; ARGS are register_claims.py's.
set -euo pipefail
source "$(dirname "$0")/common.sh"

more=()
split_words more "${ARGS:-}"
stoppable "$bazel" run --jobs="$(build_jobs)" --noshow_progress --ui_event_filters=-info --show_result=0 \
  //experiments:register_claims -- "${more[@]}"
