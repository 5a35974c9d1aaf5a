#!/bin/bash
# check_archive_test.sh TOOL: the cases are in check_archive_test.py.
set -euo pipefail
exec python3 -B tests/tools/check_archive_test.py "$1"
