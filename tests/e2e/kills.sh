#!/bin/bash
# kills.sh RUN: a training that is killed again and again - one worker, the parent, or all of it; at random moments, once there
# is a checkpoint, or once a run is done - ends in the same run files, figure files and pictures as one that is left alone, of
# each model. Nothing finished is lost or trained again, and no half file is ever taken for a whole one. What the kills met is
# counted, and is to be enough.
set -uo pipefail
source tests/e2e/common.sh

run=$1
kills=51
# Many short runs of Emb-MLP, some of the others; a checkpoint every moment.
flags=(--profile=smoke --device=cpu --jobs=2 --checkpoint-seconds=0.02)
# plan_of MODEL: sets $plan.
plan_of() {
  plan=(--model="$1" --gamma=0.3:0.8:0.25)
  case $1 in
    emb_mlp) plan=(--model=emb_mlp --gamma=0.3:0.77:0.01) ;;
    gpt2) plan+=(--set=train.epochs=1) ;;
  esac
}
whole=$TEST_TMPDIR/whole
broken=$TEST_TMPDIR/broken
log=$TEST_TMPDIR/log

# make FOLDER: all runs, and the figure of each model's in a folder of that name.
make() {
  local model
  for model in emb_mlp transformer gpt2; do
    plan_of "$model"
    "$run" "${plan[@]}" "${flags[@]}" --results="$1" &>"$log" || fail "$model fails: $(cat "$log")"
    mkdir "$1/$model"
    mv "$1"/smoke/run*.h5 "$1"/smoke/figures "$1/$model"
  done
}
make "$whole"
[[ $failures -eq 0 ]] || exit 1

declare -A ids
for model in emb_mlp transformer gpt2; do
  plan_of "$model"
  ids[$model]=$("$run" "${plan[@]}" "${flags[@]}" --results="$broken" --list-runs | cut -d ' ' -f 1)
done

# Of each finished run its inode: written once.
finished() {
  stat -c '%n %i' "$broken"/smoke/runs/*.h5 2>/dev/null
}
# any FOLDER ID..: whether one of these has a file in the folder.
any() {
  local folder=$1 id
  shift
  for id in "$@"; do
    [[ ! -e $broken/smoke/$folder/$id.h5 ]] || return 0
  done
  return 1
}

RANDOM=11
declare -A killed=([worker]=0 [parent]=0 [all]=0)
with_checkpoint=0
with_finished=0
for ((i = 0; i < kills; ++i)); do
  case $((i % 12)) in
    5) model=transformer ;;
    11) model=gpt2 ;;
    *) model=emb_mlp ;;
  esac
  most=$((i % 3 == 0 ? 2 : 3))  # of a killed worker the others are waited for
  for model in $model emb_mlp; do
    pending=()
    for id in ${ids[$model]}; do
      [[ -e $broken/smoke/runs/$id.h5 || ${#pending[@]} -ge $most ]] || pending+=("$id")
    done
    [[ ${#pending[@]} -eq 0 ]] || break
  done
  [[ ${#pending[@]} -gt 0 ]] || break
  before=$(finished)
  plan_of "$model"
  runs=$(IFS=,; echo "${pending[*]}")  # not in the line below: its process would be taken for a worker
  "$run" "${plan[@]}" "${flags[@]}" --runs="$runs" --results="$broken" &>"$log" &
  parent=$!
  case $((i / 3 % 3)) in
    0) sleep "0.$(printf '%03d' $((20 + RANDOM % 280)))" ;;
    1) until any checkpoints "${pending[@]}" || any runs "${pending[@]}" || ! kill -0 "$parent" 2>/dev/null; do sleep 0.01; done ;;
    2) until any runs "${pending[@]}" || ! kill -0 "$parent" 2>/dev/null; do sleep 0.01; done ;;
  esac
  mapfile -t workers < <(pgrep -P "$parent")
  case $((i % 3)) in
    0)
      who=worker
      for ((wait = 0; ${#workers[@]} == 0 && wait < 100; ++wait)); do
        sleep 0.02
        mapfile -t workers < <(pgrep -P "$parent")
      done
      victims=("${workers[@]:0:1}")
      ;;
    1)
      who=parent
      victims=("$parent")
      ;;
    2)
      who=all
      victims=("${workers[@]}" "$parent")
      ;;
  esac
  checkpoint=0
  ! any checkpoints "${pending[@]}" || checkpoint=1
  done=0
  ! any runs "${pending[@]}" || done=1
  met=0
  [[ ${#victims[@]} -eq 0 ]] || ! kill -9 "${victims[@]}" 2>/dev/null || met=1
  wait "$parent" 2>/dev/null
  status=$?
  if [[ $who == worker ]]; then
    # The others go on; the parent says whose worker was killed. But for one that had just done its work.
    if [[ $status -eq 1 ]]; then
      grep -q 'the worker ended: killed by signal 9' "$log" || fail "kill $i of a worker is not told: $(cat "$log")"
    else
      [[ $status -eq 0 ]] || fail "kill $i of a worker: status $status: $(cat "$log")"
      met=0
    fi
  else
    [[ $status -eq 137 || $status -eq 0 ]] || fail "kill $i: status $status: $(cat "$log")"
    [[ $status -eq 137 ]] || met=0
  fi
  for worker in "${workers[@]}"; do
    for ((wait = 0; wait < 500; ++wait)); do
      [[ -d /proc/$worker ]] && ! grep -q '^State:.*Z' "/proc/$worker/status" 2>/dev/null || break
      sleep 0.02
    done
    [[ $wait -lt 500 ]] || fail "worker $worker outlives its parent"
  done
  if [[ $met -eq 1 ]]; then
    killed[$who]=$((killed[$who] + 1))
    with_checkpoint=$((with_checkpoint + checkpoint))
    with_finished=$((with_finished + done))
  fi
  ! grep -Eq 'damaged|terminate called|Segmentation' "$log" || fail "kill $i left this: $(cat "$log")"
  while read -r line; do
    [[ -z $line ]] || grep -qxF "$line" <(finished) || fail "after kill $i a finished run is gone or written again: $line"
  done <<<"$before"
done
before=$(finished)
echo "killed: ${killed[worker]} workers, ${killed[parent]} parents, ${killed[all]} of both; with a checkpoint there" \
  "$with_checkpoint, with a run just finished $with_finished; $(wc -l <<<"$before") runs finished meanwhile"
for who in worker parent all; do
  [[ ${killed[$who]} -ge 10 ]] || fail "only ${killed[$who]} kills of: $who"
done
[[ $with_checkpoint -ge 10 ]] || fail "only $with_checkpoint kills with a checkpoint there"
[[ $with_finished -ge 10 ]] || fail "only $with_finished kills just after a run was finished"

make "$broken"
while read -r line; do
  grep -qxF "$line" <(finished) || fail "a finished run is gone or written again: $line"
done <<<"$before"
resumed=0
for file in "$broken"/smoke/runs/*.h5; do
  ! h5dump -a /provenance/resumed "$file" | grep -q '(0): [1-9]' || resumed=$((resumed + 1))
done
echo "$resumed runs went on from a checkpoint"
[[ $resumed -ge 10 ]] || fail "only $resumed runs went on from a checkpoint"
files=0
while read -r file; do
  files=$((files + 1))
  case $file in
    *.h5) same_numbers "$whole/$file" "$broken/$file" || fail "$file differs: $difference" ;;
    *) cmp "$whole/$file" "$broken/$file" || fail "$file differs" ;;
  esac
done < <(cd "$whole" && find . -type f ! -name '*.lock' ! -name .index)
[[ $files -ge 60 ]] || fail "only $files files"
left=$(find "$broken/smoke" -type f ! -path '*/runs/*.h5' ! -name .index ! -path '*/checkpoints/*.lock')
[[ -z $left ]] || fail "left over: $left"
[[ $failures -eq 0 ]]
