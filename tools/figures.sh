#!/bin/bash
# Trains what is missing and draws: figures.sh STUDY... for the studies named, those of STUDIES without names.
# Read from the environment: PROFILE (default), RESULTS, JOBS, SEEDS, DEVICE, ARGS (more flags for the experiment).
# A figure that fails does not stop the others; Ctrl-C stops all. With flags that train nothing (--dry-run, say) nothing
# is drawn either.
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
draw=1
unfinished=0
for flag in "${more[@]}"; do
  case $flag in
    --dry-run | --print-config | --print-claims | --list-runs | --measure-speed | --help | -h) draw=0 ;;
    --unfinished) unfinished=1 ;;
  esac
done
folder=${RESULTS:-results}/$profile

figures=("$@")
if [[ $# -eq 0 ]]; then
  mapfile -t figures < <(studies STUDIES)
  [[ -n ${figures[0]:-} ]] || { echo 'there are no studies in experiments/studies.bzl' >&2; exit 1; }
fi

for figure in "${figures[@]}"; do
  if [[ ! -f experiments/$figure.cc ]]; then
    echo "there is no figure $figure; make help lists them" >&2
    exit 1
  fi
done

echo "building ${figures[*]}"
"$bazel" build --jobs="$jobs" --show_result=0 "${figures[@]/#///experiments:}" //figures:claim_table

# What is to be done and how long that takes on this machine, before it begins: minutes on a processor with AVX-512,
# hours on an old one.
programs=$PWD/bazel-bin/experiments
run_program() {
  BUILD_WORKSPACE_DIRECTORY=$PWD BUILD_WORKING_DIRECTORY=$PWD "$programs/$@"
}
forecast() {
  local list gflop runs speed seconds
  list=$(for figure in "${figures[@]}"; do
    run_program "$figure" "${experiment[@]}" "${more[@]}" --list-runs 2>/dev/null || true
  done | sort -u)
  read -r runs gflop < <(awk '$3 == "to-train" { n++; sum += $2 } END { print n + 0, sum + 0 }' <<<"$list")
  if [[ $runs -eq 0 ]]; then
    echo 'Nothing to train: all runs are stored.'
    return
  fi
  speed=$(run_program fig3 "${experiment[@]}" --measure-speed 2>/dev/null) || speed=
  if [[ -z $speed ]]; then
    echo "To train: $runs runs, $gflop GFLOP."
    return
  fi
  # A fifth more than the arithmetic: evaluations, snapshots, the last runs of a figure that leave cores idle.
  seconds=$(awk -v gflop="$gflop" -v speed="$speed" 'BEGIN { printf "%d", 1.2 * gflop / speed }')
  printf 'To train: %d runs, %.0f GFLOP; this machine does %.0f GFLOP a second: about %d h %02d min.\n' "$runs" "$gflop" \
    "$speed" $((seconds / 3600)) $((seconds % 3600 / 60))
}
if [[ $draw -eq 1 && $unfinished -eq 0 && -x $programs/fig3 && $profile != smoke ]]; then
  forecast
fi

failed=()
own=0  # figures of the profile's own runs
for figure in "${figures[@]}"; do
  status=0
  "$bazel" run --noshow_progress --ui_event_filters=-info --show_result=0 "//experiments:$figure" -- \
    "${experiment[@]}" "${more[@]}" || status=$?
  if [[ $status -eq 130 ]]; then
    exit 130
  elif [[ $status -ne 0 ]]; then
    failed+=("$figure")
  # An experiment writes one of three files: of the profile's own runs, of others (--set, other seeds), or of runs on
  # their way.
  elif [[ $draw -eq 1 && $unfinished -eq 0 && ! $folder/$figure.custom.h5 -nt $folder/$figure.h5 ]]; then
    own=$((own + 1))
  fi
done

# Of several figures, all claims in one table at the end, at all scales where the profile is one of these. Runs that are
# not the profile's own are not judged.
if [[ ${#figures[@]} -gt 1 && $own -gt 0 ]]; then
  echo
  table=("${shared[@]}")
  [[ $profile == smoke ]] || table=("${shared[@]:1}")
  "$bazel" run --noshow_progress --ui_event_filters=-info --show_result=0 //figures:claim_table -- "${table[@]}" ||
    failed+=(claim_table)
fi
if [[ ${#failed[@]} -gt 0 ]]; then
  echo "failed: ${failed[*]}" >&2
  exit 1
fi
if [[ $draw -eq 1 ]]; then
  echo "Results are in ${RESULTS:-$PWD/results}/$profile, pictures in its folder figures."
fi
