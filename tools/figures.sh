#!/bin/bash
# Trains what is missing and draws: figures.sh FIGURE... for the figures named, all of them without names.
# Read from the environment: PROFILE (default), RESULTS, JOBS, SEEDS, DEVICE, ARGS (more flags for the experiment).
# A figure that fails does not stop the others; Ctrl-C stops all.
set -euo pipefail
source "$(dirname "$0")/common.sh"

profile=${PROFILE:-default}
jobs=$(build_jobs)
shared=(--profile="$profile")
[[ -z ${RESULTS:-} ]] || shared+=(--results="$RESULTS")
experiment=("${shared[@]}")
[[ -z ${JOBS:-} ]] || experiment+=(--jobs="$JOBS")
[[ -z ${SEEDS:-} ]] || experiment+=(--seeds="$SEEDS")
[[ -z ${DEVICE:-} ]] || experiment+=(--device="$DEVICE")
# The CUDA half of LibTorch is large and only fetched for who asks for a GPU.
if [[ ${DEVICE:-} == cuda ]]; then
  export INITBIAS_CUDA=1
fi
read -ra more <<<"${ARGS:-}"

figures=("$@")
if [[ $# -eq 0 ]]; then
  list=$("$bazel" query --noshow_progress 'attr(tags, "\bfigure\b", //figures:all)')
  mapfile -t figures < <(sed 's/.*://' <<<"$list" | sort -V)
  [[ -n ${figures[0]} ]] || { echo 'there are no figures in //figures' >&2; exit 1; }
fi

for figure in "${figures[@]}"; do
  if [[ ! -f experiments/$figure.cc ]]; then
    echo "there is no figure $figure; make help lists them" >&2
    exit 1
  fi
done

echo "building ${figures[*]}"
"$bazel" build --jobs="$jobs" --show_result=0 "${figures[@]/#///experiments:}" "${figures[@]/#///figures:}" \
  //figures:claim_table

failed=()
for figure in "${figures[@]}"; do
  for step in experiments figures; do
    flags=("${shared[@]}")
    [[ $step == figures ]] || flags=("${experiment[@]}" "${more[@]}")
    status=0
    "$bazel" run --noshow_progress --ui_event_filters=-info --show_result=0 "//$step:$figure" -- \
      "${flags[@]}" || status=$?
    if [[ $status -eq 130 ]]; then
      exit 130
    elif [[ $status -ne 0 ]]; then
      failed+=("$figure")
      break
    fi
  done
done

# Of several figures, all claims in one table at the end.
if [[ ${#figures[@]} -gt 1 ]]; then
  echo
  "$bazel" run --noshow_progress --ui_event_filters=-info --show_result=0 //figures:claim_table -- "${shared[@]}"
fi
if [[ ${#failed[@]} -gt 0 ]]; then
  echo "failed: ${failed[*]}" >&2
  exit 1
fi
echo "Results are in ${RESULTS:-$PWD/results}/$profile, pictures in its folder figures."
