#!/bin/bash
# archive_test.sh TOOL: the cases are in archive_test.py.
set -euo pipefail
exec python3 -B tests/tools/archive_test.py "$1"
