#!/bin/bash
# workers.sh RUN FIG3: a worker that is killed as the system does where memory runs out, gets no memory, or hangs is told of, with
# what to do, and the other runs finish; one that went on after all ends in the same bits, as do runs whose checkpoints
# cannot be written.
set -uo pipefail
source tests/e2e/common.sh

run=$1
fig3=$2  # of runs of two models
# Three runs of some seconds, all at once.
command=("$run" --model=emb_mlp --gamma=0.3,0.5,0.8 --profile=smoke --device=cpu --jobs=3 --no-draw --set=train.epochs=80
  --checkpoint-seconds=0.02)

# await WHAT COMMAND...: until the command succeeds, for at most a minute.
await() {
  local what=$1 i
  shift
  for ((i = 0; i < 1200; ++i)); do
    ! "$@" &>/dev/null || return 0
    sleep 0.05
  done
  fail "waited in vain for $what: $(cat "$TEST_TMPDIR/log")"
  return 1
}

# start FOLDER FLAG..: begins the training; sets $parent, $folder and, once all three runs are on their way, $workers.
start() {
  folder=$TEST_TMPDIR/$1
  shift
  "${command[@]}" --results="$folder" "$@" &>"$TEST_TMPDIR/log" &
  parent=$!
  await 'three checkpoints' eval '[[ $(ls "$folder"/smoke/checkpoints/*.h5 | wc -l) -eq 3 ]]'
  mapfile -t workers < <(pgrep -P "$parent")
  [[ ${#workers[@]} -eq 3 ]] || fail "${#workers[@]} workers: $(cat "$TEST_TMPDIR/log")"
}

# finish STATUS: waits for the training, which is to end so.
finish() {
  wait "$parent"
  local status=$?
  [[ $status -eq $1 ]] || fail "status $status, not $1: $(cat "$TEST_TMPDIR/log")"
}

said() {
  grep -qF -- "$1" "$TEST_TMPDIR/log" || fail "not said: '$1' but $(cat "$TEST_TMPDIR/log")"
}

stored() {
  [[ $(find "$folder/smoke/runs" -name '*.h5' | wc -l) -eq $1 ]] || fail "not $1 runs are stored: $(ls "$folder/smoke/runs")"
}

start whole
finish 0
whole=$folder

same_as_whole() {
  local file
  for file in "$whole"/smoke/runs/*.h5; do
    same_numbers "$file" "$folder/${file#"$whole/"}" || fail "$file differs: $difference"
  done
}

# As the system kills where memory runs out.
start killed
kill -KILL "${workers[0]}"
finish 1
said 'the worker ended: killed by signal 9'
said 'memory runs out'
said '1 of 3 runs failed'
stored 2
"${command[@]}" --results="$folder" &>"$TEST_TMPDIR/log" || fail "it does not go on: $(cat "$TEST_TMPDIR/log")"
same_as_whole

# At the end of the processor time that it may take: by SIGXCPU, at which it stores a checkpoint, or, where the hard limit is the same,
# by SIGKILL.
for limit in '-S -t' -t; do
  folder=$TEST_TMPDIR/limited
  # shellcheck disable=SC2086
  (ulimit $limit 2 && exec "$run" --model=emb_mlp --gamma=0.3 --profile=smoke --device=cpu --jobs=1 --no-draw \
    --set=train.epochs=100000 --checkpoint-seconds=0.1 --results="$folder") &>"$TEST_TMPDIR/log"
  [[ $? -eq 1 ]] || fail "ulimit $limit: it did not fail: $(cat "$TEST_TMPDIR/log")"
  if [[ $limit == -t ]]; then
    said 'its limit of processor time (`ulimit -t`) is 2 s: raise it; the same command goes on from the last checkpoint, where there is one'
  else
    said 'the limit on processor time of a process (`ulimit -t`) is reached; the same command goes on from step'
  fi
  ! grep -q memory "$TEST_TMPDIR/log" || fail "ulimit $limit: blamed on memory: $(cat "$TEST_TMPDIR/log")"
done

# Asked to stop by somebody else.
start stopped
kill -TERM "${workers[0]}"
finish 1
said 'was asked to stop, not by us'
stored 2

# All of it is asked to stop, and goes on with the command that it tells. Bazel has a stand-in, which starts the program.
start asked
kill -TERM "$parent"
finish 143
said 'stopped; what was done is kept'
again=$(sed -n '/To go on, give the same command again:$/{n;p}' "$TEST_TMPDIR/log")
[[ $again == *'bazel run //experiments:run -- '* ]] || fail "no command to go on: $(cat "$TEST_TMPDIR/log")"
mkdir "$TEST_TMPDIR/bin"
printf '#!/bin/bash\nshift 3\nexec %q "$@"\n' "$PWD/$run" >"$TEST_TMPDIR/bin/bazel"
chmod +x "$TEST_TMPDIR/bin/bazel"
PATH=$TEST_TMPDIR/bin:$PATH bash -c "$again" &>"$TEST_TMPDIR/log" || fail "'$again' does not go on: $(cat "$TEST_TMPDIR/log")"
stored 3
same_as_whole
[[ -z $(ls "$folder/smoke/checkpoints/" | grep -v '\.lock$') ]] || fail "left over: $(ls "$folder/smoke/checkpoints")"

# Checkpoints that cannot be written, from some time on, are told of once a run, and end none.
start unsaved
for file in "$folder"/smoke/checkpoints/*.h5; do
  # No file can have the name of a folder. A worker may be quicker, and have put its next one there.
  for ((i = 0; i < 100; ++i)); do
    rm -f "$file"
    ! mkdir "$file" 2>/dev/null || break
  done
  [[ -d $file ]] || fail "$file could not be taken away"
  mkdir "$file/in_use"
done
finish 0
[[ $(grep -c 'training goes on, the last checkpoint is that of step' "$TEST_TMPDIR/log") -eq 3 ]] ||
  fail "not told once a run: $(cat "$TEST_TMPDIR/log")"
stored 3
same_as_whole

# One that hangs: the others finish, it is told of, and Ctrl-C thrice ends it.
start hanging --silence-minutes=0.005
kill -STOP "${workers[0]}"
# It may have been told of before, while it was started, and is stopped before or after its first step was told.
await 'the word of silence' grep -Eq \
  "process ${workers[0]}\) has said nothing for .*, the last was '(started|step [0-9]+ of [0-9]+)'; it is stopped; .* kill -CONT ${workers[0]}$" \
  "$TEST_TMPDIR/log"
await 'the other two' eval '[[ $(ls "$folder"/smoke/runs/*.h5 | wc -l) -eq 2 ]]'
kill -0 "$parent" || fail 'the program ended without it'
kill -CONT "${workers[0]}"
finish 0
stored 3
same_as_whole

start hopeless --silence-minutes=0.005
kill -STOP "${workers[0]}"
await 'the other two' eval '[[ $(ls "$folder"/smoke/runs/*.h5 | wc -l) -eq 2 ]]'
for i in 1 2 3; do
  kill -TERM "$parent"
done
kill -KILL "${workers[0]}" 2>/dev/null  # where two of the three fell together
finish 143

# No memory: the address space holds the program, and not the model.
(
  ulimit -v 2000000
  "$run" --model=transformer --gamma=0.5,0.8 --profile=smoke --device=cpu --jobs=1 --no-draw --results="$TEST_TMPDIR/large" \
    --set=transformer.d_model=10000 --set=transformer.d_ff=10000 &>"$TEST_TMPDIR/log"
)
[[ $? -eq 1 ]] || fail 'a model without memory was trained'
said '2 of 2 runs failed'
said "can't allocate memory"
said '--dry-run estimates how much'
[[ $(wc -c <"$TEST_TMPDIR/log") -lt 4000 ]] || fail "a stack trace: $(cat "$TEST_TMPDIR/log")"

# The system itself: in a control group whose memory one large run of three does not fit into. It takes 1.4 GB.
# make_group MEBIBYTES: makes one of so much memory, below our own or, where that is not allowed, beside it; sets $group.
make_group() {
  local own parent bytes=$(($1 << 20))
  own=$(awk -F: '$2 ~ /(^|,)memory(,|$)/ { print $3 }' /proc/self/cgroup)
  if [[ -n $own ]]; then  # version 1
    parent=$(awk '$3 == "cgroup" && $4 ~ /(^|,)memory(,|$)/ { print $2; exit }' /proc/mounts)
    group=$parent${own%/}/initbias-$$
    mkdir "$group" && echo "$bytes" >"$group/memory.limit_in_bytes" || return 1
    # Swap counts too, where the system counts it.
    [[ ! -e $group/memory.memsw.limit_in_bytes ]] || echo "$bytes" >"$group/memory.memsw.limit_in_bytes"
    return
  fi
  parent=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
  own=$(sed -n 's/^0:://p' /proc/self/cgroup)
  [[ -n $parent && -n $own ]] || return 1
  own=${own%/}
  for group in "$parent$own/initbias-$$" "$parent${own%/*}/initbias-$$"; do
    mkdir "$group" || continue
    if [[ -e $group/memory.max ]] && echo "$bytes" >"$group/memory.max"; then
      [[ ! -e $group/memory.swap.max ]] || echo 0 >"$group/memory.swap.max"
      return
    fi
    rmdir "$group"
  done
  return 1
}
if make_group 600 2>/dev/null && (echo "$BASHPID" >"$group/cgroup.procs") 2>/dev/null; then
  folder=$TEST_TMPDIR/limited
  limited=("$fig3" --profile=smoke --device=cpu --jobs=3 --results="$folder" --set=transformer:transformer.d_ff=65536
    --set=transformer:train.epochs=1 --set=transformer:task.samples=200 --set=transformer:train.eval_samples=20
    --set=emb_mlp:train.epochs=80)
  # A Transformer and both Emb-MLPs.
  "${limited[@]}" --list-runs >"$TEST_TMPDIR/log" || fail "no list of runs: $(cat "$TEST_TMPDIR/log")"
  runs=$(awk '$4 == "emb_mlp" || !($4 in seen) { seen[$4]; print $1 }' "$TEST_TMPDIR/log" | paste -sd,)
  [[ $runs =~ ^[0-9a-f]{16},[0-9a-f]{16},[0-9a-f]{16}$ ]] || fail "not three runs: $runs"
  (echo "$BASHPID" >"$group/cgroup.procs" && exec "${limited[@]}" --runs="$runs") &>"$TEST_TMPDIR/log"
  [[ $? -eq 1 ]] || fail "no status 1 where a run has no memory: $(cat "$TEST_TMPDIR/log")"
  said '1 of 3 runs failed'
  grep -Eq '^  transformer .*: the worker ended: killed by signal 9 .*memory runs out' "$TEST_TMPDIR/log" ||
    fail "not the large one, by the system: $(cat "$TEST_TMPDIR/log")"
  stored 2
  "${limited[@]}" --runs="$runs" &>"$TEST_TMPDIR/log" || fail "it does not go on where there is memory: $(cat "$TEST_TMPDIR/log")"
  said '3, of which 2 stored'
  stored 3
else
  echo 'left out: no control group of our own can be made here, and so no limit on memory'
fi
for ((i = 0; i < 50; ++i)); do  # until the system knows that its last process is gone
  [[ -d ${group:-} ]] && ! rmdir "$group" 2>/dev/null || break
  sleep 0.1
done

# A measurement that is stopped is none: one takes at least two seconds once it has begun.
measure=("$run" --model=transformer --gamma=0.5 --profile=smoke --device=cpu --results="$TEST_TMPDIR/measured"
  --set=transformer.d_model=256 --set=transformer.d_ff=1024)
for how in 'TERM 143 0 --jobs=1 --measure-speed' 'TERM 143 1 --jobs=1 --measure-speed' 'INT 130 1 --jobs=2 --measure-speed' \
  'HUP 129 1 --jobs=1 --measure-speed' 'TERM 143 1 --jobs=1 --dry-run'; do
  read -r signal status delay options <<<"$how"
  # shellcheck disable=SC2086
  "${measure[@]}" $options >"$TEST_TMPDIR/measured.out" 2>"$TEST_TMPDIR/log" &
  parent=$!
  await 'a worker' pgrep -P "$parent"
  sleep "$delay"
  kill "-$signal" "$parent"
  finish "$status"
  # Which rates it has is said before.
  ! grep -v '^  rates ' "$TEST_TMPDIR/measured.out" || fail "$how: it has a result"
done
[[ $failures -eq 0 ]]
