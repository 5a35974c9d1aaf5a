#!/bin/bash
# results_test.sh TOOL REGISTRATION...: the cases are in results_test.py.
set -euo pipefail
exec python3 -B tests/tools/results_test.py "$@"
