# shellcheck shell=bash
# What the scripts of this folder share; sourced, not run. Goes to the workspace's root.
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

# Bazelisk first, for it takes the version that .bazeliskrc names.
bazel=$(command -v bazelisk || command -v bazel || echo bazel)

# A folder for temporary files that is not there, or not ours, as on another machine of a cluster: the system's then.
if [[ -n ${TMPDIR:-} && ! ( -d $TMPDIR && -w $TMPDIR ) ]]; then unset TMPDIR; fi

# tell WORD...: prints the words in lines of at most $columns letters, or 80; a longer one stands alone.
tell() {
  local line='' word words
  read -rd '' -a words <<<"$*" || true  # of all lines
  for word in "${words[@]}"; do
    if [[ -n $line && $((${#line} + 1 + ${#word})) -gt ${columns:-80} ]]; then
      echo "$line"
      line=$word
    else
      line+=${line:+ }$word
    fi
  done
  echo "$line"
}

# is_stop STATUS: whether a program ends so that was asked to stop: by HUP, INT, TERM or its limit of processor time.
is_stop() { [[ $1 -eq 129 || $1 -eq 130 || $1 -eq 143 || $1 -eq 152 ]]; }

# What make was given, before anything is built with it. What the programs accept is accepted here.

# wrong NAME LINE...: refuses the setting NAME.
wrong() {
  echo "$1=${!1-}: $2" >&2
  [[ $# -lt 3 ]] || printf '%s\n' "${@:3}" >&2
  exit 2
}

# Not every shell expands the tilde of make's RESULTS=~/out.
for setting in RESULTS COMPARE; do
  case ${!setting:-} in
    '~' | '~'/*)
      [[ -n ${HOME:-} ]] || wrong "$setting" 'HOME is not set, so the folder ~ is not known'
      printf -v "$setting" '%s' "$HOME${!setting#'~'}"
      ;;
    '~'[a-zA-Z0-9_]*)
      [[ ! ${!setting} =~ ^~[a-zA-Z0-9_-]+(/|$) ]] ||
        wrong "$setting" 'only ~/, your own home folder, is known here;' "write the whole path, or ./${!setting}"
      ;;
  esac
done

# Whether a text names seeds as --seeds reads it: names_seeds TEXT.
names_seeds() {
  local blank=$'[ \t\r\n]*' number='0*([1-9][0-9]{0,5}|1000000)' first last
  number=$blank$number$blank
  if [[ $1 =~ ^$number$ ]]; then
    ((BASH_REMATCH[1] <= 1000))
  elif [[ $1 =~ ^$number\.\.$number$ ]]; then
    first=${BASH_REMATCH[1]} last=${BASH_REMATCH[2]}
    ((first <= last && last - first < 1000))
  else
    [[ $1 =~ ^$number(,$number)+$ ]]
  fi
}

case ${PROFILE:-default} in
  smoke | default | extended | paper) ;;
  *) wrong PROFILE 'it is smoke, default, extended or paper; PROFILE=smoke, say' ;;
esac
if [[ -n ${FROM:-} && $FROM != reference ]]; then
  wrong FROM 'it is reference, or is left out'
fi
if [[ -n ${RESULTS:-} && -e $RESULTS && ! -d $RESULTS ]]; then
  wrong RESULTS 'it is no folder; RESULTS=results/mine, say'
fi
if [[ -n ${RESULTS:-} && -d $RESULTS && ! -x $RESULTS ]]; then
  wrong RESULTS 'this user may not look into the folder; whose it is shows ls -ld'
fi
if [[ -n ${SEEDS:-} ]] && ! names_seeds "$SEEDS"; then
  wrong SEEDS 'it names no seeds. It is a number of seeds (SEEDS=5),' \
    'a range upwards (SEEDS=1..3) or a list (SEEDS=1,7), of numbers from 1 to' \
    '1000000; a number or a range of no more than 1000 seeds.'
fi
if [[ -n ${JOBS:-} ]] && ! [[ $JOBS =~ ^0*([1-9][0-9]{0,3})$ && ${BASH_REMATCH[1]} -le 1024 ]]; then
  wrong JOBS 'it is a whole number from 1 to 1024; JOBS=2, say'
fi
case ${DEVICE:-auto} in
  auto | cpu | cuda) ;;
  *) wrong DEVICE 'it is auto, cpu or cuda; DEVICE=cpu, say' ;;
esac
for setting in ALL RUNS; do
  case ${!setting:-0} in
    0 | 1) ;;
    *) wrong "$setting" "it is 1, or is left out" ;;
  esac
done

# Whether there is a GPU of NVIDIA here, or what may be one (of a Tegra, of WSL); below $system_root.
gpu_is_here() {
  local root=${system_root:-}
  compgen -G "$root/dev/nvidia[0-9]*" >/dev/null || compgen -G "$root/proc/driver/nvidia/gpus/*" >/dev/null ||
    [[ -e $root/dev/nvhost-gpu || -e $root/dev/dxg ]] || nvidia-smi -L 2>/dev/null | grep -q '^GPU '
}

# Whether LibTorch's CUDA half would not have to be fetched: the user's own LibTorch, or all wheels are in the cache.
cuda_is_here() {
  local cache name version
  [[ -z ${LIBTORCH:-} && -z ${INITBIAS_WHEELS:-} ]] || return 0
  cache=${XDG_CACHE_HOME:-${HOME:-/var/tmp}/.cache}/initbias/wheels
  while IFS='=' read -r name _ version; do
    compgen -G "$cache/${name//-/_}-${version%% *}-*.whl" >/dev/null || return 1
  done < <(grep -hE '^[A-Za-z0-9_.-]+==' third_party/libtorch/wheels{,_cuda}_"$(uname -m)".txt || echo none==0)
}

# Has the build fetch the CUDA half for DEVICE=cuda, which is large: only where there is a GPU, or the user says INITBIAS_CUDA=1.
# With `elsewhere` others train, who may have one.
want_cuda() {
  if [[ ${INITBIAS_CUDA:-0} == 0 && ${1:-} != elsewhere ]] && ! gpu_is_here; then
    wrong DEVICE 'there is no NVIDIA GPU here (no /dev/nvidia0, and' \
      'nvidia-smi names none), so nothing was fetched or built. Leave DEVICE out to' \
      'train on the processor.' \
      'Where the GPU is on other machines: INITBIAS_CUDA=1 make bundle packs all that' \
      'they need, and with Slurm ARGS=--executor=slurm trains there (docs/slurm.md).' \
      'If there is a GPU here that was not found, add INITBIAS_CUDA=1.'
  fi
  export INITBIAS_CUDA=1
}

# split_words NAME TEXT: sets the array NAME to the words of TEXT: quotes and backslashes group letters as in a shell;
# nothing is expanded.
split_words() {
  local -n words=$1
  local split='import shlex, sys; print(*shlex.split(sys.argv[1]), sep="\0", end="\0")'
  words=()
  [[ -n ${2//[[:space:]]/} ]] || return 0
  if ! python3 -c "$split" "$2" &>/dev/null; then
    echo "ARGS=$2: a quote is not closed" >&2
    exit 2
  fi
  mapfile -d '' -t words < <(python3 -c "$split" "$2")
}

# check_options WORD...: refuses a word of ARGS that is no option of any experiment, before minutes of building. It may be the
# value of the word before it, and is left to the program then.
check_options() {
  local before='' word name
  [[ -f lib/run/flags.cc ]] || return 0
  for word in "$@"; do
    name=${word%%=*}
    if [[ $name == --?* && ! ( $before == --* && $before != *=* ) && $name != --help ]] &&
      ! grep -RqsF --include='*.cc' -e "\"$name\"" lib experiments extensions; then
      wrong ARGS "there is no option $name; ARGS=--help lists them, as in" '  make fig3 ARGS=--help'
    fi
    # A flag has no value.
    ! grep -RqsF --include='*.cc' -e "AddFlag(\"$word\"" lib experiments extensions || word=''
    before=$word
  done
}

child=
stop_signal=
stop_signals=0
stop_note=  # what is said where a signal ends the script

end_by_signal() {
  [[ -z $stop_note ]] || printf '\n%s\n' "$stop_note" >&2
  exit $((128 + $(kill -l "$stop_signal")))
}

# Whether what is typed on the terminal is for this script: Ctrl-C reaches its children, too, then.
in_foreground() {
  local stat
  stat=$(<"/proc/$$/stat")
  read -ra stat <<<"${stat##*) }"  # state, parent, group, session, terminal, the terminal's group
  [[ ${stat[2]} == "${stat[5]}" ]]
}

on_stop_signal() {
  stop_signal=$1
  stop_signals=$((stop_signals + 1))
  [[ -n $child ]] || end_by_signal
  if [[ $stop_signal != INT ]] || ! in_foreground; then
    kill -s "${pass_on:-$stop_signal}" "$child" 2>/dev/null || true
  fi
}

# stoppable COMMAND...: runs a program, and returns its exit status. TERM, INT and HUP that come meanwhile are passed on to
# it (as pass_on where that is set), waited for, and end this script: make and queue systems send them to the script alone.
stoppable() {
  local status before signal default=()
  for signal in TERM INT HUP; do
    # shellcheck disable=SC2064
    trap "on_stop_signal $signal" "$signal"
  done
  # What a shell starts in the background ignores Ctrl-C, and has no input, unless told otherwise.
  ! env --default-signal=INT true 2>/dev/null || default=(env --default-signal=INT)
  "${default[@]}" "$@" <&0 &
  child=$!
  [[ -z $stop_signal ]] || kill -s "${pass_on:-$stop_signal}" "$child" 2>/dev/null || true
  while
    before=$stop_signals
    status=0
    wait "$child" || status=$?
    [[ $stop_signals -ne $before ]]
  do :; done
  child=
  [[ -z $stop_signal ]] || end_by_signal
  return "$status"
}

# The limits that our control groups and those above them set, of either version, a line each: control_group_limits
# CONTROLLER FILE_OF_VERSION_2 FILE_OF_VERSION_1; below $system_root.
control_group_limits() {
  local groups=${system_root:-}/sys/fs/cgroup controllers path file top tops
  while IFS=: read -r _ controllers path; do
    if [[ -z $controllers ]]; then
      file=$2
      tops=("$groups" "$groups/unified")
    elif [[ ,$controllers, == *,$1,* ]]; then
      file=$3
      tops=("$groups/$1")
    else
      continue
    fi
    # A container is told the path outside, and may see its own group as the first of all.
    while :; do
      for top in "${tops[@]}"; do
        cat "$top$path/$file" 2>/dev/null || true
      done
      [[ $path == */* ]] || break
      path=${path%/*}
    done
  done < <(cat "${system_root:-}/proc/self/cgroup" 2>/dev/null)
}

# The cores that may be used at a time, as the programs count them.
usable_cores() {
  local cores quota period allowed
  cores=$(nproc)
  # Microseconds of each such period, which version 1 has in a file of its own: 100,000 if nobody changed it.
  while read -r quota period; do
    if [[ $quota =~ ^[0-9]{1,18}$ && ${period:=100000} =~ ^[1-9][0-9]{0,17}$ ]] && ((quota > 0)); then
      allowed=$(((quota + period - 1) / period))
      cores=$((allowed < cores ? allowed : cores))
    fi
  done < <(control_group_limits cpu cpu.max cpu.cfs_quota_us)
  echo "$cores"
}

# A file that includes much of LibTorch takes 1.2 GB to compile, which Bazel does not know. Nor does it know of what is
# allowed in a container.
build_jobs() {
  local cores memory_kb limit
  cores=$(usable_cores)
  memory_kb=$(awk '/^MemTotal:/ { print $2 }' "${system_root:-}/proc/meminfo")
  while read -r limit; do
    # The huge number of version 1 that stands for none is of 19 digits.
    if [[ $limit =~ ^[0-9]{1,18}$ ]] && ((limit / 1024 < memory_kb)); then
      memory_kb=$((limit / 1024))
    fi
  done < <(control_group_limits memory memory.max memory.limit_in_bytes)
  local by_memory=$((memory_kb / 1500000))
  local jobs=$((cores < by_memory ? cores : by_memory))
  echo $((jobs > 0 ? jobs : 1))
}

# The flag by which warnings are errors, where CI is set; not twice: the compiler's flags would be others, and all be compiled anew.
strict_flag() {
  [[ -z ${CI:-} ]] || grep -qs '^build --config=strict' user.bazelrc || echo --config=strict
}

# Our own C++ sources: tracked files and new ones, as git sees them; all of them in a release archive without git.
own_sources() {
  local git=(git -c safe.directory="$(pwd -P)")  # the clone may be another user's, as in a container
  if [[ $("${git[@]}" rev-parse --show-toplevel 2>/dev/null) -ef . ]]; then
    "${git[@]}" ls-files --cached --others --exclude-standard -- '*.cc' '*.h'
  else
    find lib experiments extensions figures tests \( -name '*.cc' -o -name '*.h' \) | sort
  fi | while read -r file; do
    [[ ! -f $file ]] || echo "$file"
  done
}

# A run takes a fifth more than its arithmetic: evaluations, snapshots, the last runs of a study that leave cores idle.
# shellcheck disable=SC2034
overhead=1.2

# "2 cores at 170 GFLOP/s each" of what they do together: speed_text 340. Of what may be a GPU, whose work is no core's: "340 GFLOP/s".
speed_text() {
  local cores
  cores=$(usable_cores)
  [[ -z ${JOBS:-} || $((10#$JOBS)) -ge $cores ]] || cores=$((10#$JOBS))
  if [[ ${DEVICE:-auto} == cuda ]] || { [[ ${DEVICE:-auto} == auto ]] && gpu_is_here && cuda_is_here; }; then
    cores=0
  fi
  awk -v speed="$1" -v cores="$cores" 'BEGIN {
    each = cores > 0 ? speed / cores : speed
    each = sprintf(each < 10 ? "%.1f" : "%.0f", each)
    sub(/\.0$/, "", each)
    if (cores == 0) printf "%s GFLOP/s\n", each
    else if (cores == 1) printf "1 core at %s GFLOP/s\n", each
    else printf "%d cores at %s GFLOP/s each\n", cores, each }'
}

# The --results flag for FROM and RESULTS; nothing for the workspace's results.
results_flag() {
  if [[ ${FROM:-} == reference ]]; then
    echo "--results=$PWD/data/reference"
  elif [[ -n ${RESULTS:-} ]]; then
    echo "--results=$(realpath -m "$RESULTS")"
  fi
}

# "1 run", "2 runs": counted NUMBER NAME.
counted() {
  if [[ $1 -eq 1 ]]; then echo "$1 $2"; else echo "$1 $2s"; fi
}

# The names of a list of experiments/studies.bzl in its order: studies STUDIES.
studies() {
  sed -n "/^$1 = \[/,/^\]/s/^    \"\(.*\)\",\$/\1/p" experiments/studies.bzl
}
