#!/bin/bash
# register_claims_test.sh TOOL: the cases are in register_claims_test.py.
set -euo pipefail
exec python3 tests/tools/register_claims_test.py "$1"
