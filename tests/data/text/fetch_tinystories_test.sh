#!/bin/bash
# fetch_tinystories_test.sh FETCH NO_LOCKS: the cases are in fetch_tinystories_test.py.
set -euo pipefail
exec python3 tests/data/text/fetch_tinystories_test.py "$@"
