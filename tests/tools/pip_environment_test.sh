#!/bin/bash
# pip_environment_test.sh FETCH: the cases are in pip_environment_test.py.
set -euo pipefail
exec python3 -B tests/tools/pip_environment_test.py "$1"
