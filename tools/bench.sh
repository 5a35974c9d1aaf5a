#!/bin/bash
# Times training: ours beside PyTorch's own loop in Python and beside the matrix products alone; tests/bench/README.md
# says how. The table goes to the terminal, the numbers to results/bench (RESULTS=folder: elsewhere).
# Read from the environment: RESULTS, JOBS (processes of a contender), ARGS (more flags for //tests/bench:speed).
#
# At first it makes a Python environment with the torch of tests/oracle/requirements.txt in the cache folder: 3 GB, all
# its CUDA libraries among them, unless pip's own settings (PIP_INDEX_URL, pip.conf) lead to a smaller build of the same
# version. Where that fails, ours and the limit are timed alone. ARGS=--python=PATH names a Python that has torch,
# ARGS=--python=none leaves PyTorch out; nothing is installed then.
set -euo pipefail
source "$(dirname "$0")/common.sh"

read -ra more <<<"${ARGS:-}"
flags=()
[[ -z ${RESULTS:-} ]] || flags+=(--benchmark_out="$(realpath -m "$RESULTS")/bench/speed.json")
[[ -z ${JOBS:-} ]] || flags+=(--processes="$JOBS")

# Makes the environment in a folder, unless it is complete: the list of what is in it is written last.
make_environment() {
  local folder=$1 pins pip
  mapfile -t pins < <(grep -E '^(torch|numpy)==' tests/oracle/requirements.txt)
  [[ ! -f $folder/pins || $(<"$folder/pins") != "${pins[*]}" ]] || return 0
  echo "installing ${pins[*]} to $folder: some 3 GB to fetch, minutes"
  rm -rf "$folder"
  mkdir -p "$(dirname "$folder")" || return 1
  if python3 -m venv "$folder" &>/dev/null; then
    pip=("$folder/bin/python" -m pip)
  else  # Debian has what venv needs for its pip in a package of its own
    python3 -m venv --clear --without-pip "$folder" || return 1
    pip=(python3 -m pip --python "$folder/bin/python")
  fi
  "${pip[@]}" install --quiet --disable-pip-version-check "${pins[@]}" &&
    "$folder/bin/python" -c 'import torch' && echo "${pins[*]}" >"$folder/pins"
}

if [[ " ${more[*]} " != *' --python='* ]]; then
  environment=${XDG_CACHE_HOME:-$HOME/.cache}/initbias/bench-python
  if make_environment "$environment"; then
    flags+=(--python="$environment/bin/python")
  else
    echo 'PyTorch could not be installed (no network, another version of Python, or no room): ours and the limit only' >&2
    flags+=(--python=none)
  fi
fi

"$bazel" build -c opt --jobs="$(build_jobs)" --show_result=0 //tests/bench:speed
exec "$bazel" run -c opt --noshow_progress --ui_event_filters=-info --show_result=0 //tests/bench:speed -- \
  "${flags[@]}" "${more[@]}"
