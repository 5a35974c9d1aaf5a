#!/bin/bash
# Trains some runs of every study again and compares the bits with the shipped figure files (or with what is stored in
# RESULTS): verify.sh [STUDY...]. A study whose runs are another's is not trained twice. The exit status is 1 where one is
# different, else 3 where one has other bits and the same verdicts; what is of a former revision is told, and no failure.
# Read from the environment: PROFILE (default), RESULTS, JOBS, ALL=1 (all runs of every study, those beyond the paper too, and
# the verdicts).
set -euo pipefail
source "$(dirname "$0")/common.sh"

profile=${PROFILE:-default}
options=(--profile="$profile" --verify="$([[ ${ALL:-} == 1 ]] && echo all || echo sample)")
[[ -z ${RESULTS:-} ]] || options+=(--results="$RESULTS")
[[ -z ${JOBS:-} ]] || options+=(--jobs="$JOBS")

names=("$@")
if [[ $# -eq 0 ]]; then
  mapfile -t names < <(studies STUDIES)
  [[ ${ALL:-} != 1 ]] || mapfile -t -O "${#names[@]}" names < <(studies BEYOND_STUDIES)
fi
# The column of costs.tsv, where a study's runs are another's.
column=2
[[ $profile != extended ]] || column=3
[[ $profile != paper ]] || column=4
equal=()
claim_equal=()
former=()
different=()
untrained=()
for name in "${names[@]}"; do
  [[ -f experiments/$name.cc ]] || { echo "there is no figure $name; make help lists them" >&2; exit 1; }
  shared=$(awk -F'\t' -v name="$name" -v column="$column" '$1 == name { print $column }' experiments/costs.tsv)
  if [[ $# -eq 0 && $shared == with\ * ]]; then
    tell "$name: its runs are those of ${shared#with }"
    continue
  fi
  if [[ $# -eq 0 && $shared == 'nothing is trained' ]]; then
    untrained+=("$name")
    continue
  fi
  status=0
  stoppable "$bazel" run --noshow_progress --ui_event_filters=-info --show_result=0 "//experiments:$name" -- "${options[@]}" ||
    status=$?
  case $status in
    0) equal+=("$name") ;;
    3) claim_equal+=("$name") ;;
    4) former+=("$name") ;;
    *)
      ! is_stop "$status" || exit "$status"
      different+=("$name")
      ;;
  esac
done
echo
tell "the same bits: ${equal[*]:-none}"
[[ ${#untrained[@]} -eq 0 ]] || tell "nothing to verify, for nothing is trained: ${untrained[*]}"
[[ ${#claim_equal[@]} -eq 0 ]] || tell "other bits, the same verdicts: ${claim_equal[*]}"
[[ ${#former[@]} -eq 0 ]] || tell "not to be compared, of a former revision: ${former[*]}"
if [[ ${#different[@]} -gt 0 ]]; then
  tell "different, or not trained: ${different[*]}" >&2
  exit 1
fi
[[ ${#claim_equal[@]} -eq 0 ]] || exit 3
