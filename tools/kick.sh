#!/bin/bash
# A first look, some minutes after the build: a tiny run of every study, the bits of short trainings against the shipped
# ones, every figure drawn from the shipped numbers, and what this machine will take for each study. All of it goes to
# results/kick (RESULTS=folder: elsewhere). Ends with status 1 where something did not work.
# Read from the environment: RESULTS, JOBS, DEVICE (where the tiny runs and the measured steps are trained).
set -euo pipefail
source "$(dirname "$0")/common.sh"

results=$(realpath -m "${RESULTS:-results/kick}")
mapfile -t names < <(studies STUDIES)
[[ -n ${names[0]:-} ]] || { echo 'there are no studies in experiments/studies.bzl' >&2; exit 1; }
how=()
[[ -z ${JOBS:-} ]] || how+=(--jobs="$JOBS")
[[ -z ${DEVICE:-} ]] || how+=(--device="$DEVICE")
[[ ${DEVICE:-} != cuda ]] || want_cuda
programs=$PWD/bazel-bin
log=$results/log.txt
stop_note='stopped; what was done is kept. To go on, give the same command again.'
mkdir -p "$results"
: >"$log"

echo "building ${#names[@]} studies: the first time 3 to 15 minutes"
stoppable "$bazel" build --jobs="$(build_jobs)" --show_result=0 "${names[@]/#///experiments:}" "${names[@]/#///figures:}" \
  //figures:claim_table //lib/store:inspect //tests/train:golden_bits_test
begin=$SECONDS
failed=()

# step WHAT COMMAND...: runs it, with its output in the log, and says how it went.
step() {
  local what=$1 start=$SECONDS status=0
  shift
  printf '  %-46s' "$what"
  printf '\n== %s: %s\n' "$what" "$*" >>"$log"
  # Its output alone goes to the log, not what is said where a signal ends this.
  stoppable bash -c 'exec >>"$0" 2>&1; exec "$@"' "$log" "$@" || status=$?
  if [[ $status -eq 0 ]]; then
    printf 'works  %3d s\n' $((SECONDS - start))
  else
    printf 'FAILS  %3d s (status %d)\n' $((SECONDS - start)) "$status"
    failed+=("$what")
  fi
}

echo
echo 'A tiny run of every study (profile smoke: it shows that all works, not what the'
echo 'paper says)'
for name in "${names[@]}"; do
  step "$name" "$programs/experiments/$name" --profile=smoke --results="$results" "${how[@]}"
done

echo
echo 'The bits of short trainings of each model against the shipped ones'
step golden_bits "$programs/tests/train/golden_bits_test"

echo
echo 'Every figure from the shipped numbers'
drawn=$results/reference/default/figures
mkdir -p "$drawn"
for name in "${names[@]}"; do
  step "$name" "$programs/figures/$name" --file="$PWD/data/reference/default/$name.h5" --output="$drawn/$name"
done

run=$(find "$results/smoke/runs" -name '*.h5' 2>/dev/null | sort | head -1) || run=
value() { [[ -z $run ]] || "$programs/lib/store/inspect" "$run" 2>/dev/null | sed -n "s/^ *@$1 = //p" | head -1; }
gpu=none
[[ ! -e /dev/nvidia0 ]] || gpu=$(nvidia-smi --query-gpu=name --format=csv,noheader 2>/dev/null | head -1 || echo 'one without nvidia-smi')
said=$results/.measured
speed=$("$programs/experiments/fig3" --measure-speed "${how[@]}" 2>"$said") || speed=
note=$(sed -n 's/^note: //p' "$said")
{ printf '\n== measure-speed\n'; cat "$said"; } >>"$log"
rm -f "$said"
cat <<END

This machine
  processor  $(value cpu)
  cores      $(usable_cores)
  memory     $(awk '/^MemTotal:/ { printf "%.0f GB", $2 * 1024 / 1e9 }' /proc/meminfo)
  GPU        $gpu
  kernels    $(value kernels)
  speed      $(if [[ -n $speed ]]; then echo "$(speed_text "$speed"), measured now"; else echo "unknown, see $log"; fi)${note:+
  note       $(columns=67 tell "$note" | sed '2,$s/^/             /')}

What training takes here; runs that an earlier study has are not counted again
END
awk -F'\t' -v speed="${speed:-0}" -v overhead="$overhead" '
  function time(cell, gflop, s) {
    if (cell == "nothing is trained") return "nothing"
    if (cell !~ / GFLOP/) return cell
    gflop = cell
    sub(/ GFLOP.*/, "", gflop)
    gsub(/,/, "", gflop)
    if (speed <= 0) return gflop " GFLOP"
    s = overhead * gflop / speed
    if (s < 90) return sprintf("%.0f s", s)
    if (s < 5400) return sprintf("%.0f min", s / 60)
    if (s < 129600) return sprintf("%.0f h", s / 3600)
    if (s < 60 * 86400) return sprintf("%.0f days", s / 86400)
    return sprintf("%.0f months", s / 86400 / 30)
  }
  BEGIN { printf "  %-24s %-18s %-18s %s\n", "study", "default", "extended", "paper" }
  !/^#/ { printf "  %-24s %-18s %-18s %s\n", $1, time($2), time($3), time($4) }' experiments/costs.tsv

echo
echo "The claims of the shipped figures:"
"$programs/figures/claim_table" --short --results="$PWD/data/reference" | sed -n '/scale: /,$p'
echo
echo "$((SECONDS - begin)) s. Pictures: $drawn"
echo "Log: $log"
if [[ ${#failed[@]} -gt 0 ]]; then
  tell "does not work here: ${failed[*]}" >&2
  exit 1
fi
echo 'All works here. Next: make figures (trains), make report FROM=reference (one'
echo 'page), make claims FROM=reference.'
