#!/bin/bash
# Prints all claims: make claims. COMPARE=reference (or a results folder) sets them beside others, FROM=reference takes the
# shipped ones in place of one's own, CLAIM=ID says how one of them comes about. The exit status is 0 whatever the verdicts.
# Read from the environment: CLAIM, COMPARE, FROM, PROFILE, RESULTS, ARGS (more flags for //figures:claim_table).
set -euo pipefail
source "$(dirname "$0")/common.sh"

# The shipped results, or a folder of one's own.
folder_of() {
  if [[ $1 == reference ]]; then echo "$PWD/data/reference"; else realpath -m "$1"; fi
}
more=()
split_words more "${ARGS:-}"
mapfile -t flags < <(results_flag)
# make has PROFILE=default where none was asked for: all profiles that are judged, side by side.
[[ ${PROFILE:-default} == default ]] || flags+=(--profile="$PROFILE")
[[ -z ${CLAIM:-} ]] || flags+=(--explain="$CLAIM")
if [[ -n ${COMPARE:-} && ! -d $(folder_of "$COMPARE") ]]; then
  tell "COMPARE=$COMPARE: there is no such results folder; COMPARE=reference is the shipped one" >&2
  exit 2
fi
[[ -z ${COMPARE:-} ]] || flags+=(--compare="$(folder_of "$COMPARE")")

stoppable "$bazel" build --jobs="$(build_jobs)" --noshow_progress --ui_event_filters=-info --show_result=0 //figures:claim_table
exec bazel-bin/figures/claim_table "${flags[@]}" "${more[@]}"
