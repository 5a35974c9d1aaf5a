#!/bin/bash
# fetch_tinystories_test.sh FETCH: the cases are in fetch_tinystories_test.py.
set -euo pipefail
exec python3 tests/data/fetch_tinystories_test.py "$1"
