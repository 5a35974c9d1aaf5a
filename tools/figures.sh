#!/bin/bash
# Trains what is missing and draws: figures.sh STUDY... for the studies named, those of STUDIES without names.
# Read from the environment: PROFILE (default), RESULTS, JOBS, SEEDS, DEVICE, ARGS (more flags for the
# experiment, quoted as in a shell). All of them are checked before the build, as far as a script can.
# A figure that fails does not stop the others, unless all would refuse the same flag; Ctrl-C, TERM or HUP stops all. With flags
# that train nothing (--dry-run, say) nothing is drawn either, nor with --executor=slurm: a job of Slurm's draws.
set -euo pipefail
source "$(dirname "$0")/common.sh"

profile=${PROFILE:-default}
jobs=$(build_jobs)
shared=(--profile="$profile")
[[ -z ${RESULTS:-} ]] || shared+=(--results="$RESULTS")
experiment=("${shared[@]}")
[[ -z ${JOBS:-} ]] || experiment+=(--jobs="$JOBS")
[[ -z ${SEEDS:-} ]] || experiment+=(--seeds="$SEEDS")
more=()
split_words more "${ARGS:-}"
check_options "${more[@]}"
draw=1
unfinished=0
dry_run=0
computes=1  # trains or measures
executor=local
for ((i = 0; i < ${#more[@]}; i++)); do
  case ${more[i]} in
    --dry-run) draw=0 dry_run=1 ;;
    --measure-speed | --verify | --verify=*) draw=0 ;;
    --print-config | --print-claims | --list-runs | --list-configs | --status | --print-summary | --help | -h)
      draw=0 computes=0
      ;;
    --no-measure) computes=0 ;;
    --unfinished) unfinished=1 computes=0 ;;
    --executor=*) executor=${more[i]#*=} ;;
    --executor) executor=${more[i + 1]:-} ;;
  esac
done
[[ $executor != slurm ]] || draw=0
# The CUDA half of LibTorch is large, and only fetched for who is going to train by it: not for a dry run, which measures where
# it is here already, and lists the runs without asking for a GPU where it is not.
device=${DEVICE:-}
if [[ $device == cuda ]]; then
  if [[ $dry_run -eq 1 && ${INITBIAS_CUDA:-0} == 0 && $executor == local ]] && ! { gpu_is_here && cuda_is_here; }; then
    (want_cuda)  # what the training is refused for its plan is refused for
    device=
    if [[ $computes -eq 1 ]]; then
      tell 'DEVICE=cuda: the runs are listed without time and memory. To measure them takes' \
        "LibTorch's build for GPUs, 2.5 GB, which a dry run does not fetch."
      more+=(--no-measure)
    fi
  elif [[ $dry_run -eq 1 && $computes -eq 1 && ${INITBIAS_CUDA:-0} == 0 ]] && ! { gpu_is_here && cuda_is_here; }; then
    : # others train
  elif [[ $executor == slurm && $dry_run -eq 0 ]]; then
    want_cuda elsewhere
  elif [[ $computes -eq 1 && $executor != none ]]; then
    want_cuda
  elif cuda_is_here; then
    export INITBIAS_CUDA=1  # as what was built before: nothing is built anew
  fi
fi
[[ -z $device ]] || experiment+=(--device="$device")
folder=${RESULTS:-results}/$profile

figures=("$@")
if [[ $# -gt 0 ]]; then
  asked=$(IFS=,; echo "$*")  # the table of claims has these alone
else
  asked=
  mapfile -t figures < <(studies STUDIES)
  [[ -n ${figures[0]:-} ]] || { echo 'there are no studies in experiments/studies.bzl' >&2; exit 1; }
fi

for figure in "${figures[@]}"; do
  if [[ ! -f experiments/$figure.cc ]]; then
    echo "there is no figure $figure; make help lists them" >&2
    exit 1
  fi
done

# Each study would say it.
if [[ $draw -eq 1 ]]; then
  place=$folder
  [[ -d $place ]] || place=${RESULTS:-results}
  if [[ -d $place && ! -w $place ]]; then
    echo "cannot write into the folder $place; whose it is shows ls -ld" >&2
    exit 1
  fi
fi

tell "building ${figures[*]}"
stoppable "$bazel" build --jobs="$jobs" --show_result=0 "${figures[@]/#///experiments:}" //figures:claim_table
begin=$SECONDS

# What is to be done and how long that takes on this machine, where it is the one that trains, before it begins: minutes on a
# processor with AVX-512, hours on an old one.
programs=$PWD/bazel-bin/experiments
standing=(env BUILD_WORKSPACE_DIRECTORY="$PWD" BUILD_WORKING_DIRECTORY="$PWD")
list=
speed=
ahead=  # a folder of the configs of each study's runs
measured=
declare -A runs_of  # the runs of each study, that others may have, too
forecast() {
  local gflop runs seconds refused=0
  trap 'rm -rf "$measured" "$measured.said" "$ahead"' EXIT
  [[ ${#figures[@]} -eq 1 ]] || ahead=$(mktemp -d 2>/dev/null) || ahead=
  for figure in "${figures[@]}"; do
    runs_of[$figure]=$("${standing[@]}" "$programs/$figure" "${experiment[@]}" "${more[@]}" --list-runs 2>/dev/null) ||
      refused=1
    [[ -z $ahead ]] || "${standing[@]}" "$programs/$figure" "${experiment[@]}" "${more[@]}" --list-configs \
      >"$ahead/$figure" 2>/dev/null || true
  done
  list=$(printf '%s\n' "${runs_of[@]}" | sort -u | sed '/^$/d')
  read -r runs gflop < <(awk '$3 == "to-train" { n++; sum += $2 } END { print n + 0, sum + 0 }' <<<"$list")
  if [[ $runs -eq 0 ]]; then
    # Why one is refused it says itself, when its turn comes.
    [[ $refused -eq 0 ]] || return 0
    echo 'Nothing to train: all runs are stored.'
    return
  fi
  if measured=$(mktemp 2>/dev/null); then
    ! stoppable "${standing[@]}" "$programs/fig3" "${experiment[@]}" --measure-speed >"$measured" 2>"$measured.said" ||
      speed=$(<"$measured")
  fi
  if [[ -z $speed ]]; then
    echo "To train: $(counted "$runs" run), $gflop GFLOP."
    return
  fi
  seconds=$(awk -v gflop="$gflop" -v speed="$speed" -v overhead="$overhead" 'BEGIN { printf "%d", overhead * gflop / speed }')
  tell "$(printf 'To train: %s, %.0f GFLOP; %s: about %d h %02d min.' "$(counted "$runs" run)" "$gflop" \
    "$(speed_text "$speed")" $((seconds / 3600)) $((seconds % 3600 / 60)))"
  local note
  note=$(grep '^note: ' "$measured.said") || return 0
  tell "$note"  # that other work made it slower
}
if [[ $draw -eq 1 && $unfinished -eq 0 && $executor == local && -x $programs/fig3 && $profile != smoke ]]; then
  forecast
fi

# Of all that took time since the build, the share that the runs' matrix products alone would have taken: what is left
# for kernels, evaluations, files and pictures to gain. Not where a GPU trained, or runs went on from checkpoints.
efficiency() {
  local sums products rate wall=$((SECONDS > begin ? SECONDS - begin : 1))
  sums=$(awk '$3 == "to-train" { sum[$4] += $2 } END { for (model in sum) printf "%s %.0f ", model, sum[model] }' <<<"$list")
  [[ -n $sums && $resumed -eq 0 && ${DEVICE:-cpu} != cuda && ! -e /dev/nvidia0 ]] || return 0
  "$bazel" build --jobs="$jobs" --show_result=0 --noshow_progress --ui_event_filters=-info //tests/bench:product_rate || return 0
  rate=$PWD/bazel-bin/tests/bench/product_rate
  products=$("$rate" "${JOBS:-$(usable_cores)}" $sums) || return 0
  awk -v products="$products" -v wall="$wall" 'BEGIN {
    printf "Time: %d s, of which the matrix products alone would take %.0f s: %.2f of it.\n", wall, products, products / wall }'
}
resumed=0
[[ -z $(find "$folder/checkpoints" -name '*.h5' 2>/dev/null | head -1) ]] || resumed=1

# Which study comes, and how long it and what follows it will take.
announce() {
  local number=$1 left seconds
  [[ ${#figures[@]} -gt 1 ]] || return 0
  printf '\n%s: %d of %d' "${figures[number - 1]}" "$number" "${#figures[@]}"
  if [[ -n $speed && -n $list ]]; then
    left=$(for figure in "${figures[@]:number-1}"; do printf '%s\n' "${runs_of[$figure]:-}"; done | sort -u)
    # What an earlier study has trained is done by now.
    if [[ $number -gt 1 ]]; then
      left=$(comm -23 <(printf '%s\n' "$left") <(for figure in "${figures[@]:0:number-1}"; do
        printf '%s\n' "${runs_of[$figure]:-}"
      done | sort -u))
    fi
    seconds=$(awk -v speed="$speed" -v overhead="$overhead" \
      '$3 == "to-train" { sum += $2 } END { printf "%d", overhead * sum / speed }' <<<"$left")
    printf ', about %d h %02d min left in all' $((seconds / 3600)) $((seconds % 3600 / 60))
  fi
  printf '\n'
}

# What a study says of wrong usage, its own name left out: refusal STUDY FLAG...
refusal() {
  local said status=0
  said=$("${standing[@]}" "$programs/$1" "${experiment[@]}" "${@:2}" 2>&1 >/dev/null </dev/null) || status=$?
  [[ $status -ne 2 ]] || sed "s/\b$1\b/STUDY/g" <<<"$said"
}

# Whether all studies behind a number refuse what the study FIGURE refuses, in the same words: --set may suit some of them.
# They are asked for a list of runs, which trains nothing.
all_refuse() {
  local flags=() word said one
  for word in "${more[@]}"; do
    case $word in
      --dry-run | --no-measure | --status | --print-* | --list-* | --measure-speed | --unfinished | --verify=*) ;;
      *) flags+=("$word") ;;
    esac
  done
  said=$(refusal "$2" "${more[@]}")
  [[ -n $said ]] || return 1
  for one in "$2" "${figures[@]:$1}"; do
    [[ $(refusal "$one" "${flags[@]}" --list-runs) == "$said" ]] || return 1
  done
}

number=0
failed=()
own=0  # figures of the profile's own runs
for figure in "${figures[@]}"; do
  status=0
  number=$((number + 1))
  announce "$number"
  # A core that the last of a study's runs leave idle begins with those of the studies behind it.
  also=()
  if [[ -n $ahead && $number -lt ${#figures[@]} ]]; then
    (cd "$ahead" && cat -- "${figures[@]:number}" 2>/dev/null) >"$ahead/.next" || true
    [[ ! -s $ahead/.next ]] || also=(--ahead="$ahead/.next")
  fi
  stoppable "$bazel" run --noshow_progress --ui_event_filters=-info --show_result=0 "//experiments:$figure" -- \
    "${experiment[@]}" "${more[@]}" "${also[@]}" || status=$?
  if is_stop "$status"; then
    exit "$status"
  elif [[ $status -eq 2 && $number -lt ${#figures[@]} ]] && all_refuse "$number" "$figure"; then
    others=$((${#figures[@]} - number))
    if [[ $others -eq 1 ]]; then
      echo 'The other study refuses it in the same words: it was left out.' >&2
    else
      echo "The other $others studies refuse it in the same words: they were left out." >&2
    fi
    exit 2
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
  [[ -z $asked ]] || table+=(--studies="$asked")
  stoppable "$bazel" run --noshow_progress --ui_event_filters=-info --show_result=0 //figures:claim_table -- "${table[@]}" ||
    failed+=(claim_table)
fi
if [[ ${#failed[@]} -gt 0 ]]; then
  tell "failed: ${failed[*]}" >&2
  exit 1
fi
if [[ $draw -eq 1 && -n $list ]]; then
  efficiency
fi
if [[ $draw -eq 1 ]]; then
  echo "Results are in ${RESULTS:-$PWD/results}/$profile, pictures in its folder figures."
fi
