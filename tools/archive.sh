#!/bin/bash
# Packs sources, results, licences and dependencies into one file, results/initbias-COMMIT.tar.gz: make archive; docs/archive.md
# says what is in it. Where nothing was trained it first draws the shipped figure files.
# archive.sh --check: then unpacks it into an empty folder, checks it, and draws its figures again.
# Read from the environment: PROFILE (default), RESULTS, RUNS=1 (with the run files).
set -euo pipefail
source "$(dirname "$0")/common.sh"

profile=${PROFILE:-default}
results=$(realpath -m "${RESULTS:-results}")
flags=(--profile="$profile" --results="$results")
[[ ${RUNS:-} != 1 ]] || flags+=(--runs)
if ! compgen -G "$results/$profile/*.h5" >/dev/null; then
  echo "nothing was trained in $results/$profile: the shipped figure files are drawn"
  stoppable env PROFILE="$profile" RESULTS="$results/reference" tools/draw_reference.sh
fi
if [[ ${1:-} != --check ]]; then
  stoppable python3 tools/archive.py "${flags[@]}"
  exit
fi

mapfile -t names < <(studies STUDIES; studies BEYOND_STUDIES)
stoppable "$bazel" build --jobs="$(build_jobs)" --show_result=0 "${names[@]/#///figures:}"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
stoppable python3 tools/archive.py "${flags[@]}" --output="$folder/archive.tar.gz"
mkdir "$folder/unpacked"
tar -xzf "$folder/archive.tar.gz" -C "$folder/unpacked" --strip-components=1
stoppable python3 tools/check_archive.py --programs=bazel-bin/figures "$folder/unpacked"
