#!/bin/bash
# Trains by a real Slurm that this script starts on this machine, with two virtual nodes and with folders and ports of its
# own, and stops at the end: an array of 24 smoke runs while the controller is restarted; a node that dies and a time limit,
# after which runs go on from their checkpoints; a group of runs in one task, stopped by its time limit; a run that fails, and one
# that is cancelled. All runs must have the bits of the local executor's. With --short, a quarter of a minute: six runs in three tasks alone.
# An argument names an unpacked bundle whose programs are taken instead of Bazel's. Ends with 77 where there is no Slurm.
set -uo pipefail
source "$(dirname "$0")/common.sh"
source tests/e2e/common.sh
PATH=$PATH:/usr/sbin:/sbin

short=
if [[ ${1:-} == --short ]]; then
  short=1
  shift
fi
for program in slurmctld slurmd sbatch squeue scontrol scancel h5diff; do
  command -v $program >/dev/null ||
    { echo "test_slurm.sh: there is no $program: tools/setup.sh tests/slurm/apt-packages.txt" >&2; exit 77; }
done
targets=()
[[ -n $short ]] || targets+=(//tests:no_locks.so)
if [[ $# -gt 0 ]]; then
  study=$(realpath "$1")/run
else
  study=$PWD/bazel-bin/experiments/run
  targets+=(//experiments:run)
fi
mapfile -t strict < <(strict_flag)
[[ ${#targets[@]} -eq 0 ]] || stoppable "$bazel" build --jobs="$(build_jobs)" --noshow_progress --ui_event_filters=-info --show_result=0 \
  "${strict[@]}" "${targets[@]}" || exit
no_locks=$PWD/bazel-bin/tests/no_locks.so
unset BUILD_WORKSPACE_DIRECTORY BUILD_WORKING_DIRECTORY

folder=$(mktemp -d) || exit
export SLURM_CONF=$folder/slurm.conf
user=$(id -un)
host=$(uname -n)
host=${host%%.*}
mapfile -t ports < <(python3 -c '
import socket
sockets = [socket.socket() for _ in range(3)]
for one in sockets:
    one.bind(("127.0.0.1", 0))
    print(one.getsockname()[1])')

cat >"$SLURM_CONF" <<END
ClusterName=initbias
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=${ports[0]}
AuthType=auth/none
CredType=cred/none
AuthInfo=cred_expire=5
SlurmUser=$user
SlurmdUser=$user
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool.%n
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.%n.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
ReturnToService=2
SlurmdTimeout=5
KillWait=10
MaxArraySize=10
SchedulerParameters=bf_interval=2,sched_interval=2
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=${ports[1]} CPUs=2 RealMemory=500
NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=${ports[2]} CPUs=2 RealMemory=500
PartitionName=all Nodes=n[1-2] Default=YES MaxTime=INFINITE State=UP
END
mkdir "$folder"/{state,spool.n1,spool.n2}

declare -A daemons
start_controller() { slurmctld -D &>/dev/null & daemons[controller]=$!; }
# INITBIAS_NODE marks all that comes of it.
start_node() { INITBIAS_NODE=$1 slurmd -D -N "$1" &>/dev/null & daemons[$1]=$!; }

# ours PATTERN: the processes that this Slurm has started and that have such a line in their environment; after the
# slurmstepds, which have none to be seen, that have started them.
ours() {
  local process parent lines found=()
  for process in /proc/[0-9]*; do
    lines=$(tr '\0' '\n' <"$process/environ") || continue
    if grep -qxF "SLURM_CONF=$SLURM_CONF" <<<"$lines" && grep -qxE "$1" <<<"$lines"; then
      found+=("${process#/proc/}")
      parent=$(sed -n 's/^PPid:\t//p' "$process/status")
      [[ $(<"/proc/$parent/comm") != slurmstepd ]] || echo "$parent"
    fi
  done 2>/dev/null
  printf '%s\n' "${found[@]}"
}

clean_up() {
  trap '' TERM INT HUP
  local process processes
  kill "${daemons[controller]}" 2>/dev/null  # first, so that nothing is started any more
  for _ in 1 2; do
    mapfile -t processes < <(ours 'INITBIAS_NODE=.*|SLURMD_NODENAME=.*')
    kill -KILL "${processes[@]}" 2>/dev/null
  done
  for process in "${daemons[@]}"; do wait "$process" 2>/dev/null; done
  rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

# until_true SECONDS WHAT COMMAND...
until_true() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" &>/dev/null; do
    if [[ $SECONDS -ge $end ]]; then
      fail "after some time still not: $what
$(squeue --array 2>&1)"
      return 1
    fi
    sleep 0.5
  done
}
nodes_are_idle() { [[ $(sinfo --noheader --format=%D --states=idle) == 2 ]]; }
queue_is_empty() { local queue; queue=$(squeue --noheader) && [[ -z $queue ]]; }
say() { echo "$(date +%T) $1"; }

say 'Slurm starts'
start_controller
start_node n1
start_node n2
until_true 60 'both nodes are idle' nodes_are_idle || exit 1

smoke=("$study" --profile=smoke --model=emb_mlp --device=cpu)
many=("${smoke[@]}" --gamma=0.3,0.5,0.8 --seeds=8)
by_slurm=(--executor=slurm --slurm-partition=all --slurm-memory=100M)
quiet=(--no-draw)

there_is_a_figure() {
  [[ -s $folder/there/smoke/run.h5 && -s $folder/there/smoke/figures/run.svg ]] ||
    fail "there is no figure: $(cat "$folder/there/smoke/slurm/1/logs/collect.log")"
}

few_runs() {
  say '6 runs here'
  few=("${smoke[@]}" --gamma=0.3,0.5,0.8 --seeds=2)
  "${few[@]}" "${quiet[@]}" --results="$folder/here" &>"$folder/log" || fail "the local executor fails: $(cat "$folder/log")"
  say '6 runs by Slurm, two a task'
  there=("${few[@]}" --results="$folder/there")
  expect 0 'tasks 0 to 2' "${there[@]}" "${by_slurm[@]}" --slurm-pack=2 --jobs=2
  expect 0 'there is nothing to submit' "${there[@]}" "${by_slurm[@]}" --slurm-pack=2 --jobs=2
  until_true 180 'all tasks are over' queue_is_empty
  expect 0 '6 runs: 6 stored' "${there[@]}" --status
  there_is_a_figure
}

many_runs() {
  say '24 runs here'
  "${many[@]}" "${quiet[@]}" --results="$folder/here" &>"$folder/log" || fail "the local executor fails: $(cat "$folder/log")"

  say '24 runs by Slurm, whose controller is restarted meanwhile'
  there=("${many[@]}" --results="$folder/there")
  expect 0 '#SBATCH --mem=100M' "${there[@]}" "${by_slurm[@]}" --dry-run
  [[ ! -e $folder/there ]] || fail '--dry-run leaves something behind'
  expect 1 '24 runs are missing' "${there[@]}" --executor=none
  expect 0 'tasks 20 to 23' "${there[@]}" "${by_slurm[@]}" --slurm-time=10 --slurm-throttle=4
  expect 0 'there is nothing to submit' "${there[@]}" "${by_slurm[@]}" --slurm-time=10 --slurm-throttle=4
  some_are_stored() { "${there[@]}" --status | tail -1 | grep -q stored; }
  until_true 120 'some runs are stored' some_are_stored
  kill "${daemons[controller]}"  # with KILL it would forget what was submitted in the last seconds
  wait "${daemons[controller]}" 2>/dev/null
  start_controller
  until_true 60 'the controller is back' scontrol ping
  expect 0 'there is nothing to submit' "${there[@]}" "${by_slurm[@]}" --slurm-time=10 --slurm-throttle=4
  until_true 240 'all tasks are over' queue_is_empty
  expect 0 '24 runs: 24 stored' "${there[@]}" --status
  [[ $(ls "$folder/there/smoke/slurm") == $'1\nsubmit.lock' ]] || fail "submissions: $(ls "$folder/there/smoke/slurm")"
  there_is_a_figure
}

long_runs() {
  # Two runs of a minute: the first loses its node, and both meet their time limit unless they are done before.
  gflop=$("${smoke[@]}" --gamma=0.3 --seeds=1..1 --set train.epochs=10000 --list-runs | awk '{ print $2 }')
  speed=$("${smoke[@]}" --gamma=0.3 --seeds=1..1 --jobs=2 --measure-speed 2>/dev/null)
  epochs=$(awk -v gflop="$gflop" -v speed="$speed" 'BEGIN { printf "%d", 10000 * 80 * speed / 2 / gflop }')
  long=("${smoke[@]}" --gamma=0.3,0.8 --seeds=1..1 --set train.epochs="$epochs" --checkpoint-seconds=1)
  say "two runs of $epochs epochs, here"
  begin=$SECONDS
  "${long[@]}" "${quiet[@]}" --results="$folder/here" --jobs=2 &>"$folder/log" || fail "the local executor fails: $(cat "$folder/log")"
  say "took $((SECONDS - begin)) s; now by Slurm, where a node dies, a time limit ends, and there is no flock()"
  there=("${long[@]}" "${quiet[@]}" --results="$folder/there")
  expect 0 'tasks 0 to 1' env LD_PRELOAD="$no_locks" FLOCK_ERRNO=38 "${there[@]}" "${by_slurm[@]}" --slurm-time=1 --slurm-notice=15 \
    --slurm-args=--exclusive
  logs=$folder/there/smoke/slurm/2/logs
  both_have_checkpoints() { [[ $("${there[@]}" --status | grep -c ' running .*node n[12], step') -eq 2 ]]; }
  until_true 60 'both runs have checkpoints' both_have_checkpoints
  first=$("${there[@]}" --status | sed -n '1s/.*node \(n[12]\),.*/\1/p')
  if [[ -n $first ]]; then
    # All at once, as where the power fails: none is to tell the controller how another one ended.
    mapfile -t processes < <(ours "INITBIAS_NODE=$first|SLURMD_NODENAME=$first")
    kill -STOP "${processes[@]}" 2>/dev/null
    kill -KILL "${processes[@]}" 2>/dev/null
    wait "${daemons[$first]}" 2>/dev/null
    say "$first is dead"
    # The state of the node itself has more than one name, as down* and idle*, which the time of the answer decides.
    has_left() { local tasks; tasks=$(squeue --noheader --states=running --nodelist="$first") && [[ -z $tasks ]]; }
    until_true 90 "no task runs on $first for the controller" has_left
    start_node "$first"
  fi
  until_true 400 'both runs are over' queue_is_empty
  expect 0 '2 runs: 2 stored' "${there[@]}" --status
  grep -q 'started again [1-9]' "$logs/0+0.log" || fail "the dead node's task was not queued again: $(cat "$logs/0+0.log")"
  grep -q 'started again [1-9]' "$logs/0+1.log" || fail "the task past its limit was not queued again: $(cat "$logs/0+1.log")"
  grep -q 'workers write their checkpoints' "$logs/0+1.log" || fail "no checkpoint before the limit: $(cat "$logs/0+1.log")"
  [[ -z $(find "$folder/there" -name '*.lease*' -o -name '*.tmp') ]] || fail "left over: $(find "$folder/there" -name '*.lease*')"
}

a_group() {
  # In one task, two at a time: by the time limit some are done, some are not, and one may wait yet.
  say "three runs of $((epochs * 25 / 80)) epochs, here"
  group=("${smoke[@]}" --gamma=0.3,0.5,0.8 --seeds=1..1 --set train.epochs=$((epochs * 25 / 80)) --checkpoint-seconds=1)
  "${group[@]}" "${quiet[@]}" --results="$folder/here" --jobs=2 &>"$folder/log" || fail "the local executor fails: $(cat "$folder/log")"
  say 'and by Slurm as one group, whose time limit comes before they are all done'
  there=("${group[@]}" "${quiet[@]}" --results="$folder/there")
  expect 0 'tasks 0 to 0' "${there[@]}" "${by_slurm[@]}" --slurm-pack=3 --jobs=2 --slurm-time=1 --slurm-notice=15
  logs=$folder/there/smoke/slurm/3/logs
  until_true 400 'the group is over' queue_is_empty
  expect 0 '3 runs: 3 stored' "${there[@]}" --status
  [[ $(ls "$logs") == $'0+0.log\ncollect.log' ]] || fail "the group has other logs: $(ls "$logs")"
  grep -q 'workers write their checkpoints' "$logs/0+0.log" || fail "no checkpoints before the group's limit: $(cat "$logs/0+0.log")"
  grep -q 'started again [1-9]' "$logs/0+0.log" || fail "the group was not queued again: $(cat "$logs/0+0.log")"
  grep -q 'wrote ' "$logs/collect.log" || fail "there is no figure of the group: $(cat "$logs/collect.log")"
}

failing_runs() {
  say 'a run that fails, and one that is cancelled'
  there=("${smoke[@]}" "${quiet[@]}" --gamma=0.3 --seeds=1..1 --results="$folder/failed" --set optimizer.learning_rate=1e38
    --set optimizer.weight_decay=0)
  expect 0 'tasks 0 to 0' "${there[@]}" "${by_slurm[@]}"
  until_true 60 'the failing run is over' queue_is_empty
  expect 0 "failed   emb_mlp gamma=0.3 seed=1 lr=1e+38: $folder/failed/smoke/slurm/1/logs/0+0.log" "${there[@]}" --status
  grep -q 'not finite' "$folder/failed/smoke/slurm/1/logs/0+0.log" || fail 'its log does not say why'
  [[ $(grep -c '^task 0' "$folder/failed/smoke/slurm/1/logs/0+0.log") -eq 1 ]] || fail 'a failed run was queued again'
  there=("${long[@]}" "${quiet[@]}" --results="$folder/failed")
  expect 0 'tasks 0 to 0' "${there[@]}" "${by_slurm[@]}" --slurm-pack=2 --jobs=2
  runs_at() { "${there[@]}" --status | grep -c ' running .*step' | grep -qx 2; }
  until_true 60 'both runs of the task have checkpoints' runs_at
  scancel --user="$user"
  until_true 60 'the cancelled task is gone' queue_is_empty
  sleep 3
  queue_is_empty || fail 'the cancelled task comes back'
  [[ $(grep -c '^task 0' "$folder/failed/smoke/slurm/2/logs/0+0.log") -eq 1 ]] || fail 'the cancelled task was started again'
  expect 0 '2 failed' "${there[@]}" --status
  expect 0 'tasks 0 to 0' "${there[@]}" "${by_slurm[@]}" --slurm-pack=2 --jobs=2
  scancel --user="$user"
}

if [[ -n $short ]]; then
  few_runs
  expected=7  # with the figure file
else
  many_runs
  long_runs
  a_group
  failing_runs
  expected=30
fi

compared=0
for file in "$folder"/here/smoke/runs/*.h5 "$folder"/here/smoke/*.h5; do
  same_numbers "$file" "$folder/there/${file#"$folder/here/"}" || fail "$file is another one by Slurm: $difference"
  compared=$((compared + 1))
done
say "$compared files compared with the local executor's; $failures failures"
[[ $failures -eq 0 && $compared -eq $expected ]]
