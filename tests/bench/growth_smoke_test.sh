#!/bin/bash
# growth_smoke_test.sh GROWTH: tiny models; each benchmark ends without an error and says what a step costs.
set -euo pipefail

growth=$1
"$growth" --smoke --benchmark_out="$TEST_TMPDIR/growth.json" >"$TEST_TMPDIR/output"
cat "$TEST_TMPDIR/output"
for name in samples:2000 d_model:32 layers:2 batch:50 pruned:1; do
  grep -q "^$name/.* GFLOP/s, set-up .* s, " "$TEST_TMPDIR/output"
done
if grep -q ERROR "$TEST_TMPDIR/output"; then exit 1; fi
python3 -m json.tool "$TEST_TMPDIR/growth.json" >/dev/null

if "$growth" --smok >/dev/null 2>&1; then
  echo 'a wrong flag was taken' >&2
  exit 1
fi
