#!/bin/bash
# spdx_test.sh TOOL: the cases are in spdx_test.py.
set -euo pipefail
exec python3 -B tests/tools/spdx_test.py "$1"
