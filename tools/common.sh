# shellcheck shell=bash
# What the scripts of this folder share; sourced, not run. Goes to the workspace's root.
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

bazel=$(command -v bazel || command -v bazelisk || echo bazel)

# A file that includes much of LibTorch takes 1.2 GB to compile, which Bazel does not know.
build_jobs() {
  local cores memory_kb
  cores=$(nproc)
  memory_kb=$(awk '/^MemTotal:/ { print $2 }' /proc/meminfo)
  local by_memory=$((memory_kb / 1500000))
  local jobs=$((cores < by_memory ? cores : by_memory))
  echo $((jobs > 0 ? jobs : 1))
}

# Our own C++ sources: tracked files and new ones, as git sees them; all of them in a release archive without git.
own_sources() {
  if [[ $(git rev-parse --show-toplevel 2>/dev/null) -ef . ]]; then
    git ls-files --cached --others --exclude-standard -- '*.cc' '*.h'
  else
    find lib experiments figures tests \( -name '*.cc' -o -name '*.h' \) | sort
  fi | while read -r file; do
    [[ ! -f $file ]] || echo "$file"
  done
}

# The names of a list of experiments/studies.bzl in its order: studies STUDIES.
studies() {
  sed -n "/^$1 = \[/,/^\]/s/^    \"\(.*\)\",\$/\1/p" experiments/studies.bzl
}
