#!/bin/bash
# count_tests_test.sh TOOL: the cases are in count_tests_test.py.
set -euo pipefail
exec python3 tests/tools/count_tests_test.py "$1"
