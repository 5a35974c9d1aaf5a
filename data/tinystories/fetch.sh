#!/bin/bash
# Runs fetch.py, which has no other needs than Python: bazel run //data:fetch_tinystories -- --help
set -euo pipefail
exec python3 "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/fetch.py" "$@"
