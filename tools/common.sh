# shellcheck shell=bash
# What the scripts of this folder share; sourced, not run. Goes to the workspace's root.
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

# Bazelisk first, for it takes the version that .bazeliskrc names.
bazel=$(command -v bazelisk || command -v bazel || echo bazel)

# make does not expand the tilde of RESULTS=~/out everywhere.
[[ ${RESULTS:-} != '~/'* ]] || RESULTS=$HOME/${RESULTS#'~/'}

# What make was given, before anything is built with it.
case ${PROFILE:-default} in
  smoke | default | extended | paper) ;;
  *) echo "PROFILE=$PROFILE: it is smoke, default, extended or paper" >&2; exit 2 ;;
esac
if [[ -n ${FROM:-} && $FROM != reference ]]; then
  echo "FROM=$FROM: it is reference, or is left out" >&2
  exit 2
fi
if [[ -n ${RESULTS:-} && -e $RESULTS && ! -d $RESULTS ]]; then
  echo "RESULTS=$RESULTS is no folder" >&2
  exit 2
fi

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

child=
stop_signal=
stop_signals=0

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
  [[ -n $child ]] || exit $((128 + $(kill -l "$stop_signal")))
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
  [[ -z $stop_signal ]] || exit $((128 + $(kill -l "$stop_signal")))
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

# A file that includes much of LibTorch takes 1.2 GB to compile, which Bazel does not know. Nor does it know of what is
# allowed in a container.
build_jobs() {
  local cores memory_kb limit quota period allowed
  cores=$(nproc)
  # Microseconds of each such period, which version 1 has in a file of its own: 100,000 if nobody changed it.
  while read -r quota period; do
    if [[ $quota =~ ^[0-9]{1,18}$ && ${period:=100000} =~ ^[1-9][0-9]{0,17}$ ]] && ((quota > 0)); then
      allowed=$(((quota + period - 1) / period))
      cores=$((allowed < cores ? allowed : cores))
    fi
  done < <(control_group_limits cpu cpu.max cpu.cfs_quota_us)
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
