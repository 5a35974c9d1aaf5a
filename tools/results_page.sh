#!/bin/bash
# Writes RESULTS.md and the verdicts of README.md from data/reference.
set -euo pipefail
source "$(dirname "$0")/common.sh"
"$bazel" build --show_result=0 //figures:claim_table
python3 tools/results.py bazel-bin/figures/claim_table .
