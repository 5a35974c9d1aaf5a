#!/bin/bash
# common.sh: how many compilers may run at once, by the memory and the cores of the machine and of its control groups; which sources are
# ours, also in another user's clone and without git.
set -euo pipefail

source tools/common.sh
here=$PWD
failures=0
fail() {
  echo "common: $1" >&2
  failures=$((failures + 1))
}

# jobs_are JOBS: with 64 cores, below $system_root.
nproc() { echo 64; }
jobs_are() {
  local jobs
  jobs=$(build_jobs)
  [[ $jobs == "$1" ]] || fail "$jobs jobs, not $1: $(cd "$system_root" && grep -r . . || true)"
}
# put FILE TEXT
put() {
  mkdir -p "$(dirname "$system_root/$1")"
  echo "$2" >"$system_root/$1"
}

system_root=$TEST_TMPDIR/system
put proc/meminfo 'MemTotal:       33000000 kB'
jobs_are 22
put proc/self/cgroup '0::/a slice/b'
put 'sys/fs/cgroup/a slice/b/memory.max' max
jobs_are 22
put 'sys/fs/cgroup/a slice/memory.max' $((6000000 * 1024))
jobs_are 4
put 'sys/fs/cgroup/a slice/cpu.max' '150000 100000'
jobs_are 2
put 'sys/fs/cgroup/a slice/cpu.max' 'max 100000'
jobs_are 4
put sys/fs/cgroup/memory.max 1024
jobs_are 1
rm -r "$system_root/sys"
put proc/self/cgroup $'5:cpu,memory:/docker/x\n0::/'
put sys/fs/cgroup/memory/docker/x/memory.limit_in_bytes 9223372036854771712
jobs_are 22
put sys/fs/cgroup/cpu/docker/x/cpu.cfs_quota_us -1
jobs_are 22
put sys/fs/cgroup/cpu/docker/x/cpu.cfs_quota_us 300000
jobs_are 3
put sys/fs/cgroup/memory/memory.limit_in_bytes $((3000000 * 1024))
jobs_are 2
unset system_root
[[ $(build_jobs) -ge 1 ]] || fail 'no jobs here'

# A GPU is here by its device, by the driver's list, or by what nvidia-smi says; none of them: none.
mkdir -p "$TEST_TMPDIR/bin"
said='NVIDIA-SMI has failed'
nvidia-smi() { echo "$said"; }
system_root=$TEST_TMPDIR/gpu
put dev/nvidiactl ''
! gpu_is_here || fail 'a GPU where there is none'
for file in dev/nvidia0 dev/nvidia13 proc/driver/nvidia/gpus/0000:01:00.0/information dev/dxg dev/nvhost-gpu; do
  put "$file" ''
  gpu_is_here || fail "no GPU by $file"
  rm -r "${system_root:?}"
done
speed_is() {
  local text
  text=$(speed_text "$1")
  [[ $text == "$2" ]] || fail "$1 GFLOP/s are told as '$text', not '$2'"
}
put proc/meminfo 'MemTotal:       33000000 kB'
speed_is 10880 '64 cores at 170 GFLOP/s each'
speed_is 217.6 '64 cores at 3.4 GFLOP/s each'
JOBS=02 speed_is 340 '2 cores at 170 GFLOP/s each'
JOBS=1 speed_is 170.4 '1 core at 170 GFLOP/s'
JOBS=1000 speed_is 640 '64 cores at 10 GFLOP/s each'
DEVICE=cuda speed_is 9000 '9000 GFLOP/s'
LIBTORCH=/a speed_is 640 '64 cores at 10 GFLOP/s each'
put dev/nvidia0 ''
LIBTORCH=/a speed_is 640 '640 GFLOP/s'
LIBTORCH=/a DEVICE=cpu speed_is 640 '64 cores at 10 GFLOP/s each'
rm -r "${system_root:?}"
said='GPU 0: NVIDIA H100'
gpu_is_here || fail 'no GPU by nvidia-smi'
unset system_root
unset -f nvidia-smi

# Words in lines of 80 columns, none lost; one that is longer stands alone.
long=$(printf 'x%.0s' {1..90})
said=$(tell "the studies:" study_{1..30} "$long" end)
[[ $(xargs <<<"$said") == "the studies: $(echo study_{1..30}) $long end" ]] || fail "words are lost: $said"
[[ $(grep -v xx <<<"$said" | wc -L) -le 80 && $(grep -c xx <<<"$said") -eq 1 ]] || fail "wide lines: $said"
[[ $(tell $'note: one\nnote: two') == 'note: one note: two' ]] || fail 'lines are lost'
[[ $(columns=9 tell one two three) == $'one two\nthree' ]] || fail 'not the columns that were asked for'

# How a program ends that was asked to stop; that it failed is something else.
for status in 129 130 143 152; do is_stop $status || fail "$status is no stop"; done
for status in 0 1 2 3 137; do ! is_stop $status || fail "$status is a stop"; done

# What is refused before the build, by itself and in a message that names it.
for setting in SEEDS=0 SEEDS=3..1 SEEDS=1, SEEDS=1001 JOBS=0 JOBS=1025 JOBS=two DEVICE=gpu ALL=yes RUNS=2 PROFILE=x FROM=y; do
  status=0
  said=$(env "$setting" bash -c 'source tools/common.sh' 2>&1) || status=$?
  [[ $status -eq 2 && $said == "$setting: "* ]] || fail "$setting: status $status, $said"
  [[ $(wc -L <<<"$said") -le 80 ]] || fail "$setting: a line of more than 80 columns: $said"
done
for setting in SEEDS=5 SEEDS=1..3 'SEEDS=1, 7' SEEDS=007 JOBS=1 JOBS=01024 DEVICE=auto DEVICE= ALL=0 RUNS=1 PROFILE=paper; do
  said=$(env "$setting" bash -c 'source tools/common.sh' 2>&1) || fail "$setting is refused: $said"
done

# A tilde that no shell has expanded is the home folder.
for setting in RESULTS COMPARE; do
  for value in '~'{'/a b',/,} a~ ./~root/x '~.x' ''; do
    case $value in
      '~' | '~'/*) expected=/home/user${value#'~'} ;;
      *) expected=$value ;;
    esac
    said=$(env HOME=/home/user "$setting=$value" bash -c "set -eu; source tools/common.sh; echo \"\$$setting\"" 2>&1)
    [[ $said == "$expected" ]] || fail "$setting=$value is $said"
  done
  for value in '~root/out' '~root'; do
    status=0
    said=$(env "$setting=$value" bash -c 'source tools/common.sh' 2>&1) || status=$?
    [[ $status -eq 2 && $said == "$setting=$value: only ~/, "*"./$value" ]] || fail "$setting=$value: status $status, $said"
  done
  status=0
  said=$(env -u HOME "$setting=~/out" bash -c 'set -u; source tools/common.sh' 2>&1) || status=$?
  [[ $status -eq 2 && $said == "$setting=~/out: HOME is not set"* ]] || fail "without HOME: status $status, $said"
done
# Temporary files have a place where the one that is named is not there.
said=$(env TMPDIR=/no/such/folder bash -c 'set -eu; source tools/common.sh; mktemp -u; bash -c "mktemp -u"' 2>&1)
[[ $said != *no/such* && $(wc -l <<<"$said") -eq 2 ]] || fail "temporary files without TMPDIR's folder: $said"
said=$(env TMPDIR="$TEST_TMPDIR" bash -c 'source tools/common.sh; echo "$TMPDIR"')
[[ $said == "$TEST_TMPDIR" ]] || fail "TMPDIR is changed to $said"

export HOME=$TEST_TMPDIR GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
clone=$TEST_TMPDIR/clone
git init --quiet "$clone"
cd "$clone"
mkdir lib experiments extensions figures tests tools
cp "$here/tools/common.sh" tools  # which goes to its own folder's tree
touch lib/a.cc lib/b.h lib/c.py lib/gone.cc
git add .
rm lib/gone.cc
touch lib/new.cc
sources_are() {
  local said
  said=$(bash -c 'set -euo pipefail; source tools/common.sh; own_sources' | sort | xargs)
  [[ $said == "$1" ]] || fail "sources '${said:0:1000}', not '$1'"
}
sources_are 'lib/a.cc lib/b.h lib/new.cc'
# git's own switch for its tests makes the clone another user's.
export GIT_TEST_ASSUME_DIFFERENT_OWNER=1
sources_are 'lib/a.cc lib/b.h lib/new.cc'
unset GIT_TEST_ASSUME_DIFFERENT_OWNER
rm -rf .git
sources_are 'lib/a.cc lib/b.h lib/new.cc'
[[ $failures -eq 0 ]]
