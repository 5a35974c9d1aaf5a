#!/bin/bash
# ro_crate_test.sh TOOL: the cases are in ro_crate_test.py.
set -euo pipefail
exec python3 -B tests/tools/ro_crate_test.py "$1"
