#!/bin/bash
# lint_test.sh TOOL: the cases are in lint_test.py.
set -euo pipefail
exec python3 tests/tools/lint_test.py "$1"
