#!/bin/bash
# Times training: ours beside loops in PyTorch and JAX and beside the matrix products alone; tests/bench/README.md says
# how. The table goes to the terminal, the numbers to results/bench (RESULTS=folder: elsewhere).
# Read from the environment: RESULTS, JOBS (processes of a contender), ARGS (more flags for //tests/bench:speed).
#
# At first it makes a Python environment in the cache folder with the torch of tests/oracle/requirements.txt, 3 GB, all
# its CUDA libraries among them, unless pip's own settings (PIP_INDEX_URL, pip.conf) lead to a smaller build of the same
# version, and with the JAX of tests/bench/requirements.txt, 0.3 GB. Where the first fails, ours and the limit are timed
# alone, where the second, all but JAX. ARGS=--python=PATH names a Python that has both or torch only, ARGS=--python=none
# leaves Python out; nothing is installed then.
set -euo pipefail
source "$(dirname "$0")/common.sh"

more=()
split_words more "${ARGS:-}"
flags=()
[[ -z ${RESULTS:-} ]] || flags+=(--benchmark_out="$(realpath -m "$RESULTS")/bench/speed.json")
[[ -z ${JOBS:-} ]] || flags+=(--processes="$JOBS")

# install FOLDER PACKAGE...: into the environment there.
install() {
  local folder=$1 pip=("$1/bin/python" -m pip)
  # Debian has what venv needs for its pip in a package of its own.
  PIP_REQUIRE_VIRTUALENV=0 "${pip[@]}" --version &>/dev/null || pip=(python3 -m pip --python "$folder/bin/python")
  local settings
  mapfile -d '' -t settings < <(python3 third_party/libtorch/pip_environment.py install)
  stoppable env "${settings[@]}" "${pip[@]}" install --quiet --disable-pip-version-check "${@:2}"
}

# Makes the environment in a folder, unless it is complete: the list of what is in it is written last.
make_environment() {
  local folder=$1 pins
  mapfile -t pins < <(grep -E '^(torch|numpy)==' tests/oracle/requirements.txt)
  [[ ! -f $folder/pins || $(<"$folder/pins") != "${pins[*]}" ]] || return 0
  echo "installing ${pins[*]} to $folder: some 3 GB to fetch, minutes"
  rm -rf "$folder"
  mkdir -p "$(dirname "$folder")" || return 1
  python3 -m venv "$folder" &>/dev/null || python3 -m venv --clear --without-pip "$folder" || return 1
  install "$folder" "${pins[@]}" && "$folder/bin/python" -c 'import torch' && echo "${pins[*]}" >"$folder/pins"
}

# Adds JAX to it.
add_jax() {
  local folder=$1 pins
  mapfile -t pins < <(grep -hE '^(jax|numpy)==' tests/bench/requirements.txt tests/oracle/requirements.txt)
  [[ ! -f $folder/jax_pins || $(<"$folder/jax_pins") != "${pins[*]}" ]] || return 0
  echo "installing ${pins[*]} to $folder"
  install "$folder" "${pins[@]}" && "$folder/bin/python" -c 'import jax' && echo "${pins[*]}" >"$folder/jax_pins"
}

if [[ " ${more[*]} " != *' --python='* ]]; then
  environment=${XDG_CACHE_HOME:-${HOME:-/var/tmp}/.cache}/initbias/bench-python
  if make_environment "$environment"; then
    add_jax "$environment" || echo 'JAX could not be installed: all but its contenders' >&2
    flags+=(--python="$environment/bin/python")
  else
    echo 'PyTorch could not be installed (no network, another version of Python, or no room): ours and the limit only' >&2
    flags+=(--python=none)
  fi
fi

stoppable "$bazel" build -c opt --jobs="$(build_jobs)" --show_result=0 //tests/bench:speed
exec "$bazel" run -c opt --noshow_progress --ui_event_filters=-info --show_result=0 //tests/bench:speed -- \
  "${flags[@]}" "${more[@]}"
