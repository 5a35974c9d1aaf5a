#!/bin/bash
# Writes report.html and report.md of a results folder into it: make report. FROM=reference: of the shipped figure files,
# into results/reference.
# Read from the environment: FROM, RESULTS.
set -euo pipefail
source "$(dirname "$0")/common.sh"

if [[ ${PROFILE:-default} == smoke ]]; then
  tell 'the smoke profile judges nothing: there is no report of it. A report has the' \
    'other profiles, each as far as it was trained.' >&2
  exit 2
fi
mapfile -t flags < <(results_flag)
[[ ${FROM:-} != reference ]] || flags+=(--output="$(realpath -m "${RESULTS:-results/reference}")/report")
stoppable "$bazel" build --jobs="$(build_jobs)" --show_result=0 //figures:report
exec "$bazel" run --noshow_progress --ui_event_filters=-info --show_result=0 //figures:report -- "${flags[@]}"
