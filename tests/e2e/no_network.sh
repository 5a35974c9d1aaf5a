#!/bin/bash
# no_network.sh FIG3 FIG1 DRAW3 TABLE INSPECT LIST DIFF EXPORT STORE REPORT SWEEP WATCH ANCHOR NO_SOCKETS: training, sweeps,
# drawing, the table of claims, the report, and all that looks into files, compares, exports or copies them need no network:
# they work where there is none, and ask for no socket but to programs on the same machine.
set -uo pipefail
source tests/e2e/common.sh

fig3=$1
fig1=$2
draw3=$3
table=$4
inspect=$5
list=$6
diff=$7
export=$8
store=$9
report=${10}
sweep=${11}
watch=${12}
anchor=${13}
preload=$PWD/${14}
log=$TEST_TMPDIR/sockets

# all FOLDER COMMAND...: each program, started by COMMAND.
all() {
  local folder=$1
  shift
  expect 0 'wrote ' "$@" "$fig3" --profile=smoke --device=cpu --set=train.epochs=1 --results="$folder"
  expect 0 'wrote ' "$@" "$fig1" --profile=smoke --device=cpu --set=train.epochs=1 --results="$folder"
  expect 0 'wrote ' "$@" "$draw3" --profile=smoke --custom --results="$folder"
  mv "$folder/smoke/fig3.custom.h5" "$folder/smoke/fig3.h5"
  expect 0 'Claims of 1 figure,' "$@" "$table" --profile=smoke --results="$folder"
  expect 0 '@verdict' "$@" "$inspect" "$folder/smoke/fig3.h5"
  expect 0 'figure files:' "$@" "$list" "$folder"
  expect 0 '' "$@" "$diff" "$folder/smoke/fig3.h5" "$folder/smoke/fig3.h5"
  expect 0 '' "$@" "$export" "$folder/smoke/fig3.h5" --format=csv --output="$folder/exported"
  expect 0 'wrote ' "$@" "$anchor" --seed=4 --set task.samples=2000 --output="$folder/anchor.npz"
  expect 0 ' runs, 0 unfinished' "$@" "$watch" "$folder" --once --page="$folder/watch.html"
  [[ -s $folder/watch.html ]] || fail 'watch wrote no page'
  expect 0 '' "$@" "$store" copy "$folder" "$folder.copy"
  expect 0 'report.html' "$@" "$report" --results="$PWD/data/reference" --output="$folder/report"
  expect 0 'wrote ' "$@" "$sweep" --base=emb_mlp --profile=smoke --device=cpu --axis=gamma=0.3,0.8 --set=train.epochs=1 \
    --results="$folder"
}

# The check itself sees a socket.
LD_PRELOAD=$preload SOCKET_LOG=$log python3 -c 'import socket; socket.socket()' 2>/dev/null && fail 'a socket was opened'
[[ $(wc -l <"$log") -eq 1 ]] || fail 'a socket was not seen'
rm "$log"
all "$TEST_TMPDIR/watched" env LD_PRELOAD="$preload" SOCKET_LOG="$log"
[[ ! -e $log ]] || fail "sockets were asked for by: $(sort "$log" | uniq -c)"

# Without any network but the loopback, which is down.
if unshare -rn true &>/dev/null; then
  [[ $(unshare -rn tail -n +3 /proc/net/dev | wc -l) -eq 1 ]] || fail 'there is a network'
  all "$TEST_TMPDIR/alone" unshare -rn
else
  echo 'left out: no network namespace of our own is allowed here'
fi
[[ $failures -eq 0 ]]
